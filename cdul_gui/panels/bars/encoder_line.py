"""What the scores come from and where it computes, in the status bar; a click offers better: `starter · CPU`."""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QToolButton

from cdul_gui.session.encoders import Encoders, Stage
from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from engine.errors import UserError
from engine.models.device_choice import keep_device, kept_device
from engine.models.encoders.catalog import EncoderInfo, title_of
from engine.models.encoders.known import STARTER
from engine.project.runs import RunRow
from engine.stages.labelling.labelled_before import run_before

_WIDEST = 260
"""Pixels; a checkpoint's path may be long."""


class EncoderLine(QToolButton):
    """The encoder of the newest scores, else the one that the Label button would take; the device once it is open."""

    file_wanted = Signal()
    folder_wanted = Signal()
    another_wanted = Signal()
    others_wanted = Signal()

    def __init__(self, session: Session, labelling: Labelling, encoders: Encoders) -> None:
        super().__init__()
        self._session, self._labelling, self._encoders = session, labelling, encoders
        self._asking = Latest(self)
        self._encoder = ""
        self.menu_of_encoders = QMenu(self)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        # Reached by Tab, but a click leaves the keyboard with the photos.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._look_up)
        session.opened.connect(self._ask)
        session.snapshot_changed.connect(self._ask)
        labelling.encoder_opened.connect(self._show)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        project = self._session.project
        if project is None:
            self._asking.drop()
            self._encoder = ""
            self._show()
        else:
            job = self._session.workers.read(lambda: run_before(project))
            self._asking.follow(job, self._know)

    def _know(self, run: RunRow | None) -> None:
        self._encoder = Settings().labelling.encoder if run is None else run.settings["encoder"]
        self._show()

    @Slot()
    def _show(self) -> None:
        encoder = title_of(self._encoder) if self._encoder else ""
        opened = self._labelling.encoder
        parts = [self.fontMetrics().elidedText(encoder, Qt.TextElideMode.ElideMiddle, _WIDEST)]
        if opened.device:
            parts.append(opened.device.upper())
            if opened.threads > 1:
                parts[-1] += ", " + self.tr("{count} threads").format(count=opened.threads)
        self.setText("  ·  ".join(parts) if encoder else "")
        self.setVisible(bool(encoder))
        tip = self.tr("The scores come from the encoder {name}. Click for a better one.")
        self.setToolTip(tip.format(name=self._encoder) if encoder else "")

    @Slot()
    def _look_up(self) -> None:
        self._encoders.look_up(self._open_menu)

    def _open_menu(self, found: list[EncoderInfo]) -> None:
        menu = self.menu_of_encoders
        menu.clear()
        menu.setToolTipsVisible(True)
        may_label = self._session.writable and self._session.job is None
        for one in found:
            if one.available and one.name != self._encoder:
                text = self.tr("Label again with {encoder}").format(encoder=one.title.replace("&", "&&"))
                menu.addAction(text, partial(self._labelling.label_with, one.name)).setEnabled(may_label)
        best = next(one for one in found if one.recommended)
        if not best.available and not any(one.available for one in found if one.name != STARTER):
            text = self.tr("Get better labels · {size} MB").format(size=f"{(best.size_mb or 0) - best.begun_mb:,}")
            action = menu.addAction(text, partial(self._encoders.fetch, best.name))
            action.setToolTip(best.title)
            download = self._encoders.download
            action.setEnabled(download is None or download.stage not in (Stage.RUNNING, Stage.PAUSED))
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction(self.tr("From a file…"), self.file_wanted.emit)
        menu.addAction(self.tr("From a folder…"), self.folder_wanted.emit)
        menu.addAction(self.tr("Another model of open_clip…"), self.another_wanted.emit)
        menu.addSeparator()
        menu.addAction(self.tr("All encoders…"), self.others_wanted.emit)
        self._add_devices(menu)
        # Above the line, which stands at the bottom.
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _add_devices(self, menu: QMenu) -> None:
        """Where networks compute; a choice that this computer cannot fulfil is said when they begin to."""
        card = ("mps", self.tr("Apple's graphics")) if sys.platform == "darwin" else ("cuda", self.tr("Graphics card"))
        choices = (("auto", self.tr("Whatever is fastest here")), ("cpu", self.tr("The processor")), card)
        inside, kept = menu.addMenu(self.tr("Compute on")), kept_device()
        for name, text in choices:
            action = inside.addAction(text, partial(self._compute_on, name))
            action.setCheckable(True)
            action.setChecked(name == kept)

    def _compute_on(self, device: str) -> None:
        try:
            keep_device(device)
        except UserError as error:
            self._session.failed.emit(Failure(error))

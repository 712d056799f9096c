"""What the scores come from and where it computes, in the status bar: `starter · CPU, 2 threads`."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from cdul_gui.session.jobs import Latest
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from engine.project.runs import RunRow
from engine.stages.labelling.labelled_before import run_before

_WIDEST = 260
"""Pixels; a checkpoint's path may be long."""


class EncoderLine(QLabel):
    """The encoder of the newest scores, else the one that the Label button would take; the device once it is open."""

    def __init__(self, session: Session, labelling: Labelling, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._labelling = session, labelling
        self._asking = Latest(self)
        self._encoder = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
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
        encoder = self._encoder
        opened = self._labelling.encoder
        parts = [self.fontMetrics().elidedText(encoder, Qt.TextElideMode.ElideMiddle, _WIDEST)]
        if opened.device:
            parts.append(opened.device.upper())
            if opened.threads > 1:
                parts[-1] += ", " + self.tr("{count} threads").format(count=opened.threads)
        self.setText("  ·  ".join(parts) if encoder else "")
        self.setToolTip(self.tr("The scores come from the encoder {name}.").format(name=encoder) if encoder else "")

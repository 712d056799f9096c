"""All encoders in a table, with what is known of each, and the buttons that fetch one or label with it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QProgressBar,
    QTreeView,
    QWidget,
)

from cdul_gui.look.controls import dialog_layout, muted, plain, push_button, resize_on_screen, text_button
from cdul_gui.look.tables import Column, Index, TableModel, as_table
from cdul_gui.session.encoders import Encoders, Stage
from cdul_gui.session.jobs import Latest
from cdul_gui.session.session import Session
from cdul_gui.wording import described, translated
from engine.models.encoders.catalog import EncoderInfo
from engine.models.encoders.fast_names import can_be_made, fast_name, is_fast
from engine.project.runs import RunRow
from engine.stages.labelling.labelled_before import run_before


class _Column(IntEnum):
    NAME = 0
    HERE = 1
    SIZE = 2
    PACE = 3
    IMAGENET = 4
    LICENCE = 5


class EncoderModel(TableModel[EncoderInfo]):
    """The encoders as a table; the one that suits this computer is in bold."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = {
            _Column.NAME: Column(self.tr("Encoder"), "", self._name),
            _Column.HERE: Column(
                self.tr("Here"), self.tr("Whether it is on this computer"), lambda one: "✓" if one.available else ""
            ),
            _Column.SIZE: Column(self.tr("Size"), self.tr("Of what is fetched"), self._size, number=True),
            _Column.PACE: Column(
                self.tr("Photos a minute"),
                self.tr("On this computer; guessed from the starter's speed until it was measured"),
                self._pace,
                number=True,
            ),
            _Column.IMAGENET: Column(
                self.tr("ImageNet"),
                self.tr("How many of ImageNet's photos it tells right without having learnt them, as published"),
                lambda one: "" if one.imagenet is None else f"{one.imagenet:.1f} %",
                number=True,
            ),
            _Column.LICENCE: Column(self.tr("Licence"), self.tr("Of the weights"), lambda one: one.licence or ""),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.things[index.row()]
        if role == Qt.ItemDataRole.FontRole and one.recommended and index.column() == _Column.NAME:
            font = QFont()
            font.setBold(True)
            return font
        # Of the last column alone: the others are as wide as what stands in them.
        if role == Qt.ItemDataRole.SizeHintRole and index.column() == _Column.LICENCE:
            return QSize(0, 24)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == _Column.NAME:
            return one.name
        return super().data(index, role)

    def _name(self, one: EncoderInfo) -> str:
        if one.recommended:
            return self.tr("{encoder} (suits this computer)").format(encoder=one.title)
        return one.title

    def _size(self, one: EncoderInfo) -> str:
        return self.tr("{size} MB").format(size=f"{one.size_mb:,}") if one.size_mb else ""

    def _pace(self, one: EncoderInfo) -> str:
        if one.photos_a_minute is None:
            return ""
        count = f"{one.photos_a_minute:,}"
        return count if one.measured else self.tr("about {count}").format(count=count)


class EncodersDialog(QDialog):
    """Chooses an encoder: `label_wanted` says with which to label. Fetching goes on when it is closed."""

    label_wanted = Signal(str)
    file_wanted = Signal()
    folder_wanted = Signal()
    another_wanted = Signal()
    source_wanted = Signal()
    """Encoders should be fetched from elsewhere."""

    def __init__(self, session: Session, encoders: Encoders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._encoders = session, encoders
        self.setWindowTitle(self.tr("Encoders"))
        self.model = EncoderModel(self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        as_table(self.view, self.tr("Encoders"))
        self.view.header().setStretchLastSection(True)
        self.about = plain(wraps=True)
        self.facts = muted(wraps=True)
        self.fast = QCheckBox(self.tr("Fast, not quite the same: in whole numbers of 8 bits"))
        self.fast.setToolTip(
            self.tr(
                "On a processor. The network is calibrated on some of your photos, and measured on others, when photos "
                "are first labelled with it."
            )
        )
        self.cost = muted(wraps=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setAccessibleName(self.tr("How much of the encoder is here"))
        self.coming = muted()
        self.act = push_button(self.tr("Label with it"), self._act)
        self.act.setObjectName("primary")
        self.file = push_button(self.tr("From a file…"), self.file_wanted.emit)
        self.folder = push_button(self.tr("From a folder…"), self.folder_wanted.emit)
        self.another = push_button(self.tr("Another model of open_clip…"), self.another_wanted.emit)
        self.file.setToolTip(self.tr("A checkpoint that was fetched elsewhere: .safetensors, .bin or .pt"))
        self.folder.setToolTip(self.tr("A folder with weights and the configuration of their network"))
        self.source = text_button("", self.tr("Fetch from a mirror, or through a proxy"), self.source_wanted.emit)
        self.source.setAutoRaise(True)
        self._lay_out()
        self.view.selectionModel().currentChanged.connect(self._show_chosen)
        self.view.activated.connect(self._act)
        encoders.progressed.connect(self._show_coming)
        encoders.download_changed.connect(self._show_coming)
        encoders.download_changed.connect(self._look_up)
        self._look_up()
        project = session.project
        if project is not None:
            Latest(self).follow(session.workers.read(lambda: run_before(project)), self._know_run)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        lead = muted(
            self.tr(
                "An encoder compares photos with words. It is fetched once and then works without the network; no "
                "photo ever leaves this computer."
            ),
            wraps=True,
        )
        coming = QHBoxLayout()
        coming.addWidget(self.bar, 1)
        coming.addWidget(self.coming)
        below = QHBoxLayout()
        for button in (self.file, self.folder, self.another):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.act)
        below.addWidget(buttons)
        layout = dialog_layout(self, 10)
        layout.addWidget(lead)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.about)
        layout.addWidget(self.facts)
        layout.addWidget(self.fast)
        layout.addWidget(self.cost)
        layout.addWidget(self.source)
        layout.addLayout(coming)
        layout.addLayout(below)
        resize_on_screen(self, 880, 540)

    @property
    def chosen(self) -> EncoderInfo | None:
        """The encoder of the row that is chosen."""
        index = self.view.currentIndex()
        return self.model.things[index.row()] if index.isValid() else None

    def _know_run(self, run: RunRow | None) -> None:
        # Whoever labels once more goes on with the form that labelled before.
        self.fast.setChecked(run is not None and is_fast(run.settings["encoder"]))

    @Slot()
    def _look_up(self) -> None:
        self._encoders.look_up(self._show_encoders)

    @Slot(object)
    def _show_encoders(self, found: list[EncoderInfo]) -> None:
        chosen = self.chosen
        self.model.show_things(found)
        for column in range(self.model.columnCount()):
            self.view.resizeColumnToContents(column)
            if column != _Column.LICENCE:
                self.view.setColumnWidth(column, self.view.columnWidth(column) + 10)
        names = [one.name for one in found]
        if chosen is not None and chosen.name in names:
            row = names.index(chosen.name)
        else:
            row = next((row for row, one in enumerate(found) if one.recommended), 0)
        self.view.setCurrentIndex(self.model.index(row, 0))
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        one = self.chosen
        self.about.setText("" if one is None else translated(one.description))
        self.facts.setText("" if one is None else self._facts_of(one))
        self._show_fast(one)
        self._show_coming()

    def _show_fast(self, one: EncoderInfo | None) -> None:
        """Whether the chosen encoder has a fast form, and what that costs."""
        has_one = one is not None and one.is_clip and one.available
        self.fast.setVisible(has_one)
        self.cost.setVisible(has_one)
        self.fast.setEnabled(can_be_made())
        if one is None or not has_one:
            return
        if one.fast is not None:
            cost = translated(one.fast.sentence)
        elif not self.fast.isEnabled():
            cost = self.tr("Needs NNCF: pip install 'cdul[fast]'.")
        else:
            cost = self.tr(
                "Calibrated on some of your photos at first, which takes about a minute; what it costs is measured and "
                "said then. All photos are looked at again, and the exact embeddings are kept."
            )
        self.cost.setText(cost)

    def _facts_of(self, one: EncoderInfo) -> str:
        facts = [
            self.tr("Understands {languages}.").format(languages=translated(one.languages)) if one.languages else "",
            self.tr("Licence: {licence}.").format(licence=one.licence) if one.licence else "",
            self.tr("ImageNet by {source}.").format(source=one.source) if one.source else "",
            self.tr("On the command line: {name}").format(name=one.name),
        ]
        return " ".join(filter(None, facts))

    @Slot()
    def _show_coming(self) -> None:
        """What the button does for the chosen encoder, and how far one is that is fetched."""
        address, proxy = self._encoders.source, self._encoders.proxy
        said_of_source = (
            self.tr("Fetched from {address} through the proxy {proxy}…")
            if proxy
            else self.tr("Fetched from {address}…")
        )
        self.source.setText(said_of_source.format(address=address, proxy=proxy))
        one, download = self.chosen, self._encoders.download
        coming = download is not None and download.stage in (Stage.RUNNING, Stage.PAUSED)
        report = None if download is None else download.report
        self.bar.setVisible(coming)
        if report is not None and report.fraction is not None:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * report.fraction))
        else:
            self.bar.setRange(0, 0)
        said = ""
        if download is not None and download.failure is not None:
            said = download.failure.sentence
        elif download is not None and coming:
            said = f"{download.title}  ·  " + (described(report) if report is not None else self.tr("Looking for it…"))
        self.coming.setText(said)
        self.coming.setWordWrap(not coming)
        self.coming.setVisible(bool(said))
        if one is None:
            self.act.setEnabled(False)
        elif one.available:
            self.act.setText(self.tr("Label with it"))
            self.act.setEnabled(self._session.writable and self._session.job is None)
        else:
            left = max(1, (one.size_mb or 0) - one.begun_mb)
            text = self.tr("Go on · {size} MB left") if one.begun_mb else self.tr("Get it · {size} MB")
            self.act.setText(text.format(size=f"{left:,}"))
            self.act.setEnabled(not coming)

    @Slot()
    def _act(self) -> None:
        one = self.chosen
        if one is None or not self.act.isEnabled():
            return
        if one.available:
            self.accept()
            is_fast = self.fast.isChecked() and self.fast.isEnabled() and not self.fast.isHidden()
            self.label_wanted.emit(fast_name(one.name) if is_fast else one.name)
        else:
            self._encoders.fetch(one.name)

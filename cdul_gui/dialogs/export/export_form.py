"""What is to be exported: format, photos, labels, states, split, and what happens to the photos' files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.controls import muted
from cdul_gui.look.drops import Line
from cdul_gui.look.tips import plain_tip
from cdul_gui.wording import labels_in_words, photos_in_words, shown_name, translated
from engine.formats.registry import WRITERS
from engine.formats.xmp import SidecarName
from engine.project.snapshot import Snapshot
from engine.stages.exporting.export_request import ExportRequest, PhotoFiles, PhotosWanted, StatesWanted

BESIDE = "beside"
"""What the photos' files can be set to besides `PhotoFiles`."""

_DEFAULT_SHARES = (80, 10, 10)


class ExportForm(QWidget):
    """Asks for an `ExportRequest`; begins with the one that was asked for last."""

    changed = Signal()
    """Something else is asked for."""

    def __init__(self, snapshot: Snapshot | None, proposal: ExportRequest) -> None:
        super().__init__()
        self.format = self._choice(
            self.tr("Format"), [(translated(writer.title), name) for name, writer in WRITERS.items()]
        )
        self._description = muted(wraps=True)
        photos, reviewed = (len(snapshot), int(snapshot.reviewed.sum())) if snapshot is not None else (0, 0)
        self.all = QRadioButton(self.tr("All ({photos})").format(photos=photos_in_words(photos)))
        self.reviewed = QRadioButton(
            self.tr("Only reviewed ones ({photos})").format(photos=photos_in_words(reviewed))
            if reviewed
            else self.tr("Only reviewed ones (none yet)")
        )
        self.reviewed.setEnabled(reviewed > 0)
        self.filter = Line()
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.setPlaceholderText(self.tr("Filter, as label:dog -folder:trip"))
        self.filter.setClearButtonEnabled(True)
        names = [label.name for label in snapshot.labels] if snapshot is not None else []
        self.which_labels = self._choice(
            self.tr("Labels"),
            [
                (self.tr("All ({labels})").format(labels=labels_in_words(len(names))), False),
                (self.tr("Only those I choose"), True),
            ],
        )
        self.labels = QListWidget()
        self.labels.setAccessibleName(self.tr("Labels to export"))
        self.labels.setFixedHeight(108)
        self.states = self._choice(
            self.tr("States"),
            [
                (self.tr("Confirmed and likely ones"), StatesWanted.SUGGESTED),
                (self.tr("Confirmed, likely and maybe"), StatesWanted.MAYBE),
                (self.tr("Only what somebody confirmed"), StatesWanted.CONFIRMED),
            ],
        )
        self.implied = QCheckBox(self.tr("With labels that are implied by those below them"))
        self.implied.setToolTip(
            plain_tip(
                self.tr(
                    "A photo with a confirmed sparrow goes in as bird and animal, too, as programs expect that do not "
                    "know what stands below what"
                )
            )
        )
        self._has_tree = snapshot is not None and bool(snapshot.parents)
        self.split = QCheckBox(self.tr("Split into train, val and test"))
        self.val, self.test = self._share(self.tr("Percent for val")), self._share(self.tr("Percent for test"))
        self._train = muted()
        self.seed = QSpinBox()
        self.seed.setAccessibleName(self.tr("Seed of the split"))
        self.seed.setRange(0, 9999)
        self.photos = self._choice(
            self.tr("Photos' files"),
            [
                (self.tr("Leave them where they are"), PhotoFiles.LEAVE),
                (self.tr("Copy them into the export"), PhotoFiles.COPY),
                (self.tr("Link to them from the export"), PhotoFiles.LINK),
                (self.tr("Leave them, and write beside each one"), BESIDE),
            ],
        )
        self.sidecars = self._choice(
            self.tr("Names of the sidecars"),
            [
                (self.tr("IMG.jpg.xmp (digiKam, darktable, Immich)"), SidecarName.FULL),
                (self.tr("IMG.xmp (Lightroom, Bridge)"), SidecarName.STEM),
            ],
        )
        self._lay_out()
        self._propose(proposal, names)
        self._show_what_fits()
        self._listen()

    @property
    def request(self) -> ExportRequest:
        """What is asked for now."""
        splits = self.split.isChecked() and self.split.isEnabled()
        photos = self.photos.currentData()
        return ExportRequest(
            format_name=self.format.currentData(),
            only=PhotosWanted.REVIEWED if self.reviewed.isChecked() else PhotosWanted.ALL,
            filter_text=self.filter.text().strip(),
            labels=tuple(self._chosen_labels()) if self.which_labels.currentData() else (),
            states=self.states.currentData(),
            implied=self.implied.isChecked(),
            shares=self._shares if splits else (),
            seed=self.seed.value(),
            photos=PhotoFiles.LEAVE if photos == BESIDE else photos,
            beside=photos == BESIDE,
            sidecars=self.sidecars.currentData(),
        )

    @property
    def complete(self) -> bool:
        """Whether there is anything to export."""
        return not self.which_labels.currentData() or bool(self._chosen_labels())

    @property
    def _shares(self) -> tuple[int, int, int]:
        return 100 - self.val.value() - self.test.value(), self.val.value(), self.test.value()

    def _chosen_labels(self) -> list[str]:
        items = (self.labels.item(row) for row in range(self.labels.count()))
        return [
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]

    def _propose(self, proposal: ExportRequest, names: Sequence[str]) -> None:
        self.format.setCurrentIndex(max(0, self.format.findData(proposal.format_name)))
        self.reviewed.setChecked(proposal.only == PhotosWanted.REVIEWED and self.reviewed.isEnabled())
        self.all.setChecked(not self.reviewed.isChecked())
        self.filter.setText(proposal.filter_text)
        chosen = set(proposal.labels) & set(names)
        self.which_labels.setCurrentIndex(int(bool(chosen)))
        for name in names:
            item = QListWidgetItem(shown_name(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setCheckState(Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked)
            self.labels.addItem(item)
        self.states.setCurrentIndex(self.states.findData(proposal.states))
        self.implied.setChecked(proposal.implied)
        self.split.setChecked(bool(proposal.shares))
        _, val, test = proposal.shares or _DEFAULT_SHARES
        self.val.setValue(val)
        self.test.setValue(test)
        self.seed.setValue(proposal.seed)
        self.photos.setCurrentIndex(self.photos.findData(BESIDE if proposal.beside else proposal.photos))
        self.sidecars.setCurrentIndex(self.sidecars.findData(proposal.sidecars))

    def _lay_out(self) -> None:
        which = QVBoxLayout()
        which.setSpacing(4)
        group = QButtonGroup(self)
        for button in (self.all, self.reviewed):
            group.addButton(button)
            which.addWidget(button)
        which.addWidget(self.filter)
        shares = QHBoxLayout()
        shares.setSpacing(5)
        shares.addWidget(self._train)
        for name, box in ((self.tr("val"), self.val), (self.tr("test"), self.test), (self.tr("seed"), self.seed)):
            shares.addSpacing(2)
            shares.addWidget(QLabel(name))
            shares.addWidget(box)
        shares.addStretch(1)
        self._split_details = QWidget()
        self._split_details.setLayout(shares)
        shares.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(14)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Format"), self.format)
        form.addRow("", self._description)
        form.addRow(self.tr("Photos"), which)
        form.addRow(self.tr("Labels"), self.which_labels)
        form.addRow("", self.labels)
        form.addRow(self.tr("States"), self.states)
        form.addRow("", self.implied)
        form.addRow(self.tr("Split"), self.split)
        form.addRow("", self._split_details)
        form.addRow(self.tr("Files"), self.photos)
        form.addRow("", self.sidecars)
        self._form = form

    def _listen(self) -> None:
        for choice in (self.format, self.which_labels, self.states, self.photos, self.sidecars):
            choice.currentIndexChanged.connect(self._tell)
        for spin in (self.val, self.test, self.seed):
            spin.valueChanged.connect(self._tell)
        for button in (self.all, self.implied, self.split):
            button.toggled.connect(self._tell)
        # Who hands over what was reviewed means what they said there, and not what came to be likely since.
        self.reviewed.clicked.connect(lambda: self._go_over(StatesWanted.SUGGESTED, StatesWanted.CONFIRMED))
        self.all.clicked.connect(lambda: self._go_over(StatesWanted.CONFIRMED, StatesWanted.SUGGESTED))
        self.filter.textChanged.connect(self._tell)
        self.labels.itemChanged.connect(self._tell)

    def _go_over(self, usual: StatesWanted, now: StatesWanted) -> None:
        if self.states.currentData() == usual:
            self.states.setCurrentIndex(self.states.findData(now))

    @Slot()
    def _tell(self) -> None:
        self._show_what_fits()
        self.changed.emit()

    def _show_what_fits(self) -> None:
        writer = WRITERS[self.format.currentData()]
        self._description.setText(translated(writer.description))
        self.states.setEnabled(writer.counts == "labels")
        model = self.photos.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.photos.findData(BESIDE)).setEnabled(writer.beside is not None)
        if self.photos.currentData() == BESIDE and writer.beside is None:
            self.photos.setCurrentIndex(self.photos.findData(PhotoFiles.LEAVE))
        beside = self.photos.currentData() == BESIDE
        self.split.setEnabled(not beside)
        self.val.setMaximum(99 - self.test.value())
        self.test.setMaximum(99 - self.val.value())
        self._train.setText(self.tr("train {percent} %").format(percent=self._shares[0]))
        self._train.setMinimumWidth(self._train.sizeHint().width())
        self._form.setRowVisible(self.implied, self._has_tree)
        self._form.setRowVisible(self.labels, bool(self.which_labels.currentData()))
        self._form.setRowVisible(self._split_details, self.split.isChecked() and not beside)
        self._form.setRowVisible(self.sidecars, beside and writer.beside == "xmp")

    def _choice(self, name: str, options: Sequence[tuple[str, object]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for text, data in options:
            box.addItem(text, data)
        return box

    def _share(self, name: str) -> QSpinBox:
        box = QSpinBox()
        box.setAccessibleName(name)
        box.setRange(0, 99)
        box.setSuffix(" %")
        return box

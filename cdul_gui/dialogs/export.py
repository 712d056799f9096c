"""Which labels to take away, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.controls import muted
from cdul_gui.session import Session
from cdul_gui.settings import Settings
from engine.formats import WRITERS

NAMES = {"coco": "COCO", "coco-labels": "COCO without boxes", "scores": "Scores"}


class ExportDialog(QDialog):
    """Asks for format, photos and file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.format = QComboBox()
        self.format.setAccessibleName(self.tr("Format"))
        for name in WRITERS:
            self.format.addItem(NAMES.get(name, name), name)
        self._description = muted()
        self._description.setWordWrap(True)
        snapshot = session.snapshot
        photos, reviewed = (len(snapshot), int(snapshot.reviewed.sum())) if snapshot is not None else (0, 0)
        self.all = QRadioButton(self.tr("All {count} photos").format(count=f"{photos:,}"))
        self.reviewed = QRadioButton(
            self.tr("Only the {count} reviewed ones").format(count=f"{reviewed:,}")
            if reviewed
            else self.tr("Only reviewed ones (none yet)")
        )
        self.reviewed.setEnabled(reviewed > 0)
        self.all.setChecked(True)
        self._group = QButtonGroup(self)
        self.file = QLineEdit()
        self.file.setAccessibleName(self.tr("File"))
        self.file.setMinimumWidth(320)
        self._replaces = muted()
        self._note = muted(self.tr("Rejected labels are left out; suggested ones are exported with their score."))
        self._note.setWordWrap(True)
        browse = QPushButton(self.tr("Browse…"))
        browse.setAccessibleName(self.tr("Browse for a file"))
        browse.setAutoDefault(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setObjectName("primary")
        self.export.setDefault(True)

        which = QVBoxLayout()
        which.setSpacing(4)
        for button in (self.all, self.reviewed):
            self._group.addButton(button)
            which.addWidget(button)
        where = QHBoxLayout()
        where.addWidget(self.file, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(14)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Format"), self.format)
        form.addRow("", self._description)
        form.addRow(self.tr("Photos"), which)
        form.addRow("", self._note)
        form.addRow(self.tr("File"), where)
        form.addRow("", self._replaces)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 14)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)

        if session.project is not None:
            self.file.setText(str(Settings().export_folder / f"{session.project.photos.name}.json"))
        self.format.currentIndexChanged.connect(self._show_format)
        self.file.textChanged.connect(self._show_file)
        browse.clicked.connect(self._browse)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._show_format()
        self._show_file()

    @property
    def answer(self) -> tuple[str, Path, str]:
        """Format, file, and `all` or `reviewed`."""
        only = "reviewed" if self.reviewed.isChecked() else "all"
        return self.format.currentData(), Path(self.file.text().strip()).expanduser(), only

    @property
    def warning(self) -> str:
        """What should be thought of before the file is written."""
        return self._replaces.text()

    @Slot()
    def _show_format(self) -> None:
        writer = WRITERS[self.format.currentData()]
        self._description.setText(writer.description)
        file = Path(self.file.text())
        if file.name and file.suffix != writer.suffix:
            self.file.setText(str(file.with_suffix(writer.suffix)))

    @Slot()
    def _show_file(self) -> None:
        text = self.file.text().strip()
        self.export.setEnabled(bool(text))
        self._replaces.setText(
            self.tr("The file is there already and will be replaced.")
            if text and Path(text).expanduser().is_file()
            else ""
        )

    @Slot()
    def _browse(self) -> None:
        suffix = WRITERS[self.format.currentData()].suffix
        file, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export"),
            self.file.text(),
            f"*{suffix}",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if file:
            self.file.setText(file if Path(file).suffix else file + suffix)

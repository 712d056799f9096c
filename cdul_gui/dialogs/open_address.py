"""Where photos and project are that no dialog for folders shows: in an object store, on a server."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QWidget

from cdul_gui.look.controls import dialog_layout, muted, plain
from cdul_gui.look.drops import Line
from cdul_gui.wording import translated
from engine.errors import WrongUsage
from engine.project.storage.address import Place, place_of
from engine.remote import AnyFolder, folder_at

_WIDTH = 520


class OpenAddressDialog(QDialog):
    """Two lines. What was typed is checked before the dialog goes; nothing is asked of a store or server until then."""

    photos: AnyFolder
    """Once it was accepted."""
    project: Place | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Open an address"))
        self.photos_line, self.project_line = Line(), Line()
        self.photos_line.setPlaceholderText("s3://bucket/photos")
        self.project_line.setPlaceholderText("postgresql://host/name")
        form = QFormLayout()
        form.addRow(self.tr("Photos:"), self.photos_line)
        form.addRow(self.tr("Project:"), self.project_line)
        self.wrong = plain(wraps=True)
        self.wrong.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._open = buttons.button(QDialogButtonBox.StandardButton.Open)
        self._open.setEnabled(False)
        buttons.accepted.connect(self._check)
        buttons.rejected.connect(self.reject)
        layout = dialog_layout(self, 10)
        layout.addWidget(
            muted(
                self.tr(
                    "The photos are in a folder or an object store (s3://, gs://, az://) and are only read. The "
                    "project, with labels and answers, is in a folder or a database; leave it empty for a project of "
                    "your own on this computer."
                ),
                wraps=True,
            )
        )
        layout.addLayout(form)
        layout.addWidget(self.wrong)
        layout.addWidget(buttons)
        self.photos_line.textChanged.connect(self._changed)
        self.project_line.textChanged.connect(self._changed)
        self.resize(QSize(_WIDTH, self.sizeHint().height()))

    @Slot()
    def _changed(self) -> None:
        self._open.setEnabled(bool(self.photos_line.text().strip()))
        self.wrong.hide()

    @Slot()
    def _check(self) -> None:
        project = self.project_line.text().strip()
        try:
            self.photos = folder_at(self.photos_line.text().strip())
            self.project = place_of(project) if project else None
        except WrongUsage as error:
            self.wrong.setText(translated(error.sentence))
            self.wrong.show()
            return
        self.accept()

"""What to take away, and where to, with a look at it before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.dialogs.export.export_form import ExportForm
from cdul_gui.dialogs.export.export_preview import ExportPreview
from cdul_gui.look.controls import dialog_layout, muted, push_button, resize_on_screen
from cdul_gui.look.drops import Line
from cdul_gui.session.exporting import Exporting, Look
from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from engine.formats.registry import WRITERS
from engine.stages.exporting.export_request import ExportRequest

_MILLISECONDS_BEFORE_A_LOOK = 200


class ExportDialog(QDialog):
    """Asks for what and where to; the look at it is made in a worker."""

    def __init__(self, session: Session, exporting: Exporting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._exporting = session, exporting
        self._looking = Latest(self)
        self._problem: str | None = None
        self._asked: Path | None = None
        """The file of somebody else that it was last asked for whether it may be replaced."""
        self.setWindowTitle(self.tr("Export"))
        self.form = ExportForm(session.snapshot, exporting.proposal())
        self.preview = ExportPreview()
        self.file = Line(takes_files=True)
        self.file.setMinimumWidth(320)
        self._where = QLabel()
        self.replace = QCheckBox(self.tr("Replace the earlier export in this folder"))
        self.replace.hide()
        self._warning = muted(wraps=True)
        self._browse = push_button(self.tr("Browse…"), self._choose_place, name=self.tr("Browse for a place"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setObjectName("primary")
        self.export.setDefault(True)
        self._lay_out(buttons)

        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_A_LOOK)
        self._soon.timeout.connect(self._look)
        if session.project is not None:
            photos, settings = session.project.photos, Settings()
            name = self.tr("{photos} labels").format(photos=photos.name)
            beside = settings.export_folder_for(photos) if isinstance(photos, Path) else settings.export_folder
            self.file.setText(str(beside / name))
        self.form.changed.connect(self._show_place)
        self.form.changed.connect(self._changed)
        self.file.textChanged.connect(self._changed)
        self.replace.toggled.connect(self._show_whether_it_can_be)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._show_place()
        self._changed()

    @property
    def request(self) -> ExportRequest:
        """What is asked for."""
        return self.form.request

    @property
    def out(self) -> Path | None:
        """The file or folder to write; None for beside the photos."""
        return None if self.request.beside else Path(self.file.text().strip()).expanduser()

    @property
    def looking(self) -> bool:
        """Whether the preview is not yet of what is asked for now."""
        return self._soon.isActive() or self._looking.busy

    @property
    def warning(self) -> str:
        """What should be thought of before anything is written."""
        return self._warning.text()

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        where = QHBoxLayout()
        where.addWidget(self._where)
        where.addWidget(self.file, 1)
        where.addWidget(self._browse)
        columns = QHBoxLayout()
        columns.setSpacing(22)
        form = QVBoxLayout()
        form.addWidget(self.form)
        form.addStretch(1)
        columns.addLayout(form, 0)
        columns.addWidget(self.preview, 1)
        layout = dialog_layout(self, 10)
        layout.addLayout(columns, 1)
        layout.addLayout(where)
        layout.addWidget(self.replace)
        layout.addWidget(self._warning)
        layout.addWidget(buttons)
        self.form.setFixedWidth(430)
        resize_on_screen(self, 980, 580)

    @Slot()
    def _show_place(self) -> None:
        """The place fits the format: a file of its suffix, a folder, or none."""
        request = self.request
        name = self.tr("File") if request.one_file else self.tr("Folder")
        self._where.setText(name)
        self.file.setAccessibleName(name)
        for widget in (self._where, self.file, self._browse):
            widget.setEnabled(not request.beside)
        file = Path(self.file.text())
        suffixes = {writer.suffix for writer in WRITERS.values() if writer.suffix}
        suffix = request.writer.suffix if request.one_file else ""
        if file.name and file.suffix != suffix:
            self.file.setText(str(file.with_suffix(suffix) if file.suffix in suffixes else f"{file}{suffix}"))

    @Slot()
    def _changed(self) -> None:
        self._looking.drop()
        self._problem = None
        self.replace.hide()
        self._show_whether_it_can_be()
        self._soon.start()

    @Slot()
    def _look(self) -> None:
        if not self.form.complete:
            self.preview.show_problem(self.tr("Choose at least one label."))
            return
        job = self._exporting.look(self.request, self.out)
        if job is not None:
            self._looking.follow(job, self._show_look, self._show_failure)

    def _show_look(self, look: Look) -> None:
        self._problem = look.problem
        self.replace.setVisible(look.replaceable or look.foreign)
        self.replace.setText(
            self.tr("Replace this file, which is not an export of this project")
            if look.foreign
            else self.tr("Replace the earlier export in this folder")
        )
        if look.foreign and self._asked != self.out:
            self._asked = self.out
            self.replace.setChecked(False)
        self.preview.show_preview(look.preview)
        self._show_whether_it_can_be()

    def _show_failure(self, failure: Failure) -> None:
        self.preview.show_problem(failure.sentence)
        self.export.setEnabled(False)

    @Slot()
    def _show_whether_it_can_be(self) -> None:
        request, text = self.request, self.file.text().strip()
        sentence = self._problem or ""
        if request.beside:
            sentence = self.tr("Files are written into the photo folder. What other programs wrote there stays.")
        elif not sentence and request.one_file and text and Path(text).expanduser().is_file():
            sentence = self.tr("The file is there already and will be replaced.")
        self._warning.setText(sentence)
        self._warning.setVisible(bool(sentence))
        may = self._problem is None and (self.replace.isHidden() or self.replace.isChecked())
        self.export.setEnabled(may and self.form.complete and (bool(text) or request.beside))

    @Slot()
    def _choose_place(self) -> None:
        title, place, request = self.tr("Export"), self.file.text(), self.request
        if not request.one_file:
            folder = QFileDialog.getExistingDirectory(self, title, str(Path(place).parent))
            if folder:
                self.file.setText(folder)
            return
        suffix = request.writer.suffix
        options = QFileDialog.Option.DontConfirmOverwrite
        file, _ = QFileDialog.getSaveFileName(self, title, place, f"*{suffix}", options=options)
        if file:
            self.file.setText(file if Path(file).suffix else file + suffix)

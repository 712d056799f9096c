"""Everything a command can call: the session, what works on it, and the questions to the person."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QMessageBox

from cdul_gui.current_photo import CurrentPhoto
from cdul_gui.dialogs.export import ExportDialog
from cdul_gui.dialogs.keys import KeysDialog
from cdul_gui.dialogs.set_up import SetUpDialog
from cdul_gui.exporting import Exporting
from cdul_gui.label_use import LabelUse
from cdul_gui.labelling import Labelling
from cdul_gui.opening import Opening
from cdul_gui.pages import Pages
from cdul_gui.panels.inspector import Inspector
from cdul_gui.panels.labels import LabelsPanel
from cdul_gui.review import Review
from cdul_gui.session import Session
from cdul_gui.settings import Settings


class Desk(QObject):
    """The parts of the window and the commands that need more than one of them."""

    def __init__(self, session: Session, window: QMainWindow, taken_keys: frozenset[str]) -> None:
        super().__init__(window)
        self.session = session
        self.window = window
        self.photo = CurrentPhoto(session)
        self.use = LabelUse(session, taken_keys)
        self.review = Review(session)
        self.opening = Opening(session)
        self.labelling = Labelling(session)
        self.exporting = Exporting(session)
        self.pages = Pages(session, self.photo)
        self.labels = LabelsPanel(session, self.use)
        self.inspector = Inspector(session, self.photo, self.review, self.use)
        start = self.pages.start
        start.folder_wanted.connect(self.choose_folder)
        start.samples_wanted.connect(self.opening.open_samples)
        start.folder_chosen.connect(self.opening.open_folder)
        self._canvases = (self.pages.photo.canvas, self.inspector.canvas)
        for canvas in self._canvases:
            canvas.stepped.connect(self.review.step)
        self.inspector.canvas.double_clicked.connect(self.pages.show_current_photo)
        self.pages.page_changed.connect(lambda: self.inspector.set_preview(not self.pages.shows_photo))

    def choose_folder(self) -> None:
        """Ask for a folder of photos and open it."""
        recent = Settings().recent
        nearby = recent[0].parent if recent else Path.home()
        dialog = QFileDialog(self.window, self.tr("Open a folder of photos"), str(nearby))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.opening.open_folder(Path(folder)))
        self._show(dialog)

    def set_up_and_label(self) -> None:
        """Ask what to label with, and label."""
        dialog = SetUpDialog(self.session, self.labelling.proposal(), self.window)
        dialog.accepted.connect(lambda: self.labelling.label(dialog.choice))
        self._show(dialog)

    def export(self) -> None:
        """Ask for format and file, and export."""
        dialog = ExportDialog(self.session, self.window)

        def begin() -> None:
            format_name, file, only = dialog.answer
            self.exporting.export(format_name, file, only=only)

        dialog.accepted.connect(begin)
        self._show(dialog)

    def show_keys(self) -> None:
        """Show which key does what."""
        snapshot = self.session.snapshot
        names = {key: snapshot.labels[column].name for column, key in self.use.keys.items()} if snapshot else {}
        self._show(KeysDialog(self.window.menuBar(), names, self.window))

    def show_about(self) -> None:
        """Say what this program is."""
        from importlib.metadata import version

        box = QMessageBox(self.window)
        box.setWindowTitle(self.tr("About CDUL"))
        box.setText(self.tr("CDUL {version}").format(version=version("cdul")))
        box.setInformativeText(
            self.tr(
                "Labels photo collections on your own machine: an image-text encoder proposes several labels a photo, "
                "you decide, COCO comes out. Apache License 2.0."
            )
        )
        self._show(box)

    def find_label(self) -> None:
        """Put the keyboard into the find box of the labels."""
        self.labels.find_box.setFocus()
        self.labels.find_box.selectAll()

    def add_label(self) -> None:
        """Put the keyboard where a label is added."""
        self.inspector.add_label.edit.setFocus()

    def look_at_no_label(self) -> None:
        """Show no label's heatmap."""
        self.session.look_at_label(None)

    def toggle_heatmap(self) -> None:
        """Draw heatmaps over the photos, or no longer."""
        for canvas in self._canvases:
            canvas.set_with_heatmap(not canvas.with_heatmap)

    def toggle_grid(self) -> None:
        """Draw the lines between the snippets, or no longer."""
        for canvas in self._canvases:
            canvas.set_with_grid(not canvas.with_grid)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        if self.window.isFullScreen():
            self.window.showNormal()
        else:
            self.window.showFullScreen()

    def _show(self, dialog: QDialog) -> None:
        # Never exec: the window's work goes on behind a dialog.
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

"""What is dropped from another program is only looked at: a file manager may delete what it is told was moved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit


def dropped_paths(event: QDropEvent) -> list[Path]:
    """The files and folders on this computer that are dropped, or would be."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def only_look(event: QDropEvent) -> None:
    """Take what is dropped, and say that it stays where it is, whatever was proposed."""
    links = event.possibleActions() & Qt.DropAction.LinkAction
    event.setDropAction(Qt.DropAction.LinkAction if links else Qt.DropAction.CopyAction)
    event.accept()


class Line(QLineEdit):
    """A line to type in. Qt's own would take a dropped file for text, and as moved.

    Args:
        takes_files: a file or folder that is dropped is typed, as its path; else it is left to what the line is in.
    """

    def __init__(self, text: str = "", *, takes_files: bool = False) -> None:
        super().__init__(text)
        self._takes_files = takes_files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            self._look_at(event)
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            self._look_at(event)
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if not event.mimeData().hasUrls():
            super().dropEvent(event)
        elif self._look_at(event):
            path = str(dropped_paths(event)[0])
            self.setText(path)
            self.textEdited.emit(path)
            self.editingFinished.emit()

    def _look_at(self, event: QDropEvent) -> bool:
        """Whether a file that is dropped is taken."""
        takes = self._takes_files and len(dropped_paths(event)) == 1
        if takes:
            only_look(event)
        else:
            event.ignore()
        return takes

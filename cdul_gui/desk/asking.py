"""Dialogs over the window, behind which its work goes on.

Each is imported as it is opened: the window is there a fifth sooner without what they need.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from shiboken6 import isValid

from cdul_gui.gallery import GalleryView
from cdul_gui.look.controls import put_over
from cdul_gui.session.activities import Activities


class Asking(QObject):
    """Opens dialogs, and gives the keyboard back where it was."""

    def __init__(self, activities: Activities, gallery: GalleryView, window: QMainWindow) -> None:
        super().__init__(activities)
        self._activities, self._session = activities, activities.session
        self._gallery, self._window = gallery, window

    def _show(self, dialog: QDialog) -> None:
        # Never exec: the window's work goes on behind a dialog.
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        put_over(dialog, self._window)
        before = QApplication.focusWidget()
        dialog.finished.connect(lambda _result: self._give_keyboard_back(before))
        dialog.open()

    def _give_keyboard_back(self, before: QWidget | None) -> None:
        """Where it was, or to the photos where that is gone or disabled meanwhile."""
        there = before is not None and isValid(before) and before.isVisible() and before.isEnabled()
        (before if there and before is not None else self._gallery).setFocus()

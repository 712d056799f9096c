"""The menu of a photo: opened by the right mouse button, or by the keyboard's own key for it."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from cdul_gui.commands.command import SEPARATOR
from cdul_gui.commands.every_command import ACCEPT, ADD_LABEL, ENLARGE_PHOTO, GALLERY, REJECT, REVIEWED, UNDECIDE
from cdul_gui.commands.finding import FIND_LIKE
from cdul_gui.commands.photo_file import PHOTO_FILE_COMMANDS
from cdul_gui.desk.desk import Desk
from cdul_gui.window.menus import Actions


class PhotoMenu(QMenu):
    """What can be done with the current photo, or with all that are selected."""

    def __init__(self, desk: Desk, actions: Actions) -> None:
        super().__init__(desk.window)
        self._desk = desk
        decide = (ACCEPT, REJECT, UNDECIDE, REVIEWED, ADD_LABEL)
        entries = (*decide, SEPARATOR, ENLARGE_PHOTO, GALLERY, FIND_LIKE, SEPARATOR, *PHOTO_FILE_COMMANDS)
        actions.add_entries(self, entries)
        for view in (desk.pages.gallery, desk.pages.photo.canvas, desk.inspector.canvas):
            view.menu_wanted.connect(self.open_at)

    def open_at(self, place: QPoint) -> None:
        """Show it at a place of the screen."""
        if self._desk.session.current is not None:
            self.popup(place)

"""The submenu of the folders that were opened before."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu

from cdul_gui.desk.desk import Desk
from cdul_gui.look.tips import plain_tip
from cdul_gui.settings import Settings


class RecentMenu(QMenu):
    """One entry a folder, the last one first; the one that is open is left out."""

    def __init__(self, desk: Desk, parent: QMenu) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setTitle(self.tr("Open again"))
        self.setToolTipsVisible(True)
        # Another window may have opened some meanwhile.
        parent.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        self.clear()
        project = self._desk.session.project
        now = None if project is None else project.photos
        for folder in Settings().recent:
            if folder != now:
                action = self.addAction(folder.name.replace("&", "&&") or str(folder))
                action.setToolTip(plain_tip(str(folder)))
                action.triggered.connect(partial(self._open, folder))
        self.setEnabled(not self.isEmpty())

    def _open(self, folder: Path, _checked: bool = False) -> None:
        self._desk.opening.open_folder(folder)

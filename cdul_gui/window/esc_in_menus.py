"""Esc leaves a menu for what had the keyboard before.

Qt leaves the keyboard with the menu bar instead, from which arrows lead to the next menu. No title is marked there, so
that keys seemed to do nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenuBar


class EscInMenus(QObject):
    """Watches the menus of a bar that stand there now."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._bar = bar
        for action in bar.actions():
            if (menu := action.menu()) is not None:
                menu.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            # Once the menu has closed itself.
            QTimer.singleShot(0, self._bar, self._leave)
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        if self._bar.hasFocus() and QApplication.activePopupWidget() is None:
            again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(self._bar, again)

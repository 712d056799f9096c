"""Which row of a view the pointer points at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView


class Pointing(QObject):
    """Tells of the row that the pointer moved onto, an invalid one where it is on none.

    Rows that move below a pointer that rests are not pointed at, though Qt calls them entered.
    """

    def __init__(self, view: QAbstractItemView, tell: Callable[[QModelIndex], object]) -> None:
        super().__init__(view)
        self._view, self._tell = view, tell
        view.setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(lambda: tell(QModelIndex()))

    def eventFilter(self, _viewport: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._tell(self._view.indexAt(event.position().toPoint()))
        elif event.type() == QEvent.Type.Leave:
            self._tell(QModelIndex())
        return False

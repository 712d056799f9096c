"""Which way Tab leads through the window: from the photo to what is said of it, then on, and last to the tools."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDockWidget, QMainWindow, QTabBar, QWidget

from cdul_gui.look.once_a_turn import OnceATurn


class TabOrder(QObject):
    """Keeps the order, whatever Qt puts where: what is made later, or was afloat, it puts behind everything else."""

    def __init__(self, window: QMainWindow, parts: Sequence[QWidget], docks: Sequence[QDockWidget]) -> None:
        """What is in none of the parts comes behind all of them; of two that lie in one another the inner one counts.

        Args:
            parts: from the first to the last; in each of them the order stays as it is.
            docks: those of the window, which may float.
        """
        super().__init__(window)
        self._window, self._docks = window, docks
        self._rank = {part: rank for rank, part in enumerate(parts)}
        self._soon = OnceATurn(self.put_in_order, self)
        for dock in docks:
            dock.topLevelChanged.connect(self._soon.ask)
            dock.visibilityChanged.connect(self._soon.ask)
        self._soon.ask()

    @Slot()
    def put_in_order(self) -> None:
        """Put it in order now."""
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            # Qt keeps those of docks that are hidden, somewhere outside the window.
            bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if bar.count() else Qt.FocusPolicy.NoFocus)
        for top in (self._window, *(dock for dock in self._docks if dock.isWindow())):
            before: QWidget | None = None
            for widget in sorted(_stops(top), key=self._rank_of):
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget

    def _rank_of(self, widget: QWidget) -> int:
        if isinstance(widget, QTabBar) and widget.parent() is self._window:
            return self._rank_of(self._docks[-1])
        inside = widget
        while inside not in self._rank:
            above = inside.parentWidget()
            if above is None:
                return len(self._rank)
            inside = above
        return self._rank[inside]


def _stops(top: QWidget) -> list[QWidget]:
    """Where Tab can lead to in a window, in the order in which it was made.

    Not along Qt's chain, and without asking who hands the keyboard to whom: PySide takes the widget that
    `nextInFocusChain` or `focusProxy` returns for a child of the other one, and for gone, with all its actions, once
    that one is.
    """
    return [
        widget
        for widget in top.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.window() is top
        and not isinstance(widget.parentWidget(), (QAbstractSpinBox, QComboBox))  # whose lines are no stops
    ]

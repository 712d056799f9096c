"""How a dock comes to the front."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar

_MOST_OF_WINDOW = 0.45
"""Of its height; the rest is the photos'."""


def bring_forward(dock: QDockWidget) -> None:
    """Show a dock before those it shares its place with; one that was hidden gets the height it wants."""
    if dock.isHidden():
        dock.show()
        make_room(dock)
    dock.raise_()


def make_room(dock: QDockWidget) -> None:
    """Make the place of a dock that was just shown as high as the dock wants, where the window can spare it."""
    window = dock.parentWidget()
    if not isinstance(window, QMainWindow) or dock.isFloating():
        return
    now = max((other.height() for other in window.tabifiedDockWidgets(dock) if other.isVisible()), default=0)
    tabs = max((bar.sizeHint().height() for bar in window.findChildren(QTabBar) if bar.parent() is window), default=0)
    wanted = min(dock.sizeHint().height(), round(_MOST_OF_WINDOW * window.height()))
    if wanted > now:
        window.resizeDocks([dock], [wanted + tabs], Qt.Orientation.Vertical)

"""A dock of the window, how it comes to the front, and how wide those at the sides are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QTabBar, QWidget

from cdul_gui.look.appearance import icon

_MOST_OF_WINDOW = 0.45
"""Of its height; the rest is the photos'."""

_USUAL, _USUAL_OF_WINDOW = 200, 0.2
"""Pixels that a dock wants at least, whose contents may be still to be read; of a low window at most this share."""

_SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)

_ICONS = {"qt_dockwidget_floatbutton": "fa6s.up-right-from-square", "qt_dockwidget_closebutton": "fa6s.xmark"}
"""By Qt's names of the buttons; those that a style brings can hardly be seen on a dark ground."""


class Dock(QDockWidget):
    """A panel at an edge of the window.

    It may become as low as `least` pixels, whatever is in it asks for, so that the window fits any screen.
    """

    def __init__(self, name: str, title: str, panel: QWidget, least: int) -> None:
        super().__init__(title)
        panel.setMinimumHeight(least)
        self.setObjectName(name)
        self.setWidget(panel)
        self._draw_buttons()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw_buttons()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and self.isFloating():
            QTimer.singleShot(0, self, self._fit_screen)
        return super().event(event)

    def _fit_screen(self) -> None:
        """On a screen of another scale it may be larger than all of that."""
        room, frame = self.screen().availableGeometry(), self.frameGeometry().size() - self.size()
        if self.isFloating() and not room.contains(self.frameGeometry()):
            self.resize(self.size().boundedTo(room.size() - frame))
            least = room.bottomRight() - QPoint(self.frameGeometry().width(), self.frameGeometry().height())
            at = self.pos()
            self.move(max(room.left(), min(at.x(), least.x())), max(room.top(), min(at.y(), least.y())))

    def _draw_buttons(self) -> None:
        for name, drawn in _ICONS.items():
            button = self.findChild(QAbstractButton, name)
            if button is not None:
                button.setIcon(icon(drawn, self.palette()))


class SideWidths(QObject):
    """Docks at the sides are as wide as a person drew them, again once a window that was narrow has the room."""

    def __init__(self, window: QMainWindow, widths: dict[QDockWidget, int]) -> None:
        super().__init__(window)
        self._window, self._widths = window, widths
        for dock in widths:
            dock.installEventFilter(self)
        window.resizeDocks([*widths], [*widths.values()], Qt.Orientation.Horizontal)

    @property
    def by_name(self) -> dict[str, int]:
        """The wanted widths, in pixels."""
        return {dock.objectName(): width for dock, width in self._widths.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Else the window has become another size, or was restored.
        drawn = QGuiApplication.mouseButtons() == Qt.MouseButton.LeftButton
        if drawn and isinstance(watched, QDockWidget) and event.type() == QEvent.Type.Resize:
            self._keep_width(watched)
        return False

    def _keep_width(self, dock: QDockWidget) -> None:
        if self._is_at_a_side(dock):
            self._widths[dock] = dock.width()

    def take_room(self) -> None:
        """Widen the docks that are narrower than they were drawn, as far as the window can spare it."""
        narrow = {
            dock: width for dock, width in self._widths.items() if dock.width() < width and self._is_at_a_side(dock)
        }
        self._window.resizeDocks([*narrow], [*narrow.values()], Qt.Orientation.Horizontal)

    def _is_at_a_side(self, dock: QDockWidget) -> bool:
        return not (dock.isHidden() or dock.isFloating()) and self._window.dockWidgetArea(dock) in _SIDES


def dock_of(panel: QWidget) -> QDockWidget:
    """The dock that a panel is in."""
    dock = panel.parentWidget()
    assert isinstance(dock, QDockWidget)
    return dock


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
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window] if now else []
    tabs = max((bar.sizeHint().height() for bar in bars), default=0)
    usual = min(_USUAL, round(_USUAL_OF_WINDOW * window.height()))
    wanted = min(max(dock.sizeHint().height(), usual), round(_MOST_OF_WINDOW * window.height()))
    if wanted > now:
        window.resizeDocks([dock], [wanted + tabs], Qt.Orientation.Vertical)

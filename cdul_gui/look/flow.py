"""Widgets in lines, as words in a text, in an area that is as high as they need."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QLayout, QLayoutItem, QScrollArea, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Widgets in lines, as words in a text."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        """At each width, until something is another size: Qt asks a dozen times for one change."""
        self._minimum: QSize | None = None
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def invalidate(self) -> None:
        self._heights.clear()
        self._minimum = None
        super().invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def insert_widget(self, place: int, widget: QWidget) -> None:
        """Add a widget before the one that is at a place, counted from 0."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())

    def take(self, widget: QWidget) -> None:
        """Leave a widget out from now on; it stays its parent's."""
        self._items = [item for item in self._items if item.widget() is not widget]
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        if self._minimum is None:
            self._minimum = QSize()
            for item in self._items:
                self._minimum = self._minimum.expandedTo(item.minimumSize())
        return self._minimum

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Put each line's widgets in the middle of its height; returns the height of all lines."""
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max(size.height() for _item, size in line)
            if move:
                x = rect.x()
                for item, size in line:
                    place = QPoint(x, y + (height - size.height()) // 2)
                    item.setGeometry(QRect(place, QSize(min(size.width(), rect.width()), size.height())))
                    x += size.width() + self._gap
            y += height + self._gap
        return max(0, y - self._gap - rect.y())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """What is shown and how large, a list for each line."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        taken = 0
        for item in self._items:
            if item.isEmpty():
                continue  # a widget that is hidden
            size = item.sizeHint()
            if not lines or taken + size.width() > width:
                lines.append([])
                taken = 0
            lines[-1].append((item, size))
            taken += size.width() + self._gap
        return lines


class FlowArea(QWidget):
    """A widget that is as high as its flow of widgets needs at its width."""

    fitted = Signal(int)
    """It needs this height now, in pixels."""

    def __init__(self, spacing: int = 6) -> None:
        super().__init__()
        self.flow = FlowLayout(self, spacing)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fit(self) -> None:
        """Take the height that the widgets need now."""
        width = self.width()
        height = self.flow.heightForWidth(width)
        self.setMinimumHeight(height)
        self.fitted.emit(height)
        if self.width() != width:
            # A scroll bar came or went: Qt tells nobody of a size that changes while it tells of another.
            self.flow.setGeometry(self.rect())
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class Bounded(QScrollArea):
    """Shows a flow of widgets as high as it needs, up to so many pixels; what is beyond is scrolled to."""

    def __init__(self, area: FlowArea, most: int) -> None:
        super().__init__()
        self._most = most
        self._wanted = 0
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setWidgetResizable(True)
        self.setWidget(area)
        area.fitted.connect(self._fit)
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._follow_keyboard)
        self.verticalScrollBar().rangeChanged.connect(self._follow_keyboard)

    @Slot()
    def _follow_keyboard(self) -> None:
        # Qt follows Tab alone, and only where the widgets have their places already; arrows lead on as well.
        now, area = QApplication.focusWidget(), self.widget()
        if now is not None and area is not None and area.isAncestorOf(now):
            self.ensureWidgetVisible(now)

    @Slot(int)
    def _fit(self, height: int) -> None:
        self._wanted = height
        self.setFixedHeight(min(height, self._most))

    def bound(self, most: int) -> None:
        """Be so many pixels high at most from now on."""
        self._most = most
        self._fit(self._wanted)

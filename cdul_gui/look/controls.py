"""Small controls that several panels use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QLineEdit, QScrollArea, QSizePolicy, QToolButton, QWidget

from cdul_gui.look.appearance import icon
from cdul_gui.look.tips import plain_tip


class IconButton(QToolButton):
    """A flat button with an icon that follows the palette; its text is its tool tip and accessible name."""

    def __init__(self, icon_name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setAutoRaise(True)
        # Reached by Tab, but a click leaves the keyboard with the photos.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(text)
        self.setIcon(icon(icon_name, self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(icon(self._icon_name, self.palette()))


def text_button(text: str, tip: str, run: Callable[[], object]) -> QToolButton:
    """A button with a text."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(plain_tip(tip))
    # Reached by Tab, but a click leaves the keyboard with the photos.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(run)
    return button


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """A small heading above a part of a panel."""
    label = muted(text.upper(), parent)
    font = QFont(label.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 0.85)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    label.setFont(font)
    # Small fonts reach above their own height with the marks over capitals, e.g. Ä.
    metrics = label.fontMetrics()
    label.setContentsMargins(0, max(0, -metrics.boundingRect("ÄÉ").top() - metrics.ascent()), 0, 0)
    return label


def muted(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Text that stands back."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


class OneLine(QLabel):
    """Plain text on one line that asks for no room: what does not fit ends in …, and is in the tool tip."""

    def __init__(self, role: QPalette.ColorRole = QPalette.ColorRole.WindowText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter, room, self.alignment(), self.palette(), self.isEnabled(), text, self.foregroundRole()
        )
        painter.end()


_UNDO_AND_REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class LineToLeave(QLineEdit):
    """A line to type in. Esc is its own, whatever command has that key: `left` says that the person is done.

    While it is empty, undo and redo are the window's: what was typed is done, and that is what shall be undone.
    """

    left = Signal()
    went_down = Signal()
    """The arrow down was pressed, which a line of one line has no use for."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.went_down.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.left.emit()
                return True
        overriding = event.type() == QEvent.Type.ShortcutOverride and not self.text()
        if overriding and isinstance(event, QKeyEvent) and any(map(event.matches, _UNDO_AND_REDO)):
            event.ignore()
            return True
        return super().event(event)


class FlowLayout(QLayout):
    """Widgets in lines, as words in a text."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue  # a widget that is hidden
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._gap, 0
            width = min(size.width(), rect.width()) if move else size.width()
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, size.height())))
            x += size.width() + self._gap
            line = max(line, size.height())
        return y + line - rect.y()


class FlowArea(QWidget):
    """A widget that is as high as its flow of widgets needs at its width."""

    fitted = Signal(int)
    """It needs this height now, in pixels."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self, spacing)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fit(self) -> None:
        """Take the height that the widgets need now."""
        height = self.flow.heightForWidth(self.width())
        self.setMinimumHeight(height)
        self.fitted.emit(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


class Bounded(QScrollArea):
    """Shows a flow of widgets as high as it needs, up to so many pixels; what is beyond is scrolled to."""

    def __init__(self, area: FlowArea, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setWidgetResizable(True)
        self.setWidget(area)
        area.fitted.connect(self._fit)

    @Slot(int)
    def _fit(self, height: int) -> None:
        self.setFixedHeight(min(height, self._most))

"""Small controls that several panels use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.appearance import icon
from cdul_gui.look.drops import Line
from cdul_gui.look.tips import plain_tip


class IconButton(QToolButton):
    """A flat button with an icon that follows the palette; its text is its tool tip and accessible name."""

    def __init__(self, icon_name: str, text: str) -> None:
        super().__init__()
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


def heading(text: str) -> QLabel:
    """A small heading above a part of a panel."""
    label = muted(text.upper())
    font = QFont(label.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 0.85)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    label.setFont(font)
    # Small fonts reach above their own height with the marks over capitals, e.g. Ä.
    metrics = label.fontMetrics()
    label.setContentsMargins(0, max(0, -metrics.boundingRect("ÄÉ").top() - metrics.ascent()), 0, 0)
    return label


def plain(text: str = "", *, wraps: bool = False) -> QLabel:
    """Text that is shown as it is, whatever it holds."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    return label


def muted(text: str = "", *, wraps: bool = False) -> QLabel:
    """Text that stands back."""
    label = plain(text, wraps=wraps)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def warning() -> QLabel:
    """Text that stands out."""
    label = plain(wraps=True)
    label.setForegroundRole(QPalette.ColorRole.BrightText)
    return label


class _NoDefault(QPushButton):
    """Qt leaves Return to the dialog wherever a button may not be its default."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def push_button(text: str = "", run: Callable[[], object] | None = None, *, name: str = "") -> QPushButton:
    """A button of a dialog that Return presses only where it has the keyboard; `name` is its accessible name, where
    that is not its text."""
    button = _NoDefault(text)
    button.setAutoDefault(False)
    if run is not None:
        button.clicked.connect(run)
    if name:
        button.setAccessibleName(name)
    return button


def dialog_layout(dialog: QDialog, spacing: int) -> QVBoxLayout:
    """The layout of a dialog, with the margins that all of them have."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(18, 18, 18, 14)
    layout.setSpacing(spacing)
    return layout


def form_layout() -> QFormLayout:
    """The layout of questions in a dialog."""
    form = QFormLayout()
    form.setVerticalSpacing(8)
    form.setHorizontalSpacing(14)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def cut(widget: QWidget, text: str, most: int) -> str:
    """A text with … at its end where a widget's font needs more pixels for it: people name labels as they like."""
    return widget.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, most)


class OneLine(QLabel):
    """Plain text on one line that asks for no room: what does not fit ends in …, and is in the tool tip."""

    def __init__(
        self,
        role: QPalette.ColorRole = QPalette.ColorRole.WindowText,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__()
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), self._elide, room.width())
        painter = QPainter(self)
        self.style().drawItemText(
            painter, room, self.alignment(), self.palette(), self.isEnabled(), text, self.foregroundRole()
        )
        painter.end()


class NarrowButton(QPushButton):
    """A button that names what people wrote: what does not fit ends in …, and all of it is in the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(text.replace("&&", "&")))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width() - _AROUND
        flags = Qt.TextFlag.TextShowMnemonic.value
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room, flags)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()


_AROUND = 8
"""Pixels beside the text of a button, about."""

_UNDO_AND_REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


_EDITING = frozenset("ACVXYZ")
"""With Ctrl: select all, copy, paste, cut, undo and redo."""


_FRAME = QSize(8, 40)
"""Pixels of the frame and title around a dialog, about."""


def resize_on_screen(dialog: QDialog, width: int, height: int) -> None:
    """Make a dialog so large at first, but no larger than its screen: what it is closed with is to be seen."""
    room = dialog.screen().availableSize() - _FRAME
    dialog.resize(QSize(width, height).boundedTo(room))


def put_over(dialog: QDialog, window: QWidget) -> None:
    """Have a dialog appear over the middle of a window, and on its screen; before it is shown.

    Qt makes it for the screen that it lies on until then: one of another scale would halve or double its size.
    """
    screen = window.screen()
    dialog.setScreen(screen)
    if not dialog.testAttribute(Qt.WidgetAttribute.WA_Resized):
        return  # it is as large as what is in it, which is known once it is shown; Qt puts it over its window then
    room = screen.availableGeometry()
    place = QRect(QPoint(), dialog.size())
    place.moveCenter(window.frameGeometry().center())
    left = min(place.left(), room.right() - place.width() - _FRAME.width())
    top = min(place.top(), room.bottom() - place.height() - _FRAME.height())
    dialog.move(max(left, room.left()), max(top, room.top()))


def leave_to_window(event: QEvent, text: str) -> bool:
    """Whether a line to type in leaves a key to the commands of the window: Ctrl with a letter that edits no text.

    While the line is empty, undo and redo are the window's: what was typed is done, and that is what shall be undone.
    Some systems have a line claim more of them, e.g. Ctrl+E for its end; without a command they are its own still.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if not text and any(map(event.matches, _UNDO_AND_REDO)):
        event.ignore()
        return True
    letter = chr(event.key()) if Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z else ""
    if not letter or letter in _EDITING or event.modifiers() != Qt.KeyboardModifier.ControlModifier:
        return False
    event.ignore()
    return True


def leave_by_escape(event: QEvent, leave: Callable[[], object]) -> bool:
    """Leave where an event is the key Esc, whatever command has that key; whether it is."""
    if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape:
        return False
    if event.type() == QEvent.Type.ShortcutOverride:
        event.accept()
        return True
    if event.type() == QEvent.Type.KeyPress:
        leave()
        return True
    return False


class LineToLeave(Line):
    """A line to type in. Esc is its own, whatever command has that key: `left` says that the person is done."""

    left = Signal()
    went_down = Signal()
    """The arrow down was pressed, which a line of one line has no use for."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.went_down.emit()

    def event(self, event: QEvent) -> bool:
        return leave_by_escape(event, self.left.emit) or leave_to_window(event, self.text()) or super().event(event)

"""Space and Enter belong to the button that has the keyboard, and not to the command that has them elsewhere.

But Space on the chip of a label goes on to the next photo: on one that was just rejected it would confirm it. So it
does on the count of those that may be, on which the next photo may leave the keyboard, and on the buttons below a
photo, to which Tab leads from the chips, and which only change how it looks.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from cdul_gui.panels.photo.chips_of_photo import FoldChip, LabelChip
from cdul_gui.viewer.heatmap_strip import HeatmapStrip

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeysOnButtons:
    """A window asks it of the keys that what has the keyboard made no use of."""

    def __init__(self) -> None:
        self._entered: QAbstractButton | None = None
        """The button that had the keyboard when Enter went down."""

    def claims(self, event: QEvent) -> bool:
        """Whether a key, asked before its shortcut, is one that presses what has the keyboard."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        widget, entered = QApplication.focusWidget(), event.key() in _ENTER
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not (entered or event.key() == Qt.Key.Key_Space):
            return False
        if entered:
            self._entered = widget if isinstance(widget, QAbstractButton) else None
        if isinstance(widget, LabelChip | FoldChip) or (
            isinstance(widget, QAbstractButton) and isinstance(widget.parentWidget(), HeatmapStrip)
        ):
            return entered
        return isinstance(widget, QAbstractButton | QComboBox)

    def presses(self, event: QKeyEvent) -> bool:
        """Press the button on which Enter went down; Qt does that in dialogs alone."""
        button, self._entered = self._entered, None
        # A line that was left by Enter may have given the keyboard to a button, which is not meant.
        if event.key() not in _ENTER or button is None or button is not QApplication.focusWidget():
            return False
        button.click()
        return True

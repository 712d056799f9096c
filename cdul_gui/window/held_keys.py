"""Whether a key was pressed, or is held and repeated by the system."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent


class HeldKeys:
    """Follows the keys of a window. What changes the project is done once for a key that is held.

    X11 repeats a key by letting it go and pressing it at the same moment. Qt looks ahead for that press and, where it
    has not arrived yet, takes it for another one: a few in a hundred, each of which would answer for a photo.
    """

    def __init__(self) -> None:
        self.repeats = False
        """Whether the key that asks for a command now is held since before."""
        self._let_go: tuple[int, int] | None = None

    def follow(self, event: QKeyEvent) -> None:
        """A key asks for a command, or was let go."""
        key_and_time = event.nativeScanCode(), event.timestamp()
        if event.type() == QEvent.Type.KeyRelease:
            self._let_go, self.repeats = key_and_time, False
        elif event.type() == QEvent.Type.ShortcutOverride:
            # Without the code of a key it is no keyboard that presses it.
            self.repeats = event.isAutoRepeat() or (key_and_time == self._let_go and event.nativeScanCode() != 0)

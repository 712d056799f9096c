"""Garbage is looked for in the window's thread alone, between two of its turns.

Python by itself looks in whichever thread makes the most, amid whatever that does. What Qt made would then be taken
apart beside the window's thread, or while Qt is calling it, and the program crashes once in a long while.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer, Slot

from cdul_gui.window.interpreter import may_collect

_MILLISECONDS_BETWEEN_LOOKS = 500
_SECONDS_BETWEEN_LOOKS_AT_ALL = 10.0
"""What was looked at twice and stayed is much, and most of it will stay for good."""


class Garbage(QObject):
    """Looks for garbage for as long as it lives; Python does no longer, by itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._looked_at_all = time.monotonic()
        self._timer = QTimer(self, interval=_MILLISECONDS_BETWEEN_LOOKS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect what Python would have collected by now."""
        if not may_collect():
            return
        due = [made > most for made, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[2] and time.monotonic() - self._looked_at_all > _SECONDS_BETWEEN_LOOKS_AT_ALL:
            gc.collect()
            self._looked_at_all = time.monotonic()
        elif due[0]:
            gc.collect(1 if due[1] else 0)

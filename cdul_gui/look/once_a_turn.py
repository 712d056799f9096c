"""What follows several signals of one key is done once: before the window is painted, or after it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class OnceATurn(QObject):
    """Does something once the event loop is reached, however often it was asked for until then.

    That is in the next picture of a window that calls `catch_up` before it paints.
    """

    _asked_first = Signal()
    _waiting: ClassVar[WeakSet[OnceATurn]] = WeakSet()

    def __init__(self, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._do = do
        self._asked = False
        self._asked_first.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    @Slot()
    @Slot(object)
    def ask(self, _told: object = None) -> None:
        """Have it done soon."""
        if not self._asked:
            self._asked = True
            self._waiting.add(self)
            self._asked_first.emit()

    def now(self) -> None:
        """Do it at once where it was asked for."""
        if self._asked:
            self._begin()

    @Slot()
    def _begin(self) -> None:
        if self._asked:
            self._asked = False
            self._waiting.discard(self)
            self._do()

    @classmethod
    def catch_up(cls, window: QWidget) -> None:
        """Do all that widgets of a window asked for, and give them their places, before the window is painted.

        So no picture shows half of what a key did: on some systems one that was due before the key comes before what
        waits in the loop.
        """
        for one in [*cls._waiting]:
            asking = one.parent() if isValid(one) else None
            if isinstance(asking, QWidget) and asking.window() is window:
                one.now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


class AfterThePicture(QTimer):
    """Does something once what a key did is on the screen, however often it was asked for until then.

    For what stands beside the photo, as a list of scores does: a person who looks at the photo need not wait for it.
    Qt sends all that waits in the loop, painting included, before it looks at timers.
    """

    def __init__(self, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent, singleShot=True, interval=0)
        self.timeout.connect(do)

    @Slot()
    @Slot(object)
    def ask(self, _told: object = None) -> None:
        """Have it done soon."""
        self.start()

"""What follows several signals of one key is done once: before the window is painted, or after it was."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot


class OnceATurn(QObject):
    """Does something once the event loop is reached, however often it was asked for until then.

    That is in the next picture: what a window paints comes last of all that waits in the loop.
    """

    _asked_first = Signal()

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
            self._asked_first.emit()

    def now(self) -> None:
        """Do it at once where it was asked for."""
        if self._asked:
            self._begin()

    @Slot()
    def _begin(self) -> None:
        if self._asked:
            self._asked = False
            self._do()


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

"""What draws plots asks for every type that Qt has, each of which is made at that moment: they are made ahead.

In the window's thread, a few in each turn. A worker must not do it: while it makes a type the window may be asked for
the same one, and the program crashes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.session import Session

_MILLISECONDS_AFTER_PHOTOS = 3000
_MILLISECONDS_BETWEEN = 20
_TYPES_AT_ONCE = 5
"""Each takes a tenth of a millisecond, a few take three."""
_LIBRARY = "pyqtgraph"


class PlotsAhead(QObject):
    """Waits until the first photos are shown, and makes a few types while nothing is under way."""

    done = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._types = _types_of_qt()
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.make_some)
        session.opened.connect(self._wait)

    @Slot()
    def _wait(self) -> None:
        if self._session.project is not None and _LIBRARY not in sys.modules:
            self._soon.start(_MILLISECONDS_AFTER_PHOTOS)

    @Slot()
    def make_some(self) -> None:
        """Make a few now and the others soon, or all of them later while there is work."""
        if self._session.workers.busy:
            self._soon.start(_MILLISECONDS_AFTER_PHOTOS)
            return
        made = [getattr(module, name) for module, name in islice(self._types, _TYPES_AT_ONCE)]
        if made:
            self._soon.start(_MILLISECONDS_BETWEEN)
        else:
            self.done.emit()


def _types_of_qt() -> Iterator[tuple[ModuleType, str]]:
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            if name not in vars(module):
                yield module, name

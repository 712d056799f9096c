"""What draws plots takes a quarter of a second to load: that is done in a worker before a dock needs it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Slot

from cdul_gui.session.session import Session

_MILLISECONDS_AFTER_PHOTOS = 3000
_LIBRARY = "pyqtgraph"


class PlotsAhead(QObject):
    """Waits until the first photos are shown and nothing is under way."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_AFTER_PHOTOS)
        self._soon.timeout.connect(self.load)
        session.opened.connect(self._wait)

    @Slot()
    def _wait(self) -> None:
        if self._session.project is not None and _LIBRARY not in sys.modules:
            self._soon.start()

    @Slot()
    def load(self) -> None:
        """Load it now, or later while there is work."""
        if _LIBRARY in sys.modules or self._session.project is None:
            return
        if self._session.workers.busy:
            self._soon.start()
        else:
            self._session.workers.read(_load).failed.connect(self._session.failed)


def _load() -> None:
    import cdul_gui.look.plotting  # noqa: F401

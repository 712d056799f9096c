"""Reading the snapshot of a project anew while it is looked at, and finding its photos again in the new one."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.jobs import Failure, Job, Workers
from engine.project import Project
from engine.project.snapshot import Snapshot

Rows = npt.NDArray[np.int64]

MILLISECONDS_BETWEEN_READINGS = 2000
"""At least, while a run brings new scores."""

_PAUSE = 10
"""Times as long as the reading before took: a large project is read less often."""


class SnapshotReading(QObject):
    """One reading at a time; what is asked for meanwhile is read once more afterwards."""

    began = Signal()
    """What is committed from now on may be missing in the snapshot that will arrive."""
    arrived = Signal(Snapshot)
    failed = Signal(Failure)

    def __init__(self, workers: Workers, take: Callable[[Project], Snapshot], parent: QObject) -> None:
        super().__init__(parent)
        self._workers, self._take = workers, take
        self._project: Project | None = None
        self._job: Job | None = None
        self._again = False
        self._soon = QTimer(self, singleShot=True, interval=MILLISECONDS_BETWEEN_READINGS)
        self._soon.timeout.connect(self.read)

    def follow(self, project: Project | None) -> None:
        """Read another project, or none, from now on; what is still on its way from the one before is dropped."""
        self._project, self._job, self._again = project, None, False

    @Slot()
    def read(self) -> None:
        """Read the snapshot anew."""
        project = self._project
        if project is None:
            return
        if self._job is not None:
            self._again = True
            return
        self.began.emit()
        began = time.monotonic()
        job = self._job = self._workers.read(lambda: self._take(project))

        def ended() -> None:
            took = int(1000 * (time.monotonic() - began))
            self._soon.setInterval(max(MILLISECONDS_BETWEEN_READINGS, _PAUSE * took))
            if self._job is job:
                self._job = None
                if self._again:
                    self._again = False
                    self.read()

        job.finished.connect(lambda snapshot: self.arrived.emit(snapshot) if self._job is job else None)
        job.failed.connect(self.failed)
        job.ended.connect(ended)

    @Slot()
    def read_soon(self) -> None:
        """Read the snapshot anew after a pause, however often this is asked for."""
        if not self._soon.isActive():
            self._soon.start()


class MovedRows:
    """Where the photos of one snapshot are in the next one."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self._rows = np.full(len(before), -1, np.int64)
        _, old, new = np.intersect1d(before.photo_ids, after.photo_ids, return_indices=True)
        self._rows[old] = new
        self.added: Rows = np.setdiff1d(np.arange(len(after)), new)
        """The rows of photos that were not there before."""

    def of(self, rows: Rows) -> Rows:
        """The new rows of those photos that are still there."""
        moved = self._rows[rows]
        return moved[moved >= 0]

    def of_one(self, row: int | None) -> int | None:
        """The new row of a photo; None if it is gone."""
        return None if row is None or self._rows[row] < 0 else int(self._rows[row])

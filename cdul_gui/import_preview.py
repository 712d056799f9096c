"""What the import dialog says before anything is taken over: read and counted in workers, the latest wish counts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cdul_gui.jobs import Failure, Job
from cdul_gui.session import Session
from engine.jobs import Control, Progress
from engine.stages.import_labels import plan
from engine.stages.import_plan import ImportChoice, ImportPlan, Source, read_source


class ImportPreview(QObject):
    """Reads a file or folder once, and counts anew for every choice."""

    was_read = Signal(Source)
    planned = Signal(ImportPlan)
    failed = Signal(str)
    """A sentence: it cannot be read, or there is nothing in it to take over in this way."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._latest: Job | None = None
        self.source: Source | None = None

    def read(self, path: Path | None, format_name: str | None) -> None:
        """Read a file or folder, in a format or in that which it looks like; None for nothing to read yet."""
        self.source = None
        if path is None:
            self._latest = None
            return
        job = self._begin(self._session.workers.read(lambda: read_source(path, format_name)))
        job.finished.connect(lambda source: self._keep(source) if job is self._latest else None)

    def count(self, choice: ImportChoice) -> None:
        """Count what would happen with what was read."""
        project, source = self._session.project, self.source
        if project is None or source is None:
            return
        job = self._begin(self._session.workers.read(lambda: plan(project, source, choice, Progress(), Control())))
        job.finished.connect(lambda found: self.planned.emit(found) if job is self._latest else None)

    def _keep(self, source: Source) -> None:
        self.source = source
        self.was_read.emit(source)

    def _begin(self, job: Job) -> Job:
        self._latest = job

        def fail(failure: Failure) -> None:
            if job is self._latest:
                self.failed.emit(failure.sentence)

        job.failed.connect(fail)
        return job

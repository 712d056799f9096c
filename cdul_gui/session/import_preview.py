"""What the import dialog says before anything is taken over: read and counted in workers, the latest choice counts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.session import Session
from engine.jobs import Cancellation, Progress
from engine.stages.importing.import_labels import plan
from engine.stages.importing.import_plan import ImportChoice, ImportPlan, Source, read_source


class ImportPreview(QObject):
    """Reads a file or folder once, and counts anew for every choice."""

    was_read = Signal(Source)
    planned = Signal(ImportPlan)
    failed = Signal(str)
    """A sentence: it cannot be read, or there is nothing in it to take over in this way."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._latest = Latest(self)
        self.source: Source | None = None

    def read(self, path: Path | None, format_name: str | None) -> None:
        """Read a file or folder, in a format or in that which it looks like; None for nothing to read yet."""
        self.source = None
        self._latest.drop()
        if path is not None:
            job = self._session.workers.read(lambda: read_source(path, format_name))
            self._latest.follow(job, self._keep, self._fail)

    def count(self, choice: ImportChoice) -> None:
        """Count what would happen with what was read."""
        project, source = self._session.project, self.source
        if project is None or source is None:
            return
        job = self._session.workers.read(lambda: plan(project, source, choice, Progress(), Cancellation()))
        self._latest.follow(job, self.planned.emit, self._fail)

    def _keep(self, source: Source) -> None:
        self.source = source
        self.was_read.emit(source)

    def _fail(self, failure: Failure) -> None:
        self.failed.emit(failure.sentence)

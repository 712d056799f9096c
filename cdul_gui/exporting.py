"""Taking the labels away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from cdul_gui.jobs import Job
from cdul_gui.session import Session
from cdul_gui.settings import Settings
from engine.formats.export_request import ExportRequest
from engine.jobs import Control, Progress
from engine.stages.export import ExportResult, export


class Exporting(QObject):
    """Writes the open project's labels to a file."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def export(self, format_name: str, file: Path, *, only: str) -> None:
        """Write a file that holds every edit made so far.

        Args:
            format_name: one of `engine.formats.WRITERS`.
            only: `all` or `reviewed` photos.
        """
        session, project = self._session, self._session.project
        if project is None:
            return
        Settings().export_folder = file.parent

        def work(progress: Progress, control: Control) -> ExportResult:
            return export(project, ExportRequest(format_name, only), file, progress, control)

        def begin() -> Job:
            return session.run_stage(self.tr("Exporting"), work, self._tell)

        session.workers.write(self.tr("Writing the last edits"), lambda: None).finished.connect(begin)

    def _tell(self, result: ExportResult) -> None:
        counts = {"labels": self.tr("labels"), "photos": self.tr("rows")}
        self._session.said.emit(
            self.tr("{photos} photos, {written} {counts} written to {file}").format(
                photos=f"{result.photos:,}",
                written=f"{result.written:,}",
                counts=counts.get(result.counts, result.counts),
                file=result.file,
            )
        )

"""What a person gives along who reports that something is wrong."""

from __future__ import annotations

from importlib.metadata import metadata

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from engine.jobs import Cancellation, Progress


class Details(QObject):
    """Gathers versions, devices and the encoder, which takes seconds, and puts them where they can be pasted."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def copy(self, trace: str = "") -> Job:
        """Copy them, with where a fault happened; it is said once they are there."""
        project = self._session.project

        def work(_progress: Progress, _cancellation: Cancellation) -> str:
            from engine.stages.care.doctor import details

            return details(project, trace)

        # Beside whatever is under way.
        job = self._session.workers.start(work)
        job.finished.connect(self._keep)
        job.failed.connect(self._session.failed)
        return job

    def _keep(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._session.said.emit(
            self.tr("The details are on the clipboard: versions, device and encoder, no photo and no label.")
        )


def report_address() -> str:
    """Where faults are reported: the address `Issues` of the installed package; empty where it has none."""
    urls = (url.partition(", ") for url in metadata("cdul").get_all("Project-URL") or ())
    return next((address for name, _, address in urls if name == "Issues" and address.startswith("https://")), "")

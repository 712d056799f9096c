"""Deleting what a project no longer needs, once a person has seen what that is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from engine.jobs import Cancellation, Progress
from engine.stages.care.tidy import Leftovers, find_leftovers, tidy
from engine.stages.labelling.add_photos import add_photos


class Tidying(QObject):
    """Looks for leftovers of the open project, and deletes them."""

    found = Signal(Leftovers)
    """There is something to delete, if the person wants it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def look(self) -> Job | None:
        """Look for what can go: nothing is deleted."""
        session, project = self._session, self._session.project
        if project is None or not session.writable:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> Leftovers:
            # Which photos are gone is known only by looking.
            add_photos(project, progress, cancellation)
            return find_leftovers(project)

        def tell(leftovers: Leftovers) -> None:
            # Other photos may have been opened meanwhile.
            if session.project is not project:
                return
            if leftovers:
                self.found.emit(leftovers)
            else:
                session.said.emit(self.tr("There is nothing to tidy up."))

        return session.run_job(self.tr("Looking for what can go"), work, tell)

    def tidy(self, leftovers: Leftovers) -> Job | None:
        """Delete what was found."""
        session, project = self._session, self._session.project
        if project is None or not session.writable:
            return None
        freed = self.tr("{size} MB freed").format(size=f"{leftovers.size / 1e6:,.1f}")
        return session.run_job(
            self.tr("Tidying up"),
            lambda progress, cancellation: tidy(project, leftovers, progress, cancellation),
            lambda _nothing: session.said.emit(freed),
        )

"""Deleting what a project no longer needs, once a person has seen what that is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cdul_gui.jobs import Job
from cdul_gui.session import Session
from engine.jobs import Control, Progress
from engine.stages.add_photos import add_photos
from engine.stages.tidy import Leftovers, find_leftovers, tidy


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

        def work(progress: Progress, control: Control) -> Leftovers:
            # Which photos are gone is known only by looking.
            add_photos(project, progress, control)
            return find_leftovers(project)

        def tell(leftovers: Leftovers) -> None:
            # Other photos may have been opened meanwhile.
            if session.project is not project:
                return
            if leftovers:
                self.found.emit(leftovers)
            else:
                session.said.emit(self.tr("There is nothing to tidy up."))

        return session.run_stage(self.tr("Looking for what can go"), work, tell)

    def tidy(self, leftovers: Leftovers) -> Job | None:
        """Delete what was found."""
        session, project = self._session, self._session.project
        if project is None or not session.writable:
            return None
        freed = self.tr("{size} MB freed").format(size=f"{leftovers.size / 1e6:,.1f}")
        return session.run_stage(
            self.tr("Tidying up"),
            lambda progress, control: tidy(project, leftovers, progress, control),
            lambda _nothing: session.said.emit(freed),
        )

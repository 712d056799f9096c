"""Opening photos: a folder, the sample photos, what was open before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.wording import photos_in_words, translated
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.failures import ProjectInUse, ProjectNotWritable
from engine.project.folder import is_kept_elsewhere
from engine.project.photos import FolderChange
from engine.project.storage.address import Place
from engine.remote import AnyFolder, folder_at
from engine.stages.labelling.add_photos import add_photos


class Opening(QObject):
    """Opens projects, and looks for new photos in them."""

    began = Signal(str)
    """A project is being opened, which may take a while: a sentence."""
    ended = Signal()
    """It is open, or could not be opened."""
    looked = Signal()
    """The photos of the folder are as they were found there."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._not_writable = False

    def open_folder(self, photos: AnyFolder, project: Place | None = None) -> Job | None:
        """Open the project of a folder, only to look at it where it cannot be written, and list its photos."""
        photos = folder_at(photos)
        now = self._session.project
        if now is not None and now.photos == photos and (project is None or now.place == _absolute(project)):
            self.look_for_photos()
            return None

        def make() -> Project:
            self._not_writable = False
            try:
                return Project.open(photos, project)
            except (ProjectInUse, ProjectNotWritable) as error:
                self._not_writable = isinstance(error, ProjectNotWritable)
                return Project.open(photos, project, read_only=True)

        return self._opened(make, self.tr("Opening {folder}…").replace("{folder}", photos.name or str(photos)))

    def open_samples(self) -> Job:
        """Open the sample photos that come with the program."""

        def make() -> Project:
            from engine.stages.care.samples import open_sample_photos

            photos = open_sample_photos()
            try:
                return Project.open(photos)
            except ProjectInUse:
                return Project.open(photos, read_only=True)

        return self._opened(make, self.tr("Opening the sample photos…"))

    def close(self) -> None:
        """Back to the first page."""
        if self._session.job is not None:
            self._session.job.cancellation.cancel()
        self._session.show_project(None, None)

    def look_for_photos(self) -> Job | None:
        """Bring the project in line with what is in its folder now."""
        session, project = self._session, self._session.project
        if project is None or project.read_only:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> FolderChange:
            # Where each has a copy of the photos, what one lacks is not gone: to say so takes labelling or tidying.
            return add_photos(project, progress, cancellation, missing_are_gone=not project.others_write)

        # In a large project reading all of it again takes longer than all else that opening it does.
        return session.run_job(self.tr("Finding photos"), work, self._tell, lambda change: change.any)

    def _opened(self, make: Callable[[], Project], sentence: str) -> Job:
        job = self._session.open(make)
        job.ended.connect(self.ended)
        job.finished.connect(self._settle)
        self.began.emit(sentence)
        return job

    def _settle(self) -> None:
        project = self._session.project
        if project is None:
            return
        # Of the photos alone one does not get to a project on a server.
        if isinstance(project.place, Path) and isinstance(project.photos, Path):
            Settings().remember_folder(project.photos)
        for sentence in [*project.left_out.values()][:1]:
            self._session.noticed.emit(translated(sentence))
        if project.read_only:
            self._session.said.emit("")  # it is open; nothing more is found out
        if project.read_only and not isinstance(project.place, Path):
            self._session.noticed.emit(
                self.tr(
                    "You can look at everything here, but change nothing. Ask whoever looks after the project's "
                    "database to let you write."
                )
            )
        elif project.read_only and self._not_writable:
            self._session.noticed.emit(
                self.tr(
                    "You can look at everything here, but change nothing: {folder} cannot be written. To go on, have "
                    "it made writable for you, or copy the photos with their .cdul folder, and open them again."
                ).replace("{folder}", str(project.place))
            )
        elif project.read_only:
            self._session.noticed.emit(
                self.tr(
                    "These photos are open in another window or command. You can look at everything here, "
                    "but change nothing; close the other one and open the folder again to go on."
                )
            )
        else:
            self._say_where_answers_go(project)
            self.look_for_photos()

    def _say_where_answers_go(self, project: Project) -> None:
        """Once: who goes on with these photos on another computer misses them there."""
        kept, snapshot = project.place, self._session.snapshot
        if isinstance(kept, Path) and is_kept_elsewhere(project.photos, kept) and not (snapshot and len(snapshot)):
            said = self.tr("{photos} cannot be written: labels and answers are kept on this computer, in {folder}.")
            said = said.replace("{photos}", str(project.photos)).replace("{folder}", str(kept))
            self._session.noticed.emit(said)

    def _tell(self, change: FolderChange) -> None:
        if not change.total:
            self._session.noticed.emit(
                self.tr("There are no photos in this folder or the folders below it. Open another folder.")
            )
            return
        if change.any:
            # What was found is read first.
            self._session.snapshot_changed.connect(self.looked, Qt.ConnectionType.SingleShotConnection)
        else:
            self.looked.emit()
        # Those that are missing are shown all the same, and counted wherever photos are.
        said = [photos_in_words(change.total + change.missing)]
        for count, text in (
            (change.added, self.tr("{count} new")),
            (change.moved, self.tr("{count} moved")),
            (change.changed, self.tr("{count} changed")),
            (change.gone, self.tr("{count} no longer there")),
        ):
            if count:
                said.append(text.format(count=f"{count:,}"))
        self._session.said.emit(" · ".join(said))


def _absolute(place: Place) -> Place:
    return place.absolute() if isinstance(place, Path) else place

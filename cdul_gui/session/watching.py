"""“Watch this folder”: photos that come are added and labelled by themselves, behind all other work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.jobs import Failure, Job
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.session.queues import Queues
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.settings import setting
from engine.stages.review.queues import NEW

if TYPE_CHECKING:
    from engine.stages.watching.folder_watch import FolderWatch, Step

WATCHED = "watched"
"""Name of the project's setting."""

_SECONDS_UNTIL_FREE = 2.0


class Watching(QObject):
    """Watches the folder of the open project, if its person wants that: it is remembered with the project."""

    changed = Signal()
    """It is watched from now on, or no longer; or what is said of it is otherwise."""

    _folder_changed = Signal()

    def __init__(self, session: Session, labelling: Labelling, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._labelling, self._queues = session, labelling, queues
        self.on = False
        """Whether the folder is watched."""
        self.away = False
        """Whether it is not there just now."""
        self._listening: Job | None = None
        self._watch: FolderWatch | None = None
        self._step: Job | None = None
        self._came = 0
        """Photos that came since somebody went to review them."""
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._take_step)
        self._folder_changed.connect(self._look_now)
        session.opened.connect(self._read)
        session.job_changed.connect(self._go_on)

    def toggle(self) -> None:
        """Watch the folder, or no longer."""
        project = self._session.project
        if project is None or not self._session.writable:
            return
        on = not self.on
        self._session.keep_setting(WATCHED, on)
        if on:
            self._begin(project)
            self._session.said.emit(self.tr("Photos that come into this folder are labelled by themselves."))
        else:
            self._end()

    @Slot()
    def _read(self) -> None:
        self._end()
        self._came = 0
        project = self._session.project
        if project is not None and self._session.writable:
            job = self._session.workers.read(lambda: setting(project, WATCHED, False))
            job.finished.connect(lambda on: self._begin(project) if on else None)
            job.failed.connect(self._session.failed)

    def _begin(self, project: Project) -> None:
        if project is not self._session.project or self.on:
            return

        def listen(_progress: Progress, cancellation: Cancellation) -> None:
            from engine.photos.folder_changes import call_on_changes

            call_on_changes(project.folder_on_disk(), self._folder_changed.emit, cancellation)

        self.on = True
        self._listening = self._session.workers.listen(listen)
        self._next.start(0)
        self.changed.emit()

    def _end(self) -> None:
        self._next.stop()
        for job in (self._listening, self._step):
            if job is not None:
                job.cancellation.cancel()
        self._listening = self._step = self._watch = None
        if self.on:
            self.on = self.away = False
            self.changed.emit()

    @Slot()
    def _look_now(self) -> None:
        # While a step is under way it comes after it.
        if self.on and self._step is None:
            self._next.start(0)
        elif self.on:
            self._next.setInterval(0)

    @Slot()
    def _go_on(self) -> None:
        if self.on and self._session.job is None and self._step is None:
            self._next.start(0)

    @Slot()
    def _take_step(self) -> None:
        project, session = self._session.project, self._session
        if not self.on or project is None or self._step is not None or session.job is not None:
            return
        self._next.setInterval(int(1000 * _SECONDS_UNTIL_FREE))

        def work(progress: Progress, cancellation: Cancellation) -> Step:
            from engine.stages.watching.folder_watch import FolderWatch

            self._watch = self._watch or FolderWatch(open_encoder=self._labelling.encoder.open)
            return self._watch.step(project, progress, cancellation, on_scores=session.scores_arrived.emit)

        step = self._step = session.workers.start_behind(work)
        step.finished.connect(lambda done: self._tell(step, done))
        step.failed.connect(lambda failure: self._fail(step, failure))
        step.cancelled.connect(lambda: self._step_ended(step))

    def _tell(self, step: Job, done: Step) -> None:
        if step is not self._step:
            return
        if done.away != self.away:
            self.away = done.away
            self._session.said.emit(
                self.tr("The folder is not there. Nothing is changed; watching goes on once it is back.")
                if self.away
                else self.tr("The folder is back.")
            )
            self.changed.emit()
        if done.change is not None or done.run is not None:
            self._session.refresh()
        if done.came:
            self._came += len(done.came)
            review = Choice(self.tr("Review them"), self._review)
            sentence = (
                self.tr("{photos} came, and labels are suggested.")
                if done.run is not None
                else self.tr("{photos} came.")
            )
            sentence = sentence.format(photos=photos_in_words(self._came))
            self._session.offered.emit(Offer(sentence, (review,), waits=True, about="new photos"))
        if self._next.interval():
            self._next.setInterval(int(1000 * done.again_in))
        self._step_ended(step)

    def _fail(self, step: Job, failure: Failure) -> None:
        if step is self._step:
            self._session.failed.emit(failure)
            self._next.setInterval(60_000)
            self._step_ended(step)

    def _step_ended(self, step: Job) -> None:
        if step is self._step:
            self._step = None
            if self.on and self._session.job is None:
                self._next.start()

    def _review(self) -> None:
        came, self._came = self._came, 0
        self._queues.start(NEW, most=came)

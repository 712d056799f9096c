"""The one bridge from the engine's long work to the window's signals."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

from cdul_gui.session.stand_back import A_LITTLE, FAR, stand_back
from cdul_gui.wording import sentence_of
from engine.broken_package import broken_package
from engine.errors import UserError
from engine.jobs import Cancellation, Cancelled, Progress, ProgressReport
from engine.models.memory import out_of_memory


class Failure:
    """Why something could not be done: a sentence for people and, where it is a defect, details for a report."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.is_loss = False
        """Whether something that the person did is lost, which weighs more than what cannot be shown now."""
        told = error if isinstance(error, UserError) else None
        if isinstance(error, Exception):
            told = told or broken_package(error) or out_of_memory(error)
        if told:
            self.sentence, self.details = sentence_of(told), ""
        else:
            sentence = QCoreApplication.translate("Failure", "Something went wrong: {error}")
            self.sentence = sentence.replace("{error}", str(error) or type(error).__name__)
            self.details = "".join(traceback.format_exception(error))


class Job(QObject):
    """One piece of work in a worker thread.

    Exactly one of `finished`, `failed` and `cancelled` ends it. All signals are sent from the thread that made the
    job, and never before that thread is back in its event loop, so that whoever got the job can still connect.

    `niceness`: how far its thread stands back behind the window's, see `stand_back`.
    """

    progressed = Signal(ProgressReport)
    finished = Signal(object)
    failed = Signal(Failure)
    cancelled = Signal()
    ended = Signal()
    """Sent after any of the three endings."""

    _reported = Signal(ProgressReport)
    _worked = Signal(object, object)

    def __init__(
        self,
        work: Callable[[Progress, Cancellation], Any],
        parent: QObject | None = None,
        *,
        niceness: int = 0,
    ) -> None:
        super().__init__(parent)
        self.cancellation = Cancellation()
        self._work, self._niceness = work, niceness
        self._reported.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self._worked.connect(self._conclude, Qt.ConnectionType.QueuedConnection)

    def run(self) -> None:
        """Do the work; called in the worker thread."""
        result, error = None, None
        if self._niceness:
            stand_back(self._niceness)
        try:
            self.cancellation.check()
            result = self._work(Progress(self._reported.emit), self.cancellation)
        except Exception as raised:  # noqa: BLE001 - whatever happens in a worker must reach the person
            error = raised
        self._worked.emit(result, error)

    @Slot(object, object)
    def _conclude(self, result: Any, error: Exception | None) -> None:
        if error is None:
            self.finished.emit(result)
        elif isinstance(error, Cancelled):
            self.cancelled.emit()
        else:
            self.failed.emit(Failure(error))
        self.ended.emit()


class Latest(QObject):
    """Of jobs for one purpose only the one that was begun last counts: those before it are cancelled.

    None counts any more once its parent is gone: a dialog may be closed while it looks something up.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether it is still to tell how it went."""
        return self._job is not None

    def follow(self, job: Job, done: Callable[[Any], None], failed: Callable[[Failure], None] | None = None) -> None:
        """Tell how this job goes, and no more of the one before."""
        self.drop()
        self._job = job
        job.finished.connect(lambda result: self._end(job, done, result))
        if failed is not None:
            job.failed.connect(lambda failure: self._end(job, failed, failure))

    def drop(self) -> None:
        """Whatever is under way is no longer wanted."""
        if self._job is not None:
            self._job.cancellation.cancel()
            self._job = None

    def _end(self, job: Job, tell: Callable[[Any], None], told: Any) -> None:
        if job is self._job and isValid(self):
            self._job = None
            tell(told)


class Workers(QObject):
    """Runs jobs in threads, each kind of work in a queue of its own. A job is kept until it has ended."""

    idle = Signal()
    """The last job that was under way has ended."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shut = False
        self._long_work, self._edits, self._lookups, self._photos = (self._pool(threads) for threads in (1, 1, 2, 1))
        self._downloads, self._lessons, self._listening = self._pool(1), self._pool(1), self._pool(2)
        self._jobs: set[Job] = set()
        self._apart: set[Job] = set()
        """Downloads and what listens: nobody waits for them."""
        self._behind: Job | None = None
        """Long work that all other work goes before."""
        self._unwritten: list[Job] = []
        """Edits to commit once they are painted: two threads that both run Python take twice as long."""
        self._write_soon = QTimer(self, singleShot=True, interval=0)
        self._write_soon.timeout.connect(self._write)

    @property
    def busy(self) -> bool:
        """Whether any job but a download is under way or waits."""
        return bool(self._jobs)

    def start(self, work: Callable[[Progress, Cancellation], Any]) -> Job:
        """Begin long work, after the long work before it."""
        if self._behind is not None:
            self._behind.cancellation.cancel()
        return self._submit(self._long_work, work, niceness=FAR)

    def start_behind(self, work: Callable[[Progress, Cancellation], Any]) -> Job:
        """Begin long work that nobody waits for: it rests while there is other work, and long work cancels it."""
        if self._behind is not None:
            self._behind.cancellation.cancel()
        others = bool(self._jobs)
        job = self._behind = Job(work, self._long_work, niceness=FAR)
        if others:
            job.cancellation.pause()
        self._kept(job)
        if not self._shut:
            self._long_work.start(job.run, -1)
        return job

    def download(self, work: Callable[[Progress, Cancellation], Any]) -> Job:
        """Fetch something over the network, beside all other work."""
        return self._start_apart(self._downloads, work)

    def listen(self, work: Callable[[Progress, Cancellation], Any]) -> Job:
        """Do what goes on until it is cancelled, beside all other work; two things at once, others after them."""
        return self._start_apart(self._listening, work)

    def _start_apart(self, pool: QThreadPool, work: Callable[[Progress, Cancellation], Any]) -> Job:
        job = Job(work, pool, niceness=FAR)
        if not self._shut:
            self._apart.add(job)
            job.ended.connect(self._forget)
            pool.start(job.run)
        return job

    def write(self, work: Callable[[], Any]) -> Job:
        """Commit an edit, after all edits before it and after it was painted."""
        job = self._kept(Job(lambda _progress, _cancellation: work(), self._edits))
        if not self._shut:
            self._unwritten.append(job)
            self._write_soon.start()
        return job

    @Slot()
    def _write(self) -> None:
        for job in self._unwritten:
            self._edits.start(job.run)
        self._unwritten.clear()

    def learn(self, work: Callable[[], Any]) -> Job:
        """Learn from what was said, once that is written; neither a later edit nor a look-up waits for it."""
        job = self._kept(Job(lambda _progress, _cancellation: work(), self._lessons, niceness=A_LITTLE))
        self.write(lambda: None).ended.connect(lambda: None if self._shut else self._lessons.start(job.run))
        return job

    def read(self, work: Callable[[], Any]) -> Job:
        """Look something up, side by side with other look-ups."""
        return self._submit(self._lookups, lambda _progress, _cancellation: work())

    def read_slowly(self, work: Callable[[Progress, Cancellation], Any]) -> Job:
        """Look something up that may take long, tells how far it is, and can be cancelled."""
        return self._submit(self._lookups, work)

    def decode(self, work: Callable[[], Any], *, urgent: bool) -> Job:
        """Decode a photo for the viewer, one at a time; the urgent ones before those decoded ahead."""
        return self._submit(self._photos, lambda _progress, _cancellation: work(), priority=int(urgent))

    def shut_down(self) -> None:
        """Cancel long work and look-ups, finish the edits that wait, and wait for all threads."""
        self._shut = True
        self._write()
        for job in self._jobs | self._apart:
            if job.parent() is not self._edits:
                job.cancellation.cancel()
        for pool in (
            *(self._long_work, self._edits, self._lookups, self._photos),
            *(self._downloads, self._lessons, self._listening),
        ):
            pool.waitForDone()

    def _pool(self, threads: int) -> QThreadPool:
        pool = QThreadPool(self)
        pool.setMaxThreadCount(threads)
        return pool

    def _submit(
        self, pool: QThreadPool, work: Callable[[Progress, Cancellation], Any], priority: int = 0, niceness: int = 0
    ) -> Job:
        job = self._kept(Job(work, pool, niceness=niceness))
        if not self._shut:
            pool.start(job.run, priority)
        return job

    def _kept(self, job: Job) -> Job:
        # Once shut down, nobody is left to tell how it went, and a thread of its own would outlive the window.
        if not self._shut:
            self._jobs.add(job)
            job.ended.connect(self._forget)
            if self._behind is not None and job is not self._behind:
                self._behind.cancellation.pause()
        return job

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        assert isinstance(job, Job)
        was_apart = job in self._apart
        self._jobs.discard(job)
        self._apart.discard(job)
        if job is self._behind:
            self._behind = None
        elif self._behind is not None and not self._jobs - {self._behind}:
            self._behind.cancellation.resume()
        job.deleteLater()
        if not self._jobs and not was_apart:
            self.idle.emit()

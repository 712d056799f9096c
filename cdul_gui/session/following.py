"""Follows what other programs write to the open project, as they may on a server, so that it is on the screen too."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.failures import ProjectError
from engine.project.history.news import Mark, News, news_since

_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_UNTIL_BACK = 5.0
"""Between two tries where the server is out of reach."""


class Following(QObject):
    """Listens to the open project; looks up what became of it whenever something did, one look at a time."""

    _heard = Signal()
    _away = Signal(object)
    """Nothing more is heard of this project's database."""
    _back = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._listening: Job | None = None
        self._looking: Job | None = None
        self._again = False
        self._mark: Mark | None = None
        self._heard.connect(self._look)
        self._away.connect(self._tell_away)
        self._back.connect(self._tell_back)
        session.opened.connect(self._begin)

    @Slot()
    def _begin(self) -> None:
        if self._listening is not None:
            self._listening.cancellation.cancel()
        self._listening = self._looking = None
        self._again = False
        project, self._mark = self._session.project, self._session.read_up_to
        if project is None or self._mark is None:
            return

        def listen(_progress: Progress, cancellation: Cancellation) -> None:
            is_away = False
            while not cancellation.cancelled:
                try:
                    with project.changes_of_others() as wait:
                        if is_away:
                            self._back.emit(project)
                        is_away = False
                        self._heard.emit()  # what came while nobody listened
                        while not cancellation.cancelled:
                            if wait(_SECONDS_BETWEEN_LOOKS):
                                self._heard.emit()
                except ProjectError:
                    if not (is_away or cancellation.cancelled):
                        self._away.emit(project)
                    is_away = True
                    cancellation.wait(_SECONDS_UNTIL_BACK)

        self._listening = self._session.workers.listen(listen)

    @Slot(object)
    def _tell_away(self, project: Project) -> None:
        if project is self._session.project:
            self._session.noticed.emit(
                self.tr(
                    "The project's server cannot be reached. You can go on looking; answers are not kept until it is "
                    "there again, which will be said here."
                )
            )

    @Slot(object)
    def _tell_back(self, project: Project) -> None:
        if project is self._session.project:
            self._session.noticed.emit(
                self.tr(
                    "The project's server is there again, and what others answered meanwhile is shown. What could not "
                    "be kept is open again."
                )
            )

    @Slot()
    def _look(self) -> None:
        project, mark = self._session.project, self._mark
        if project is None or mark is None:
            return
        if self._looking is not None:
            self._again = True
            return
        # After the edits before it and before those that come, so that it is told of in the same order.
        job = self._looking = self._session.workers.write(lambda: news_since(project, mark))
        job.finished.connect(lambda news: self._take(job, news))
        job.ended.connect(lambda: self._ended(job))

    def _take(self, job: Job, news: News) -> None:
        if job is not self._looking:
            return
        self._mark = news.mark
        if news.more:
            self._session.refresh()
        else:
            self._session.edits.hear(news.answers)

    def _ended(self, job: Job) -> None:
        if job is self._looking:
            self._looking = None
            if self._again:
                self._again = False
                self._look()

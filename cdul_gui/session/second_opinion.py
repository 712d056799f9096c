"""A second opinion on the open photos: another encoder is asked, and where both differ can be reviewed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cdul_gui.session.jobs import Job
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.session.queues import Queues
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words
from engine.jobs import Cancellation, Progress
from engine.project.take_snapshot import take_snapshot
from engine.stages.review.queues import OPINIONS, queue


class SecondOpinion(QObject):
    """Asks encoders; what suggests stays as it is."""

    def __init__(self, session: Session, labelling: Labelling, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._labelling, self._queues = session, labelling, queues

    def look_up(self, show: Callable[[list[str]], None]) -> None:
        """Find out which encoders could be asked: those that are here, without the one that suggests."""
        project = self._session.project
        if project is None:
            return

        def work() -> list[str]:
            from engine.stages.labelling.second_opinion import encoders_to_ask

            return encoders_to_ask(project)

        job = self._session.workers.read(work)
        job.finished.connect(show)
        job.failed.connect(self._session.failed)

    def ask(self, encoder: str) -> Job | None:
        """Have an encoder that is here score all photos."""
        session, project = self._session, self._session.project
        if project is None or not session.writable or session.job is not None:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> int:
            from engine.stages.labelling.second_opinion import ask_encoder

            progress.start("Opening the encoder", total=None, unit="")
            ask_encoder(project, self._labelling.encoder.open(encoder), progress, cancellation)
            return len(queue(project, take_snapshot(project), OPINIONS))

        return session.run_job(self.tr("Asking for a second opinion"), work, self._tell)

    def _tell(self, differ: int) -> None:
        if not differ:
            self._session.noticed.emit(self.tr("Both agree on every label that you have not answered."))
            return
        review = Choice(self.tr("Review them"), lambda: self._queues.start(OPINIONS))
        sentence = self.tr("The second opinion differs on {photos}.").format(photos=photos_in_words(differ))
        self._session.offered.emit(Offer(sentence, (review,)))

"""What is in these photos: words are found in a worker, and each becomes a label, a prompt of one, or is refused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Job
from cdul_gui.session.labelling import Labelling
from cdul_gui.session.session import Session
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.history import undo
from engine.project.labels import LabelRow
from engine.stages.describing.adopting import adopt_as_prompt, adopt_words, offer_again, offer_never_again
from engine.stages.describing.offers import Described


class Describing(QObject):
    """Offers words for the open project, and does what is answered. All but looking is an edit and can be undone."""

    refused = Signal(str)
    """Something was not done: a sentence."""

    def __init__(self, session: Session, labelling: Labelling) -> None:
        super().__init__(session)
        self._session, self._labelling = session, labelling

    def describe(self) -> Job | None:
        """Find the words in a worker: a `Described`."""
        project = self._session.project
        if project is None:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> Described:
            from engine.stages.describing.describe_photos import describe_photos

            return describe_photos(project, progress, cancellation, open_encoder=self._labelling.encoder.open)

        return self._session.workers.read_slowly(work)

    def adopt(self, word: str) -> Job:
        """Make a label of a word: an `Outcome`, None if there is one already."""
        return self._write(lambda project: adopt_words(project, [word]))

    def adopt_as_prompt(self, word: str, label: LabelRow) -> Job:
        """Ask for a label by this word as well: an `Outcome`."""
        return self._write(lambda project: adopt_as_prompt(project, word, label))

    def take_back(self, edit_id: int) -> Job:
        """Undo one of both."""
        return self._write(lambda project: undo(project, edit_id))

    def offer_never_again(self, word: str) -> Job:
        """Offer this word no more for these photos."""
        return self._write(lambda project: offer_never_again(project, [word]))

    def offer_again(self, *words: str) -> Job:
        """Take that back."""
        return self._write(lambda project: offer_again(project, words))

    def _write(self, work: Callable[[Project], object]) -> Job:
        return self._session.write(work, self.refused.emit)

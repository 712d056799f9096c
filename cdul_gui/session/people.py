"""Who reviews, and how far those who did agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from cdul_gui.session.finding import Finding
from cdul_gui.session.jobs import Latest
from cdul_gui.session.queues import Queues
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words, sentence_of, shown_name
from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.person import current_user, is_somebody_else, keep_name
from engine.project.history.edit_settlement import decisions_changed_by, set_settlement, settlement_of
from engine.project.history.settlement import ADJUDICATOR, MAJORITY, NEWEST, Settlement
from engine.project.label_state import NO, YES
from engine.project.opinions import Opinions
from engine.stages.people.agreement import Agreement, agreement
from engine.stages.people.several import see_as_reviewer
from engine.stages.people.taking import InHand, Taken, give_back, in_hand, take
from engine.stages.review.queues import TAKEN

_MILLISECONDS_AFTER_ANSWERS = 1_000

translate = QCoreApplication.translate


class _Found(NamedTuple):
    agreement: Agreement | None
    problem: str
    rule: Settlement
    in_hand: list[InHand]


class People(QObject):
    """Looks up in a worker how far people agree while somebody looks, and again once answers have come to rest."""

    changed = Signal()
    """Another person reviews, or what people say of each other's photos is known anew."""

    def __init__(self, session: Session, finding: Finding, queues: Queues) -> None:
        super().__init__(session)
        self._session, self._finding, self._queues = session, finding, queues
        self._watched = False
        self._comparing = Latest(self)
        self._cancellation = Cancellation()
        self.agreement: Agreement | None = None
        self.problem = ""
        """Why there is none, a sentence."""
        self.rule = Settlement()
        self.in_hand: list[InHand] = []
        """Who has taken photos to review, and how far they are."""
        self._at_rest = QTimer(self, singleShot=True, interval=_MILLISECONDS_AFTER_ANSWERS)
        self._at_rest.timeout.connect(self._hear)
        self._hearing = Latest(self)
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._look_up)
        session.answers_changed.connect(self._follow_answers)
        # What is read is what is kept, which is later than when it is seen.
        session.edits.settled.connect(self._at_rest.start)

    @property
    def name(self) -> str:
        """Who reviews."""
        return current_user()

    @property
    def is_worth_saying(self) -> bool:
        """Whether it matters who reviews: others have, or it is not whom the system knows."""
        snapshot = self._session.snapshot
        return is_somebody_else() or (snapshot is not None and snapshot.opinions is not None)

    def be(self, name: str) -> None:
        """Review as this person from now on, in all projects; with an empty name as the system's user."""
        name = name.strip()

        def keep() -> None:
            keep_name(name or None)

        self._session.edits.forget_steps()
        job = self._session.workers.write(keep)  # after the edits that wait, which are of the one before
        job.finished.connect(self._be_another)
        job.failed.connect(self._session.failed)

    def watch(self, watched: bool) -> None:
        """Somebody looks, or no longer."""
        self._watched = watched
        self._compare() if watched else self._drop()

    def show_disagreed(self, column: int | None, pair: int | None) -> None:
        """Show the photos on which a pair of people, or any (None), disagree about a label, or about any (None)."""
        found, snapshot = self.agreement, self._session.snapshot
        if found is None or snapshot is None or len(snapshot) != found.said.answers.shape[1]:
            return
        people = list(found.said.people)
        names = people if pair is None else list(found.pairs[pair])
        answers = found.said.answers[[people.index(name) for name in names]]
        differ = (answers == YES).any(axis=0) & (answers == NO).any(axis=0)
        rows = (differ.any(axis=1) if column is None else differ[:, column]).nonzero()[0]
        about = self.tr("disagreed") if column is None else shown_name(snapshot.labels[column].name)
        who = ", ".join(names)
        if not len(rows):
            self._session.said.emit(
                self.tr("They agree on every photo: {people}, {about}.").format(people=who, about=about)
            )
            return
        if column is not None:
            self._session.look_at_label(column)
        self._finding.choose(self.tr("Disagreed: {about} ({people})").format(about=about, people=who), rows)

    @property
    def has_photos(self) -> bool:
        """Whether the person who reviews has photos in hand."""
        return any(one.person == self.name and one.left for one in self.in_hand)

    def take(self, count: int, share: float) -> None:
        """Take photos so that there are so many in hand, a share of them second opinions, and review them."""
        snapshot = self._session.snapshot
        if snapshot is None:
            return
        seen = snapshot.with_answers_of_its_own()
        job = self._session.change(lambda project: take(project, seen, count, share))
        if job is not None:
            job.finished.connect(self._review_taken)

    @Slot()
    def give_back(self) -> None:
        """Let others have what is in hand and not reviewed."""

        def tell(photos: int) -> None:
            self._session.said.emit(self.tr("{photos} given back").format(photos=photos_in_words(photos)))

        job = self._session.change(give_back)
        if job is not None:
            job.finished.connect(tell)

    def plan_settlement(self, rule: Settlement, then: Callable[[int], None]) -> None:
        """Look up how many decisions another rule changes."""
        project = self._session.project
        if project is not None:
            job = self._session.workers.read(lambda: decisions_changed_by(project, rule))
            job.finished.connect(then)
            job.failed.connect(self._session.failed)

    def set_settlement(self, rule: Settlement) -> None:
        """Have another rule be heeded; this can be undone."""
        self._session.change(lambda project: set_settlement(project, rule))

    @Slot(object)
    def _review_taken(self, taken: Taken) -> None:
        told = self.tr("{photos} to review, {second} of them as a second reviewer")
        self._session.said.emit(told.format(photos=photos_in_words(len(taken.photo_ids)), second=taken.second))
        # What others said of those for a second opinion is hidden from the next snapshot on.
        self._session.snapshot_changed.connect(self._start_taken, Qt.ConnectionType.SingleShotConnection)

    @Slot()
    def _start_taken(self) -> None:
        self._queues.start(TAKEN)

    @Slot()
    def _be_another(self) -> None:
        self._session.said.emit(self.tr("Reviewing as {name}").format(name=self.name))
        self._session.refresh()
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        self._drop()
        self._at_rest.stop()
        self._hearing.drop()
        self.agreement, self.problem = None, ""
        self.changed.emit()

    @Slot()
    def _look_up(self) -> None:
        self.changed.emit()
        if self._watched:
            self._compare()

    @Slot(object)
    def _follow_answers(self, _rows: object) -> None:
        self._at_rest.start()

    @Slot()
    def _hear(self) -> None:
        """Answers have come to rest: what people say is known anew."""
        project, snapshot = self._session.project, self._session.snapshot
        if project is None or snapshot is None:
            return
        seen = snapshot.with_answers_of_its_own()

        def work() -> Opinions | None:
            see_as_reviewer(project, seen)
            return seen.opinions

        def take_over(found: Opinions | None) -> None:
            if snapshot is self._session.snapshot and (found is not None or snapshot.opinions is not None):
                snapshot.opinions = found
                self.changed.emit()

        self._hearing.follow(self._session.workers.read(work), take_over, self._session.failed.emit)
        if self._watched:
            self._compare()

    def _drop(self) -> None:
        self._comparing.drop()
        self._cancellation.cancel()

    @Slot()
    def _compare(self) -> None:
        project, snapshot = self._session.project, self._session.snapshot
        self._drop()
        if project is None or snapshot is None:
            return
        cancellation = self._cancellation = Cancellation()
        seen = snapshot.with_answers_of_its_own()

        def work(_progress: Progress, _cancellation: Cancellation) -> _Found:
            rule, hands = settlement_of(project), in_hand(project)
            try:
                return _Found(agreement(project, seen, cancellation), "", rule, hands)
            except UserError as error:
                return _Found(None, sentence_of(error), rule, hands)

        self._comparing.follow(self._session.workers.start(work), self._show, self._session.failed.emit)

    def _show(self, found: _Found) -> None:
        self.agreement, self.problem, self.rule, self.in_hand = found
        self.changed.emit()


def settlement_in_words(rule: Settlement) -> str:
    """Which answer is in force where people differ."""
    said = {
        NEWEST: translate("People", "the newest answer"),
        MAJORITY: translate("People", "the majority"),
        ADJUDICATOR: translate("People", "{name} decides"),
    }
    return said[rule.name].replace("{name}", rule.by or "")

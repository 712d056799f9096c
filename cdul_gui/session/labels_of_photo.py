"""The labels of the photo that is looked at, in an order that stays, also for who comes back to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.label_keys import DIGITS
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.second_says import SecondSays
from cdul_gui.session.session import Session
from cdul_gui.session.thresholds import likelihoods_of, says_chance
from cdul_gui.wording import shown_name
from engine.person import current_user
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.stages.review.photo_labels import rule_that_suggests

_ORDER = (
    LabelState.CONFIRMED,
    LabelState.IMPLIED,
    LabelState.LIKELY,
    LabelState.REJECTED,
    LabelState.MAYBE,
)


_MOST_PHOTOS = 50
"""That have their order again: who reviews goes back by a few and answers by digits that were read before."""


@dataclass(frozen=True)
class PhotoLabel:
    """A label of the current photo: the snapshot's column, its name, and the key that toggles it.

    `chance`: that it is there, 0 to 1; None where that is not known. `likely_from`: the chance from which on it is
    likely, which every label has of its own. `rule`: the condition of the rule by which alone it is likely.
    """

    column: int
    name: str
    state: LabelState
    chance: float | None
    key: str | None
    likely_from: float | None = None
    rule: str | None = None
    others: tuple[tuple[str, bool], ...] = ()
    """What other people say of it."""


class LabelsOfPhoto(QObject):
    """What is confirmed first, then what is likely, the likeliest first, what is rejected, and what may be there.

    Those that may be stand folded until they are unfolded, but for the one that is looked at. What a queue asks about
    stands behind what is likely, also where it is not even maybe there, so that it can be answered. What was shown
    keeps its place, whatever is said of it, so that neither a click nor a digit meets another label than was seen.
    """

    changed = Signal()

    def __init__(self, session: Session, use: LabelUse) -> None:
        super().__init__(session)
        self._session, self._use = session, use
        self.labels: list[PhotoLabel] = []
        """Those that are shown singly."""
        self.folded: list[str] = []
        """Names of those that the fold is about, the likeliest first: folded, or singly what could be folded up."""
        self._orders: dict[int, dict[int, bool]] = {}
        """By the id of a photo, the one that is looked at last: ids of the labels that were shown singly, those behind
        the fold last, and of each whether it was once more than a label that may be."""
        self._photo: int | None = None
        """The id of the photo whose labels are shown."""
        self._second_says: SecondSays | None = None
        self._arrangement: Arrangement | None = None
        self._asked: set[int] = set()
        """Ids of the labels that a queue or a sweep asked about since the photo came into view."""
        session.opened.connect(self._forget)
        for signal in (
            session.snapshot_changed,
            session.current_changed,
            session.label_changed,
            session.unfolded_changed,
            use.keys_changed,
        ):
            signal.connect(self.look)
        session.answers_changed.connect(self._follow_answers)

    def follow_what_is_asked(self, second_says: SecondSays, arrangement: Arrangement) -> None:
        """Show what a queue asks about singly from now on, and the label by whose score photos are shown."""
        self._second_says, self._arrangement = second_says, arrangement
        arrangement.changed.connect(self._follow_asked)
        second_says.changed.connect(self._follow_asked)

    @Slot()
    def _forget(self) -> None:
        self._photo = None
        self._asked.clear()
        self._orders.clear()

    def with_digit(self, digit: str) -> PhotoLabel | None:
        """The label that a digit toggles; None where there is none, or where the digit is a command's."""
        return next((label for label in self.labels if label.key == digit), None)

    def order_of(self, row: int) -> list[int]:
        """Columns of the labels that a photo was last shown with singly, in their order; empty for one never shown."""
        snapshot = self._session.snapshot
        if snapshot is None:
            return []
        order = self._orders.get(int(snapshot.photo_ids[row]), ())
        return [snapshot.column_of(label) for label in order if snapshot.has_label(label)]

    @Slot(object)
    def _follow_answers(self, rows: list[int]) -> None:
        if self._session.current in rows:
            self.look()

    @Slot()
    def _follow_asked(self) -> None:
        # It is told with every key, and known only a moment after a queue began.
        if not {one.column for one in self.labels}.issuperset(self._asked_now()):
            self.look()

    def _asked_now(self) -> list[int]:
        """Columns of the labels that the photo is shown for."""
        found, column = [*self._second_says.asked()] if self._second_says is not None else [], self._session.label
        if column is not None and self._arrangement is not None and self._arrangement.is_by_score_of(column):
            found.append(column)
        return found

    @Slot()
    def look(self) -> None:
        """Something may be other: tell it if it is."""
        snapshot, row = self._session.snapshot, self._session.current
        before = self.labels, self.folded
        if snapshot is None or row is None:
            self.labels, self.folded = [], []
        else:
            self._read(snapshot, row)
        if (self.labels, self.folded) != before:
            self.changed.emit()

    def _read(self, snapshot: Snapshot, row: int) -> None:
        states, likelihoods = snapshot.states([row])[0], likelihoods_of(snapshot, snapshot.scores[row])
        chances = np.where(says_chance(snapshot), likelihoods, np.nan)
        likely_from = likelihoods_of(snapshot, snapshot.thresholds)
        likeliest = snapshot.parents.likeliest_first(likelihoods)
        of_state = {
            state: (likeliest[states[likeliest] == state]).tolist()
            if state in (LabelState.LIKELY, LabelState.MAYBE)
            else np.flatnonzero(states == state).tolist()
            for state in _ORDER
        }
        photo, maybe = int(snapshot.photo_ids[row]), of_state[LabelState.MAYBE]
        order, were_more = self.order_of(row), self._orders.pop(photo, {})
        asked = self._asked_now()
        if photo != self._photo:
            # Who comes back has not seen yet what is there now: what is neither said nor likely has no place any more.
            order = [column for column in order if states[column] in _ORDER[:-1] or column in asked]
            self._photo = photo
            self._asked.clear()
        self._asked |= {snapshot.labels[column].id for column in asked}
        sure = [column for state in _ORDER[:-1] for column in of_state[state]]
        more = {label for label, was in were_more.items() if was} | self._asked
        more |= {snapshot.labels[column].id for column in sure}
        looked_at = [column for column in maybe if column == self._session.label]
        # A label that an answer is taken back of keeps its place, although it only may be there.
        behind = [column for column in order if snapshot.labels[column].id not in more and column not in looked_at]
        behind = [] if self._session.unfolded else behind
        shown = [column for column in order if column not in behind]
        order = list(dict.fromkeys([*shown, *sure, *asked, *looked_at, *(maybe if self._session.unfolded else [])]))
        # What is neither any longer keeps its place for those that come after it.
        gone = (LabelState.ABSENT, LabelState.RULED_OUT)
        while order and states[order[-1]] in gone and snapshot.labels[order[-1]].id not in self._asked:
            order.pop()
        ids = [snapshot.labels[column].id for column in (*order, *behind)]
        self._orders[photo] = {label: label in more for label in ids}
        if len(self._orders) > _MOST_PHOTOS:
            del self._orders[next(iter(self._orders))]
        digits = [digit for digit in DIGITS if digit not in self._use.taken_keys]
        self.labels = [
            PhotoLabel(
                column,
                shown_name(snapshot.labels[column].name),
                LabelState(states[column]),
                None if np.isnan(chances[column]) else float(chances[column]),
                digits[place] if place < len(digits) else self._use.keys.get(column),
                None if np.isnan(chances[column]) else float(likely_from[column]),
                rule_that_suggests(snapshot, row, column) if states[column] == LabelState.LIKELY else None,
                _others(snapshot, row, column),
            )
            for place, column in enumerate(order)
        ]
        folded = maybe if self._session.unfolded else [column for column in maybe if column not in order]
        self.folded = [shown_name(snapshot.labels[column].name) for column in folded]


def _others(snapshot: Snapshot, row: int, column: int) -> tuple[tuple[str, bool], ...]:
    if snapshot.opinions is None:
        return ()
    said = snapshot.opinions.of_others(current_user(), row, column)
    return tuple((name, value > 0) for name, value in said.items())

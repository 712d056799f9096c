"""How the labels are used in the open project: their counts and their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.label_keys import keys_in_force
from cdul_gui.session.session import Session
from engine.project.label_state import THERE, LabelState
from engine.project.snapshot import Snapshot

Counts = npt.NDArray[np.int64]


class LabelCounts:
    """On how many photos each label is confirmed or implied, likely and maybe: counted once, then only what changed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._states = snapshot.states()
        self.confirmed, self.likely, self.maybe = _count(self._states)

    def update(self, rows: Sequence[int]) -> None:
        """Count these photos anew."""
        before, states = self._states[rows], self._snapshot.states(rows)
        # Thousands of photos may change in one label alone.
        columns = np.flatnonzero((before != states).any(axis=0))
        for new, sign in ((before[:, columns], -1), (states[:, columns], 1)):
            confirmed, likely, maybe = _count(new)
            self.confirmed[columns] += sign * confirmed
            self.likely[columns] += sign * likely
            self.maybe[columns] += sign * maybe
        self._states[rows] = states


class LabelUse(QObject):
    """Follows the session. `keys` maps columns of the snapshot to the key that toggles the label."""

    changed = Signal()
    keys_changed = Signal()

    def __init__(self, session: Session, taken_keys: Iterable[str] = ()) -> None:
        super().__init__(session)
        self._session = session
        self.taken_keys = frozenset(taken_keys)
        """Keys of commands, which can be no label's."""
        self.counts: LabelCounts | None = None
        self.keys: dict[int, str] = {}
        session.opened.connect(self._begin)
        session.snapshot_changed.connect(self._count_all)
        session.answers_changed.connect(self._count_again)
        session.suggestions_changed.connect(self._count_again)

    def keep_free(self, taken_keys: Iterable[str]) -> None:
        """The commands have other keys now: give the labels none of them."""
        self.taken_keys = frozenset(taken_keys)
        self._read_keys()
        self.keys_changed.emit()

    def counts_of_all(self) -> Counts:
        """Photos on which each label is confirmed, likely, and maybe: labels x 3."""
        counts = self.counts
        if counts is None:
            return np.zeros((0, 3), np.int64)
        return np.stack([counts.confirmed, counts.likely, counts.maybe], axis=1)

    def count_of(self, column: int) -> tuple[int, int, int]:
        """Photos on which the label of a column is confirmed, likely, and maybe."""
        counts = self.counts
        # The label set may have become longer a moment ago.
        if counts is None or column >= len(counts.confirmed):
            return 0, 0, 0
        return int(counts.confirmed[column]), int(counts.likely[column]), int(counts.maybe[column])

    @Slot()
    def _begin(self) -> None:
        self.counts = None
        # They count columns of another snapshot.
        self.keys = {}
        self.keys_changed.emit()

    @Slot()
    def _count_all(self) -> None:
        snapshot = self._session.snapshot
        self.counts = LabelCounts(snapshot) if snapshot is not None else None
        self._read_keys()
        self.changed.emit()

    @Slot(object)
    def _count_again(self, rows: list[int]) -> None:
        if self.counts is not None:
            self.counts.update(rows)
            self.changed.emit()

    def _read_keys(self) -> None:
        snapshot = self._session.snapshot
        keys = keys_in_force(snapshot.labels, self.taken_keys) if snapshot is not None else {}
        if keys != self.keys:
            self.keys = keys
            self.keys_changed.emit()


def _count(states: npt.NDArray[np.int8]) -> tuple[Counts, Counts, Counts]:
    # As bytes, which are added up several times as fast as what is true.
    confirmed, likely, maybe = (
        sum(np.add.reduce((states == state).view(np.uint8), axis=0, dtype=np.int64) for state in of)
        for of in (THERE, (LabelState.LIKELY,), (LabelState.MAYBE,))
    )
    return confirmed, likely, maybe

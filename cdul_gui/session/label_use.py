"""How the labels are used in the open project: their counts and their keys."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.label_counts import Counts, LabelCounts
from cdul_gui.session.label_keys import keys_in_force
from cdul_gui.session.session import Session


class LabelUse(QObject):
    """Follows the session. `keys` maps columns of the snapshot to the key that toggles the label."""

    changed = Signal()
    """Counts are others; told once the window was painted: a key that answers does not wait for a list of labels."""
    keys_changed = Signal()

    def __init__(self, session: Session, taken_keys: Iterable[str] = ()) -> None:
        super().__init__(session)
        self._session = session
        self.taken_keys = frozenset(taken_keys)
        """Keys of commands, which can be no label's."""
        self._counts: LabelCounts | None = None
        self._waiting: list[list[int]] = []
        """Rows that are to be counted anew."""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell)
        self.keys: dict[int, str] = {}
        session.opened.connect(self._begin)
        session.snapshot_changed.connect(self._count_all)
        session.answers_changed.connect(self._count_again)
        session.suggestions_changed.connect(self._count_again)

    @property
    def counts(self) -> LabelCounts | None:
        """On how many photos each label is; None while no photos are open."""
        if self._counts is not None and self._waiting:
            rows = np.unique(np.concatenate([np.asarray(rows, np.int64) for rows in self._waiting]))
            self._counts.update(rows.tolist())
        self._waiting.clear()
        return self._counts

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
        self._counts = None
        self._waiting.clear()
        # They count columns of another snapshot.
        self.keys = {}
        self.keys_changed.emit()

    @Slot()
    def _count_all(self) -> None:
        snapshot = self._session.snapshot
        self._counts = self._session.counts_of(snapshot) if snapshot is not None else None
        self._waiting.clear()
        self._read_keys()
        self.changed.emit()

    @Slot(object)
    def _count_again(self, rows: list[int]) -> None:
        if self._counts is not None:
            self._waiting.append(rows)
            self._soon.start()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()

    def _read_keys(self) -> None:
        snapshot = self._session.snapshot
        keys = keys_in_force(snapshot.labels, self.taken_keys) if snapshot is not None else {}
        if keys != self.keys:
            self.keys = keys
            self.keys_changed.emit()

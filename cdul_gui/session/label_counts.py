"""On how many photos each label is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot

Counts = npt.NDArray[np.int64]

_MOST_OF_A_BYTE = 255


class LabelCounts:
    """On how many photos each label is confirmed or implied, likely and maybe: counted once, then only what changed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._states = snapshot.states()
        self.confirmed, self.likely, self.maybe = _count(self._states)

    def update(self, rows: Sequence[int]) -> None:
        """Count these photos anew."""
        before, states = self._states[rows], self.snapshot.states(rows)
        # Thousands of photos may change in one label alone.
        columns = np.flatnonzero((before != states).any(axis=0))
        for new, sign in ((before[:, columns], -1), (states[:, columns], 1)):
            confirmed, likely, maybe = _count(new)
            self.confirmed[columns] += sign * confirmed
            self.likely[columns] += sign * likely
            self.maybe[columns] += sign * maybe
        self._states[rows] = states


def _count(states: npt.NDArray[np.int8]) -> tuple[Counts, Counts, Counts]:
    confirmed, implied, likely, maybe = (
        _how_often(states == state)
        for state in (LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.LIKELY, LabelState.MAYBE)
    )
    return confirmed + implied, likely, maybe


def _how_often(there: npt.NDArray[np.bool_]) -> Counts:
    """On how many photos each label is: labels.

    255 photos are added up as bytes, which is five times as fast as to make large numbers of each.
    """
    ones = there.view(np.uint8)
    parts_of_photos = len(ones) // _MOST_OF_A_BYTE
    together = parts_of_photos * _MOST_OF_A_BYTE
    parts = ones[:together].reshape(parts_of_photos, _MOST_OF_A_BYTE, ones.shape[1]).sum(axis=1, dtype=np.uint8)
    return parts.sum(axis=0, dtype=np.int64) + ones[together:].sum(axis=0, dtype=np.uint8)

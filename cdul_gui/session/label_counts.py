"""How many photos each label is confirmed and suggested on, kept up to date photo by photo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.project.snapshot import LabelState, Snapshot

Counts = npt.NDArray[np.int64]


class LabelCounts:
    """Counts over a whole snapshot once; afterwards only what changed."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._states = snapshot.states()
        self.confirmed, self.suggested = _count(self._states)

    def update(self, rows: Sequence[int]) -> None:
        """Count these photos anew."""
        before, states = self._states[rows], self._snapshot.states(rows)
        # Thousands of photos may change in one label alone.
        columns = np.flatnonzero((before != states).any(axis=0))
        for new, sign in ((before[:, columns], -1), (states[:, columns], 1)):
            confirmed, suggested = _count(new)
            self.confirmed[columns] += sign * confirmed
            self.suggested[columns] += sign * suggested
        self._states[rows] = states


def _count(states: npt.NDArray[np.int8]) -> tuple[Counts, Counts]:
    return tuple((states == state).sum(axis=0) for state in (LabelState.CONFIRMED, LabelState.SUGGESTED))  # type: ignore[return-value]

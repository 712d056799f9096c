"""Answers that contradict each other: a label is confirmed on a photo where one that it stands below is rejected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.project.label_state import NO, YES
from engine.project.snapshot import Snapshot
from engine.stages.review.answers import Rows


class Contradiction(NamedTuple):
    """The columns of a label that is confirmed and of one above it that is rejected, and the rows of the photos."""

    confirmed: int
    rejected: int
    rows: list[int]


def contradictions(
    snapshot: Snapshot, rows: Rows | Sequence[int], column: int, value: bool | None
) -> list[Contradiction]:
    """What an answer to a label on these photos contradicts: what was said of the labels above it, or of those below.

    Both answers are kept, and both hold: whoever gave them is told.
    """
    if value is None or not snapshot.parents:
        return []
    others, said = (snapshot.parents.above(column), NO) if value else (snapshot.parents.below(column), YES)
    found = []
    for other in others:
        against = np.asarray(rows)[snapshot.decisions[rows, other] == said].tolist()
        if against:
            found.append(Contradiction(column, other, against) if value else Contradiction(other, column, against))
    return found

"""A person's answers for many photos at once, as `engine.project.history.history.answer` keeps them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.project.answer import Answer
from engine.project.snapshot import Snapshot

Rows = npt.NDArray[np.int64]


def answers_where(snapshot: Snapshot, rows: Rows, where: npt.NDArray[np.bool_], value: bool | None) -> list[Answer]:
    """The same of every label that `where`, rows x labels, holds for."""
    places, columns = np.nonzero(where)
    photos, labels = snapshot.photo_ids[rows[places]].tolist(), [label.id for label in snapshot.labels]
    return [Answer(photo, labels[column], value) for photo, column in zip(photos, columns.tolist(), strict=True)]


def answers_on(snapshot: Snapshot, rows: Rows | Sequence[int], column: int, value: bool | None) -> list[Answer]:
    """The same of one label on all these photos."""
    label = snapshot.labels[column].id
    return [Answer(photo, label, value) for photo in snapshot.photo_ids[rows].tolist()]


def marks(snapshot: Snapshot, rows: Rows, *, reviewed: bool) -> list[Answer]:
    """Photos are reviewed, or not."""
    return [Answer(photo, None, reviewed) for photo in snapshot.photo_ids[rows].tolist()]

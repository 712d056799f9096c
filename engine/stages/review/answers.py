"""A person's answers for many photos at once, as `engine.project.history.history.answer` keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.project.answer import Answer
from engine.project.snapshot import Snapshot

Rows = npt.NDArray[np.int64]


def answers_where(snapshot: Snapshot, rows: Rows, where: npt.NDArray[np.bool_], value: bool | None) -> list[Answer]:
    """The same of every label that `where`, rows x labels, holds for."""
    places, columns = np.nonzero(where)
    labels = np.array([label.id for label in snapshot.labels], np.int64)
    return _answers(snapshot.photo_ids[rows[places]].tolist(), labels[columns].tolist(), value)


def answers_on(snapshot: Snapshot, rows: Rows | Sequence[int], column: int, value: bool | None) -> list[Answer]:
    """The same of one label on all these photos."""
    return _answers(snapshot.photo_ids[rows].tolist(), repeat(snapshot.labels[column].id), value)


def marks(snapshot: Snapshot, rows: Rows, *, reviewed: bool) -> list[Answer]:
    """Photos are reviewed, or not."""
    return _answers(snapshot.photo_ids[rows].tolist(), repeat(None), reviewed)


def _answers(photos: list[int], labels: Iterable[int | None], value: bool | None) -> list[Answer]:
    # Tens of thousands at once, in the window's thread: not one of them by a call of Python's own.
    made: Iterable[Any] = map(tuple.__new__, repeat(Answer), zip(photos, labels, repeat(value), strict=False))
    return list(made)

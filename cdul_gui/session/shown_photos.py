"""Which photos the gallery is to show and in which order: from what was asked for to rows of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cdul_gui.session.order import Grouping, Rows, arranged, by_key, by_name, group_keys, times
from engine.method.review_order import doubt
from engine.project import Project
from engine.project.filters.filter import Everything, Filter
from engine.project.snapshot import UNDECIDED, Snapshot
from engine.stages.review.queues import DISAGREE, urgency


class Sorting(StrEnum):
    """What photos are sorted by."""

    NAME = "name"
    TAKEN = "taken"
    SCORE = "score"
    DOUBT = "doubt"
    DISAGREEMENT = "disagreement"
    REVIEWED = "reviewed"


@dataclass(frozen=True)
class Wish:
    """What was asked for. `label` is the column of the snapshot whose score is sorted by."""

    condition: Filter = field(default_factory=Everything)
    sorting: Sorting = Sorting.NAME
    descending: bool = False
    label: int | None = None
    grouping: Grouping = Grouping.NONE


def rows_for(wish: Wish, project: Project, snapshot: Snapshot) -> Rows:
    """The rows of the snapshot that fulfil a wish, in its order. The project is read for scores of other stages."""
    shown = np.flatnonzero(wish.condition.rows(snapshot, partial(snapshot.matrix_of, project)))
    rows = _sorted(wish, project, snapshot, shown)
    # Sorted by date, days are together already, and in the direction asked for.
    if wish.grouping == Grouping.NONE or (wish.grouping, wish.sorting) == (Grouping.DAY, Sorting.TAKEN):
        return rows
    return arranged(rows, group_keys(wish.grouping, rows, snapshot.paths, snapshot.taken_at))


def _sorted(wish: Wish, project: Project, snapshot: Snapshot, rows: Rows) -> Rows:
    keys: npt.NDArray[Any]
    if wish.sorting == Sorting.TAKEN:
        keys = times(snapshot.taken_at)
    elif wish.sorting == Sorting.REVIEWED:
        keys = snapshot.reviewed_at
    elif wish.sorting == Sorting.DOUBT:
        keys = doubt(snapshot.scores, snapshot.thresholds, snapshot.decisions != UNDECIDED)
    elif wish.sorting == Sorting.DISAGREEMENT:
        keys = urgency(project, snapshot, DISAGREE)
    elif wish.sorting == Sorting.SCORE and wish.label is not None:
        keys = snapshot.scores[:, wish.label]
    else:
        return by_name(rows)[::-1] if wish.descending else by_name(rows)
    return by_key(rows, keys, descending=wish.descending)

"""Which photos the gallery is to show and in which order: from what was asked for to rows of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from cdul_gui.session.names_in_order import ranks_by_name, sorted_by_name
from cdul_gui.session.order import Grouping, Rows, by_key, by_name, group_keys, times
from engine.method.review_order import doubt
from engine.project import Project
from engine.project.filters.filter import Everything, Filter
from engine.project.label_state import UNDECIDED
from engine.project.snapshot import Snapshot
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
class ShownPhotos:
    """What the gallery is asked to show. `label` is the column of the snapshot whose score is sorted by."""

    condition: Filter = field(default_factory=Everything)
    sorting: Sorting = Sorting.NAME
    descending: bool = False
    label: int | None = None
    grouping: Grouping = Grouping.NONE


def rows_for(shown_photos: ShownPhotos, project: Project, snapshot: Snapshot) -> tuple[Rows, Rows]:
    """The rows of the snapshot that are asked for, in order, and of all its rows the rank of their group.

    The project is read for scores of other stages.
    """
    shown = np.flatnonzero(shown_photos.condition.rows(snapshot, partial(snapshot.matrix_of, project)))
    rows, ranks = _sorted(shown_photos, project, snapshot, shown), _group_ranks(shown_photos, snapshot)
    return rows[np.argsort(ranks[rows], kind="stable")], ranks


def _group_ranks(shown_photos: ShownPhotos, snapshot: Snapshot) -> Rows:
    """By the groups' names; but days as the dates are where photos are sorted by these, and unknown ones last."""
    if shown_photos.grouping == Grouping.NONE:
        return np.zeros(len(snapshot), np.int64)
    keys = group_keys(shown_photos.grouping, np.arange(len(snapshot)), snapshot.paths, snapshot.taken_at)
    named = sorted_by_name(set(keys))
    if (shown_photos.grouping, shown_photos.sorting) == (Grouping.DAY, Sorting.TAKEN):
        named.sort(reverse=shown_photos.descending)
        named.sort(key=lambda day: not day)
    ranks = {key: rank for rank, key in enumerate(named)}
    return np.fromiter((ranks[key] for key in keys), np.int64, len(keys))


def _sorted(shown_photos: ShownPhotos, project: Project, snapshot: Snapshot, rows: Rows) -> Rows:
    keys: npt.NDArray[Any]
    answers = None
    ranks = ranks_by_name(snapshot.paths)
    if shown_photos.sorting == Sorting.TAKEN:
        keys = times(snapshot.taken_at)
    elif shown_photos.sorting == Sorting.REVIEWED:
        keys = snapshot.reviewed_at
    elif shown_photos.sorting == Sorting.DOUBT:
        keys = doubt(snapshot.scores, snapshot.thresholds, snapshot.known != UNDECIDED)
    elif shown_photos.sorting == Sorting.DISAGREEMENT:
        keys = urgency(project, snapshot, DISAGREE)
    elif shown_photos.sorting == Sorting.SCORE and shown_photos.label is not None:
        # What was never looked for has no score, and is told apart by answers alone.
        keys, answers = snapshot.scores[:, shown_photos.label], snapshot.known[:, shown_photos.label]
    else:
        return by_name(rows, ranks)[::-1] if shown_photos.descending else by_name(rows, ranks)
    return by_key(rows, keys, ranks, descending=shown_photos.descending, answers=answers)

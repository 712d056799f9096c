"""What another encoder changed: the photos on which other labels are likely since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.project import Project
from engine.project.label_state import NOT_THERE, THERE, LabelState
from engine.project.runs import INITIAL, RunRow
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import maybe_in_force, thresholds_in_force

_DECIDED = (*THERE, *NOT_THERE)


@dataclass(frozen=True)
class EncoderChange:
    """The run of the encoder now, its name and that of the one before, and the photos that they see differently.

    Both runs' scores are kept: withdrawing the newer one brings the older one's back.
    """

    run: int
    before: str
    now: str
    photo_ids: npt.NDArray[np.int64]
    """Those with other likely labels, the most changed first."""
    photos: int
    """How many were compared."""


def seen_by(project: Project, run: RunRow) -> Snapshot:
    """The photos as a run of stage 1 sees them, also where another one has begun since; a training goes before both."""
    snapshot = take_snapshot(project)
    if snapshot.stage != INITIAL:
        return snapshot
    labels = snapshot.labels
    return snapshot.suggested_by(
        snapshot.matrix_of(project, INITIAL, run),
        thresholds_in_force(project, INITIAL, labels, run)[0],
        maybe_in_force(project, INITIAL, labels, run),
    )


def photos_seen_differently(before: Snapshot, now: Snapshot) -> tuple[npt.NDArray[np.int64], int]:
    """The photos, by id, on which other labels are likely, the most changed first; and how many are in both.

    Labels that are in only one of the label sets, or were not scored before, are left out, and so is what a person has
    decided.
    """
    photos, rows_before, rows = np.intersect1d(before.photo_ids, now.photo_ids, assume_unique=True, return_indices=True)
    scored = np.flatnonzero(~np.isnan(before.scores).all(axis=0)).tolist()
    places = {before.labels[column].id: column for column in scored}
    columns = np.array([column for column, label in enumerate(now.labels) if label.id in places], np.int64)
    columns_before = np.array([places[now.labels[column].id] for column in columns], np.int64)
    if not len(columns) or not len(photos):
        return np.zeros(0, np.int64), len(photos)
    was = before.states()[np.ix_(rows_before, columns_before)]
    is_now = now.states()[np.ix_(rows, columns)]
    open_to_both = ~np.isin(was, _DECIDED) & ~np.isin(is_now, _DECIDED)
    changed = (((was == LabelState.LIKELY) != (is_now == LabelState.LIKELY)) & open_to_both).sum(axis=1)
    order = np.argsort(-changed, kind="stable")
    return photos[order[changed[order] > 0]], len(photos)

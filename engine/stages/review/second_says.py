"""Which labels a queue is about, photo by photo: where stages or a second opinion differ, and suspects."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.project import Project
from engine.project.label_state import YES
from engine.project.snapshot import Snapshot
from engine.stages.review.queues import mistakes, opposed, stages_apart

Says = dict[int, tuple[tuple[int, bool], ...]]
"""Ids of photos to ids of labels and what is said of them, yes or no."""


def second_says(project: Project, snapshot: Snapshot) -> Says:
    """What the second opinion says where it is not what suggests, the farthest apart first.

    Labels that somebody answered are left out, and so are photos on which nothing differs.
    """
    return _by_photo(snapshot, opposed(project, snapshot), snapshot.scores < snapshot.thresholds)


def suspected_answers(project: Project, snapshot: Snapshot) -> Says:
    """The answers that are suspected to be mistakes, as they are, the most suspected first."""
    return _by_photo(snapshot, mistakes(project, snapshot), snapshot.answers() == YES)


def stages_differ(project: Project, snapshot: Snapshot) -> Says:
    """The labels on which two stages disagree, the farthest apart first; whatever either says, they count as yes."""
    apart = stages_apart(project, snapshot)
    return _by_photo(snapshot, apart, apart > 0)


def _by_photo(snapshot: Snapshot, urgent: npt.NDArray[np.floating], yes: npt.NDArray[np.bool_]) -> Says:
    """Where something is `urgent`, photos x labels, the most urgent first, and whether `yes` is said there."""
    rows, columns = np.nonzero(urgent)
    order = np.lexsort((-urgent[rows, columns], rows))
    says: dict[int, list[tuple[int, bool]]] = {}
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        of_photo = says.setdefault(int(snapshot.photo_ids[row]), [])
        of_photo.append((snapshot.labels[column].id, bool(yes[row, column])))
    return {photo: tuple(labels) for photo, labels in says.items()}

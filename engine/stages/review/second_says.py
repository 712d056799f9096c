"""What a second opinion says where it differs from what suggests, photo by photo."""

from __future__ import annotations

import numpy as np

from engine.project import Project
from engine.project.snapshot import Snapshot
from engine.stages.review.queues import opposed


def second_says(project: Project, snapshot: Snapshot) -> dict[int, tuple[tuple[int, bool], ...]]:
    """Ids of photos to ids of labels and whether the second opinion says yes to them, the farthest apart first.

    Labels that somebody answered are left out, and so are photos on which nothing differs.
    """
    apart = opposed(project, snapshot)
    rows, columns = np.nonzero(apart)
    order = np.lexsort((-apart[rows, columns], rows))
    says: dict[int, list[tuple[int, bool]]] = {}
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        suggested = bool(snapshot.scores[row, column] >= snapshot.thresholds[column])
        says.setdefault(int(snapshot.photo_ids[row]), []).append((snapshot.labels[column].id, not suggested))
    return {photo: tuple(labels) for photo, labels in says.items()}

"""The scores of a stage that are in force, for given photos and labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.project.project import Project
from engine.project.runs import RunRow, load_scores, runs_with

Scores = npt.NDArray[np.float32]


def aligned_scores(
    project: Project,
    stage: str,
    rows: dict[int, int],
    columns: dict[int, int],
    run: RunRow | None = None,
    carry: Callable[[Scores, RunRow, RunRow], Scores] | None = None,
) -> Scores:
    """Scores of a stage, nan where there are none: of its newest run, and until that is finished of the one before.

    Args:
        run: of this run alone.
        carry: brings scores of the run before (the first) onto the scale of the newest (the second).
    """
    aligned = np.full((len(rows), len(columns)), np.nan, np.float32)
    newest = runs_with(project, stage)[:2] if run is None else [run]
    in_force = newest[:1] if newest and newest[0].finished_at is not None else newest
    for run in reversed(in_force):
        if carry is not None and len(in_force) > 1 and run is in_force[0]:
            aligned = carry(aligned, in_force[1], run)
        matrix = load_scores(project, stage, run)
        shared = [(source, columns[label]) for source, label in enumerate(run.label_ids) if label in columns]
        if matrix is not None and len(matrix.photo_ids) and shared:
            sources, targets = map(list, zip(*shared, strict=True))
            # A photo may have come, and been scored, since the photos were read.
            photo_rows = np.array([rows.get(photo, -1) for photo in matrix.photo_ids.tolist()])
            there = photo_rows >= 0
            aligned[np.ix_(photo_rows[there], targets)] = matrix.values[np.ix_(there, sources)]
    return aligned

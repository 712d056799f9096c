"""How the labels come to agree with a truth while a training moves them: only to be looked at.

Nothing is trained on it, stopped by it or chosen with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.method import mean_average_precision
from engine.project import Project
from engine.project.truths import load_truth, truths

Score = Callable[[npt.NDArray[np.floating]], float | None]


def watch_truth(project: Project, photo_ids: Sequence[int], label_ids: Sequence[int]) -> Score | None:
    """What tells the mAP, a fraction of 1, of scores (these photos x these labels) against the newest truth.

    Returns:
        None where no truth is kept. What is returned tells None where no label of these photos has a positive.
    """
    newest = max(truths(project), key=lambda row: (row.imported_at, row.id), default=None)
    if newest is None:
        return None
    answers = load_truth(project, newest).aligned(np.array(photo_ids, np.int64), label_ids)
    columns = np.flatnonzero((answers > 0).any(axis=0))
    answers = answers[:, columns]

    def score(scores: npt.NDArray[np.floating]) -> float | None:
        return mean_average_precision(scores[:, columns], answers).value if len(columns) else None

    return score

"""How well scores agree with a truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.method.arrays import as_numpy


@dataclass(frozen=True)
class PrecisionRecall:
    """Precision and recall of one label when the photos at or above each threshold are taken, from the highest on.

    One point for each score that differs; all three have the same length.
    """

    thresholds: npt.NDArray[np.floating]
    precision: npt.NDArray[np.float64]
    recall: npt.NDArray[np.float64]


def precision_recall_curve(scores: Any, truth: Any) -> PrecisionRecall:
    """The curve of one label. Unlike scikit-learn's it begins with the highest score and adds no point at recall 0.

    Args:
        scores: photos; higher means more likely.
        truth: photos; 1 present, 0 absent, negative ignored (VOC's "difficult").

    Returns:
        No points where the truth has no positive.
    """
    scores, truth = as_numpy(scores), as_numpy(truth)
    if scores.ndim != 1 or scores.shape != truth.shape:
        raise ValueError(
            f"Expected arguments `scores` and `truth` to be one value a photo each, "
            f"but got shapes {scores.shape} and {truth.shape}."
        )
    counted = truth >= 0
    scores, positive = scores[counted], truth[counted] > 0
    if np.isnan(scores).any():
        raise ValueError("Expected argument `scores` to be numbers, but got nan among them.")
    if not positive.any():
        return PrecisionRecall(scores[:0], np.zeros(0), np.zeros(0))
    order = np.argsort(-scores, kind="stable")
    scores, positive = scores[order], positive[order]
    last_of_rank = np.append(np.flatnonzero(np.diff(scores)), scores.size - 1)
    hits = np.cumsum(positive)[last_of_rank]
    return PrecisionRecall(scores[last_of_rank], hits / (last_of_rank + 1), hits / hits[-1])


def average_precision(scores: Any, truth: Any) -> float:
    """All-point average precision of one label: the sum over ranks of (R_n - R_{n-1}) P_n, no interpolation.

    Equal scores share one rank, as in scikit-learn's `average_precision_score`. Arguments as for
    `precision_recall_curve`.

    Returns:
        From 0 to 1; nan where the truth has no positive.

    >>> average_precision(np.array([0.9, 0.8, 0.3]), np.array([1, 0, 1]))
    0.8333333333333333
    """
    curve = precision_recall_curve(scores, truth)
    if not len(curve.recall):
        return float("nan")
    return float(np.sum(np.diff(curve.recall, prepend=0.0) * curve.precision))


@dataclass(frozen=True)
class MeanAveragePrecision:
    """`value`: mean over the labels that have a positive, nan if none has. `by_label`: nan where none."""

    value: float
    by_label: npt.NDArray[np.float64]
    positives: npt.NDArray[np.int64]

    @property
    def labels_counted(self) -> int:
        return int((self.positives > 0).sum())


def mean_average_precision(scores: Any, truth: Any) -> MeanAveragePrecision:
    """mAP of photos x labels, unweighted over the labels with at least one positive; see `average_precision`.

    >>> found = mean_average_precision(np.array([[0.9, 0.2], [0.8, 0.7]]), np.array([[1, 0], [0, 0]]))
    >>> found.value, found.labels_counted
    (1.0, 1)
    """
    scores, truth = as_numpy(scores), as_numpy(truth)
    if scores.ndim != 2 or scores.shape != truth.shape:
        raise ValueError(
            f"Expected arguments `scores` and `truth` to be photos x labels, "
            f"but got shapes {scores.shape} and {truth.shape}."
        )
    by_label = np.array([average_precision(scores[:, c], truth[:, c]) for c in range(scores.shape[1])])
    positives = (truth > 0).sum(axis=0)
    value = float(by_label[positives > 0].mean()) if (positives > 0).any() else float("nan")
    return MeanAveragePrecision(value, by_label, positives)

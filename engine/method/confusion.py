"""What is suggested against what is true: 2 x 2 tables, F1, and which labels are taken for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Truth = npt.NDArray[np.integer]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TwoByTwo:
    """For each label how many photos are suggested and have it, are suggested and have it not, and so on."""

    hits: Numbers
    false_alarms: Numbers
    misses: Numbers
    rejections: Numbers
    """Rightly not suggested."""

    @property
    def precision(self) -> npt.NDArray[np.float64]:
        """labels; nan where nothing is suggested."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> npt.NDArray[np.float64]:
        """labels; nan where nothing is present."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> npt.NDArray[np.float64]:
        """labels; nan where nothing is present or suggested."""
        return _share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)


@dataclass(frozen=True)
class F1Scores:
    """F1 of all labels together, from 0 to 1, nan where it cannot be told.

    `cf1` is the harmonic mean of `cp` and `cr`, the means of the labels' precisions and recalls, over the labels with
    a positive (a label that is never suggested has precision 0); `of1`, `op` and `or_` count all answers as those of
    one label (Wang et al., CNN-RNN, CVPR 2016). `mean_f1` is the mean of the labels' own F1.
    """

    cp: float
    cr: float
    cf1: float
    op: float
    or_: float
    of1: float
    mean_f1: float


def two_by_two(suggested: Bools, truth: Truth) -> TwoByTwo:
    """Count photos by label.

    Args:
        suggested: photos x labels.
        truth: photos x labels; 1 present, 0 absent, negative ignored.
    """
    _check(suggested, truth)
    present, absent = truth > 0, truth == 0
    counts = (suggested & present, suggested & absent, ~suggested & present, ~suggested & absent)
    return TwoByTwo(*(cells.sum(axis=0, dtype=np.int64) for cells in counts))


def f1_scores(table: TwoByTwo) -> F1Scores:
    """F1 per class and overall, see `F1Scores`."""
    counted = table.hits + table.misses > 0
    cp, cr = _mean(np.nan_to_num(table.precision[counted])), _mean(table.recall[counted])
    hits, false_alarms, misses = (int(part.sum()) for part in (table.hits, table.false_alarms, table.misses))
    op, or_ = (float(_share(np.array(hits), np.array(hits + other))) for other in (false_alarms, misses))
    if counted.any():
        op = 0.0 if np.isnan(op) else op  # there was something to find, and nothing was suggested
    return F1Scores(cp, cr, _harmonic(cp, cr), op, or_, _harmonic(op, or_), _mean(table.f1[counted]))


def top_labels(scores: npt.NDArray[np.floating], count: int = 3) -> Bools:
    """The `count` labels of each photo with the highest scores: photos x labels; of equal ones the first.

    A label without a score (nan) is never among them.
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]  # nan goes last
    top = np.zeros(scores.shape, bool)
    np.put_along_axis(top, order, True, axis=1)
    return top & ~np.isnan(scores)


@dataclass(frozen=True)
class TakenFor:
    """On how many photos a label (row) is missed while another (column) is a false alarm, and how many by chance.

    `by_chance`: as many would be, were the misses of the one and the false alarms of the other independent.
    """

    photos: Numbers
    by_chance: npt.NDArray[np.float64]


def taken_for(suggested: Bools, truth: Truth) -> TakenFor:
    """Which labels are taken for which; arguments as for `two_by_two`. The diagonal is 0."""
    _check(suggested, truth)
    missed = ((truth > 0) & ~suggested).astype(np.float32)
    false_alarm = ((truth == 0) & suggested).astype(np.float32)
    by_chance = np.outer(missed.sum(axis=0), false_alarm.sum(axis=0)) / max(len(truth), 1)
    np.fill_diagonal(by_chance, 0.0)
    return TakenFor((missed.T @ false_alarm).astype(np.int64), by_chance)


def _check(suggested: Bools, truth: Truth) -> None:
    if suggested.ndim != 2 or suggested.shape != truth.shape:
        raise ValueError(
            f"Expected arguments `suggested` and `truth` to be photos x labels, "
            f"but got shapes {suggested.shape} and {truth.shape}."
        )


def _share(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _mean(values: npt.NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b > 0 else a + b  # 0, or nan where either is

"""How far a figure would move with other photos of the same kind: the bootstrap over photos (Efron, 1979)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.intervals import Interval

Floats = npt.NDArray[np.floating]
Counts = npt.NDArray[np.int32]

_LEAST_RESAMPLES = 20
"""Fewer values than this tell nothing about the ends of a distribution."""


def draw_photos(photos: int, resamples: int, *, seed: int = 0) -> Counts:
    """How often each resample holds each photo: photos x resamples; every resample draws as many as there are."""
    generator = np.random.default_rng(seed)
    counts = np.empty((photos, resamples), np.int32)
    for resample in range(resamples):
        counts[:, resample] = np.bincount(generator.integers(photos, size=photos), minlength=photos)
    return counts


def resampled_average_precision(
    scores: Floats, truth: npt.NDArray[np.integer], counts: Counts, check: Callable[[], None] = lambda: None
) -> npt.NDArray[np.float64]:
    """Average precision of each label in each resample, see `engine.method.metrics.average_precision`.

    A photo that is drawn twice counts twice; the ranking is the same in all resamples, and is made once.

    Args:
        scores: photos x labels, no nan where the truth counts.
        truth: photos x labels; 1 present, 0 absent, negative ignored.
        counts: photos x resamples, of `draw_photos`. Equal counts for two rankings make a paired comparison.
        check: called before each label; may raise to stop.

    Returns:
        resamples x labels; nan where a resample has no positive.
    """
    if scores.ndim != 2 or scores.shape != truth.shape or len(counts) != len(scores):
        raise ValueError(
            "Expected arguments `scores` and `truth` to be photos x labels and `counts` photos x resamples, "
            f"but got shapes {scores.shape}, {truth.shape} and {counts.shape}."
        )
    found = np.full((counts.shape[1], scores.shape[1]), np.nan)
    for label in range(scores.shape[1]):
        check()
        counted = np.flatnonzero(truth[:, label] >= 0)
        order = counted[np.argsort(-scores[counted, label], kind="stable")]
        found[:, label] = _of_ranking(scores[order, label], truth[order, label] > 0, counts[order])
    return found


def _of_ranking(scores: Floats, positive: npt.NDArray[np.bool_], counts: Counts) -> npt.NDArray[np.float64]:
    """Average precision of one ranking, highest score first, for each column of counts."""
    places = np.flatnonzero(positive)
    if not len(places):
        return np.full(counts.shape[1], np.nan)
    rank = np.append(0, np.cumsum(np.diff(scores) != 0))
    # Only ranks with a positive add to the sum, so that the photos between two of them are counted together.
    ranks, first_of_rank = np.unique(rank[places], return_index=True)
    ends = np.searchsorted(rank, ranks, side="right")
    taken = np.cumsum(np.add.reduceat(counts[: ends[-1]], np.append(0, ends[:-1]), axis=0), axis=0)
    hits_of_rank = np.add.reduceat(counts[places], first_of_rank, axis=0)
    hits = np.cumsum(hits_of_rank, axis=0)
    with np.errstate(invalid="ignore"):
        return (hits_of_rank * (hits / np.maximum(taken, 1))).sum(axis=0) / hits[-1]


@dataclass(frozen=True)
class ResampledF1:
    """F1 in each resample, see `engine.method.confusion.F1Scores`; nan where it cannot be told."""

    of1: npt.NDArray[np.float64]
    cf1: npt.NDArray[np.float64]
    by_label: npt.NDArray[np.float64]
    """resamples x labels."""


def resampled_f1(suggested: npt.NDArray[np.bool_], truth: npt.NDArray[np.integer], counts: Counts) -> ResampledF1:
    """F1 of suggestions in each resample; arguments as for `two_by_two` and `resampled_average_precision`."""
    drawn = counts.T.astype(np.float32)  # whole numbers up to 2^24 stay exact
    cells = (suggested & (truth > 0), suggested & (truth == 0), ~suggested & (truth > 0))
    hits, false_alarms, misses = ((drawn @ cell.astype(np.float32)).astype(np.float64) for cell in cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = hits / (hits + false_alarms), hits / (hits + misses)
        by_label = 2 * hits / (2 * hits + false_alarms + misses)
        counted = ~np.isnan(recall)
        labels = counted.sum(axis=1)
        cp = np.where(counted, np.nan_to_num(precision), 0.0).sum(axis=1) / labels
        cr = np.nansum(recall, axis=1) / labels
        hits, false_alarms, misses = (cell.sum(axis=1) for cell in (hits, false_alarms, misses))
        of1 = 2 * hits / (2 * hits + false_alarms + misses)
        cf1 = np.where(cp + cr > 0, 2 * cp * cr / (cp + cr), cp + cr)
    return ResampledF1(of1, cf1, by_label)


def bootstrap_interval(
    value: float, resampled: Floats, confidence: float = 0.95, *, lowest: float = 0.0
) -> Interval | None:
    """Where a figure would lie with as many other photos of the same kind: percentiles, moved to the figure.

    Resamples repeat photos, which flatters a ranking; over many labels that adds up to more than the width of the
    interval. So the resamples are moved by the difference of their mean and the figure before their ends are taken;
    docs/results.md compares this with the plain, the bias-corrected and the reflected interval.

    Args:
        value: the figure on the photos as they are.
        resampled: the same on each resample; nan where it could not be told.
        lowest: that the figure can be; the highest is 1.

    Returns:
        None where the resamples tell nothing: too few of them, or all equal, as those of a label with one positive or
        a perfect ranking.
    """
    known = resampled[~np.isnan(resampled)]
    if np.isnan(value) or len(known) < _LEAST_RESAMPLES or known.min() == known.max():
        return None
    tail = (1 - confidence) / 2
    low, high = np.quantile(known, [tail, 1 - tail]) - known.mean() + value
    return Interval(value, max(lowest, min(float(low), value)), min(1.0, max(float(high), value)))

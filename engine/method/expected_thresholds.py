"""Thresholds for photos that nobody has looked at: what is to be expected of them, from the chances of their labels."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.calibration import Calibration
from engine.method.refinement import to_latent
from engine.method.thresholds import Interval

Floats = npt.NDArray[np.floating]

_DEVIATIONS_OF_95_PERCENT = 1.959964


def expected_f1_thresholds(scores: Floats, chances: Floats) -> npt.NDArray[np.float64]:
    """The threshold of each label with the highest F1 that is to be expected.

    With the k highest scores accepted, F1 is about 2 * (sum of their k chances) / (k + sum of all chances); see
    Z. C. Lipton et al., Optimal thresholding of classifiers to maximize F1 measure, 2014.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        chances: photos x labels, from 0 to 1, growing with the scores.

    Returns:
        labels, half way between two scores; nan for a label without scores.
    """
    ordered, hits, _taken = _ranked(scores, chances)
    count = np.arange(1, len(ordered) + 1)[:, None]
    f1 = 2 * hits / (count + hits[-1:])
    return _cut_after(ordered, np.where(np.isnan(ordered), -1.0, f1))


def expected_precision_thresholds(scores: Floats, chances: Floats, precision: float) -> npt.NDArray[np.float64]:
    """The lowest threshold of each label with at least this precision to be expected of what it accepts.

    Arguments as for `expected_f1_thresholds`.

    Returns:
        labels; nan where not even the highest score is that likely.
    """
    if not 0 < precision <= 1:
        raise ValueError(f"Expected argument `precision` to be above 0 and at most 1, but got {precision}.")
    ordered, hits, taken = _ranked(scores, chances)
    enough = ~np.isnan(ordered) & (hits >= precision * taken)
    # Chances fall along the ranks, and so does their mean: the last that is enough is the lowest threshold.
    cuts = _cut_after(ordered, np.where(enough, taken, -1.0))
    return np.where(enough.any(axis=0), cuts, np.nan)


def expected_precision(scores: Floats, calibration: Calibration, thresholds: Floats) -> list[Interval | None]:
    """For each label the precision to be expected at a threshold, with 95 % bounds; None where nothing is accepted.

    The bounds tell how far the calibration may be off, by the delta method on the log odds of the precision.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        thresholds: labels.
    """
    accepted = scores >= thresholds
    count = accepted.sum(axis=0)
    latents = to_latent(np.where(accepted, scores, 0.5).astype(np.float64))
    likely = np.where(accepted, calibration.chances(np.where(accepted, scores, 0.5)), 0.0)
    found: list[Interval | None] = []
    for label in range(scores.shape[1]):
        if not count[label]:
            found.append(None)
            continue
        chance = likely[:, label]
        value = min(max(float(chance.sum() / count[label]), 1e-9), 1 - 1e-9)
        spread = chance * (1 - chance)
        gradient = np.array([spread.sum(), (spread * latents[:, label]).sum()]) / count[label]
        deviation = math.sqrt(max(0.0, gradient @ calibration.covariances[label] @ gradient)) / (value * (1 - value))
        odds = math.log(value / (1 - value))
        low, high = (odds + side * _DEVIATIONS_OF_95_PERCENT * deviation for side in (-1, 1))
        found.append(Interval(value, _sigmoid(low), _sigmoid(high)))
    return found


def _ranked(scores: Floats, chances: Floats) -> tuple[Floats, Floats, Floats]:
    """Scores of each label, highest first; the sum of chances and the count of photos up to each."""
    check_same_shape("scores", scores, "chances", chances)
    if not len(scores):
        raise ValueError("Expected argument `scores` to hold at least one photo, but got none.")
    order = np.argsort(-scores, axis=0, kind="stable")  # nan comes last
    ordered = np.take_along_axis(scores, order, axis=0).astype(np.float64)
    hits = np.cumsum(np.nan_to_num(np.take_along_axis(chances, order, axis=0)), axis=0)
    return ordered, hits, np.cumsum(~np.isnan(ordered), axis=0).astype(np.float64)


def _cut_after(ordered: Floats, worth: Floats) -> npt.NDArray[np.float64]:
    """Half way between the rank that is worth most, counted only where its score ends, and the next one."""
    following = np.vstack([ordered[1:], np.full((1, ordered.shape[1]), np.nan)])
    best = np.where(following == ordered, -1.0, worth).argmax(axis=0)
    columns = np.arange(ordered.shape[1])
    here, below = ordered[best, columns], following[best, columns]
    middle = (here + np.where(np.isnan(below), here, below)) / 2
    # Where no number lies between both, the upper one.
    return np.where(middle > below, middle, here)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-min(max(value, -700.0), 700.0)))

"""Thresholds for photos that nobody has looked at: what is to be expected of them, from the chances of their labels."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.calibration import Calibration
from engine.method.intervals import Interval
from engine.method.latent import from_latent, to_latent

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


def expected_precision_thresholds(
    scores: Floats, calibration: Calibration, precision: float
) -> npt.NDArray[np.float64]:
    """The lowest threshold of each label that promises this precision, for all that the answers leave open.

    The mean chance of what is accepted, less one standard deviation of what the calibration may be off, is at least
    that precision: with few answers a threshold is careful, with many it is exact.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.

    Returns:
        labels, half way between two scores; nan where not even the highest score is that likely.
    """
    ordered, expected, deviation = _precision_by_rank(scores, calibration, precision)
    # A sum of chances is not exact.
    enough = ~np.isnan(ordered) & (expected - deviation >= precision - 1e-9)
    ranks = np.arange(1, len(ordered) + 1)[:, None]
    return np.where(enough.any(axis=0), _cut_after(ordered, np.where(enough, ranks, -1.0)), np.nan)


def answers_missing(
    scores: Floats, calibration: Calibration, precision: float, answers: npt.NDArray[np.integer]
) -> npt.NDArray[np.float64]:
    """About how many more answers a label needs before a threshold promises this precision.

    What the calibration may be off is taken to shrink with the square root of the answers, and the chances to stay.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        answers: labels; how many there are.

    Returns:
        labels; 0 where it is promised, infinite where no photos are expected to be that precise.
    """
    ordered, expected, deviation = _precision_by_rank(scores, calibration, precision)
    spare = expected - precision
    times = np.where(~np.isnan(ordered) & (spare > 0), (deviation / np.maximum(spare, 1e-9)) ** 2, np.inf)
    return np.ceil(np.maximum(times.min(axis=0) - 1, 0) * np.maximum(answers, 1))


def _precision_by_rank(scores: Floats, calibration: Calibration, precision: float) -> tuple[Floats, Floats, Floats]:
    """Scores of each label, highest first; the precision to be expected down to each, and its standard deviation."""
    if not 0 < precision <= 1:
        raise ValueError(f"Expected argument `precision` to be above 0 and at most 1, but got {precision}.")
    chances = calibration.chances(scores)
    ordered, hits, taken = _ranked(scores, chances)
    latents = to_latent(np.nan_to_num(ordered, nan=0.5))
    # Chances are of the same order as scores.
    spread = _slopes(np.nan_to_num(-np.sort(-chances, axis=0)))
    gradient = np.stack([np.cumsum(spread, axis=0), np.cumsum(spread * latents, axis=0)], axis=-1) / taken[..., None]
    deviation = np.sqrt(np.einsum("plx,lxy,ply->pl", gradient, calibration.covariances, gradient).clip(0))
    return ordered, hits / taken, deviation


def expected_precision(scores: Floats, calibration: Calibration, thresholds: Floats) -> list[Interval | None]:
    """For each label the precision to be expected at a threshold, with 95 % bounds; None where nothing is accepted.

    The bounds tell how far the calibration may be off, by the delta method on the log odds of the precision, and how
    much luck there is in so many photos.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        thresholds: labels.
    """
    accepted = scores >= thresholds
    found: list[Interval | None] = []
    chances = calibration.chances(np.where(accepted, scores, np.nan))
    for label in range(scores.shape[1]):
        inside = accepted[:, label]
        count = int(inside.sum())
        if not count:
            found.append(None)
            continue
        chance, latents = chances[inside, label], to_latent(scores[inside, label].astype(np.float64))
        value = min(max(float(chance.mean()), 1e-9), 1 - 1e-9)
        spread = _slopes(chance)
        gradient = np.array([spread.mean(), (spread * latents).mean()])
        off = max(0.0, gradient @ calibration.covariances[label] @ gradient)
        # So few photos cannot show more than that less than half a photo is wrong, or right.
        held = min(max(value, 0.5 / (count + 1)), 1 - 0.5 / (count + 1))
        luck = (spread.mean() if held == value else held * (1 - held)) / count
        deviation = math.sqrt(off + luck) / (held * (1 - held))
        odds = math.log(held / (1 - held))
        low, high = from_latent(odds + np.array([-1, 1]) * _DEVIATIONS_OF_95_PERCENT * deviation)
        low, high = min(low, value), max(high, value)
        found.append(Interval(value, float(low), float(high)))
    return found


def _slopes(chances: Floats) -> Floats:
    """How fast chances move with their log odds."""
    return chances * (1 - chances)


def _ranked(scores: Floats, chances: Floats) -> tuple[Floats, Floats, Floats]:
    """Scores of each label, highest first; the sum of chances and the count of photos up to each, 1 at least."""
    check_same_shape("scores", scores, "chances", chances)
    if not len(scores):
        raise ValueError("Expected argument `scores` to hold at least one photo, but got none.")
    order = np.argsort(-scores, axis=0, kind="stable")  # nan comes last
    ordered = np.take_along_axis(scores, order, axis=0).astype(np.float64)
    hits = np.cumsum(np.nan_to_num(np.take_along_axis(chances, order, axis=0)), axis=0)
    return ordered, hits, np.maximum(1.0, np.cumsum(~np.isnan(ordered), axis=0))


def _cut_after(ordered: Floats, worth: Floats) -> npt.NDArray[np.float64]:
    """Half way between the rank that is worth most, counted only where its score ends, and the next one."""
    following = np.vstack([ordered[1:], np.full((1, ordered.shape[1]), np.nan)])
    best = np.where(following == ordered, -1.0, worth).argmax(axis=0)
    columns = np.arange(ordered.shape[1])
    here, below = ordered[best, columns], following[best, columns]
    middle = (here + np.where(np.isnan(below), here, below)) / 2
    # Where no number lies between both, the upper one.
    return np.where(middle > below, middle, here)

"""Which photos a person should look at first.

Scores of a softmax over the labels are small and crowd near 0, so nothing here subtracts scores. All is measured on
the chance of a label, in which the odds s / (1 - s) of the score are divided by those of its threshold: on the scale
of latents log(s / (1 - s)), a shift that puts 0.5 at the threshold, whatever the scale of the scores.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape, unit_vectors
from engine.method.latent import SMALLEST

Floats = npt.NDArray[np.floating]
Bools = npt.NDArray[np.bool_]


def chances(scores: Floats, thresholds: Floats) -> Floats:
    """sigmoid(latent(score) - latent(threshold)), photos x labels: 0.5 at the threshold; nan stays nan."""
    if scores.ndim != 2 or thresholds.shape != scores.shape[1:]:
        raise ValueError(
            "Expected arguments `scores` and `thresholds` to be photos x labels and labels, "
            f"but got shapes {scores.shape} and {thresholds.shape}."
        )
    # The same as the sigmoid, without a logarithm. A threshold of 0 or 1 would have no odds.
    level = np.clip(thresholds, SMALLEST, 1 - SMALLEST)
    for_it, against_it = scores * (1 - level), (1 - scores) * level
    return for_it / (for_it + against_it)


def doubt(scores: Floats, thresholds: Floats, decided: Bools) -> Floats:
    """How near a photo's nearest undecided label is to its threshold: 1 on it, towards 0 far from it on either side.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        thresholds: labels.
        decided: photos x labels, true where a person has answered.

    Returns:
        photos; 0 where nothing is left to decide.
    """
    check_same_shape("scores", scores, "decided", decided)
    likely = chances(scores, thresholds)
    return _highest(2 * np.minimum(likely, 1 - likely), ~decided)


def disagreement(
    first: Floats, first_thresholds: Floats, second: Floats, second_thresholds: Floats, decided: Bools
) -> Floats:
    """How far two stages are apart over a photo: the largest difference of chances among its undecided labels.

    Each stage has thresholds of its own, because their scores differ in scale.

    Args:
        first: scores of one stage, photos x labels, nan where there is none; likewise `second`.
        first_thresholds: labels; likewise `second_thresholds`.
        decided: photos x labels, true where a person has answered.

    Returns:
        photos, from 0 to 1; 0 where the stages share no undecided label.
    """
    check_same_shape("first", first, "second", second)
    check_same_shape("first", first, "decided", decided)
    return _highest(np.abs(chances(first, first_thresholds) - chances(second, second_thresholds)), ~decided)


def random_audit(photos: int, seed: int) -> npt.NDArray[np.int64]:
    """The photos' numbers, from 0, in a random order that is the same for the same seed."""
    return np.random.default_rng(seed).permutation(photos)


def spread(order: npt.NDArray[np.integer], vectors: Floats, count: int) -> npt.NDArray[np.integer]:
    """Choose photos that are unlike one another: first the first, then always the one farthest from all chosen.

    Farthest-first traversal (Gonzalez 1985) by cosine. Of equally far photos the one that comes first in `order`.

    Args:
        order: photos to choose from, best first.
        vectors: an embedding for each of them, in their order; any length but 0.
        count: how many to choose.

    Returns:
        `count` of `order` (all, if there are no more), in the order in which they were chosen.
    """
    if vectors.ndim != 2 or len(vectors) != len(order):
        raise ValueError(
            f"Expected argument `vectors` to hold an embedding for each of {len(order)} photos, "
            f"but got shape {vectors.shape}."
        )
    count = min(count, len(order))
    if count <= 0:
        return order[:0]
    directions = unit_vectors(vectors)
    chosen = [0]
    nearest = directions @ directions[0]
    for _ in range(count - 1):
        # Rounding may leave a copy of a chosen photo a hair farther than another.
        nearest[chosen[-1]] = np.inf
        chosen.append(int(nearest.argmin()))
        np.maximum(nearest, directions @ directions[chosen[-1]], out=nearest)
    return order[chosen]


def _highest(values: Floats, counted: Bools) -> Floats:
    """The highest counted value of each row, 0 where there is none; nan does not count."""
    there = counted & ~np.isnan(values)
    return np.max(values, axis=1, initial=0, where=there)

"""How far people agree on what photos show, beyond what chance would bring about.

Of two people Cohen's kappa (J. Cohen: A coefficient of agreement for nominal scales, 1960), of any number of them, each
of whom may have answered only some of the photos, Krippendorff's alpha for nominal data (K. Krippendorff: Content
analysis, 2004, chapter 11). Both are 1 where all answers are the same, 0 where they agree as often as by chance, and
cannot be told (nan) where nobody, or everybody, has said yes: chance would do no worse.

A photo is what is drawn again for an interval, with all its answers (A. F. Hayes, K. Krippendorff, 2007, draw pairs of
answers; photos are what others of the same kind there could be of).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.bootstrap import Counts

Answers = npt.NDArray[np.integer]
"""1 yes, -1 no, 0 not answered."""
Floats = npt.NDArray[np.float64]


def cohens_kappa(first: Answers, second: Answers, counts: Counts | None = None) -> Floats:
    """Cohen's kappa of two people over the photos that both have answered.

    >>> cohens_kappa(np.array([[1], [1], [-1], [-1], [0]]), np.array([[1], [-1], [-1], [-1], [1]]))
    array([0.5])

    Args:
        first, second: photos x labels.
        counts: photos x resamples, of `engine.method.bootstrap.draw_photos`.

    Returns:
        labels, or with `counts` resamples x labels; nan where it cannot be told.
    """
    check_same_shape("first", first, "second", second)
    both = (first != 0) & (second != 0)
    total, same, yes, other_yes = (
        _summed(part, counts) for part in (both, both & (first == second), both & (first > 0), both & (second > 0))
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        agreed = same / total
        by_chance = (yes * other_yes + (total - yes) * (total - other_yes)) / total**2
        return np.where(by_chance == 1, np.nan, (agreed - by_chance) / (1 - by_chance))


def krippendorffs_alpha(answers: Answers, counts: Counts | None = None) -> Floats:
    """Krippendorff's alpha of any number of people, nominal; photos with fewer than two answers tell nothing.

    >>> krippendorffs_alpha(np.array([[[1], [1], [-1], [-1]], [[1], [-1], [-1], [0]]])).round(3)
    array([0.444])

    Args:
        answers: people x photos x labels.
        counts: photos x resamples, of `engine.method.bootstrap.draw_photos`.

    Returns:
        labels, or with `counts` resamples x labels; nan where it cannot be told.
    """
    if answers.ndim != 3:
        raise ValueError(f"Expected argument `answers` to be people x photos x labels, but got shape {answers.shape}.")
    yes, no = (np.count_nonzero(answers == value, axis=0) for value in (1, -1))
    pairable = yes + no > 1
    yes, no = yes * pairable, no * pairable
    differing = 2 * yes * no / np.maximum(yes + no - 1, 1)
    all_yes, all_no, observed = (_summed(part, counts) for part in (yes, no, differing))
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = 2 * all_yes * all_no / (all_yes + all_no - 1)
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _summed(part: npt.NDArray[np.generic], counts: Counts | None) -> Floats:
    """Over photos: labels, or resamples x labels."""
    values = part.astype(np.float64)
    return values.sum(axis=0) if counts is None else counts.T.astype(np.float64) @ values

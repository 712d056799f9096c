"""Thresholds that promise a precision, from what answers taught and what they leave open.

The k most probable photos of a label are expected to be right in mean p; the unknowns of `answers` are known only so
far, and by the delta method the deviation of that mean is sqrt(g' C g), with C their covariance (Laplace) and
g = mean of p (1 - p) times the photo's evidence. What is promised is the mean less one deviation.

A label's own answers cannot tell whether the guesses of all labels alike are too sure; all answers together can. Log
odds that did not know an answer are compared with it, and one shift and stretch for all labels is fitted. Without the
answer i, to first order (Rad and Maleki, A scalable estimate of the out-of-sample prediction error, 2020):

    f without i = f - h (y - p) / (1 - p (1 - p) h),   h = evidence' C evidence
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.accepting import cut_after
from engine.method.answers import Taught, evidence, learn_from_answers
from engine.method.latent import from_latent

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Correction:
    """What the answers of all labels make of log odds: shift + stretch * log odds."""

    shift: float = 0.0
    stretch: float = 1.0


def log_odds_without_each(
    taught: Taught, guess: Floats, coordinates: Floats, yes: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """The log odds of each answered photo had it not been answered, to first order: answered photos.

    Arguments as for `learn_from_answers`, which gave `taught`.
    """
    rows = evidence(guess, coordinates)
    log_odds = taught.log_odds(guess, coordinates)
    probabilities = from_latent(log_odds)
    open_still = _variances(taught, rows)
    return log_odds - open_still * (yes - probabilities) / (1 - probabilities * (1 - probabilities) * open_still)


def expected_precision(taught: Taught, guess: Floats, coordinates: Floats) -> tuple[float, float]:
    """Of photos that are accepted the share that is right, as answers tell, and its deviation; nan where there is none.

    Args:
        guess: accepted photos that are not answered, as for `Taught.log_odds`.
        coordinates: accepted photos x axes.
    """
    if not len(guess):
        return np.nan, np.nan
    probabilities = from_latent(taught.log_odds(guess, coordinates).astype(np.float64))
    slopes = (probabilities * (1 - probabilities)).astype(coordinates.dtype) / len(guess)
    # The mean of slope times evidence, as one product for thousands of photos.
    gradient = evidence(np.array([slopes @ guess]), (slopes @ coordinates)[None])
    gradient[0, 0] *= slopes.sum()
    return float(probabilities.mean()), float(np.sqrt(_variances(taught, gradient)[0]))


def correction_by_all(log_odds: Floats, yes: npt.NDArray[np.bool_]) -> Correction:
    """One shift and stretch for all labels, from log odds that did not know their answers.

    >>> told = correction_by_all(np.array([3.0, 3.0, 3.0, 3.0] * 20), np.array([True, True, False, False] * 20))
    >>> told.shift < 0 and told.stretch < 1  # what was called 95 % was right every other time
    True

    Args:
        log_odds: answers of all labels, one after the other.
        yes: what they were.
    """
    told = learn_from_answers(log_odds, np.zeros((len(log_odds), 0)), yes)
    return Correction(told.shift, max(told.stretch, 0.05))


def promised_cut(
    taught: Taught, guess: Floats, coordinates: Floats, precision: float, correction: Correction | None = None
) -> float:
    """The lowest log odds (as `taught` has them) from which on this precision can be promised; infinite where none is.

    Args:
        guess: photos that are not answered, as for `Taught.log_odds`; nan is never accepted.
        coordinates: photos x axes.
        precision: above 0, below 1.
        correction: makes the promise more careful, never less.
    """
    if not 0 < precision < 1:
        raise ValueError(f"Expected argument `precision` to be between 0 and 1, but got {precision}.")
    log_odds = taught.log_odds(guess, coordinates)
    order = np.argsort(-log_odds, kind="stable")[: np.count_nonzero(~np.isnan(log_odds))]
    count = _promised(taught, log_odds[order], guess[order], coordinates[order], precision, Correction())
    if correction is not None:
        corrected = _promised(taught, log_odds[order], guess[order], coordinates[order], precision, correction)
        count = min(count, corrected)
    return cut_after(log_odds, count)


def _promised(
    taught: Taught, log_odds: Floats, guess: Floats, coordinates: Floats, precision: float, correction: Correction
) -> int:
    """How many photos can be promised; they come with the highest log odds first."""
    probabilities = from_latent(correction.shift + correction.stretch * log_odds.astype(np.float64))
    counts = np.arange(1, len(probabilities) + 1)
    means = np.cumsum(probabilities) / counts
    # A sum of probabilities is not exact.
    enough = means >= precision - 1e-9
    last = len(enough) - int(enough[::-1].argmax()) if enough.any() else 0
    if not last:
        return 0
    slopes = correction.stretch * (probabilities * (1 - probabilities))[:last, None]
    gradients = np.cumsum(slopes * evidence(guess[:last], coordinates[:last]), axis=0) / counts[:last, None]
    careful = means[:last] - np.sqrt(_variances(taught, gradients)) >= precision - 1e-9
    return last - int(careful[::-1].argmax()) if careful.any() else 0


def _variances(taught: Taught, rows: Floats) -> Floats:
    """How far the answers leave open what each row of evidence comes to: variances, 0 and more."""
    known = rows @ taught.known
    # Two products, the first of which a library of matrices does: all three at once take ten times as long.
    narrower = np.einsum("pv,pv->p", known @ taught.narrowed, known)
    return (np.einsum("pu,pu->p", rows, rows) - narrower).clip(0)

"""From scores to chances: how likely a photo has a label, learnt from what people have answered.

A score alone is no probability. The shape of a label's scores makes a first guess of one, log odds that grow with the
latent log(s / (1 - s)) of the score; people's answers then move and stretch that guess (J. Platt, 1999), drawn
towards it while they are few:

    log odds of the label = shift + stretch * guess,    shift ~ N(0, 1), stretch ~ N(1, 1/4)

Only the share of yes at each score matters, not how often a score was asked about. So photos need not be chosen by
chance: the most doubtful ones or the highest scored ones teach as well, see docs/results.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.arrays import check_same_shape
from engine.method.intervals import Interval, precision_interval
from engine.method.latent import from_latent, to_latent
from engine.method.thresholds import Shape

Floats = npt.NDArray[np.floating]
Answers = npt.NDArray[np.integer]
"""photos x labels; 1 yes, -1 no, 0 unknown."""

_SHIFT_DEVIATION, _STRETCH_DEVIATION = 1.0, 0.25
"""Of the prior. Twice or half as much does about as well, unless only the highest scored photos were asked about."""
_PHOTOS_LOOKED_AT = 10_000
_LEAST_STRETCH = 0.05
"""A higher score never makes a label less likely."""
_MOST_STEPS = 50
_MOST_HALVINGS = 30
_STEADY = 1e-8


@dataclass(frozen=True)
class Calibration:
    """What the scores of each label mean: log odds = offset + slope * latent(score).

    `offsets`, `slopes`: labels; slopes are above 0. `covariances`: labels x 2 x 2, how unsure both are.
    """

    offsets: Floats
    slopes: Floats
    covariances: Floats

    def chances(self, scores: Floats) -> Floats:
        """How likely photos have labels: photos x labels, from 0 to 1; nan stays nan."""
        known = ~np.isnan(scores)
        latents = to_latent(np.where(known, scores, 0.5).astype(np.float64))
        return np.where(known, from_latent(self.offsets + self.slopes * latents), np.nan)

    def scores_at(self, chance: float) -> Floats:
        """The score of each label from which on it is at least that likely; from 0 to 1."""
        return from_latent((to_latent(np.float64(chance)) - self.offsets) / self.slopes)


def calibrate(scores: Floats, answers: Answers, shape: Shape) -> Calibration:
    """Fit each label's chances to its answers, starting from the shape of its scores.

    The most likely shift and stretch are found by Newton's method, for all labels at once. A label without an answer
    keeps the guess.

    Args:
        scores: photos x labels, from 0 to 1; what is nan teaches nothing. Of many answered photos an even part
            is looked at.
        answers: photos x labels; 1 yes, -1 no, 0 unknown.
        shape: of the labels' scores. Where it is nan a score is taken for the probability it claims to be.
    """
    check_same_shape("scores", scores, "answers", answers)
    if shape.thresholds.shape != scores.shape[1:]:
        raise ValueError(
            f"Expected argument `shape` to have {scores.shape[1]} labels, but got {len(shape.thresholds)}."
        )
    unknown = np.isnan(shape.thresholds) | np.isnan(shape.steepness)
    steepness = np.where(unknown, 1.0, shape.steepness)
    centres = to_latent(np.where(unknown, 0.5, shape.thresholds))

    answered = (answers != 0) & ~np.isnan(scores)
    asked = np.flatnonzero(answered.any(axis=1))
    asked = asked[:: max(1, len(asked) // _PHOTOS_LOOKED_AT)]
    answered = answered[asked]
    guesses = steepness * (to_latent(np.where(answered, scores[asked], 0.5).astype(np.float64)) - centres)
    yes = (answers[asked] > 0).astype(np.float64)

    shift, stretch = _most_likely(guesses, answered, yes, np.ones(len(centres)), np.ones(len(centres), bool))
    # The best shift for the least stretch is not the one that goes with a stretch below it.
    free = stretch >= _LEAST_STRETCH
    if not free.all():
        shift, stretch = _most_likely(guesses, answered, yes, np.maximum(stretch, _LEAST_STRETCH), free)

    # From shift and stretch of the guess to offset and slope over latents, which is linear.
    change = np.zeros((len(centres), 2, 2))
    change[:, 0, 0], change[:, 0, 1], change[:, 1, 1] = 1, -steepness * centres, steepness
    covariances = change @ np.linalg.inv(_information(guesses, answered, shift, stretch)) @ change.transpose(0, 2, 1)
    return Calibration(shift - stretch * steepness * centres, stretch * steepness, covariances)


def _most_likely(
    guesses: Floats, answered: npt.NDArray[np.bool_], yes: Floats, stretch: Floats, free: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """The most likely shift and stretch of each label by Newton's method; a stretch that is not `free` stays."""
    shift = np.zeros(len(stretch))
    worth = _log_posterior(guesses, answered, yes, shift, stretch)
    for _ in range(_MOST_STEPS):
        wrong = answered * (yes - from_latent(shift + stretch * guesses))
        to_shift = wrong.sum(axis=0) - shift / _SHIFT_DEVIATION**2
        to_stretch = free * ((wrong * guesses).sum(axis=0) - (stretch - 1) / _STRETCH_DEVIATION**2)
        information = _information(guesses, answered, shift, stretch)
        information[~free, 0, 1] = information[~free, 1, 0] = 0
        step = np.linalg.solve(information, np.stack([to_shift, to_stretch], axis=-1)[..., None])[..., 0]
        # Far from its end a full step may overshoot, to where it is less likely.
        for _ in range(_MOST_HALVINGS):
            reached = _log_posterior(guesses, answered, yes, shift + step[:, 0], stretch + step[:, 1])
            fell = reached < worth - _STEADY
            if not fell.any():
                break
            step[fell] /= 2
        shift, stretch, worth = shift + step[:, 0], stretch + step[:, 1], reached
        if not step.size or np.abs(step).max() < _STEADY:
            break
    return shift, stretch


def _log_posterior(
    guesses: Floats, answered: npt.NDArray[np.bool_], yes: Floats, shift: Floats, stretch: Floats
) -> Floats:
    """How likely shift and stretch of each label are, but for a constant."""
    against = (1 - 2 * yes) * (shift + stretch * guesses)  # log odds of the other answer
    unlikely = shift**2 / _SHIFT_DEVIATION**2 + (stretch - 1) ** 2 / _STRETCH_DEVIATION**2
    return -(answered * np.logaddexp(0, against)).sum(axis=0) - unlikely / 2


def _information(guesses: Floats, answered: npt.NDArray[np.bool_], shift: Floats, stretch: Floats) -> Floats:
    """Minus the second derivative of the log posterior: labels x 2 x 2."""
    likely = from_latent(shift + stretch * guesses)
    weight = answered * likely * (1 - likely)
    both = (weight * guesses).sum(axis=0)
    rows = [
        [weight.sum(axis=0) + 1 / _SHIFT_DEVIATION**2, both],
        [both, (weight * guesses**2).sum(axis=0) + 1 / _STRETCH_DEVIATION**2],
    ]
    return np.array(rows).transpose(2, 0, 1)


def chances_out_of_sample(
    scores: Floats, answers: Answers, shape: Shape, *, folds: int = 5, seed: int = 0
) -> npt.NDArray[np.float64]:
    """The chance of each answered label, calibrated without the photo it is on; nan where there is no answer.

    Arguments as for `calibrate`. The photos are split by chance into `folds` parts, the same for the same seed.
    """
    check_same_shape("scores", scores, "answers", answers)
    chances = np.full(scores.shape, np.nan)
    part = np.random.default_rng(seed).permutation(len(scores)) % folds
    for fold in range(folds):
        inside = part == fold
        chances[inside] = calibrate(scores[~inside], answers[~inside], shape).chances(scores[inside])
    chances[answers == 0] = np.nan
    return chances


def corrected_by_all(calibration: Calibration, chances: Floats, answers: Answers) -> Calibration:
    """A calibration moved and stretched for all labels alike, as the answers of all together tell.

    A label's own calibration keeps to its guess while its answers are few, and with many labels on few photos the
    guesses of all may be too sure. Chances that did not know the answers show by how much:

        log odds = shift + stretch * log odds of the label's own,    priors as above

    Args:
        chances: of `chances_out_of_sample`.
        answers: of the same photos and labels.
    """
    check_same_shape("chances", chances, "answers", answers)
    as_they_are = Shape(np.array([np.nan]), np.array([np.nan]))
    pooled = calibrate(chances.reshape(-1, 1), answers.reshape(-1, 1), as_they_are)
    shift, stretch = pooled.offsets[0], pooled.slopes[0]
    return Calibration(
        shift + stretch * calibration.offsets, stretch * calibration.slopes, stretch**2 * calibration.covariances
    )


@dataclass(frozen=True)
class ReliabilityBin:
    """Answers whose chances are alike: their mean chance, and the share of yes among them with its interval."""

    chance: float
    answers: int
    share: Interval


def reliability(chances: Floats, answers: Answers, bins: int = 10) -> list[ReliabilityBin]:
    """How often what is likely is so: the answers in equally wide bins of chance, the empty ones left out.

    Args:
        chances: any shape, from 0 to 1; what is nan is left out.
        answers: likewise; 1 yes, -1 no, 0 unknown.
    """
    check_same_shape("chances", chances, "answers", answers)
    counted = (answers != 0) & ~np.isnan(chances)
    likely, yes = chances[counted], answers[counted] > 0
    place = np.minimum((likely * bins).astype(np.int64), bins - 1)
    found = []
    for one in np.unique(place):
        inside = place == one
        share = precision_interval(int(yes[inside].sum()), int(inside.sum()))
        assert share is not None
        found.append(ReliabilityBin(float(likely[inside].mean()), int(inside.sum()), share))
    return found


def expected_calibration_error(reliable: list[ReliabilityBin]) -> float | None:
    """How far chances are from the shares of yes on average over the answers, 0 to 1; None without answers.

    Naeini et al., Obtaining well calibrated probabilities using Bayesian binning, AAAI 2015.
    """
    total = sum(one.answers for one in reliable)
    return sum(one.answers * abs(one.chance - one.share.value) for one in reliable) / total if total else None

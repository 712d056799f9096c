"""A label and its answers: how probable it is on every other photo, which photos to accept, and what stays open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.method.accepting import best_count, count_to_accept, line_after
from engine.method.answers import Taught, learn_from_answers
from engine.method.latent import from_latent

Floats = npt.NDArray[np.floating]
Answers = npt.NDArray[np.integer]

FEWEST_ANSWERS = 10
"""From so many on a label learns. Five gain a third of it, and single labels lose up to 2.4 points of F1."""

FEW_POSITIVES = 8
"""Labels on fewer photos than this gain nothing dependable, however much is answered."""

LEAST_PROBABILITY = 0.25
"""No photo is accepted that is less probable than this, whatever F1 says. Of a label that seems to be nowhere, F1 would
be best with all photos accepted. .2 and .3 do as well."""

LEAST_OF_PROVEN = 0.5
"""Likewise for a label whose guess is well founded, as where a detector was heard: what is called likely is more likely
than not. From .25 on F1 is the same, and 2 to 3 points less of what is called likely are right."""

LEAST_OF_GUESSED = 0.6
"""Likewise for a label whose guess was made of an encoder's scores alone. F1 would often be best from .3 on, where a
third to a half of what is called likely is wrong; from here on a quarter is, for a point of F1. The others may be."""

COMMON = 0.08
"""Of all photos; a label that is expected on fewer is never likely below `LEAST_OF_GUESSED`. .05 and .1 do nearly as
well."""

STILL_ACCEPTED = 0.5
"""But so much of what is expected stays accepted, down to `LEAST_PROBABILITY`, of a label that is common. Of one on
many photos that an encoder hardly knows, as "person" among animals, next to none is as probable as that, and it is
right more often than it seems. Of rarer labels less is right down there than it seems. .4 and .6 do as well."""

COMPLETE = 0.9
"""Where only yes was answered: so much of what lies between the answered photos must be answered to be a sample."""


class Reach(StrEnum):
    """How far the answers of a label reach."""

    TOO_FEW_ANSWERS = "too few answers"
    """All stays as it was."""
    ONLY_YES = "only yes"
    """What is like the confirmed photos comes first; how many have the label cannot be known without a no."""
    ONLY_NO = "only no"
    """What is like the rejected photos comes last; what the label looks like cannot be known without a yes."""
    FEW_POSITIVES = "few photos with the label"
    """Learnt all the same, but so few photos seem to have the label that luck decides what it is worth."""
    ENOUGH = "enough"


@dataclass(frozen=True)
class TaughtLabel:
    """What is known of one label after its answers.

    `log_odds`: photos, nan where nothing is known of a photo; the guess where answers are too few. `threshold`: log
    odds from which on an unanswered photo is accepted, infinite where none is; nan where answers are too few, and what
    was in force stays. `expected`: how many photos have the label, the answered ones counted by their answers.
    `taught`: what makes log odds of guess and coordinates; None where answers are too few.
    """

    reach: Reach
    log_odds: Floats
    threshold: float
    expected: float
    taught: Taught | None = None

    @property
    def probabilities(self) -> Floats:
        """photos, from 0 to 1; nan stays nan."""
        return from_latent(self.log_odds)


def teach(
    guess: Floats,
    of_scores: Floats,
    coordinates: Floats,
    answers: Answers,
    in_force: float = 0.0,
    *,
    proven: bool = False,
) -> TaughtLabel:
    """Learn one label from its answers.

    The order in which they were given does not matter. Some milliseconds for 10,000 photos.

    >>> likes = np.array([[1.0]] * 20 + [[-1.0]] * 20)
    >>> guess = np.zeros(40)
    >>> answers = np.array([1] * 5 + [0] * 15 + [-1] * 5 + [0] * 15)
    >>> taught = teach(guess, guess, likes, answers)
    >>> str(taught.reach), taught.log_odds[[6, 30]].round(1).tolist(), round(taught.expected, 1)
    ('enough', [3.2, -3.2], 20.0)
    >>> str(teach(guess, guess, likes, np.where(np.arange(40) < 9, answers, 0)).reach)
    'too few answers'

    Args:
        guess: photos; honest log odds before any answer, of `prior_guess.prior_guess`; nan where there is no score.
        of_scores: photos; log odds as the scores' shape has them (`prior_guess.log_odds_of_shape`).
        coordinates: photos x axes (`principal_axes`); a photo without an embedding has zeros.
        answers: photos; 1 yes, -1 no, 0 unknown.
        in_force: the log odds in `of_scores` from which on photos are accepted without answers.
        proven: how many these are is well founded, as where a second witness was heard: what a few answers make of the
            scores alone is not better.
    """
    if not guess.shape == of_scores.shape == answers.shape == coordinates.shape[:1]:
        raise ValueError(
            "Expected arguments `guess`, `of_scores`, `coordinates` and `answers` to be of the same photos, but got "
            f"shapes {guess.shape}, {of_scores.shape}, {coordinates.shape} and {answers.shape}."
        )
    known = ~np.isnan(guess)
    asked = np.flatnonzero((answers != 0) & known)
    rest = (answers == 0) & known
    yes = answers[asked] > 0
    confirmed, rejected, have_it = int(yes.sum()), int((~yes).sum()), int(np.count_nonzero(answers > 0))
    if len(asked) < FEWEST_ANSWERS:
        expected = have_it + float(from_latent(guess[rest]).sum())
        return TaughtLabel(Reach.TOO_FEW_ANSWERS, guess, math.nan, expected)

    taught = learn_from_answers(guess[asked], coordinates[asked], yes)
    log_odds = taught.log_odds(guess, coordinates)
    probabilities = from_latent(log_odds[rest])
    expected = have_it + float(probabilities.sum())
    accepted = int(np.count_nonzero(of_scores[rest] >= in_force))
    biased = not rejected and _answered_share(of_scores[known], of_scores[asked]) < COMPLETE
    least = LEAST_PROBABILITY if biased else LEAST_OF_PROVEN if proven else LEAST_OF_GUESSED
    lowest = math.log(least / (1 - least))
    if least == LEAST_OF_GUESSED and expected >= max(FEW_POSITIVES, COMMON * np.count_nonzero(known)):
        lowest = min(lowest, _still_accepted(log_odds[rest]))
    if biased:
        count = accepted
    else:
        by_scores = accepted
        if not (proven and rejected):
            # The answers by the scores alone, as `calibration` has them.
            by_score = learn_from_answers(of_scores[asked], coordinates[asked, :0], yes)
            by_scores = best_count(from_latent(by_score.log_odds(of_scores[rest], coordinates[rest, :0])), have_it)
        count = count_to_accept(best_count(probabilities, have_it), by_scores, yes=confirmed, no=rejected)
    if not confirmed:
        # That some photos lack a label is no reason to suggest it on more of the others.
        count = min(count, accepted)
    return TaughtLabel(
        _reach(confirmed, rejected, expected),
        log_odds,
        max(line_after(log_odds[rest], log_odds[asked][yes], count), lowest),
        expected,
        taught,
    )


def _still_accepted(log_odds: Floats) -> float:
    """From where on `STILL_ACCEPTED` of what is expected of these photos is accepted."""
    probabilities = from_latent(log_odds)
    ordered = np.flatnonzero(probabilities >= LEAST_PROBABILITY)
    ordered = ordered[np.argsort(-log_odds[ordered])]
    missing = np.cumsum(probabilities[ordered]) < STILL_ACCEPTED * probabilities.sum()
    if missing.all():
        return math.log(LEAST_PROBABILITY / (1 - LEAST_PROBABILITY))
    return float(log_odds[ordered[np.count_nonzero(missing)]])


def _answered_share(of_all: Floats, of_asked: Floats) -> float:
    """Of the photos that lie between the answered ones by score, those included, how much is answered.

    Who confirms and passes over what is wrong leaves gaps; a sweep or a queue answers one photo after the other.
    """
    between = (of_all >= of_asked.min()) & (of_all <= of_asked.max())
    return len(of_asked) / np.count_nonzero(between)


def _reach(confirmed: int, rejected: int, expected: float) -> Reach:
    if not rejected:
        return Reach.ONLY_YES
    if not confirmed:
        return Reach.ONLY_NO
    return Reach.FEW_POSITIVES if expected < FEW_POSITIVES else Reach.ENOUGH

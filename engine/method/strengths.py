"""How strongly a label is suggested before anybody has answered: likely, maybe, or not at all.

Two ways lead to a threshold for each. Where the shape of an encoder's scores tells chances that hold, as with CLIP, a
label is likely from a chance of .7 on (`strengths_by_chance`). The starter's scores order the photos of one label well
and believe themselves too much: what their shape calls a chance of .9 is right in one case of three. There a label is
likely where it outweighs all others many times (`log_lift`), both in the whole photo and in a snippet. That is a
statement about one photo: it holds from the first photo on, and neither the size of the collection nor how many labels
compete changes what it is worth, docs/results/thresholds.md.

The constants hold over a range: temperatures of a fifth to two fifths of the starter's own, and lifts of two thirds to
one and a half of these, trade a few points of precision for as many of recall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.aggregation import aggregate_min_max
from engine.method.arrays import check_same_shape
from engine.method.latent import from_latent, to_latent
from engine.method.similarity import class_probabilities
from engine.method.thresholds import Shape

Floats = npt.NDArray[np.floating]
Counts = npt.NDArray[np.int64]

LIKELY_LIFT, MAYBE_LIFT = 250.0, 10.0
"""How many times the odds of an even share a label must have to be likely, and to be suggested at all.

The first is of COCO's and VOC's things, on whose photos it was chosen.

At 250 three of four and more are right on photos of everyday things, nine of ten on photos of animals; of all from 10
on a half to two thirds, and nearly twice as many of the labels that are there are found.
"""

OTHER_LIKELY_LIFT = 1000.0
"""The first of any other word. Each of the hundreds that a person may look for is on fewer photos than those things,
and what is rarer must stand out more to be as probable. Of such words 71 % are right from here on and 53 % from 250 on,
by eye on photos of everyday things, and 33 and 19 % on photos of animals, docs/results/first_sight.md."""

LIKELY_CHANCE, MAYBE_CHANCE = 0.7, 0.2
"""The same by the chances that the shape of the scores tells, for encoders whose chances hold. From an even chance on
F1 is best; from .7 on a fifth less is wrong, for a point of F1. .6 and .8 trade likewise."""


@dataclass(frozen=True)
class Strengths:
    """The score from which each label is likely, and from which it may be: labels each, from 0 to 1.

    `maybe` is at most `likely`. Both are nan where the scores cannot tell.
    """

    likely: Floats
    maybe: Floats


def log_lift(whole_similarities: Floats, local_similarities: Floats, temperature: float) -> Floats:
    """How far each label stands above an even share, in the whole photo and in its best snippet alike.

    The mean of log odds p / (1 - p) in both, p the probability of the label among all n that compete, less those of an
    even share, -log(n - 1). The mean of logarithms asks both to agree, where that of probabilities, the initial pseudo
    label, is content with either. Less the even share it means the same among 80 labels and among 800.

    Args:
        whole_similarities: photos x labels, centred as for `class_probabilities`; with the hidden competitors, since
            few labels by themselves outweigh each other too easily.
        local_similarities: photos x snippets x labels, likewise.
        temperature: tau > 0; a quarter of the one that ranks best tells best which suggestions are right.

    Returns:
        photos x labels; 0 for an even share. A single label without any competitor tells nothing: -inf.
    """
    first = local_similarities[..., 0, :]
    check_same_shape("whole_similarities", whole_similarities, "local_similarities[..., 0, :]", first)
    whole = class_probabilities(whole_similarities, temperature)
    best = aggregate_min_max(class_probabilities(local_similarities, temperature), 0.0)
    competitors = whole.shape[-1] - 1
    if not competitors:
        return np.full_like(whole, -np.inf)
    return (to_latent(whole) + to_latent(best)) / 2 + math.log(competitors)


def count_lifted(log_lifts: Floats, likely: float | Floats = LIKELY_LIFT) -> Counts:
    """On how many photos each label is likely, and on how many it may be: 2 x labels, to be added up part by part.

    Args:
        log_lifts: photos x labels, of `log_lift`.
        likely: the lift from which on labels are likely, of each or of all; `MAYBE_LIFT` at least.
    """
    return np.stack([(log_lifts >= np.log(lift)).sum(axis=0) for lift in (likely, MAYBE_LIFT)])


def strengths_by_lift(scores: Floats, counts: Counts) -> Strengths:
    """Thresholds of the scores that take each label as often as its lift says.

    How often comes from the lift, which photos from the scores: these order the photos of a label better, since all
    labels had a say in them (`engine.method.stage_one.rerank_scores`).

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        counts: 2 x labels, of `count_lifted` over the same photos.
    """
    return Strengths(*(thresholds_taking(scores, each) for each in counts))


def strengths_by_chance(shape: Shape, likely: float = LIKELY_CHANCE, maybe: float = MAYBE_CHANCE) -> Strengths:
    """Thresholds from which the shape of the scores makes a label as likely as this; `likely` of .5 are the shape's."""
    if not 0 < maybe <= likely < 1:
        raise ValueError(f"Expected arguments 1 > `likely` >= `maybe` > 0, but got {likely} and {maybe}.")
    return Strengths(_at_chance(shape, likely), _at_chance(shape, maybe))


def thresholds_taking(scores: Floats, counts: Counts) -> Floats:
    """For each label the threshold that so many photos reach, half way between two scores.

    Of photos that are equal all are taken or, where that would be too many, none. A label that is on no photo stays as
    far above its highest score as four times the odds: a photo that comes later must stand out that much. Only a score
    of 1 is always taken.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none.
        counts: labels; more than there are scores take all.

    Returns:
        labels, from 0 to 1; nan for a label without any score.
    """
    if scores.ndim != 2 or counts.shape != scores.shape[1:] or (counts < 0).any():
        raise ValueError(
            "Expected arguments `scores` of photos x labels and `counts` from 0 of as many labels, "
            f"but got shapes {scores.shape} and {counts.shape}."
        )
    found = np.full(scores.shape[1], np.nan)
    # Label by label, with its scores beside each other: of thousands each would else lie in another part of the memory.
    by_label = np.ascontiguousarray(scores.T)
    for label, (count, own) in enumerate(zip(counts.tolist(), by_label, strict=True)):
        known = own[~np.isnan(own)]
        if not len(known):
            continue
        if count >= len(known):
            found[label] = known.min()
            continue
        # The highest that is not taken; ordering all would take ten times as long.
        highest = np.partition(known, len(known) - 1 - count)[len(known) - 1 - count]
        taken = known[known > highest]
        if len(taken):
            lowest, below = np.float64(taken.min()), np.float64(highest)
            middle = (lowest + below) / 2
            found[label] = middle if middle > below else lowest
        else:
            found[label] = from_latent(to_latent(np.float64(highest)) + math.log(4))
    return found


def _at_chance(shape: Shape, chance: float) -> Floats:
    if chance == 0.5:
        return shape.thresholds
    with np.errstate(divide="ignore"):  # what tells nothing is never suggested
        return from_latent(to_latent(shape.thresholds) + to_latent(np.float64(chance)) / shape.steepness)

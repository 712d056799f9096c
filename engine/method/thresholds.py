"""From scores to decisions: the score from which a label is taken, chosen from answers or from the scores alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.method.intervals import Interval, precision_interval
from engine.method.latent import from_latent, to_latent

Floats = npt.NDArray[np.floating]

_PHOTOS_THAT_OUTWEIGH = 200
"""With as many photos as this, a label's own scores count as much as those of all labels together.

Anything from 50 to 500 does about as well, see docs/results.md.
"""
PHOTOS_LOOKED_AT = 2000
"""Of many photos an even part, this many or up to twice as many, tells the shape of their scores."""
_MOST_STEPS = 200
_STEADY = 1e-4
_BINS = 512
_LEAST_VARIANCE = 1e-3
_FITTED_AT_ONCE = 256
"""Labels, whose bins then stay in the processor's cache, and which need not wait for the slowest of thousands."""


@dataclass(frozen=True)
class Estimate:
    """What a threshold does to one label.

    `accepted`: photos at or above it. `precision`: of those, the share that is right, as far as a person has
    answered (`answered` of them, `right` with yes); None while there is no answer.
    """

    accepted: int
    answered: int
    right: int
    precision: Interval | None


def estimate_at(scores: Floats, decisions: npt.NDArray[np.integer], threshold: float) -> Estimate:
    """What one label's threshold accepts, and how much of it is right.

    The precision is as good as the answers are typical: answers from a random audit are; answers from the most
    doubtful photos make it look worse than it is.

    Args:
        scores: photos, from 0 to 1; nan is never accepted.
        decisions: photos; 1 yes, -1 no, 0 undecided.
    """
    _check_same_length(scores, "decisions", decisions)
    accepted = scores >= threshold
    right = int(np.count_nonzero(decisions[accepted] > 0))
    answered = int(np.count_nonzero(decisions[accepted]))
    return Estimate(int(np.count_nonzero(accepted)), answered, right, precision_interval(right, answered))


def best_f1_threshold(scores: Floats, truth: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> float | None:
    """The threshold of one label with the highest F1 on the photos whose truth is known; of equals the highest.

    Args:
        scores: photos, from 0 to 1.
        truth: photos; 1 present, 0 absent, negative ignored.

    Returns:
        Half way between two scores, so that photos like these fall on the same side; None without a positive.
    """
    cuts, hits, taken, positives = _cuts(scores, truth)
    if not positives:
        return None
    f1 = 2 * hits / (taken + positives)
    return float(cuts[f1.argmax()])


@dataclass(frozen=True)
class Shape:
    """What the scores of each label tell by themselves; both nan where they are too few or too equal to tell.

    `thresholds`: labels, from 0 to 1. `steepness`: labels; how much the log odds of having the label grow with the
    latent of its score, so that they are steepness * (latent(score) - latent(threshold)).
    """

    thresholds: Floats
    steepness: Floats

    def scores_at(self, probability: float) -> Floats:
        """The score of each label that means this probability, above 0 and below 1: labels.

        >>> Shape(np.array([0.5]), np.array([2.0])).scores_at(0.8).round(3).tolist()
        [0.667]
        """
        return from_latent(to_latent(self.thresholds) + to_latent(np.float64(probability)) / self.steepness)


def shape_thresholds(scores: Floats) -> Floats:
    """The thresholds of `shape_of`: labels, from 0 to 1; nan for all where the scores cannot tell."""
    return shape_of(scores).thresholds


def shape_of(scores: Floats, company: Floats | None = None) -> Shape:
    """A threshold for each label without any answer, from the shape of the scores over the photos.

    The latents log(s / (1 - s)) of a label are taken for a mixture of two normal distributions of one width: photos
    without and with it. The threshold is where both are equally likely. All labels pooled are fitted first, by
    expectation maximisation; then each label by itself with that fit as its (conjugate) prior, worth 200 photos:
    a label that a photo in a thousand has, or none, keeps to the others, where its own few would mislead.

    Args:
        scores: photos x labels, from 0 to 1; nan where there is none. Of many photos an even part is looked at.
        company: photos x all labels that the scores were shared among, hidden competitors too, where these are more:
            they are pooled in place of `scores`, so that a label has about the same threshold in any label set.
    """
    if scores.ndim != 2:
        raise ValueError(f"Expected argument `scores` to be photos x labels, but got shape {scores.shape}.")
    latents, known = _latents_of_part(scores)
    latents_of_all, known_of_all = (latents, known) if company is None else _latents_of_part(company)
    pooled = latents_of_all[known_of_all][:, None]
    if not len(pooled) or pooled.min() == pooled.max():
        unknown = np.full(scores.shape[1], np.nan)
        return Shape(unknown, unknown)
    start = _Mixture.split_at(pooled, otsu_threshold(pooled))
    own = _in_bins(latents, known)
    of_all = own if company is None else _in_bins(latents_of_all, known_of_all)
    shared = _fit(*_in_one(*of_all), start, photos_of_prior=1)
    latents, counts = own
    some = [slice(start, start + _FITTED_AT_ONCE) for start in range(0, scores.shape[1], _FITTED_AT_ONCE)]
    fitted = [_fit(latents[:, part].copy(), counts[:, part].copy(), shared, _PHOTOS_THAT_OUTWEIGH) for part in some]
    thresholds, steepness = zip(*((from_latent(one.boundary()), one.steepness()) for one in fitted), strict=True)
    return Shape(np.concatenate(thresholds), np.concatenate(steepness))


def otsu_threshold(values: Floats) -> float:
    """The cut that separates values best: with the largest variance between both sides (N. Otsu, 1979).

    Half way between two values; the value itself where all are equal.
    """
    ordered = np.sort(np.asarray(values, np.float64), axis=None)
    if not len(ordered):
        raise ValueError("Expected argument `values` to hold at least one value, but got none.")
    below = np.arange(1, len(ordered))
    above = len(ordered) - below
    sums = np.cumsum(ordered)
    between = below * above * ((sums[-1] - sums[:-1]) / above - sums[:-1] / below) ** 2
    if ordered[0] == ordered[-1]:
        return float(ordered[0])
    cut = int(between.argmax())
    return float(_between(ordered[cut], ordered[cut + 1]))


@dataclass(frozen=True)
class _Mixture:
    """For each label: the share of photos that have it, the means of their latents and the variance of both."""

    share: Floats
    without: Floats
    having: Floats
    variance: Floats

    @classmethod
    def split_at(cls, latents: Floats, cut: float) -> _Mixture:
        below, above = latents[latents < cut], latents[latents >= cut]
        variance = (below.var() * len(below) + above.var() * len(above)) / len(latents)
        shares = len(above) / len(latents), below.mean(), above.mean(), max(variance, _LEAST_VARIANCE)
        return cls(*(np.array([value]) for value in shares))

    def boundary(self) -> Floats:
        """The latent from which a photo rather has the label than not."""
        # Where both means meet nothing tells photos with the label from the others, and it is never suggested.
        gap = np.maximum(self.having - self.without, 1e-9)
        return (self.without + self.having) / 2 - self.variance * to_latent(self.share) / gap

    def steepness(self) -> Floats:
        """How much the log odds of having the label grow with the latent."""
        return (self.having - self.without) / self.variance

    def chances(self, latents: Floats) -> Floats:
        """How likely each photo has each label."""
        return from_latent(to_latent(self.share) + self.steepness() * (latents - (self.without + self.having) / 2))


def _latents_of_part(scores: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The latents of an even part of the photos, and where there are any: photos x labels each."""
    part = scores[:: max(1, len(scores) // PHOTOS_LOOKED_AT)].astype(np.float64)
    known = ~np.isnan(part)
    return to_latent(np.where(known, part, 0.5)), known


def _in_one(means: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """The bins of all labels together: bins x 1 each."""
    together = counts.sum(axis=1, keepdims=True)
    return (counts * means).sum(axis=1, keepdims=True) / np.maximum(together, 1), together


def _in_bins(latents: Floats, known: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Mean and count of the known latents of each label in bins of equal width: bins x labels each.

    They tell a fit the same as the photos do, and are fewer.
    """
    labels = latents.shape[1]
    lowest, highest = (latents[known].min(), latents[known].max()) if known.any() else (0.0, 1.0)
    width = highest - lowest or 1.0  # the scores of a few labels may be equal where those of all are not
    places = ((latents - lowest) / width * (_BINS - 1)).clip(0, _BINS - 1).astype(np.int64)
    places = (places * labels + np.arange(labels)).ravel()
    counts = np.bincount(places, known.ravel(), _BINS * labels).astype(np.float64)
    sums = np.bincount(places, (known * latents).ravel(), _BINS * labels)
    return (sums / np.maximum(counts, 1)).reshape(-1, labels), counts.reshape(-1, labels)


def _fit(latents: Floats, known: Floats, prior: _Mixture, photos_of_prior: float) -> _Mixture:
    """Expectation maximisation over each column, from `prior`, which counts as much as so many photos.

    Args:
        latents: rows x labels.
        known: how many photos have each of them, rows x labels.
    """
    fit = prior
    known_latents = known * latents
    total, squares = known_latents.sum(axis=0), np.einsum("pl,pl->l", known_latents, latents)
    counted = known.sum(axis=0)
    photos = counted + photos_of_prior
    prior_having = photos_of_prior * prior.share
    prior_lacking = photos_of_prior - prior_having
    for _ in range(_MOST_STEPS):
        chances = fit.chances(latents)
        chances *= known
        chance = chances.sum(axis=0)
        having = chance + prior_having
        sum_having = np.einsum("pl,pl->l", chances, latents)
        sum_without = total - sum_having
        mean_having = (sum_having + prior_having * prior.having) / having
        mean_without = (sum_without + prior_lacking * prior.without) / (photos - having)
        spread = (
            squares
            - mean_having * (2 * sum_having - mean_having * chance)
            - mean_without * (2 * sum_without - mean_without * (counted - chance))
        )
        variance = np.maximum((spread + photos_of_prior * prior.variance) / photos, _LEAST_VARIANCE)
        before, fit = fit, _Mixture(having / photos, mean_without, mean_having, variance)
        if np.abs(fit.boundary() - before.boundary()).max() < _STEADY:
            break
    return fit


def _cuts(
    scores: Floats, truth: npt.NDArray[np.integer] | npt.NDArray[np.bool_]
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """All thresholds that differ, from the highest; the positives and the photos at or above each; all positives."""
    _check_same_length(scores, "truth", truth)
    counted = truth >= 0
    if np.isnan(scores[counted]).any():
        raise ValueError("Expected argument `scores` to be numbers, but got nan among them.")
    order = np.argsort(-scores[counted], kind="stable")
    ordered = scores[counted][order].astype(np.float64)
    positive = truth[counted][order] > 0
    last_of_rank = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)[: len(ordered)]
    cuts = _between(ordered[np.minimum(last_of_rank + 1, len(ordered) - 1)], ordered[last_of_rank])
    return cuts, np.cumsum(positive)[last_of_rank], last_of_rank + 1, int(positive.sum())


def _between(lower: Any, upper: Any) -> Any:
    """Half way between both; the upper one where no number lies between them."""
    middle = (lower + upper) / 2
    return np.where(middle > lower, middle, upper)


def _check_same_length(scores: Floats, name: str, other: npt.NDArray[Any]) -> None:
    if scores.ndim != 1 or scores.shape != other.shape:
        raise ValueError(
            f"Expected arguments `scores` and `{name}` to be one value a photo each, "
            f"but got shapes {scores.shape} and {other.shape}."
        )

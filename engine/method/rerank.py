"""Reranking of the pseudo labels: each label's photos are ordered again by what all labels say of them.

How likely a photo shows a chair is told by its probabilities of table, sofa and horse as well. One step of
self-training in closed form reads this from the collection itself, with no truth; docs/results.md has what it gains.

The labels of a photo share 1, so in a photo of many things each gets little. A model that learns from such scores
learns that a table speaks against a chair. So the teacher's rows are unshared first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.arrays import takes_tensors
from engine.method.reductions import LogSumExp

Floats = npt.NDArray[np.floating]

_LEAST_PROBABILITY = 1e-12

_MOST_TO_LEARN_FROM = 4096
"""Photos that a model of more probabilities than this is learnt from, an even part of them: a matrix of either takes
the cube of their number in time. Of up to 2,048 labels, or so many photos, all are learnt from."""

LABELS_AT_ONCE = 16
"""As many float32 values as lie side by side in the processor's cache: a column by itself would fetch all others."""


@takes_tensors
def scale_by_abundance(scores: Floats, log_abundances: Floats, log_mean: float | None = None) -> Floats:
    """Give each photo's labels more to share, the more it shows: scores times n / mean n, n the photos' abundance.

    Args:
        scores: photos x labels.
        log_abundances: log n, photos x 1; see `log_abundance`.
        log_mean: the logarithm of mean n over the whole collection; by default over these photos.

    Returns:
        photos x labels, from 0.

    >>> scale_by_abundance(np.array([[0.5, 0.5], [0.9, 0.1]]), np.log([[3.0], [1.0]]))
    array([[0.75, 0.75],
           [0.45, 0.05]])
    """
    if scores.ndim != 2 or log_abundances.shape != (len(scores), 1):
        raise ValueError(
            "Expected arguments `scores` of photos x labels and `log_abundances` of photos x 1, "
            f"but got shapes {scores.shape} and {log_abundances.shape}."
        )
    if not scores.size:
        return scores
    if log_mean is None:
        of_these = LogSumExp()
        of_these.add(log_abundances)
        log_mean = of_these.value - math.log(len(scores))
    return scores * np.exp(log_abundances - log_mean)


@takes_tensors
def predict_from_all_labels(teacher: Floats, *probabilities: Floats, penalty: float = 30.0) -> Floats:
    """What a linear model on the probabilities of all labels makes of each score of the teacher.

    Ridge regression (Hoerl and Kennard, 1970) from the log probabilities, centred by label, to scores that are its
    only teacher (Lee, "Pseudo-Label", 2013): W = (F'F + penalty I)^-1 F'(S - mean S). Each photo's row
    of F has unit length, so that no photo outshouts the others. `SumsOverPhotos` learns the same part by part.

    Args:
        teacher: S, photos x labels.
        probabilities: one or more of photos x labels each, from 0 to 1.
        penalty: in photos: with fewer than these there is little to learn. Anything from 10 to 60 will do.

    Returns:
        photos x labels, on the teacher's scale; each label's mean where there is nothing to learn from.

    >>> told = np.tile([[0.9, 0.1], [0.2, 0.8]], (50, 1))
    >>> predict_from_all_labels(told, told).round(2)[:2]
    array([[0.82, 0.18],
           [0.28, 0.72]])
    """
    if teacher.ndim != 2 or any(each.ndim != 2 or len(each) != len(teacher) for each in probabilities):
        shapes = [each.shape for each in (teacher, *probabilities)]
        raise ValueError(f"Expected arguments of photos x labels with as many photos each, but got shapes {shapes}.")
    if not teacher.size:
        return teacher
    features = log_probabilities(*probabilities)
    features = unit_rows(features, features.mean(axis=0))
    sums = SumsOverPhotos(len(teacher), features.shape[1], teacher.shape[1])
    sums.add(0, features, teacher)
    return sums.model(penalty).predict(features)


def log_probabilities(*probabilities: Floats) -> Floats:
    """The logarithms of several photos x labels each, side by side."""
    features = np.concatenate(probabilities, axis=1)
    np.maximum(features, _LEAST_PROBABILITY, out=features)
    return np.log(features, out=features)


def unit_rows(features: Floats, means: Floats) -> Floats:
    """The rows, less the means, made as long as 1; changed in place, since they may take a tenth of a gigabyte.

    A photo that is as all others are tells nothing, and keeps its row of zeros.
    """
    features -= means
    lengths = np.sqrt(np.einsum("pf,pf->p", features, features))
    features /= np.maximum(lengths, _LEAST_PROBABILITY)[:, None]
    return features


@dataclass(frozen=True)
class LinearModel:
    """`weights`: features x labels. `means`: labels, the teacher's."""

    weights: Floats
    means: Floats

    def predict(self, features: Floats) -> Floats:
        """Photos x labels, for photos x features."""
        made: Floats = features @ self.weights
        made += self.means
        return made


class SumsOverPhotos:
    """What the linear model of a collection is learnt from, added up part by part, in any order.

    Time and memory grow with the photos and with the labels, not with their square: where the features are more than
    the photos, the same W is found by the photos, F'(FF' + penalty I)^-1 (S - mean S), and where both are many, by an
    even part of these.
    """

    def __init__(self, photos: int, features: int, labels: int) -> None:
        self._photos = photos
        self._total = np.zeros(labels)
        self._every = 0 if features <= min(photos, _MOST_TO_LEARN_FROM) else -(-photos // _MOST_TO_LEARN_FROM)
        self._some: dict[int, tuple[Floats, Floats]] = {}
        self._kind: npt.DTypeLike = np.float32
        if not self._every:
            self._gram, self._cross = np.zeros((features, features)), np.zeros((features, labels))
            self._of_features = np.zeros(features)

    def add(self, first: int, features: Floats, teacher: Floats) -> None:
        """Take in more photos: photos x features, of unit length, and photos x labels.

        Args:
            first: the place of the first of them among all.
        """
        self._kind = features.dtype
        self._total += teacher.sum(axis=0, dtype=np.float64)
        if self._every:
            some = slice(-first % self._every, None, self._every)
            self._some[first] = features[some].copy(), teacher[some].copy()
            return
        self._gram += features.T @ features
        self._cross += features.T @ teacher
        self._of_features += features.sum(axis=0, dtype=np.float64)

    def merge(self, other: SumsOverPhotos) -> None:
        """Take in what was added up of other photos of the same collection."""
        self._kind = other._kind
        self._total += other._total
        if self._every:
            self._some.update(other._some)
            return
        self._gram += other._gram
        self._cross += other._cross
        self._of_features += other._of_features

    def model(self, penalty: float = 30.0) -> LinearModel:
        """The model that all photos make; see `predict_from_all_labels`."""
        means = self._total / self._photos
        if self._every:
            some = [self._some[first] for first in sorted(self._some)]
            features, teacher = (np.concatenate(each) for each in zip(*some, strict=True))
            alike = features @ features.T
            alike[np.diag_indices_from(alike)] += penalty
            weights = features.T @ np.linalg.solve(alike, teacher - means.astype(self._kind))
        else:
            gram = self._gram.copy()
            gram[np.diag_indices_from(gram)] += penalty
            weights = np.linalg.solve(gram, self._cross - np.outer(self._of_features, means))
        return LinearModel(weights.astype(self._kind), means.astype(self._kind))


@takes_tensors
def match_ranks(values: Floats, order: Floats) -> Floats:
    """Deal each label's values out anew: the highest to the photo that is highest in `order`, and so on.

    How often a label has a score stays as it was, and so does what a threshold takes; only which photos have it may
    change. Photos that are equal in `order` get equal values.

    Args:
        values: photos x labels.
        order: photos x labels.

    Returns:
        photos x labels.

    >>> match_ranks(np.array([[0.1], [0.5], [0.9]]), np.array([[3.0], [1.0], [2.0]])).ravel()
    array([0.9, 0.1, 0.5])
    """
    if values.ndim != 2 or values.shape != order.shape:
        raise ValueError(
            f"Expected arguments `values` and `order` to be photos x labels, but got {values.shape} and {order.shape}."
        )
    if not values.size:
        return values
    dealt = np.empty_like(values)
    for start in range(0, values.shape[1], LABELS_AT_ONCE):
        some = slice(start, start + LABELS_AT_ONCE)
        by_label = np.sort(values[:, some].T)
        for each, key in zip(by_label, np.ascontiguousarray(order[:, some].T), strict=True):
            places = np.argsort(key)
            ranked = key[places]
            is_first = np.append(True, ranked[1:] != ranked[:-1])
            if not is_first.all():
                # Of photos that are equal all take the value of the first.
                each[:] = each[np.maximum.accumulate(np.where(is_first, np.arange(len(ranked)), 0))]
            each[places] = each.copy()
        dealt[:, some] = by_label.T
    return dealt

"""Reranking of the pseudo labels: each label's photos are ordered again by what all labels say of them.

How likely a photo shows a chair is told by its probabilities of table, sofa and horse as well. One step of
self-training in closed form reads this from the collection itself, with no truth; docs/results.md has what it gains.

The labels of a photo share 1, so in a photo of many things each gets little. A model that learns from such scores
learns that a table speaks against a chair. So the teacher's rows are unshared first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.arrays import takes_tensors

Floats = npt.NDArray[np.floating]

_LEAST_PROBABILITY = 1e-12

_MOST_TO_LEARN_FROM = 4096
"""Photos that a model of more probabilities than this is learnt from, an even part of them: a matrix of either takes
the cube of their number in time. Of up to 2,048 labels, or so many photos, all are learnt from."""

_LABELS_AT_ONCE = 16
"""As many float32 values as lie side by side in the processor's cache: a column by itself would fetch all others."""


@takes_tensors
def scale_by_abundance(scores: Floats, log_abundances: Floats) -> Floats:
    """Give each photo's labels more to share, the more it shows: scores times n / mean n, n the photos' abundance.

    Args:
        scores: photos x labels.
        log_abundances: log n, photos x 1; see `log_abundance`.

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
    abundances = np.exp(log_abundances - log_abundances.max())
    return scores * (abundances / abundances.mean())


@takes_tensors
def predict_from_all_labels(teacher: Floats, *probabilities: Floats, penalty: float = 30.0) -> Floats:
    """What a linear model on the probabilities of all labels makes of each score of the teacher.

    Ridge regression (Hoerl and Kennard, 1970) from the log probabilities, centred by label, to scores that are its
    only teacher (Lee, "Pseudo-Label", 2013): W = (F'F + penalty I)^-1 F'(S - mean S). Each photo's row
    of F has unit length, so that no photo outshouts the others. Time and memory grow with the photos and with the
    labels, not with their square: where the probabilities are more than the photos, the same W is found by the photos,
    F'(FF' + penalty I)^-1 (S - mean S), and where both are many, by an even part of these. The matrices are changed in
    place, since each may take a tenth of a gigabyte.

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
    features = np.concatenate(probabilities, axis=1)
    np.log(np.maximum(features, _LEAST_PROBABILITY, out=features), out=features)
    features -= features.mean(axis=0)
    # A photo that is as all others are tells nothing, and keeps its row of zeros.
    lengths = np.sqrt(np.einsum("pf,pf->p", features, features))
    features /= np.maximum(lengths, _LEAST_PROBABILITY)[:, None]
    means = teacher.mean(axis=0)
    wanted = teacher - means
    if features.shape[1] <= min(len(features), _MOST_TO_LEARN_FROM):
        gram = features.T @ features
        gram[np.diag_indices_from(gram)] += penalty
        predicted = features @ np.linalg.solve(gram, features.T @ wanted)
    else:
        some = slice(None, None, -(-len(features) // _MOST_TO_LEARN_FROM))
        alike = features @ features[some].T
        gram = alike[some].copy()
        gram[np.diag_indices_from(gram)] += penalty
        predicted = alike @ np.linalg.solve(gram, wanted[some])
    predicted += means
    return predicted


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
    ranks = np.arange(len(values))
    for start in range(0, values.shape[1], _LABELS_AT_ONCE):
        some = slice(start, start + _LABELS_AT_ONCE)
        by_label = np.sort(values[:, some].T)
        for each, key in zip(by_label, np.ascontiguousarray(order[:, some].T), strict=True):
            places = np.argsort(key)
            ranked = key[places]
            # Of photos that are equal all take the value of the first.
            is_first = np.append(True, ranked[1:] != ranked[:-1])
            each[places] = each[np.maximum.accumulate(np.where(is_first, ranks, 0))]
        dealt[:, some] = by_label.T
    return dealt

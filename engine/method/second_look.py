"""A second look at the pseudo labels: each label's photos are ordered again by what all labels say of them.

How likely a photo shows a chair is told by its probabilities of table, sofa and horse as well. One step of
self-training in closed form reads this from the collection itself, with no truth; docs/results.md has what it gains.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]

_LEAST_PROBABILITY = 1e-12


def predict_from_all_labels(pseudo_labels: Floats, *probabilities: Floats, penalty: float = 30.0) -> Floats:
    """What a linear model on the probabilities of all labels makes of each pseudo label.

    Ridge regression (Hoerl and Kennard, 1970) from the log probabilities, centred by label, to the pseudo labels,
    which are its only teacher (Lee, "Pseudo-Label", 2013): W = (F'F + penalty I)^-1 F'(S - mean S). Each photo's row
    of F has unit length, so that no photo outshouts the others. Time and memory grow with the photos, not their square.

    Args:
        pseudo_labels: S, photos x labels, from 0 to 1.
        probabilities: one or more of photos x labels each, from 0 to 1.
        penalty: in photos: with fewer than these there is little to learn. Anything from 10 to 100 will do.

    Returns:
        photos x labels, from 0 to 1; each label's mean where there is nothing to learn from.
    """
    if pseudo_labels.ndim != 2 or any(each.ndim != 2 or len(each) != len(pseudo_labels) for each in probabilities):
        shapes = [each.shape for each in (pseudo_labels, *probabilities)]
        raise ValueError(f"Expected arguments of photos x labels with as many photos each, but got shapes {shapes}.")
    if not pseudo_labels.size:
        return pseudo_labels
    features = np.log(np.maximum(np.concatenate(probabilities, axis=1), _LEAST_PROBABILITY))
    features -= features.mean(axis=0)
    # A photo that is as all others are tells nothing, and keeps its row of zeros.
    features /= np.maximum(np.linalg.norm(features, axis=1, keepdims=True), _LEAST_PROBABILITY)
    means = pseudo_labels.mean(axis=0)
    gram = features.T @ features
    gram[np.diag_indices_from(gram)] += penalty
    weights = np.linalg.solve(gram, features.T @ (pseudo_labels - means))
    return (means + features @ weights).clip(0, 1)


def put_in_order(values: Floats, order: Floats) -> Floats:
    """Deal each label's values out anew: the highest to the photo that is highest in `order`, and so on.

    How often a label has a score stays as it was, and so does what a threshold takes; only which photos have it may
    change. Photos that are equal in `order` get equal values.

    Args:
        values: photos x labels.
        order: photos x labels.
    """
    if values.ndim != 2 or values.shape != order.shape:
        raise ValueError(
            f"Expected arguments `values` and `order` to be photos x labels, but got {values.shape} and {order.shape}."
        )
    if not values.size:
        return values
    dealt = np.empty_like(values.T, order="C")
    for label, (each, key) in enumerate(zip(values.T, order.T, strict=True)):
        places = np.argsort(key)
        ranked = key[places]
        dealt[label, places] = np.sort(each)[np.searchsorted(ranked, ranked)]
    return np.ascontiguousarray(dealt.T)

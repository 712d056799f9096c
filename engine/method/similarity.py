"""From similarities to probabilities over the labels."""

from __future__ import annotations

import math

from engine.method.arrays import Array, softmax


def label_means(similarities: Array) -> Array:
    """Mean similarity of each label over everything but the last axis: … x labels to labels.

    >>> import numpy as np
    >>> label_means(np.array([[0.25, 0.5], [0.75, 0.0]]))
    array([0.5 , 0.25])
    """
    axes = tuple(range(similarities.ndim - 1))
    return similarities.mean(axes) if axes else similarities


def centre_by_label(similarities: Array, means: Array | None = None) -> Array:
    """Subtract from each similarity the mean of its label, which needs no truth.

    A label whose text is close to every photo would otherwise win everywhere.

    Args:
        similarities: … x labels.
        means: labels; by default `label_means(similarities)`. Give the means over the whole collection when
            `similarities` is a part of it.

    Returns:
        … x labels, each label's mean over all other axes 0 (with the default means).

    >>> import numpy as np
    >>> centre_by_label(np.array([[0.25, 0.5], [0.75, 0.0]]))
    array([[-0.25,  0.25],
           [ 0.25, -0.25]])
    """
    if similarities.ndim == 0:
        raise ValueError("Expected argument `similarities` to be … x labels, but got a single number.")
    if means is None:
        if 0 in tuple(similarities.shape):
            return similarities
        means = label_means(similarities)
    elif tuple(means.shape) != tuple(similarities.shape[-1:]):
        raise ValueError(
            f"Expected argument `means` to hold one value for each of {similarities.shape[-1]} labels, "
            f"but got shape {tuple(means.shape)}."
        )
    return similarities - means


def class_probabilities(similarities: Array, temperature: float) -> Array:
    """softmax_c(similarity / tau) over the last axis, the labels.

    Args:
        similarities: … x labels.
        temperature: tau > 0, by which similarities are *divided*. CLIP's own is 1 / exp(logit_scale) = 0.01.

    Returns:
        … x labels, from 0 to 1, each row with the sum 1.

    >>> import numpy as np
    >>> class_probabilities(np.array([0.25, 0.25, 0.20]), temperature=0.01).round(3)
    array([0.498, 0.498, 0.003])
    """
    if not (math.isfinite(temperature) and temperature > 0):
        raise ValueError(f"Expected argument `temperature` to be a number above 0, but got {temperature}.")
    if similarities.ndim == 0 or similarities.shape[-1] == 0:
        raise ValueError(
            f"Expected argument `similarities` to be … x labels with at least one label, "
            f"but got shape {tuple(similarities.shape)}."
        )
    return softmax(similarities / temperature)

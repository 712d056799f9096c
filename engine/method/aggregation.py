"""From the probabilities of the snippets to the initial pseudo labels of a photo.

Abdelfattah et al., CDUL, ICCV 2023 (arXiv 2307.16634), section 3.1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.method.arrays import Array, check_same_shape, is_tensor, log_sum_exp
from engine.method.similarity import class_probabilities


def aggregate_min_max(local_probabilities: Array, threshold: float) -> Array:
    """CDUL's aggregator: for each label the best snippet if it reaches the threshold, else the worst.

    alpha_c = max_j S_local[j, c]; beta_c = min_j S_local[j, c]; alpha_c if alpha_c >= zeta else beta_c.

    Args:
        local_probabilities: … x snippets x labels, from 0 to 1.
        threshold: zeta, from 0 to 1. With 0 this is the plain maximum.

    Returns:
        … x labels.

    >>> aggregate_min_max(np.array([[0.9, 0.1], [0.6, 0.4]]), threshold=0.5)
    array([0.9, 0.1])
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"Expected argument `threshold` to be from 0 to 1, but got {threshold}.")
    _check_snippets("local_probabilities", local_probabilities)
    if is_tensor(local_probabilities):
        best = local_probabilities.amax(-2)
        return best.where(best >= threshold, local_probabilities.amin(-2))
    best = local_probabilities.max(axis=-2)
    return np.where(best >= threshold, best, local_probabilities.min(axis=-2))


def contrast_probabilities(local_similarities: Array, temperature: float) -> Array:
    """How far each label's best snippet stands out from its worst, as probabilities over the labels.

    softmax_c((max_j p[j, c] - min_j p[j, c]) / (tau sqrt 2)): a small thing is in one snippet and not in another,
    a label that is merely close to everything is in all of them. The square root of 2 is there because a difference of
    two similarities is that much noisier than one.

    Args:
        local_similarities: … x snippets x labels; whether they were centred by label makes no difference.
        temperature: tau > 0, as for `class_probabilities`.

    Returns:
        … x labels, from 0 to 1.

    >>> contrast_probabilities(np.array([[0.30, 0.25], [0.20, 0.25]]), temperature=0.05).round(2)
    array([0.8, 0.2])
    """
    _check_snippets("local_similarities", local_similarities)
    if is_tensor(local_similarities):
        contrast = local_similarities.amax(-2) - local_similarities.amin(-2)
    else:
        contrast = local_similarities.max(axis=-2) - local_similarities.min(axis=-2)
    return class_probabilities(contrast, math.sqrt(2) * temperature)


def log_abundance(whole_similarities: Array, local_similarities: Array, temperature: float) -> Array:
    """How much more a photo's best snippets show than the whole photo does, as a logarithm.

    log(sum_c exp(max_j p[j, c] / tau) / sum_c exp(p[c] / tau)): about 0 for one thing that fills the photo, more where
    each of several things has a snippet to itself. A softmax cannot tell these apart, since its labels share 1 anyway.

    Args:
        whole_similarities: … x labels, centred as for `class_probabilities`.
        local_similarities: … x snippets x labels, likewise.
        temperature: tau > 0. What is added to all similarities of a photo makes no difference.

    Returns:
        … x 1.

    >>> whole, snippets = np.array([0.2, 0.2]), np.array([[0.3, 0.1], [0.1, 0.3]])
    >>> log_abundance(whole, snippets, temperature=0.1).round(2)
    array([1.])
    """
    _check_snippets("local_similarities", local_similarities)
    first = local_similarities[..., 0, :]
    check_same_shape("whole_similarities", whole_similarities, "local_similarities[..., 0, :]", first)
    best = local_similarities.amax(-2) if is_tensor(local_similarities) else local_similarities.max(axis=-2)
    return log_sum_exp(best / temperature) - log_sum_exp(whole_similarities / temperature)


def initial_pseudo_labels(global_probabilities: Array, aggregated: Array) -> Array:
    """S_init = (S_global + S_agg) / 2, both … x labels, from 0 to 1.

    >>> initial_pseudo_labels(np.array([0.75, 0.25]), np.array([0.25, 0.75]))
    array([0.5, 0.5])
    """
    check_same_shape("global_probabilities", global_probabilities, "aggregated", aggregated)
    return (global_probabilities + aggregated) / 2


def _check_snippets(name: str, values: Any) -> None:
    if values.ndim < 2 or values.shape[-2] == 0:
        raise ValueError(
            f"Expected argument `{name}` to be … x snippets x labels with at least one snippet, "
            f"but got shape {tuple(values.shape)}."
        )

"""From the probabilities of the snippets to the initial pseudo labels of a photo.

Abdelfattah et al., CDUL, ICCV 2023 (arXiv 2307.16634), section 3.1.
"""

from __future__ import annotations

import numpy as np

from engine.method.arrays import Array, check_same_shape, is_tensor


def aggregate_min_max(local_probabilities: Array, threshold: float) -> Array:
    """CDUL's aggregator: for each label the best snippet if it reaches the threshold, else the worst.

    alpha_c = max_j S_local[j, c]; beta_c = min_j S_local[j, c]; alpha_c if alpha_c >= zeta else beta_c.

    Args:
        local_probabilities: … x snippets x labels, from 0 to 1.
        threshold: zeta, from 0 to 1. With 0 this is the plain maximum.

    Returns:
        … x labels.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"Expected argument `threshold` to be from 0 to 1, but got {threshold}.")
    if local_probabilities.ndim < 2 or local_probabilities.shape[-2] == 0:
        raise ValueError(
            "Expected argument `local_probabilities` to be … x snippets x labels with at least one snippet, "
            f"but got shape {tuple(local_probabilities.shape)}."
        )
    if is_tensor(local_probabilities):
        best = local_probabilities.amax(-2)
        return best.where(best >= threshold, local_probabilities.amin(-2))
    best = local_probabilities.max(axis=-2)
    return np.where(best >= threshold, best, local_probabilities.min(axis=-2))


def initial_pseudo_labels(global_probabilities: Array, aggregated: Array) -> Array:
    """S_init = (S_global + S_agg) / 2, both … x labels."""
    check_same_shape("global_probabilities", global_probabilities, "aggregated", aggregated)
    return (global_probabilities + aggregated) / 2

"""Between the probability of a label and its log odds, the latent."""

from __future__ import annotations

import numpy as np

from engine.method.arrays import Array, is_tensor

SMALLEST = 1e-6
"""Probabilities are held this far from 0 and 1, so that the latent of a decision is finite."""


def to_latent(probabilities: Array) -> Array:
    """log(y / (1 - y)): any shape, y from 0 to 1, held `SMALLEST` from both ends.

    >>> to_latent(np.array([0.5, 0.9])).round(2)
    array([0. , 2.2])
    """
    held = held_inside(probabilities)
    odds = held / (1 - held)
    return odds.log() if is_tensor(odds) else np.log(odds)


def from_latent(latent: Array) -> Array:
    """The sigmoid, 1 / (1 + exp(-latent)): any shape, safe from overflow.

    >>> from_latent(np.array([0.0, 2.2])).round(2)
    array([0.5, 0.9])
    """
    if is_tensor(latent):
        return latent.sigmoid()
    with np.errstate(over="ignore"):  # to infinity, which makes the 0 that it should
        return 1 / (1 + np.exp(-latent))


def held_inside(probabilities: Array) -> Array:
    """The same, but no nearer than `SMALLEST` to 0 or 1."""
    return probabilities.clip(SMALLEST, 1 - SMALLEST)

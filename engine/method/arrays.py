"""Arithmetic on arrays that several formulas share; most of it takes torch tensors too, without importing torch."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Array = TypeVar("Array", bound=Any)
"""A NumPy array or a torch tensor: what goes in comes out."""


def is_tensor(values: Any) -> bool:
    """Whether it is a tensor of torch."""
    return type(values).__module__.partition(".")[0] == "torch"


def softmax(values: Array) -> Array:
    """Softmax over the last axis, safe from overflow."""
    if is_tensor(values):
        return values.softmax(-1)
    exponentials = np.exp(values - values.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def log_sum_exp(values: Array) -> Array:
    """log(sum(exp(values))) over the last axis, which stays with length 1; safe from overflow."""
    if is_tensor(values):
        return values.logsumexp(-1, keepdim=True)
    highest = values.max(axis=-1, keepdims=True)
    return highest + np.log(np.exp(values - highest).sum(axis=-1, keepdims=True))


def unit_vectors(vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """NumPy vectors over the last axis, made as long as 1, float32; 0 stays 0."""
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=-1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def check_same_shape(name_a: str, a: Any, name_b: str, b: Any) -> None:
    """ValueError that names both arguments unless their shapes are equal."""
    if tuple(a.shape) != tuple(b.shape):
        raise ValueError(
            f"Expected arguments `{name_a}` and `{name_b}` to have the same shape, "
            f"but got {tuple(a.shape)} and {tuple(b.shape)}."
        )

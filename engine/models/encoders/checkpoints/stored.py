"""A tensor that lies in a file: its name, shape and kind are known before its numbers are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from engine.models.encoders.encoder import EncoderUnavailable


class CheckpointUnreadable(EncoderUnavailable):
    """A file of weights is damaged, or of a kind that is not read; the message says which."""


@dataclass(frozen=True)
class StoredTensor:
    """A tensor in a file. `read` reads its numbers; until then it costs nothing, whatever shape it claims."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    read: Callable[[], torch.Tensor]


def in_memory(tensor: torch.Tensor) -> StoredTensor:
    """One that was read already."""
    return StoredTensor(tuple(tensor.shape), tensor.dtype, lambda: tensor)


Tensors = Mapping[str, StoredTensor]
"""What a file holds, by dotted names."""


def turned(tensor: StoredTensor) -> StoredTensor:
    """Rows as columns."""
    return StoredTensor(tensor.shape[::-1], tensor.dtype, lambda: tensor.read().T)


def viewed(tensor: StoredTensor, shape: tuple[int, ...]) -> StoredTensor:
    """As many numbers in another shape."""
    return StoredTensor(shape, tensor.dtype, lambda: tensor.read().reshape(shape))


def stacked(parts: Sequence[StoredTensor]) -> StoredTensor:
    """Tensors of one shape, one below the other."""
    first = parts[0]
    shape = (first.shape[0] * len(parts), *first.shape[1:])
    return StoredTensor(shape, first.dtype, lambda: torch.cat([part.read() for part in parts]))


def thirds(tensor: StoredTensor, first: int, last: int) -> StoredTensor:
    """Of a tensor in three equal parts, one below the other, those from the first to before the last."""
    rows = tensor.shape[0] // 3
    shape = (rows * (last - first), *tensor.shape[1:])
    return StoredTensor(shape, tensor.dtype, lambda: tensor.read()[first * rows : last * rows])

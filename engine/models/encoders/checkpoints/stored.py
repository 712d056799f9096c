"""A tensor that lies in a file: its name, shape and kind are known before its numbers, and torch, are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.models.encoders.encoder import EncoderUnavailable

if TYPE_CHECKING:
    import torch


class CheckpointUnreadable(EncoderUnavailable):
    """A file of weights is damaged, or of a kind that is not read; the message says which."""


@dataclass(frozen=True)
class StoredTensor:
    """A tensor in a file. `read` reads its numbers; until then it costs nothing, whatever shape it claims."""

    shape: tuple[int, ...]
    kind: str
    """Of its numbers, as torch calls it: float16, bfloat16, float32 …"""
    read: Callable[[], torch.Tensor]


def in_memory(tensor: torch.Tensor) -> StoredTensor:
    """One that was read already."""
    return StoredTensor(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), lambda: tensor)


Tensors = Mapping[str, StoredTensor]
"""What a file holds, by dotted names."""


def turned(tensor: StoredTensor) -> StoredTensor:
    """Rows as columns."""
    return StoredTensor(tensor.shape[::-1], tensor.kind, lambda: tensor.read().T)


def viewed(tensor: StoredTensor, shape: tuple[int, ...]) -> StoredTensor:
    """As many numbers in another shape."""
    return StoredTensor(shape, tensor.kind, lambda: tensor.read().reshape(shape))


def stacked(parts: Sequence[StoredTensor]) -> StoredTensor:
    """Tensors of one shape, one below the other."""
    first = parts[0]
    shape = (first.shape[0] * len(parts), *first.shape[1:])

    def read() -> torch.Tensor:
        import torch

        return torch.cat([part.read() for part in parts])

    return StoredTensor(shape, first.kind, read)


def thirds(tensor: StoredTensor, first: int, last: int) -> StoredTensor:
    """Of a tensor in three equal parts, one below the other, those from the first to before the last."""
    rows = tensor.shape[0] // 3
    shape = (rows * (last - first), *tensor.shape[1:])
    return StoredTensor(shape, tensor.kind, lambda: tensor.read()[first * rows : last * rows])


def zeros(shape: tuple[int, ...]) -> StoredTensor:
    """One that a file leaves out."""

    def read() -> torch.Tensor:
        import torch

        return torch.zeros(shape)

    return StoredTensor(shape, "float32", read)

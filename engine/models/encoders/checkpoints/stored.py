"""A tensor that lies in a file: its name, shape and kind are known before its numbers are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

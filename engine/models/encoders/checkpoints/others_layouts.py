"""Weights under the names that open_clip has for them, whoever gave them others."""

from __future__ import annotations

from engine.models.encoders.checkpoints.perception_layout import is_perception_layout, of_perception
from engine.models.encoders.checkpoints.stored import Tensors
from engine.models.encoders.checkpoints.transformers_layout import (
    is_siglip_layout,
    is_transformers_layout,
    of_transformers,
)


def in_open_clips_names(tensors: Tensors) -> Tensors:
    """The same weights; none of their numbers is read for it."""
    if is_transformers_layout(tensors) or is_siglip_layout(tensors):
        return of_transformers(tensors)
    return of_perception(tensors) if is_perception_layout(tensors) else tensors

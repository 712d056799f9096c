"""CLIP as Hugging Face's transformers keeps it: the same network under other names, in the way open_clip has them.

Names after `transformers/models/clip/modeling_clip.py`. There queries, keys and values are three layers, here one; and
the projections are layers there, and matrices that are multiplied from the right here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import torch

from engine.models.encoders.checkpoints.stored import StoredTensor, Tensors

_WHOLE = {
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "vision_model.pre_layrnorm.weight": "visual.ln_pre.weight",  # their spelling
    "vision_model.pre_layrnorm.bias": "visual.ln_pre.bias",
    "vision_model.post_layernorm.weight": "visual.ln_post.weight",
    "vision_model.post_layernorm.bias": "visual.ln_post.bias",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.final_layer_norm.weight": "ln_final.weight",
    "text_model.final_layer_norm.bias": "ln_final.bias",
    "logit_scale": "logit_scale",
}
_TURNED = {"visual_projection.weight": "visual.proj", "text_projection.weight": "text_projection"}
_NOT_WEIGHTS = re.compile(r"(vision|text)_model\.embeddings\.position_ids")
_LAYER = re.compile(r"(vision|text)_model\.encoder\.layers\.(\d+)\.(.+)\.(weight|bias)")
_IN_LAYER = {
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
_QUERY_KEY_VALUE = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")


def is_transformers_layout(tensors: Tensors) -> bool:
    """Whether these are the names that transformers gives a CLIP."""
    return any(name.startswith("vision_model.") for name in tensors) and "visual_projection.weight" in tensors


def of_transformers(tensors: Tensors) -> dict[str, StoredTensor]:
    """The same weights under open_clip's names. What has no place there keeps its name, and will be said not to fit."""
    renamed: dict[str, StoredTensor] = {}
    for name, tensor in tensors.items():
        layer = _LAYER.fullmatch(name)
        if name in _WHOLE:
            renamed[_WHOLE[name]] = tensor
        elif name in _TURNED:
            renamed[_TURNED[name]] = _turned(tensor)
        elif layer is None:
            if not _NOT_WEIGHTS.fullmatch(name):
                renamed[name] = tensor
        else:
            tower, number, part, kind = layer.groups()
            blocks = "visual.transformer.resblocks" if tower == "vision" else "transformer.resblocks"
            if part in _IN_LAYER:
                renamed[f"{blocks}.{number}.{_IN_LAYER[part]}.{kind}"] = tensor
            elif part == _QUERY_KEY_VALUE[0]:
                stem = f"{tower}_model.encoder.layers.{number}"
                parts = [tensors.get(f"{stem}.{one}.{kind}") for one in _QUERY_KEY_VALUE]
                together = [one for one in parts if one is not None and one.shape == tensor.shape]
                if len(together) == len(_QUERY_KEY_VALUE) and tensor.shape:
                    renamed[f"{blocks}.{number}.attn.in_proj_{kind}"] = _stacked(together)
                else:
                    renamed[name] = tensor
            elif part not in _QUERY_KEY_VALUE:
                renamed[name] = tensor
    return renamed


def _turned(tensor: StoredTensor) -> StoredTensor:
    return StoredTensor(tensor.shape[::-1], tensor.dtype, lambda: tensor.read().T)


def _stacked(parts: list[StoredTensor]) -> StoredTensor:
    first = parts[0]
    readers: list[Callable[[], torch.Tensor]] = [part.read for part in parts]
    return StoredTensor(
        (first.shape[0] * len(parts), *first.shape[1:]), first.dtype, lambda: torch.cat([read() for read in readers])
    )

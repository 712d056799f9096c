"""CLIP and SigLIP as Hugging Face's transformers keeps them: the same networks under other names than open_clip's.

Names after transformers' `modeling_clip.py` and `modeling_siglip.py`. There queries, keys and values are three layers,
here one; and CLIP's projections are layers there, and matrices that are multiplied from the right here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.models.encoders.checkpoints.stored import StoredTensor, Tensors, stacked, thirds, turned, viewed

_OF_OPEN_CLIP = {
    "self_attn.out_proj": "attn.out_proj.",
    "layer_norm1": "ln_1.",
    "layer_norm2": "ln_2.",
    "mlp.fc1": "mlp.c_fc.",
    "mlp.fc2": "mlp.c_proj.",
    "self_attn.q_proj": "attn.in_proj_",
}
_OF_TIMM = {
    "self_attn.out_proj": "attn.proj.",
    "layer_norm1": "norm1.",
    "layer_norm2": "norm2.",
    "mlp.fc1": "mlp.fc1.",
    "mlp.fc2": "mlp.fc2.",
    "self_attn.q_proj": "attn.qkv.",
}
_QUERY_KEY_VALUE = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")


@dataclass(frozen=True)
class _Layout:
    """`whole`: names as they are here, by those there; one that ends with a point stands for weight and bias.

    `blocks`: of photos and of texts, where the layers are here, and what their parts are called.
    """

    whole: dict[str, str]
    blocks: dict[str, tuple[str, dict[str, str]]]
    turned: dict[str, str] = field(default_factory=dict)


_CLIP = _Layout(
    {
        "vision_model.embeddings.class_embedding": "visual.class_embedding",
        "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
        "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
        "vision_model.pre_layrnorm.": "visual.ln_pre.",  # their spelling
        "vision_model.post_layernorm.": "visual.ln_post.",
        "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
        "text_model.embeddings.position_embedding.weight": "positional_embedding",
        "text_model.final_layer_norm.": "ln_final.",
    },
    {
        "vision": ("visual.transformer.resblocks", _OF_OPEN_CLIP),
        "text": ("transformer.resblocks", _OF_OPEN_CLIP),
    },
    {"visual_projection.weight": "visual.proj", "text_projection.weight": "text_projection"},
)
_SIGLIP = _Layout(
    {
        "vision_model.embeddings.patch_embedding.": "visual.trunk.patch_embed.proj.",
        "vision_model.embeddings.position_embedding.weight": "visual.trunk.pos_embed",
        "vision_model.post_layernorm.": "visual.trunk.norm.",
        "vision_model.head.probe": "visual.trunk.attn_pool.latent",
        "vision_model.head.attention.out_proj.": "visual.trunk.attn_pool.proj.",
        "vision_model.head.layernorm.": "visual.trunk.attn_pool.norm.",
        "vision_model.head.mlp.fc1.": "visual.trunk.attn_pool.mlp.fc1.",
        "vision_model.head.mlp.fc2.": "visual.trunk.attn_pool.mlp.fc2.",
        "text_model.embeddings.token_embedding.weight": "text.token_embedding.weight",
        "text_model.embeddings.position_embedding.weight": "text.positional_embedding",
        "text_model.final_layer_norm.": "text.ln_final.",
        "text_model.head.": "text.text_projection.",
    },
    {
        "vision": ("visual.trunk.blocks", _OF_TIMM),
        "text": ("text.transformer.resblocks", _OF_OPEN_CLIP),
    },
)
_NOT_WEIGHTS = re.compile(r"(vision|text)_model\.embeddings\.position_ids")
_LAYER = re.compile(r"(vision|text)_model\.encoder\.layers\.(\d+)\.(.+)\.(weight|bias)")
_POOL = "vision_model.head.attention.in_proj_"


def is_transformers_layout(tensors: Tensors) -> bool:
    """Whether these are the names that transformers gives a CLIP."""
    return any(name.startswith("vision_model.") for name in tensors) and "visual_projection.weight" in tensors


def is_siglip_layout(tensors: Tensors) -> bool:
    """Whether these are the names that transformers gives a SigLIP."""
    return "vision_model.head.probe" in tensors and "text_model.head.weight" in tensors


def of_transformers(tensors: Tensors) -> dict[str, StoredTensor]:
    """The same weights under open_clip's names. What has no place there keeps its name, and will be said not to fit."""
    layout = _SIGLIP if is_siglip_layout(tensors) else _CLIP
    renamed: dict[str, StoredTensor] = {}
    for name, tensor in tensors.items():
        stem, point, kind = name.rpartition(".")
        layer = _LAYER.fullmatch(name)
        if name in layout.whole:
            renamed[layout.whole[name]] = tensor
        elif stem + point in layout.whole:
            renamed[layout.whole[stem + point] + kind] = tensor
        elif name in layout.turned:
            renamed[layout.turned[name]] = turned(tensor)
        elif name.startswith(_POOL) and tensor.shape:
            kind = name.removeprefix(_POOL)
            renamed[f"visual.trunk.attn_pool.q.{kind}"] = thirds(tensor, 0, 1)
            renamed[f"visual.trunk.attn_pool.kv.{kind}"] = thirds(tensor, 1, 3)
        elif layer is not None:
            renamed |= _of_layer(tensors, layout, layer)
        elif not _NOT_WEIGHTS.fullmatch(name):
            renamed[name] = tensor
    if (places := renamed.get("visual.trunk.pos_embed")) is not None:
        renamed["visual.trunk.pos_embed"] = viewed(places, (1, *places.shape))
    return renamed


def _of_layer(tensors: Tensors, layout: _Layout, layer: re.Match[str]) -> dict[str, StoredTensor]:
    """A tensor of one layer under its name here; keys and values go with the queries."""
    name, tensor = layer[0], tensors[layer[0]]
    tower, number, part, kind = layer.groups()
    blocks, names = layout.blocks[tower]
    if part == _QUERY_KEY_VALUE[0]:
        stem = f"{tower}_model.encoder.layers.{number}"
        parts = [tensors.get(f"{stem}.{one}.{kind}") for one in _QUERY_KEY_VALUE]
        together = [one for one in parts if one is not None and one.shape == tensor.shape]
        if len(together) != len(_QUERY_KEY_VALUE) or not tensor.shape:
            return {name: tensor}
        tensor = stacked(together)
    elif part in _QUERY_KEY_VALUE:
        return {}
    return {f"{blocks}.{number}.{names[part]}{kind}" if part in names else name: tensor}

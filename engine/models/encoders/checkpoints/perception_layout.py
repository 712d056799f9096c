"""The Perception Encoder as Meta published it, whose network for photos open_clip takes from timm under other names."""

from __future__ import annotations

from engine.models.encoders.checkpoints.stored import StoredTensor, Tensors, thirds, turned, viewed, zeros

_HERE = "visual.trunk."
_NAMES = (
    ("attn_pool.attn.out_proj.", "attn_pool.proj."),
    ("attn_pool.layernorm.", "attn_pool.norm."),
    ("attn_pool.probe", "attn_pool.latent"),
    ("transformer.resblocks.", "blocks."),
    ("conv1.", "patch_embed.proj."),
    ("ln_pre.", "norm_pre."),
    ("ln_post.", "norm."),
    ("ln_", "norm"),
    ("ls_1.gamma", "gamma_1"),
    ("ls_2.gamma", "gamma_2"),
    ("attn.in_proj_", "attn.qkv."),
    ("attn.out_proj.", "attn.proj."),
    ("mlp.c_fc.", "mlp.fc1."),
    ("mlp.c_proj.", "mlp.fc2."),
)
_POOL = "attn_pool.attn.in_proj_"


def is_perception_layout(tensors: Tensors) -> bool:
    """Whether these are Meta's names."""
    return "visual.attn_pool.probe" in tensors and "visual.conv1.weight" in tensors


def of_perception(tensors: Tensors) -> dict[str, StoredTensor]:
    """The same weights under open_clip's names. What has no place there will be said not to fit."""
    renamed: dict[str, StoredTensor] = {}
    for name, tensor in tensors.items():
        there = name.removeprefix("visual.")
        if there == name:
            renamed[name] = tensor
        elif there == "class_embedding":
            renamed[f"{_HERE}cls_token"] = viewed(tensor, (1, 1, *tensor.shape))
        elif there == "positional_embedding":
            renamed[f"{_HERE}pos_embed"] = viewed(tensor, (1, *tensor.shape))
        elif there == "proj":
            renamed[f"{_HERE}head.weight"] = turned(tensor)
            renamed[f"{_HERE}head.bias"] = zeros(tensor.shape[-1:])
        elif there.startswith(_POOL) and tensor.shape:
            kind = there.removeprefix(_POOL)
            renamed[f"{_HERE}attn_pool.q.{kind}"] = thirds(tensor, 0, 1)
            renamed[f"{_HERE}attn_pool.kv.{kind}"] = thirds(tensor, 1, 3)
        elif not there.startswith("rope."):  # follows from the size of the photo
            for old, new in _NAMES:
                there = there.replace(old, new)
            renamed[_HERE + there] = tensor
    return renamed

"""The Perception Encoder as Meta published it: the same network as open_clip's conversion of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from small_clips import FAMILIES, pictures, random_weights, small_architectures
from timm.models.eva import checkpoint_filter_fn

from engine.models.encoders.clip_encoder import ClipEncoder

MODEL = "PE-Core-S-16-384"
TO_METAS = (
    ("visual.trunk.blocks.", "visual.transformer.resblocks."),
    ("visual.trunk.patch_embed.proj.", "visual.conv1."),
    ("visual.trunk.norm_pre.", "visual.ln_pre."),
    ("visual.trunk.norm.", "visual.ln_post."),
    ("visual.trunk.attn_pool.proj.", "visual.attn_pool.attn.out_proj."),
    ("visual.trunk.attn_pool.norm.", "visual.attn_pool.layernorm."),
    ("visual.trunk.attn_pool.latent", "visual.attn_pool.probe"),
    ("visual.trunk.attn_pool.", "visual.attn_pool."),
    (".norm1.", ".ln_1."),
    (".norm2.", ".ln_2."),
    (".gamma_1", ".ls_1.gamma"),
    (".gamma_2", ".ls_2.gamma"),
    (".attn.qkv.", ".attn.in_proj_"),
    (".attn.proj.", ".attn.out_proj."),
    (".mlp.fc1.", ".mlp.c_fc."),
    (".mlp.fc2.", ".mlp.c_proj."),
    ("text.", ""),
)


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with small_architectures(tmp_path_factory.mktemp("architectures")):
        yield


def as_meta_has_it(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """open_clip's weights under Meta's names."""
    there: dict[str, torch.Tensor] = {}
    pool = "visual.trunk.attn_pool."
    for name, values in weights.items():
        if name.startswith(f"{pool}q."):
            kind = name.rpartition(".")[2]
            there[f"visual.attn_pool.attn.in_proj_{kind}"] = torch.cat([values, weights[f"{pool}kv.{kind}"]])
        elif name == "visual.trunk.head.weight":
            there["visual.proj"] = values.T.contiguous()
        elif name == "visual.trunk.cls_token":
            there["visual.class_embedding"] = values[0, 0]
        elif name == "visual.trunk.pos_embed":
            there["visual.positional_embedding"] = values[0]
        elif not name.startswith((f"{pool}kv.", "visual.trunk.head.bias")):
            for here, meta in TO_METAS:
                name = name.replace(here, meta)
            there[name] = values
    return there


def test_metas_own_file_is_the_network_that_open_clip_publishes(tmp_path: Path) -> None:
    file = random_weights(MODEL, tmp_path / "open_clip.safetensors")
    weights = load_file(file)
    weights["visual.trunk.head.bias"].zero_()  # Meta's has none
    torch.save(weights, tmp_path / "ours.pt")
    theirs = as_meta_has_it(weights)
    torch.save(theirs, tmp_path / "PE-Core-S16-384.pt")

    # timm's own conversion says that these are Meta's names.
    for name, values in checkpoint_filter_fn(dict(theirs), None).items():
        torch.testing.assert_close(weights[f"visual.trunk.{name}"], values)

    tag = FAMILIES[MODEL][0]
    ours, metas = (
        ClipEncoder.open(name, device="cpu", precision="float32")
        for name in (f"{MODEL}:{tmp_path / 'ours.pt'}@{tag}", str(tmp_path / "PE-Core-S16-384.pt"))
    )
    shown = pictures(384)
    np.testing.assert_array_equal(ours.encode_snippets(shown), metas.encode_snippets(shown))
    np.testing.assert_array_equal(ours.encode_labels([["a cat"]]).vectors, metas.encode_labels([["a cat"]]).vectors)
    assert metas.opening is not None
    assert metas.opening.model == MODEL

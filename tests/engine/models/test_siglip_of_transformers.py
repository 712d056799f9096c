"""SigLIP as Hugging Face's transformers keeps it: its embeddings are transformers' own."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import load_file
from small_clips import make_tokenizer
from timm.models import VisionTransformer, register_model
from torch import nn
from torch.nn import functional
from transformers import SiglipConfig, SiglipModel

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import EncoderUnavailable

MODEL = "ViT-B-16-SigLIP"
TEXTS = ["a photo of a cat", "two dogs"]
TOWER: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}


@register_model
def vit_as_small_as_can_be_siglip(**wishes: Any) -> VisionTransformer:
    """timm's network of SigLIP, narrower and with fewer layers."""
    return VisionTransformer(
        img_size=32,
        patch_size=8,
        embed_dim=64,
        depth=2,
        num_heads=2,
        class_token=False,
        global_pool="map",
        num_classes=0,
        act_layer=partial(nn.GELU, approximate="tanh"),
        norm_layer=partial(nn.LayerNorm, eps=1e-6),
    )


@pytest.fixture(autouse=True)
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """open_clip's architecture with these towers."""
    from open_clip import factory

    configuration = open_clip.get_model_config(MODEL)
    configuration["embed_dim"] = 64
    vision = {"image_size": 32, "timm_model_name": "vit_as_small_as_can_be_siglip"}
    configuration["vision_cfg"] |= vision
    text = {"width": 64, "heads": 2, "layers": 2, "vocab_size": 300, "context_length": 16}
    configuration["text_cfg"] |= text | {"act_kwargs": {"approximate": "tanh"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(factory._MODEL_CONFIGS, MODEL, configuration)
        yield


def save(folder: Path) -> SiglipModel:
    configuration = SiglipConfig(
        text_config=TOWER | {"vocab_size": 300, "max_position_embeddings": 16, "projection_size": 64},
        vision_config=TOWER | {"image_size": 32, "patch_size": 8},
    )
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = SiglipModel(configuration).eval()
        for values in network.state_dict().values():
            values.add_(torch.randn_like(values) * 0.2)
    network.save_pretrained(folder)
    make_tokenizer(folder)
    (folder / "config.json").write_text(json.dumps({"model_type": "siglip"}))
    return network


def opened(name: object) -> ClipEncoder:
    return ClipEncoder.open(str(name), device="cpu", precision="float32")


def test_a_folder_and_a_file_as_they_lie_on_the_hub(tmp_path: Path) -> None:
    network = save(tmp_path)
    encoder = opened(tmp_path)
    pictures = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.inference_mode():
        photos = network.vision_model(pixels).pooler_output
        texts = network.text_model(encoder._tokenize(TEXTS)).pooler_output
    np.testing.assert_allclose(encoder.encode_snippets(pictures), functional.normalize(photos, dim=-1), atol=2e-5)
    labels = encoder.encode_labels([[text] for text in TEXTS])
    np.testing.assert_allclose(labels.vectors, functional.normalize(texts, dim=-1), atol=2e-5)
    assert encoder.opening is not None
    assert encoder.opening.model == MODEL
    assert opened(f"{MODEL}:{tmp_path / 'model.safetensors'}").id == encoder.id


def test_what_is_missing_or_of_another_kind_is_named(tmp_path: Path) -> None:
    save(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    del weights["vision_model.encoder.layers.1.self_attn.v_proj.weight"]
    weights["vision_model.adapter.weight"] = torch.zeros(1)
    torch.save(weights, tmp_path / "mine.pt")
    with pytest.raises(EncoderUnavailable, match=r"lacks visual.trunk.blocks.1.attn.qkv.weight; it has no use for"):
        opened(f"{MODEL}:{tmp_path / 'mine.pt'}")

"""CLIP as Hugging Face's transformers keeps it: its embeddings are transformers' own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import EncoderUnavailable

TEXTS = ["a photo of a cat", "two dogs"]
TEXT: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 250,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "bos_token_id": 49406,
}
VISION: dict[str, Any] = {
    "hidden_size": 48,
    "intermediate_size": 100,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "image_size": 32,
    "patch_size": 8,
}
MEAN, STD = [0.3, 0.5, 0.6], [0.4, 0.2, 0.3]


def save(folder: Path, activation: str, **text: Any) -> CLIPModel:
    configuration = CLIPConfig(
        text_config=TEXT | {"hidden_act": activation, **text},
        vision_config=VISION | {"hidden_act": activation},
        projection_dim=32,
    )
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = CLIPModel(configuration).eval()
        for values in network.state_dict().values():
            if values.is_floating_point() and values.ndim == 2:
                values.mul_(8)  # far enough from zero that the activation matters
    network.save_pretrained(folder)
    CLIPImageProcessor(image_mean=MEAN, image_std=STD, size=32, crop_size=32).save_pretrained(folder)
    return network


def tokens() -> torch.Tensor:
    import open_clip

    return open_clip.SimpleTokenizer()(TEXTS)


@torch.inference_mode()
def assert_equal(encoder: ClipEncoder, network: CLIPModel) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    pixels = (torch.from_numpy(pictures) / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    photos = network.visual_projection(network.vision_model(pixels.permute(0, 3, 1, 2)).pooler_output)
    texts = network.text_projection(network.text_model(tokens()).pooler_output)
    np.testing.assert_allclose(encoder.encode_snippets(pictures), functional.normalize(photos, dim=-1), atol=2e-5)
    labels = encoder.encode_labels([[text] for text in TEXTS])
    np.testing.assert_allclose(labels.vectors, functional.normalize(texts, dim=-1), atol=2e-5)


def opened(name: object) -> ClipEncoder:
    return ClipEncoder.open(str(name), device="cpu", precision="float32")


@pytest.mark.parametrize("activation", ["quick_gelu", "gelu"])
@pytest.mark.parametrize("end", [2, 49407])
def test_a_folder_as_it_lies_on_the_hub(activation: str, end: int, tmp_path: Path) -> None:
    network = save(tmp_path, activation, eos_token_id=end)
    encoder = opened(tmp_path)
    assert_equal(encoder, network)
    assert encoder.opening.use.quick_gelu == (activation == "quick_gelu")
    assert encoder.temperature == pytest.approx(1 / network.logit_scale.exp().item())


def test_the_file_alone_in_its_folder_and_inside_of_a_training(tmp_path: Path) -> None:
    network = save(tmp_path, "quick_gelu")
    assert opened(tmp_path / "model.safetensors").id == opened(tmp_path).id
    weights = load_file(tmp_path / "model.safetensors")
    torch.save(
        {"state_dict": {f"model.clip.{name}": values for name, values in weights.items()}}, tmp_path / "mine.ckpt"
    )
    assert_equal(opened(tmp_path / "mine.ckpt"), network)


def test_its_weights_fit_the_architecture_that_they_are_of(tmp_path: Path) -> None:
    save(tmp_path, "quick_gelu")
    (tmp_path / "config.json").unlink()
    with pytest.raises(EncoderUnavailable, match=r"of other shapes are .*visual.class_embedding \(48, not 768\)"):
        opened(f"ViT-B-32:{tmp_path / 'model.safetensors'}@openai")


def test_its_file_under_a_name_of_open_clips_is_used_as_its_folder_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from open_clip import factory

    from engine.models.encoders.checkpoints.transformers_configuration import read_transformers_configuration

    network = save(tmp_path, "quick_gelu")
    configuration = read_transformers_configuration(tmp_path).network
    monkeypatch.setitem(factory._MODEL_CONFIGS, "ViT-B-32", configuration | {"quick_gelu": False})
    file = tmp_path / "model.safetensors"
    assert_equal(opened(f"ViT-B-32:{file}"), network)
    (tmp_path / "config.json").unlink()
    with pytest.raises(EncoderUnavailable, match="does not say how ViT-B-32 is to be used"):
        opened(f"ViT-B-32:{file}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("num_hidden_layers", 10**6),
        ("hidden_size", "64"),
        ("hidden_act", "relu"),
        ("image_size", [1]),
        ("hidden_act", []),
    ],
)
def test_a_configuration_out_of_bounds_is_refused(key: str, value: object, tmp_path: Path) -> None:
    save(tmp_path, "quick_gelu")
    found = json.loads((tmp_path / "config.json").read_text())
    found["vision_config"][key] = value
    (tmp_path / "config.json").write_text(json.dumps(found))
    with pytest.raises(EncoderUnavailable, match=f"config.json describes no CLIP that can be opened here: .*{key}"):
        opened(tmp_path)

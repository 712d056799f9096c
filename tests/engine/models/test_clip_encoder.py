"""Any open_clip model as an encoder: its embeddings are open_clip's own."""

import json
import shutil
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from making import make_tiny_clip, smooth_photo
from PIL import Image
from torch.nn import functional

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import EncoderUnavailable


@pytest.fixture(scope="module")
def reference(tiny_clip: Path):
    """open_clip's own model and transform."""
    model, _, transform = open_clip.create_model_and_transforms(f"local-dir:{tiny_clip}")
    return model.eval(), transform


def snippets() -> np.ndarray:
    return np.stack([np.asarray(smooth_photo(seed, (32, 32))) for seed in range(7)])


@torch.inference_mode()
def test_embeddings_of_snippets_equal_open_clips(tiny_clip_encoder: ClipEncoder, reference) -> None:
    model, transform = reference
    pixels = torch.stack([transform(Image.fromarray(snippet)) for snippet in snippets()])
    expected = functional.normalize(model.encode_image(pixels), dim=-1).numpy()
    embeddings = tiny_clip_encoder.encode_snippets(snippets())
    assert embeddings.shape == (7, tiny_clip_encoder.dimension) == (7, 32)
    np.testing.assert_allclose(embeddings, expected, atol=1e-4)


@torch.inference_mode()
def test_embeddings_of_labels_equal_open_clips(tiny_clip_encoder: ClipEncoder, tiny_clip: Path, reference) -> None:
    tokens = open_clip.get_tokenizer(f"local-dir:{tiny_clip}")(["a cat", "two dogs", "a hound"])
    cat, dogs, hound = functional.normalize(reference[0].encode_text(tokens), dim=-1)
    both = functional.normalize((dogs + hound) / 2, dim=-1)
    labels = tiny_clip_encoder.encode_labels([["a cat"], ["two dogs", "a hound"]])
    np.testing.assert_allclose(labels.vectors, torch.stack([cat, both]), atol=1e-5)


def test_similarity_is_the_cosine_also_of_stored_embeddings(tiny_clip_encoder: ClipEncoder) -> None:
    stored = tiny_clip_encoder.encode_snippets(snippets()).astype(np.float16)
    labels = tiny_clip_encoder.encode_labels([["a cat"], ["a dog"]])
    similarities = tiny_clip_encoder.similarities(stored.reshape(1, 7, -1), labels)
    assert similarities.shape == (1, 7, 2)
    assert similarities.dtype == np.float32
    a, b = stored[3].astype(float), labels.vectors[1].astype(float)
    assert similarities[0, 3, 1] == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-3)


def test_temperature_is_the_models_own(tiny_clip_encoder: ClipEncoder, reference) -> None:
    assert tiny_clip_encoder.temperature == pytest.approx(1 / reference[0].logit_scale.exp().item())


def test_half_precision_is_close_and_has_another_id(tiny_clip: Path, tiny_clip_encoder: ClipEncoder) -> None:
    half = ClipEncoder.open(str(tiny_clip), device="cpu", precision="bfloat16")
    embeddings = half.encode_snippets(snippets())
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(embeddings, tiny_clip_encoder.encode_snippets(snippets()), atol=0.03)
    assert half.id != tiny_clip_encoder.id


def test_the_id_changes_with_the_weights_and_with_nothing_else(tiny_clip: Path, tmp_path: Path) -> None:
    for name in ("moved", "other"):
        (tmp_path / name).mkdir()
    shutil.copytree(tiny_clip, tmp_path / "moved", dirs_exist_ok=True)
    make_tiny_clip(tmp_path / "other", seed=2)
    first, moved, other = (
        ClipEncoder.open(str(folder), device="cpu").id for folder in (tiny_clip, tmp_path / "moved", tmp_path / "other")
    )
    assert first == moved != other


def test_the_id_changes_with_the_pixels_that_the_same_weights_are_fed(tiny_clip: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_clip, tmp_path, dirs_exist_ok=True)
    config = json.loads((tmp_path / "open_clip_config.json").read_text())
    config["preprocess_cfg"]["mean"] = [0.5, 0.5, 0.5]
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    assert ClipEncoder.open(str(tmp_path), device="cpu").id != ClipEncoder.open(str(tiny_clip), device="cpu").id


def test_of_several_checkpoints_the_one_that_was_named(tiny_clip: Path, tmp_path: Path) -> None:
    make_tiny_clip(tmp_path, seed=2)
    shutil.copy(tiny_clip / "open_clip_model.safetensors", tmp_path / "epoch_1.safetensors")
    named = ClipEncoder.open(str(tmp_path / "epoch_1.safetensors"), device="cpu", precision="float32")
    expected = ClipEncoder.open(str(tiny_clip), device="cpu", precision="float32")
    np.testing.assert_array_equal(named.encode_snippets(snippets()), expected.encode_snippets(snippets()))
    with pytest.raises(EncoderUnavailable, match=r"but found 2. Name the file instead"):
        ClipEncoder.open(str(tmp_path))


def test_a_damaged_checkpoint_is_one_sentence(tiny_clip: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_clip, tmp_path, dirs_exist_ok=True)
    weights = tmp_path / "open_clip_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:5000])
    with pytest.raises(EncoderUnavailable, match=r"open_clip_model.safetensors is damaged, or no safetensors: "):
        ClipEncoder.open(str(tmp_path), device="cpu")


def test_weights_that_carry_code_are_not_run(tiny_clip: Path, tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "exploded",)

    shutil.copy(tiny_clip / "open_clip_config.json", tmp_path)
    torch.save(Bomb(), tmp_path / "weights.bin")
    with pytest.raises(EncoderUnavailable):
        ClipEncoder.open(str(tmp_path), device="cpu")
    assert not (tmp_path / "exploded").exists()


def test_a_label_without_a_prompt_is_named(tiny_clip_encoder: ClipEncoder) -> None:
    with pytest.raises(ValueError, match="at least one prompt for each label, but label 1 has none"):
        tiny_clip_encoder.encode_labels([["a cat"], []])


def test_no_labels(tiny_clip_encoder: ClipEncoder) -> None:
    assert tiny_clip_encoder.encode_labels([]).vectors.shape == (0, 32)

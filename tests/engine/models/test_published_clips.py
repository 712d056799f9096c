"""Every family of CLIP, from the hub's cache, a file or a folder: its embeddings are those of open_clip's factory."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from small_clips import FAMILIES, folder_of, pictures, publish, random_weights, small_architectures
from torch.nn import functional

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import EncoderUnavailable

TEXTS = ["a photo of a cat", "Two dogs, on the beach!"]


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with small_architectures(tmp_path_factory.mktemp("architectures")):
        yield


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Filled by those tests that need them."""
    return {"folder": tmp_path_factory.mktemp("weights")}


def weights_of(model: str, weights: dict[str, Path]) -> Path:
    if model not in weights:
        weights[model] = random_weights(model, weights["folder"] / f"{model}.safetensors")
    return weights[model]


def opened(name: str) -> ClipEncoder:
    return ClipEncoder.open(name, device="cpu", precision="float32")


@torch.inference_mode()
def embedded_by_open_clip(model: str, tag: str) -> tuple[np.ndarray, np.ndarray]:
    network, _, transform = open_clip.create_model_and_transforms(
        model, pretrained=tag, force_quick_gelu=quick(model, tag)
    )
    network.eval()
    side = open_clip.get_model_config(model)["vision_cfg"]["image_size"]
    pixels = torch.stack([transform(Image.fromarray(picture)) for picture in pictures(side)])
    photos = functional.normalize(network.encode_image(pixels), dim=-1)
    texts = functional.normalize(network.encode_text(open_clip.get_tokenizer(model)(TEXTS)), dim=-1)
    return photos.numpy(), texts.numpy()


def quick(model: str, tag: str) -> bool:
    """open_clip only warns where the activation of a published model is not that of the architecture's name."""
    return bool(open_clip.get_pretrained_cfg(model, tag).get("quick_gelu"))


def assert_equal(encoder: ClipEncoder, expected: tuple[np.ndarray, np.ndarray]) -> None:
    photos = encoder.encode_snippets(pictures(encoder.input_size))
    np.testing.assert_allclose(photos, expected[0], atol=2e-5)
    np.testing.assert_allclose(encoder.encode_labels([[text] for text in TEXTS]).vectors, expected[1], atol=2e-5)


@pytest.mark.parametrize("model", FAMILIES)
def test_from_the_cache_a_file_and_a_folder_as_open_clip_does(
    model: str, weights: dict[str, Path], tmp_path: Path
) -> None:
    tag = FAMILIES[model][0]
    cached = publish(model, tag, weights_of(model, weights))
    expected = embedded_by_open_clip(model, tag)
    assert_equal(opened(f"{model}:{tag}"), expected)
    assert_equal(opened(f"{model}:{cached}"), expected)
    assert_equal(opened(str(folder_of(model, tag, cached, tmp_path / "folder"))), expected)
    copied = shutil.copy(cached, tmp_path / "copy.safetensors")
    assert_equal(opened(f"{model}:{copied}@{tag}"), expected)


@pytest.mark.parametrize("model", ["ViT-B-32", "ViT-B-16", "ViT-L-14", "RN50x64", "MobileCLIP2-S2", "PE-Core-B-16"])
def test_a_file_that_says_nothing_is_used_as_all_published_ones_are_or_asked_about(
    model: str, weights: dict[str, Path], tmp_path: Path
) -> None:
    tag = FAMILIES[model][0]
    file = shutil.copy(weights_of(model, weights), tmp_path / "mine.safetensors")
    if model in ("ViT-B-32", "ViT-B-16", "ViT-L-14"):  # published with and without QuickGELU
        with pytest.raises(
            EncoderUnavailable, match=r"published weights differ in that: .*QuickGELU.*mine.safetensors@"
        ):
            opened(f"{model}:{file}")
    else:
        publish(model, tag, weights_of(model, weights))
        encoder = opened(f"{model}:{file}")
        assert_equal(encoder, embedded_by_open_clip(model, tag))
        assert "all published weights" in encoder.opening.use.known_from


@pytest.mark.parametrize(
    ("name", "known_from"),
    [
        ("models--timm--vit_base_patch32_clip_224.openai/snapshots/1/open_clip_model.safetensors", "it lies where"),
        ("vit_base_patch32_clip_224.metaclip_400m/model.safetensors", "it lies where"),
        ("b32_400m.safetensors", None),
        ("ViT-B-32-openai.safetensors", "it is called like ViT-B-32:openai"),
        ("vit-b-32.laion400m_e31.safetensors", "it is called like ViT-B-32:laion400m_e31"),
        ("my-metaclip-fullcc-finetuned.safetensors", "it is called like ViT-B-32:metaclip_fullcc"),
    ],
)
def test_the_place_and_the_name_of_a_file_tell_its_activation(
    name: str, known_from: str | None, weights: dict[str, Path], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(weights_of("ViT-B-32", weights), file)
    if known_from is None:
        with pytest.raises(EncoderUnavailable, match="does not say how ViT-B-32 is to be used"):
            opened(f"ViT-B-32:{file}")
        return
    encoder = opened(f"ViT-B-32:{file}")
    assert encoder.opening.use.known_from.startswith(known_from)
    assert encoder.opening.use.quick_gelu
    as_quick = opened(f"ViT-B-32-quickgelu:{file}")
    np.testing.assert_array_equal(encoder.encode_snippets(pictures(32)), as_quick.encode_snippets(pictures(32)))
    plain = opened(f"ViT-B-32:{file}@laion2b_s34b_b79k")
    assert not plain.opening.use.quick_gelu
    assert np.abs(plain.encode_snippets(pictures(32)) - encoder.encode_snippets(pictures(32))).max() > 1e-3
    assert plain.id != encoder.id


def test_a_copy_of_what_is_in_the_cache_is_known_by_its_checksum(weights: dict[str, Path], tmp_path: Path) -> None:
    from engine.models.encoders.clip_use import sha256

    linked = publish("ViT-L-14", "laion2b_s32b_b82k", weights_of("ViT-L-14", weights))
    blob = linked.parents[2] / "blobs" / sha256(linked)
    blob.parent.mkdir()
    linked.rename(blob)
    linked.symlink_to(blob)
    copied = shutil.copy(blob, tmp_path / "l14.safetensors")
    encoder = opened(f"ViT-L-14:{copied}")
    assert encoder.opening.use.known_from == "its checksum is that of ViT-L-14:laion2b_s32b_b82k"
    assert encoder.opening.use.mean == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("model", ["ViT-B-32-256", "RN50x64", "MobileCLIP2-S0"])
def test_a_file_alone_is_known_by_its_shapes(model: str, weights: dict[str, Path], tmp_path: Path) -> None:
    file = tmp_path / "nobody knows.safetensors"
    shutil.copy(weights_of(model, weights), file)
    by_shape, by_name = opened(str(file)), opened(f"{model}:{file}")
    assert by_shape.id == by_name.id
    np.testing.assert_array_equal(
        by_shape.encode_snippets(pictures(by_shape.input_size)), by_name.encode_snippets(pictures(by_name.input_size))
    )


def test_another_architecture_is_named_where_the_weights_fit_it(weights: dict[str, Path]) -> None:
    with pytest.raises(
        EncoderUnavailable, match=r"does not fit RN50: it has no use for .* more. It fits RN50x64: use RN50x64:"
    ):
        opened(f"RN50:{weights_of('RN50x64', weights)}")


def test_branches_are_made_one_and_the_embeddings_stay(weights: dict[str, Path]) -> None:
    file = weights_of("MobileCLIP2-S0", weights)
    encoder = opened(f"MobileCLIP2-S0:{file}")
    network = open_clip.create_model("MobileCLIP2-S0", pretrained=str(file)).eval()
    branches = sum("rbr_conv" in name or "conv_kxk" in name for name, _ in network.visual.named_modules())
    assert branches > 0
    assert not any("rbr_conv" in name or "conv_kxk" in name for name, _ in encoder.network.visual.named_modules())
    pixels = torch.from_numpy(pictures(64)).permute(0, 3, 1, 2) / 255  # MobileCLIP's mean is 0, its deviation 1
    with torch.inference_mode():
        expected = functional.normalize(network.encode_image(pixels), dim=-1).numpy()
    np.testing.assert_allclose(encoder.encode_snippets(pictures(64)), expected, atol=1e-5)


def test_a_tokenizer_that_is_missing_is_what_is_said_to_be_missing(weights: dict[str, Path]) -> None:
    cached = publish("ViT-B-16-SigLIP2", "webli", weights_of("ViT-B-16-SigLIP2", weights))
    for file in cached.parent.glob("tokenizer*"):
        file.unlink()
    for name in ("ViT-B-16-SigLIP2:webli", f"ViT-B-16-SigLIP2:{cached}"):
        with pytest.raises(EncoderUnavailable, match=r"The tokenizer of .* is not on this machine") as error:
            opened(name)
        assert "does not fit" not in str(error.value)
        assert "huggingface.co/timm/ViT-B-16-SigLIP2" in str(error.value)

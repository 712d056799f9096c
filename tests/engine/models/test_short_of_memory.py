"""Wherever networks compute, a device that holds only a few rows is enough, and comes to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from commands import Cdul
from making import TINY_NETWORK
from torch import Tensor, nn

from engine.jobs import NEVER, QUIET
from engine.models.encoders import photo_network
from engine.models.encoders.batches import Batches
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.clip_in_openvino import OpenvinoClip
from engine.models.encoders.starter.in_openvino import OpenvinoNetwork
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.encoders.text_memory import TextMemory
from engine.models.memory import NotEnoughMemory, is_out_of_memory
from engine.models.openvino_package import openvino_or_none
from engine.models.training import classifier_features
from engine.models.training.backbones import Backbone, empty_backbone, open_backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.full_training import FullTraining
from engine.models.training.head_training import HeadTraining
from engine.models.training.saved_classifier import ClassifierDescription, Preprocessing
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.contents import Contents
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import readable_photos
from engine.project.runs import INITIAL, load_scores
from engine.stages.finding.search import part_features
from engine.stages.labelling import encode_files, encoding
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.training.features import photo_features

ROOM = 3
"""Rows that the device of these tests holds."""


def check_room(rows: int, room: int = ROOM) -> None:
    if rows > room:
        raise torch.OutOfMemoryError(f"CUDA out of memory: {rows} rows.")


class Small(nn.Module):
    """A network on such a device."""

    def __init__(self, network: nn.Module, room: int = ROOM) -> None:
        super().__init__()
        self.network, self.room = network, room

    def forward(self, rows: Tensor) -> Tensor:
        check_room(len(rows), self.room)
        return self.network(rows)


class SmallEncoder:
    """An encoder on such a device."""

    def __init__(self, encoder: ClipEncoder) -> None:
        self._encoder = encoder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        check_room(len(snippets))
        return self._encoder.encode_snippets(snippets)


def test_labelling(project: Project, tiny_clip_encoder: ClipEncoder, tmp_path: Path) -> None:
    scores = []
    for encoder, folder in ((tiny_clip_encoder, "large"), (SmallEncoder(tiny_clip_encoder), "small")):
        with Project.open(project.photos, tmp_path / folder) as own:
            use_label_set(own, [NewLabel("cat"), NewLabel("dog")])
            add_photos(own, QUIET, NEVER)
            initialise(own, encoder, InitialiseSettings(), QUIET, NEVER)
            scores.append(load_scores(own, INITIAL).values)
    np.testing.assert_allclose(scores[1], scores[0], atol=2e-3)


class SmallDetector:
    """Stands beside an encoder, on such a device."""

    id, input_size, dimension = "small detector", 64, 4

    def __init__(self) -> None:
        self.seen: list[int] = []

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        check_room(len(snippets))
        self.seen.append(len(snippets))
        return snippets.reshape(len(snippets), -1)[:, :4].astype(np.float32)


def test_the_detector_beside_the_encoder(project: Project, tiny_clip_encoder: ClipEncoder) -> None:
    add_photos(project, QUIET, NEVER)
    photos = [(photo.id, photo.path) for photo in readable_photos(project)]
    detector = SmallDetector()
    onlooker = encode_files.Onlooker(detector, Contents())
    list(encoding.encode_photos(project, tiny_clip_encoder, photos, (1, 3), set(), QUIET, NEVER, onlooker))
    assert (sum(detector.seen), len(onlooker.seen)) == (8, 8)


def test_prompts() -> None:
    embedded: list[int] = []

    def embed(texts: list[str]) -> np.ndarray:
        check_room(len(texts))
        embedded.extend(map(len, texts))
        return np.array([[len(text)] for text in texts], np.float32)

    texts = ["a" * at for at in range(1, 30)]
    assert TextMemory(embed, 256)(texts)[:, 0].tolist() == list(range(1, 30))
    assert sorted(embedded) == list(range(1, 30))


def test_a_part_of_a_photo_that_is_searched_for(tiny_clip_encoder: ClipEncoder, photo_folder: Path) -> None:
    found = part_features(SmallEncoder(tiny_clip_encoder), photo_folder / "beach.jpg")
    assert found.shape == (tiny_clip_encoder.feature_count,)


NETWORKS_OF_OPENVINO = {"CLIP": (OpenvinoClip, "embeddings"), "starter": (OpenvinoNetwork, "features")}


@pytest.mark.skipif(openvino_or_none() is None, reason="OpenVINO has no package for this machine")
@pytest.mark.parametrize("kind", NETWORKS_OF_OPENVINO)
def test_by_openvino(kind: str, tiny_clip_encoder: ClipEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    network, method = NETWORKS_OF_OPENVINO[kind]
    computed = getattr(network, method)

    def on_a_small_machine(self: Any, snippets: np.ndarray) -> np.ndarray:
        if len(snippets) > ROOM:
            raise RuntimeError("Exception from src/inference: std::bad_alloc")
        return computed(self, snippets)

    if kind == "CLIP":
        monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
        encoder: Any = ClipEncoder.open(tiny_clip_encoder.name, device="cpu", precision="float32")
    else:
        encoder = StarterEncoder.open(device="cpu", precision="float32")
    side = encoder.input_size
    snippets = np.random.default_rng(4).integers(0, 256, (7, side, side, 3), np.uint8)
    expected = Batches(encoder).encode(snippets)
    monkeypatch.setattr(network, method, on_a_small_machine)
    np.testing.assert_allclose(Batches(encoder).encode(snippets), expected, atol=1e-5)


@pytest.mark.skipif(openvino_or_none() is None, reason="OpenVINO has no package for this machine")
@pytest.mark.parametrize("where", ["__init__", "embeddings"])
def test_openvino_itself_does_not_fit_beside_torch(
    where: str, tiny_clip_encoder: ClipEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(photo_network, "_WORTH_IT", 0.0)
    monkeypatch.setattr(OpenvinoClip, where, full)
    encoder = ClipEncoder.open(tiny_clip_encoder.name, device="cpu", precision="float32")
    snippets = np.zeros((2, encoder.input_size, encoder.input_size, 3), np.uint8)
    first = encoder.encode_snippets(snippets)
    np.testing.assert_array_equal(encoder.encode_snippets(snippets), first)  # torch goes on


@pytest.mark.parametrize(
    "said",
    [
        "CUDA out of memory. Tried to allocate 2 GiB.",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.",
        "Exception from src/inference/src/cpp/infer_request.cpp:223: std::bad_alloc",
    ],
)
def test_what_is_said_where_memory_ends(said: str) -> None:
    assert is_out_of_memory(RuntimeError(said))
    assert not is_out_of_memory(RuntimeError("CUDA error: device-side assert triggered"))


SETTINGS = TrainingSettings(epochs=3, warm_up=1, update_every=1, batch=16, patience=0)


def labels_of(photos: int) -> TrainingLabels:
    return TrainingLabels.merge(np.random.default_rng(1).uniform(0.2, 0.8, (photos, 4)).astype(np.float32))


def test_training_the_last_layer() -> None:
    features = np.random.default_rng(2).normal(size=(40, 12)).astype(np.float32)
    large, small = (HeadTraining(features, labels_of(40), SETTINGS) for _ in range(2))
    small.network.register_forward_pre_hook(lambda _, rows: check_room(len(rows[0])))
    for training in (large, small):
        list(training.epochs())
    np.testing.assert_allclose(small.refined_labels(), large.refined_labels(), atol=1e-5)
    np.testing.assert_allclose(small.predictions(), large.predictions(), atol=1e-4)


def whole_network(room: int) -> FullTraining:
    torch.manual_seed(0)
    network = nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(48, 12), nn.Tanh())
    network.head_hidden_size = 12  # type: ignore[assignment]
    small = Small(network, room)
    small.head_hidden_size = 12  # type: ignore[assignment]
    backbone = Backbone("small", small, Preprocessing(16, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)))
    labels = labels_of(20)
    head = new_head(12, labels.values)
    classifier = Classifier(backbone, head, ClassifierDescription(("a", "b", "c", "d"), "bce", (0.5,) * 4))
    pixels = np.random.default_rng(3).integers(0, 256, (20, 16, 16, 3), np.uint8)
    return FullTraining(classifier, lambda indices: pixels[list(indices)], labels, SETTINGS)


def test_training_a_whole_network() -> None:
    """Crops are drawn for each part anew, so that it does not come to the same; it learns all the same."""
    large, small = whole_network(1000), whole_network(ROOM)
    for training in (large, small):
        list(training.epochs())
    assert len(small.reports) == 3
    assert small.reports[-1].objective == pytest.approx(large.reports[-1].objective, rel=0.05)
    with pytest.raises(NotEnoughMemory):
        whole_network(0).run_epoch()


def test_predicting(project: Project, tiny_network: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_photos(project, QUIET, NEVER)
    backbone = open_backbone(TINY_NETWORK, tiny_network)

    def features() -> np.ndarray:
        parts = photo_features(project, backbone, readable_photos(project), QUIET, NEVER)
        return np.concatenate([part for _, part in parts])

    expected = features()
    made = classifier_features.BackboneFeatures

    class OnASmallDevice(made):  # type: ignore[misc,valid-type]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.id += ":small"
            self._network = Small(self._network)

    monkeypatch.setattr("engine.stages.training.features.BackboneFeatures", OnASmallDevice)
    np.testing.assert_allclose(features(), expected, atol=1e-3)


def test_a_command_says_that_it_is_the_memory(cdul: Cdul, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError("Cannot allocate memory (os error 12)")

    monkeypatch.setattr("engine.models.encoders.catalog.encoders", full)
    told = cdul("encoders")
    assert (told.code, told.err.startswith("The memory of this computer is not enough")) == (1, True)


def test_the_network_itself_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: nn.Module, *_: object) -> nn.Module:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    backbone = empty_backbone(TINY_NETWORK)
    monkeypatch.setattr(nn.Module, "to", full)
    with pytest.raises(NotEnoughMemory, match="smaller network"):
        classifier_features.BackboneFeatures(backbone)

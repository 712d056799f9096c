"""Classifiers to take away: those of a project are listed, and one goes out as ONNX that says the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from making import TINY_NETWORK

from engine.errors import UserError
from engine.models.training.backbones import STARTER, Backbone, empty_backbone, open_backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.saved_classifier import ClassifierDescription, ClassifierUnreadable
from engine.project import Project
from engine.stages.training.classifiers import CLASSIFIERS, classifiers_of, export_onnx


def save(folder: Path, backbone: Backbone, objective: str = "bce") -> Classifier:
    head = new_head(backbone.dimension, np.full((2, 3), 0.3, np.float32))
    description = ClassifierDescription(("cat", "dog", "boat"), objective, (0.5, 0.25, 0.75), {"photos": 8})
    classifier = Classifier(backbone, head, description)
    classifier.save(folder)
    return classifier


@pytest.mark.parametrize(("network", "objective"), [(STARTER, "bce"), (TINY_NETWORK, "kl")])
def test_onnx_says_the_same(network: str, objective: str, tmp_path: Path) -> None:
    backbone = open_backbone() if network == STARTER else empty_backbone(network)
    classifier = save(tmp_path / "classifier", backbone, objective)
    size = backbone.preprocessing.input_size
    export_onnx(tmp_path / "classifier", tmp_path / "classifier.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "classifier.onnx")
    for count in (1, 3):
        photos = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)
        (scores,) = session.run(["scores"], {"photos": (photos.transpose(0, 3, 1, 2) / 255).astype(np.float32)})
        np.testing.assert_allclose(scores, classifier.predict(photos), atol=1e-4)
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["labels"]) == ["cat", "dog", "boat"]
    assert json.loads(told["thresholds"]) == [0.5, 0.25, 0.75]
    assert json.loads(told["preprocessing"])["input_size"] == size
    assert {file.name for file in tmp_path.iterdir()} == {"classifier", "classifier.onnx"}


def test_classifiers_are_listed_newest_first_without_unfinished_ones(project: Project) -> None:
    for run in (2, 9, 10):
        save(project.folder / CLASSIFIERS / f"run-{run}", empty_backbone(TINY_NETWORK))
    (project.folder / CLASSIFIERS / "run-11").mkdir()
    found = classifiers_of(project)
    assert [one.folder.name for one in found] == ["run-10", "run-9", "run-2"]
    assert (found[0].backbone, found[0].description.made) == (TINY_NETWORK, {"photos": 8})


def test_nothing_was_trained_yet(project: Project) -> None:
    assert classifiers_of(project) == []


def test_what_cannot_be_exported_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClassifierUnreadable, match="cannot be opened as a classifier"):
        export_onnx(tmp_path / "nothing", tmp_path / "x.onnx")
    save(tmp_path / "classifier", empty_backbone(TINY_NETWORK))
    with pytest.raises(UserError, match="cannot be written"):
        export_onnx(tmp_path / "classifier", tmp_path / "no folder" / "x.onnx")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(UserError, match=r"pip install 'cdul\[onnx\]'"):
        export_onnx(tmp_path / "classifier", tmp_path / "x.onnx")
    assert not (tmp_path / "x.onnx").exists()


def test_a_photo_is_never_replaced_by_a_classifier(tmp_path: Path) -> None:
    save(tmp_path / "classifier", empty_backbone(TINY_NETWORK))
    photo = tmp_path / "cat.jpg"
    photo.write_bytes(b"of a cat")
    with pytest.raises(UserError, match="is a photo"):
        export_onnx(tmp_path / "classifier", photo)
    assert photo.read_bytes() == b"of a cat"

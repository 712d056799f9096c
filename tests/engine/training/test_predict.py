"""The classifier alone labels photos: those it learnt from, and those of another folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import TINY_NETWORK, export_as, make_photo

from engine.errors import UserError
from engine.jobs import Cancellation, Cancelled, Progress, ProgressReport
from engine.models import device
from engine.models.device import Machine
from engine.models.training.backbones import empty_backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.saved_classifier import ClassifierDescription, ClassifierUnreadable, Preprocessing
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import readable_photos
from engine.project.runs import CLASSIFIER, load_scores, runs
from engine.project.take_snapshot import take_snapshot
from engine.stages.training.predict import PredictResult, predict
from engine.stages.training.refine import RefineSettings, refine


@pytest.fixture
def classifier(tmp_path: Path) -> Path:
    """The folder of an untrained classifier of boats and cats that suggests every cat and no boat."""
    backbone = empty_backbone(TINY_NETWORK, Preprocessing(48, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)))
    head = new_head(backbone.dimension, np.full((2, 2), 0.5, np.float32))
    Classifier(backbone, head, ClassifierDescription(("boat", "Cat"), "bce", (1.0, 0.0))).save(tmp_path / "classifier")
    return tmp_path / "classifier"


def label(project: Project, classifier: Path, cancellation: Cancellation | None = None) -> PredictResult:
    return predict(project, classifier, Progress(), cancellation or Cancellation())


def test_another_folder_gets_the_classifiers_labels_and_thresholds(project: Project, classifier: Path) -> None:
    result = label(project, classifier)
    assert (result.photos, result.labelled, result.labels, result.suggested) == (8, 8, 2, 8)
    assert [one.name for one in label_set(project)] == ["boat", "Cat"]
    snapshot = take_snapshot(project)
    assert snapshot.stage == CLASSIFIER
    assert snapshot.thresholds.tolist() == [1.0, 0.0]
    assert snapshot.states().tolist() == [[LabelState.ABSENT, LabelState.LIKELY]] * 8
    assert (runs(project)[0].stage, runs(project)[0].settings["classifier"]) == ("predict", str(classifier))


def test_scores_are_the_networks_own(project: Project, classifier: Path) -> None:
    """Within what half precision leaves, in which features are kept."""
    from engine.photos.decode import decode_file
    from engine.photos.loader import cut_snippets

    label(project, classifier)
    scored = load_scores(project, CLASSIFIER)
    files = [project.file_of(photo.path) for photo in readable_photos(project)]
    photos = [cut_snippets(decode_file(file, at_least=(38, 38)).picture, (1,), 48) for file in files]
    np.testing.assert_allclose(
        scored.values, Classifier.load(classifier).predict(np.concatenate(photos)), atol=0.02, rtol=0
    )


@pytest.mark.parametrize("objective", ["bce", "kl"])
def test_in_the_same_project_it_says_what_the_training_said(
    objective: str, labelled: Project, tiny_network: Path
) -> None:
    settings = TrainingSettings(objective=objective, epochs=5)
    trained = refine(labelled, RefineSettings(settings, TINY_NETWORK, tiny_network, "head"), Progress(), Cancellation())
    expected = load_scores(labelled, CLASSIFIER)
    result = label(labelled, Path(trained.classifier))
    again = load_scores(labelled, CLASSIFIER)
    assert again.run_id == result.run != expected.run_id
    np.testing.assert_allclose(again.values, expected.values, atol=1e-4)
    # Refined labels go on suggesting: they know the decisions.
    assert take_snapshot(labelled).stage == "refined"


def test_labels_of_the_project_are_found_by_name_and_the_rest_is_told(project: Project, classifier: Path) -> None:
    use_label_set(project, [NewLabel("dog"), NewLabel("CAT")])
    result = label(project, classifier)
    assert (result.labels, result.unmatched_labels) == (1, ("boat",))
    scores = take_snapshot(project).scores
    assert np.isnan(scores[:, 0]).all()
    assert not np.isnan(scores[:, 1]).any()
    use_label_set(project, [NewLabel("dog")])
    with pytest.raises(UserError, match="None of the project's labels"):
        label(project, classifier)


def test_exports_use_the_classifiers_thresholds(labelled: Project, classifier: Path, tmp_path: Path) -> None:
    label(labelled, classifier)
    assert take_snapshot(labelled).stage == "initial"
    exported = export_as(labelled, "coco", tmp_path / "coco.json", stage=CLASSIFIER)
    assert exported.written == 8


def test_unreadable_photos_are_told_and_the_others_labelled(project: Project, classifier: Path) -> None:
    (project.photos / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    result = label(project, classifier)
    assert (result.photos, result.labelled) == (9, 8)
    assert [path for path, _ in result.unreadable] == ["broken.jpg"]


def test_a_second_time_only_new_photos_are_looked_at(project: Project, classifier: Path) -> None:
    label(project, classifier)
    make_photo(project.photos / "new.jpg", 99)
    looked: list[int] = []

    def listen(report: ProgressReport) -> None:
        if report.task == "Looking at photos":
            looked.append(report.done)

    result = predict(project, classifier, Progress(listen, per_second=1e9), Cancellation())
    assert (result.labelled, max(looked)) == (9, 1)


def test_cancelled_keeps_what_was_there(project: Project, classifier: Path) -> None:
    label(project, classifier)
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        label(project, classifier, cancellation)
    assert len(runs(project)) == 1


def test_what_is_no_classifier_or_no_photos_is_a_sentence(project: Project, classifier: Path, tmp_path: Path) -> None:
    with pytest.raises(ClassifierUnreadable, match="cannot be opened as a classifier"):
        label(project, tmp_path)
    (tmp_path / "empty").mkdir()
    with (
        Project.open(tmp_path / "empty") as empty,
        pytest.raises(UserError, match="There are no photos in"),
    ):
        label(empty, classifier)


def test_another_networks_features_are_not_taken_for_this_ones(
    project: Project, classifier: Path, tmp_path: Path
) -> None:
    label(project, classifier)
    first = load_scores(project, CLASSIFIER).values
    changed: Any = Classifier.load(classifier)
    for parameter in changed.backbone.parameters():
        parameter.data *= 1.1
    changed.save(tmp_path / "changed")
    label(project, tmp_path / "changed")
    assert (load_scores(project, CLASSIFIER).values != first).any()


def test_a_network_that_was_trained_as_a_whole_is_used_as_it_was_trained(
    labelled: Project, tiny_network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where half precision would be faster: the scores are those that the training ended with."""
    monkeypatch.setattr(device, "this_machine", lambda: Machine(processor={"amx_bf16": True}))
    settings = TrainingSettings(learning_rate=1e-2, epochs=2, batch=4)
    trained = refine(labelled, RefineSettings(settings, TINY_NETWORK, tiny_network, "full"), Progress(), Cancellation())
    expected = load_scores(labelled, CLASSIFIER).values
    label(labelled, Path(trained.classifier))
    # Features are kept in sixteen bits.
    np.testing.assert_allclose(load_scores(labelled, CLASSIFIER).values, expected, atol=5e-4)

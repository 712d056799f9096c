"""A truth is watched during training, and changes nothing of it."""

from pathlib import Path

import numpy as np
import pytest
from making import TINY_NETWORK

from engine.formats.known_labels import PRESENT, KnownLabels
from engine.jobs import Cancellation, Progress
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, runs
from engine.project.take_snapshot import take_snapshot
from engine.project.truths import load_truth, truth_named
from engine.stages.evaluation.evaluate import evaluate
from engine.stages.importing.import_truth import import_truth
from engine.stages.training.refine import RefineResult, RefineSettings, refine

SETTINGS = TrainingSettings(epochs=6, warm_up=2, update_every=2, patience=0)


@pytest.fixture
def settings(tiny_network: Path) -> RefineSettings:
    return RefineSettings(SETTINGS, TINY_NETWORK, tiny_network, "head")


def train(project: Project, settings: RefineSettings) -> RefineResult:
    return refine(project, settings, Progress(), Cancellation())


def keep(project: Project, name: str, answers: dict[str, dict[str, int]]) -> None:
    known = KnownLabels(("cat", "dog", "boat"), answers)
    import_truth(project, known, Progress(), Cancellation(), source=Path("x"), format_name="coco", name=name)


def test_each_time_the_labels_move_they_are_compared_with_the_newest_truth(
    labelled: Project, settings: RefineSettings
) -> None:
    keep(labelled, "older", {"zebra.bmp": {"dog": PRESENT}})
    keep(labelled, "newer", {"beach.jpg": {"cat": PRESENT}, "zebra.bmp": {"cat": PRESENT}, "city.png": {}})
    reports = train(labelled, settings).reports
    moved = [report.epoch for report in reports if report.moved > 0]
    assert moved[0] == 2
    assert [report.epoch for report in reports if report.truth_map is not None] == [1, *moved]
    truth = load_truth(labelled, truth_named(labelled, "newer"))
    assert reports[0].truth_map == pytest.approx(evaluate(labelled, truth, stage=INITIAL).map)
    last = reports[moved[-1] - 1]
    assert last.truth_map == pytest.approx(evaluate(labelled, truth, stage=REFINED).map)
    assert runs(labelled)[0].settings["reports"][moved[-1] - 1]["truth_map"] == last.truth_map


def test_the_training_is_the_same_with_and_without_a_truth(labelled: Project, settings: RefineSettings) -> None:
    train(labelled, settings)
    without = take_snapshot(labelled)
    keep(labelled, "truth", {"beach.jpg": {"cat": PRESENT}, "zebra.bmp": {"boat": PRESENT}})
    train(labelled, settings)
    snapshot = take_snapshot(labelled)
    np.testing.assert_array_equal(snapshot.scores, without.scores)
    np.testing.assert_array_equal(snapshot.matrix_of(labelled, CLASSIFIER), without.matrix_of(labelled, CLASSIFIER))


def test_without_a_positive_there_is_nothing_to_tell(labelled: Project, settings: RefineSettings) -> None:
    keep(labelled, "truth", {"beach.jpg": {}})
    assert {report.truth_map for report in train(labelled, settings).reports} == {None}

"""Training on a project: what it keeps, how it goes on after an interruption, and how it learns from decisions."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import TINY_NETWORK, make_photo

from engine.errors import UserError, WrongUsage
from engine.jobs import Cancellation, Cancelled, Progress, ProgressReport
from engine.models.training.classifier import Classifier
from engine.models.training.loop import EpochReport
from engine.models.training.training_settings import TrainingSettings
from engine.photos import loader
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import NO, UNDECIDED, YES, LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, load_scores, runs
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import thresholds_in_force
from engine.stages.care.tidy import find_leftovers
from engine.stages.history.undo_last import is_anything_to_undo_or_redo, redo_last, undo_last
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.training.classifiers import classifiers_of
from engine.stages.training.held_back import accept_training, held_back
from engine.stages.training.refine import RefineResult, RefineSettings, refine

SHORT = TrainingSettings(epochs=6, warm_up=2, update_every=2, batch=4, patience=0)


@pytest.fixture
def settings(tiny_network: Path) -> RefineSettings:
    """A short training of a head on the small network."""
    return RefineSettings(SHORT, TINY_NETWORK, tiny_network, "head")


def train(
    project: Project, settings: RefineSettings, on_epoch: Callable[[EpochReport], None] | None = None
) -> RefineResult:
    return refine(project, settings, Progress(), Cancellation(), on_epoch=on_epoch)


def with_seed(settings: RefineSettings, seed: int) -> RefineSettings:
    return dataclasses.replace(settings, training=dataclasses.replace(settings.training, seed=seed))


def labelled_project(
    photos: Path, folder: Path, encoder: Any, labels: Sequence[str] = ("cat", "dog", "boat")
) -> Project:
    project = Project.open(photos, folder)
    use_label_set(project, [NewLabel(label) for label in labels])
    add_photos(project, Progress(), Cancellation())
    initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
    return project


def results(project: Project) -> tuple[np.ndarray, np.ndarray]:
    return load_scores(project, REFINED).values, load_scores(project, CLASSIFIER).values


def test_every_photo_gets_refined_labels_and_predictions_and_the_run_says_how(
    labelled: Project, settings: RefineSettings
) -> None:
    seen: list[EpochReport] = []
    result = train(labelled, settings, seen.append)
    assert tuple(seen) == result.reports
    assert (result.photos, result.decisions, result.epochs, result.train) == (8, 0, 6, "head")
    snapshot = take_snapshot(labelled)
    assert snapshot.stage == REFINED
    for values in (snapshot.scores, snapshot.matrix_of(labelled, CLASSIFIER)):
        assert values.shape == (8, 3)
        assert ((values >= 0) & (values <= 1)).all()
    run = runs(labelled)[0]
    assert (run.id, run.stage, run.finished_at is None) == (result.run, "refine", False)
    assert TrainingSettings.from_json(run.settings["training"]) == SHORT
    assert [EpochReport(**report) for report in run.settings["reports"]] == seen
    assert f"Trained on 8 photos in {result.seconds:.1f} s." in result.sentence


def test_without_step_b_the_labels_stay_and_no_suggestion_changes(labelled: Project, settings: RefineSettings) -> None:
    before = take_snapshot(labelled)
    still = dataclasses.replace(settings, training=dataclasses.replace(SHORT, update_every=0))
    result = train(labelled, still)
    after = take_snapshot(labelled)
    assert after.stage == REFINED
    # The order of the photos stays.
    np.testing.assert_array_equal(np.argsort(after.scores, axis=0), np.argsort(before.scores, axis=0))
    np.testing.assert_array_equal(after.states(), before.states())
    assert (result.turned_on, result.turned_off, result.held_back) == (0, 0, False)


def test_an_undone_training_does_not_wait_and_can_be_done_again(labelled: Project, settings: RefineSettings) -> None:
    train(labelled, dataclasses.replace(settings, training=dataclasses.replace(SHORT, update_every=0)))
    assert undo_last(labelled) is not None
    assert take_snapshot(labelled).stage == INITIAL
    assert held_back(labelled) is None
    assert is_anything_to_undo_or_redo(labelled)[1]
    assert redo_last(labelled) is not None
    assert take_snapshot(labelled).stage == REFINED


def test_suggestions_that_turned_are_counted(labelled: Project, settings: RefineSettings) -> None:
    before = take_snapshot(labelled)
    far = dataclasses.replace(SHORT, epochs=20, step_size=3.0, learning_rate=0.1)
    result = train(labelled, dataclasses.replace(settings, training=far))
    if result.held_back:
        accept_training(labelled)
    was, now = (one.states() == LabelState.LIKELY for one in (before, take_snapshot(labelled)))
    assert (result.turned_on, result.turned_off) == ((now & ~was).sum(), (was & ~now).sum())
    assert result.turned_on + result.turned_off > 0


def test_the_classifier_is_a_folder_that_says_the_same(labelled: Project, settings: RefineSettings) -> None:
    result = train(labelled, settings)
    classifier = Classifier.load(Path(result.classifier))
    assert Path(result.classifier).is_relative_to(labelled.folder)
    assert classifier.description.labels == ("cat", "dog", "boat")
    thresholds, _ = thresholds_in_force(labelled, CLASSIFIER, take_snapshot(labelled).labels)
    np.testing.assert_allclose(classifier.description.thresholds, thresholds)
    assert classifier.description.made["decisions"] == 0
    assert classifier.description.made["training"]["epochs"] == 6


class CancelAfter:
    """Cancels after an epoch; to be given as `on_epoch`."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.cancellation = epoch, Cancellation()

    def __call__(self, report: EpochReport) -> None:
        if report.epoch == self.epoch:
            self.cancellation.cancel()


@pytest.mark.parametrize("way", ["head", "full"])
def test_cancelled_training_goes_on_from_the_last_epoch_bit_for_bit(
    way: str, photo_folder: Path, tmp_path: Path, settings: RefineSettings, tiny_clip_encoder: Any
) -> None:
    settings = dataclasses.replace(settings, train=way)
    with labelled_project(photo_folder, tmp_path / "undisturbed", tiny_clip_encoder) as project:
        undisturbed = train(project, settings)
        expected = results(project)
    with labelled_project(photo_folder, tmp_path / "disturbed", tiny_clip_encoder) as project:
        for epoch in (2, 3):
            cancels = CancelAfter(epoch)
            with pytest.raises(Cancelled):
                refine(project, settings, Progress(), cancels.cancellation, on_epoch=cancels)
            assert take_snapshot(project).stage == INITIAL
        epochs: list[int] = []
        resumed = train(project, settings, lambda report: epochs.append(report.epoch))
        assert epochs == [4, 5, 6]
        assert len([run for run in runs(project) if run.stage == "refine"]) == 1
        for values, wanted in zip(results(project), expected, strict=True):
            np.testing.assert_array_equal(values, wanted)
        assert list((project.folder / "training").iterdir()) == []
    assert resumed.reports[0].objective == undisturbed.reports[0].objective
    weights = [Path(one.classifier, "model.safetensors").read_bytes() for one in (resumed, undisturbed)]
    assert weights[0] == weights[1]


def test_paused_training_goes_on_with_the_same_result(
    photo_folder: Path, tmp_path: Path, settings: RefineSettings, tiny_clip_encoder: Any
) -> None:
    with labelled_project(photo_folder, tmp_path / "undisturbed", tiny_clip_encoder) as project:
        train(project, settings)
        expected = results(project)
    with labelled_project(photo_folder, tmp_path / "paused", tiny_clip_encoder) as project:
        cancellation, paused = Cancellation(), threading.Event()
        resumer = threading.Thread(target=lambda: (paused.wait(), cancellation.resume()))
        resumer.start()

        def pause(report: EpochReport) -> None:
            if report.epoch == 3:
                cancellation.pause()
                paused.set()

        refine(project, settings, Progress(), cancellation, on_epoch=pause)
        resumer.join()
        np.testing.assert_array_equal(results(project)[0], expected[0])


def cancel(project: Project, settings: RefineSettings, after: int) -> None:
    cancels = CancelAfter(after)
    with pytest.raises(Cancelled):
        refine(project, settings, Progress(), cancels.cancellation, on_epoch=cancels)


def test_another_training_does_not_go_on_with_the_first(labelled: Project, settings: RefineSettings) -> None:
    cancel(labelled, settings, after=2)
    epochs: list[int] = []
    train(labelled, with_seed(settings, 1), lambda report: epochs.append(report.epoch))
    assert epochs == [1, 2, 3, 4, 5, 6]
    cancel(labelled, settings, after=2)
    answer(labelled, "decided meanwhile", [Answer(1, 1, True)])
    assert len(train(labelled, settings).reports) == 6
    assert results(labelled)[0][0, 0] == 1


def test_a_damaged_checkpoint_means_from_the_beginning(labelled: Project, settings: RefineSettings) -> None:
    cancel(labelled, settings, after=2)
    (checkpoint,) = (labelled.folder / "training").iterdir()
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    epochs: list[int] = []
    train(labelled, settings, lambda report: epochs.append(report.epoch))
    assert epochs[0] == 1


def test_what_somebody_else_keeps_in_a_folder_of_that_name_stays(labelled: Project, settings: RefineSettings) -> None:
    training = labelled.folder / "training"
    (training / "plans").mkdir(parents=True)
    (training / "plans" / "marathon.txt").write_text("run")
    (training / "run-99.safetensors").write_text("of a run that was forgotten")
    train(labelled, settings)
    assert (training / "plans" / "marathon.txt").read_text() == "run"
    assert not (training / "run-99.safetensors").exists()


def test_decisions_stay_and_teach_the_next_training(labelled: Project, settings: RefineSettings) -> None:
    longer = dataclasses.replace(settings, training=dataclasses.replace(SHORT, epochs=20))
    train(labelled, longer)
    before = results(labelled)
    decided = np.array([[YES, NO, UNDECIDED]] * 6 + [[UNDECIDED] * 3] * 2)
    answers = [
        Answer(photo + 1, label + 1, bool(decided[photo, label] == YES))
        for photo, label in np.argwhere(decided != UNDECIDED).tolist()
    ]
    answer(labelled, "decided", answers)
    result = train(labelled, longer)
    refined, predicted = results(labelled)
    assert result.decisions == 12
    assert "and 12 decisions" in result.sentence
    np.testing.assert_array_equal(refined[:6, :2], np.array([[1, 0]] * 6))
    # Photos that nobody decided follow.
    assert (predicted[6:, 0] > before[1][6:, 0]).all()
    assert (predicted[6:, 1] < before[1][6:, 1]).all()


@pytest.mark.parametrize("objective", ["bce", "kl"])
def test_a_label_rejected_everywhere_is_predicted_nowhere(
    objective: str, labelled: Project, settings: RefineSettings
) -> None:
    answer(labelled, "no boats", [Answer(photo, 3, False) for photo in range(1, 9)])
    training = dataclasses.replace(SHORT, objective=objective, epochs=20)
    train(labelled, dataclasses.replace(settings, training=training))
    refined, predicted = results(labelled)
    assert (refined[:, 2] == 0).all()
    assert predicted[:, 2].max() < predicted[:, :2].min()


def test_all_labels_of_all_photos_decided(labelled: Project, settings: RefineSettings) -> None:
    answer(labelled, "all", [Answer(photo, label, photo % 2 == 0) for photo in range(1, 9) for label in (1, 2, 3)])
    result = train(labelled, settings)
    assert result.decisions == 24
    np.testing.assert_array_equal(results(labelled)[0], np.array([[0, 0, 0], [1, 1, 1]] * 4))
    assert all(report.moved == 0 for report in result.reports)


def test_one_photo_and_more_labels_than_photos(
    tmp_path: Path, settings: RefineSettings, tiny_clip_encoder: Any
) -> None:
    make_photo(tmp_path / "one" / "only.jpg")
    labels = [f"thing {number}" for number in range(12)]
    with labelled_project(tmp_path / "one", tmp_path / "project", tiny_clip_encoder, labels) as project:
        result = train(project, settings)
        assert result.photos == 1
        assert np.isfinite(results(project)[1]).all()


def test_a_label_without_pseudo_labels_is_left_out(labelled: Project, settings: RefineSettings) -> None:
    use_label_set(labelled, [NewLabel("cat"), NewLabel("brand new"), NewLabel("dog"), NewLabel("boat")])
    result = train(labelled, settings)
    assert Classifier.load(Path(result.classifier)).description.labels == ("cat", "dog", "boat")
    assert np.isnan(take_snapshot(labelled).scores[:, 1]).all()


def test_photos_that_went_away_are_left_out(labelled: Project, settings: RefineSettings) -> None:
    (labelled.photos / "beach.jpg").unlink()
    assert train(labelled, settings).photos == 7
    for file in labelled.photos.rglob("*.*"):
        if ".cdul" not in file.parts:
            file.unlink()
    with pytest.raises(UserError, match="None of the labelled photos can be read any more"):
        train(labelled, dataclasses.replace(settings, train="full"))


def test_what_cannot_be_trained_is_a_sentence(
    project: Project, labelled: Project, settings: RefineSettings, photo_folder: Path, tmp_path: Path
) -> None:
    with (
        Project.open(photo_folder, tmp_path / "empty") as empty,
        pytest.raises(UserError, match="no pseudo labels to train on yet"),
    ):
        train(empty, settings)
    with pytest.raises(UserError, match="no network 'nonsense'"):
        train(labelled, dataclasses.replace(settings, network="nonsense"))
    with pytest.raises(WrongUsage, match="head or full, but got 'tail'"):
        train(labelled, dataclasses.replace(settings, train="tail"))
    astray = dataclasses.replace(SHORT, optimizer="sgd", learning_rate=1e30, epochs=50)
    with pytest.raises(UserError, match="learning rate below"):
        train(labelled, dataclasses.replace(settings, training=astray))


class Looking:
    """Counts the photos that a network had to look at."""

    def __init__(self) -> None:
        self.photos = 0

    def __call__(self, report: ProgressReport) -> None:
        if report.task == "Looking at photos":
            self.photos = max(self.photos, report.done)


def looked_at(project: Project, settings: RefineSettings) -> int:
    looking = Looking()
    refine(project, settings, Progress(looking, per_second=1e9), Cancellation())
    return looking.photos


def test_features_are_made_once(labelled: Project, settings: RefineSettings) -> None:
    assert looked_at(labelled, settings) == 8
    assert looked_at(labelled, with_seed(settings, 1)) == 0


def test_where_the_starter_labelled_the_photos_its_features_are_used(tmp_path: Path) -> None:
    from engine.models.encoders.starter.starter_encoder import StarterEncoder

    for seed in (1, 2):
        make_photo(tmp_path / "two" / f"{seed}.jpg", seed)
    with labelled_project(tmp_path / "two", tmp_path / "project", StarterEncoder.open(device="cpu")) as project:
        assert looked_at(project, RefineSettings(SHORT, train="head")) == 0


def test_a_whole_network_reads_each_photo_once(
    labelled: Project, settings: RefineSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    decode = loader.decode
    monkeypatch.setattr(loader, "decode", lambda data, **wishes: read.append(data) or decode(data, **wishes))
    result = train(labelled, dataclasses.replace(settings, train="full"))
    assert result.epochs > 1
    assert len(read) == len(set(read)) == 8
    assert not list(labelled.folder.glob("photos-*"))


def test_classifiers_of_a_project_that_was_moved_away_stay(
    labelled: Project, settings: RefineSettings, tiny_clip_encoder: Any, tmp_path: Path
) -> None:
    before = Path(train(labelled, settings).classifier)
    kept = {file: file.read_bytes() for file in before.iterdir()}
    labelled.close()
    # What a person is advised to do with a project that is damaged.
    for file in labelled.folder.glob("project.sqlite*"):
        file.rename(tmp_path / file.name)
    with labelled_project(labelled.photos, labelled.folder, tiny_clip_encoder) as anew:
        assert not [file for file in find_leftovers(anew).files if "classifiers" in file.parts]
        after = Path(train(anew, with_seed(settings, 7)).classifier)
        assert after != before
        assert [one.folder for one in classifiers_of(anew)] == [after, before]
    assert {file: file.read_bytes() for file in before.iterdir()} == kept

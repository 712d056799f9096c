"""What a training turned on and off: scores before and after it, each at the thresholds of its time."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, withdraw_run
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, REFINED, begin_run, finish_run, keep_run_settings, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.review.changes import Changes, changes_by_training

CAT, DOG = 0, 1

Train = Callable[..., int]


@pytest.fixture
def scored(project: Project) -> Project:
    """Three photos a, b, c; the labels cat and dog; initial scores that suggest from 0.5 on."""
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto(path, 1, 1) for path in ("a.jpg", "b.jpg", "c.jpg")])
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
    scores = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.7]], np.float32)
    store_scores(project, run, INITIAL, take_snapshot(project).photo_ids.tolist(), scores)
    keep_run_settings(project, run, {"thresholds": {INITIAL: [0.5, 0.5]}})
    finish_run(project, run)
    return project


@pytest.fixture
def train(scored: Project) -> Train:
    """Keeps made-up refined labels as a training does; returns the run."""

    def train(refined: list[list[float]], thresholds: tuple[float, float] = (0.5, 0.5), *, photos: int = 3) -> int:
        snapshot = take_snapshot(scored)
        run = begin_run(scored, "refine", label_ids=[label.id for label in snapshot.labels], settings={})
        store_scores(scored, run, REFINED, snapshot.photo_ids[:photos].tolist(), np.array(refined, np.float32))
        keep_run_settings(scored, run, {"thresholds": {REFINED: thresholds}})
        finish_run(scored, run)
        return run

    return train


def changes(project: Project) -> Changes:
    found = changes_by_training(project, take_snapshot(project))
    assert found is not None
    return found


def test_before_a_training_there_are_none(scored: Project) -> None:
    assert changes_by_training(scored, take_snapshot(scored)) is None


def test_labels_that_passed_or_fell_below_their_threshold_turned_on_or_off(scored: Project, train: Train) -> None:
    run = train([[0.9, 0.2], [0.6, 0.3], [0.3, 0.8]])
    found = changes(scored)
    assert found.run == run
    assert np.argwhere(found.turned_on).tolist() == [[1, CAT]]
    assert np.argwhere(found.turned_off).tolist() == [[1, DOG]]
    np.testing.assert_allclose(found.before[1], [0.4, 0.6])
    np.testing.assert_allclose(found.after[1], [0.6, 0.3])


def test_each_stage_is_held_against_its_own_thresholds(scored: Project, train: Train) -> None:
    """All scores rise; at thresholds that rise as well, one label alone is new."""
    train([[0.95, 0.5], [0.85, 0.8], [0.6, 0.9]], (0.8, 0.75))
    found = changes(scored)
    assert np.argwhere(found.turned_on).tolist() == [[1, CAT]]
    assert not found.turned_off.any()


def test_a_second_training_is_compared_with_the_first(scored: Project, train: Train) -> None:
    train([[0.1, 0.1], [0.1, 0.1], [0.4, 0.1]], (0.3, 0.3))
    second = train([[0.1, 0.9], [0.1, 0.1], [0.1, 0.1]])
    found = changes(scored)
    assert found.run == second
    assert np.argwhere(found.turned_on).tolist() == [[0, DOG]]
    assert np.argwhere(found.turned_off).tolist() == [[2, CAT]]


def test_a_training_that_was_withdrawn_changed_nothing(scored: Project, train: Train) -> None:
    withdraw_run(scored, train([[0.1, 0.9]] * 3))
    assert changes_by_training(scored, take_snapshot(scored)) is None


def test_what_a_person_decided_was_not_turned_by_the_training(scored: Project, train: Train) -> None:
    snapshot = take_snapshot(scored)
    answer(scored, "cat on b", [Answer(int(snapshot.photo_ids[1]), snapshot.labels[CAT].id, True)])
    train([[0.9, 0.2], [1.0, 0.3], [0.3, 0.8]])
    found = changes(scored)
    assert not found.turned_on.any()
    assert np.argwhere(found.turned_off).tolist() == [[1, DOG]]


def test_a_persons_threshold_holds_before_and_after(scored: Project, train: Train) -> None:
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, 0.65)])
    train([[0.9, 0.2], [0.6, 0.7], [0.3, 0.6]])
    assert np.argwhere(changes(scored).turned_on).tolist() == [[1, DOG]]
    assert np.argwhere(changes(scored).turned_off).tolist() == [[2, DOG]]
    train([[0.9, 0.2], [0.6, 0.6], [0.3, 0.7]])
    assert np.argwhere(changes(scored).turned_on).tolist() == [[2, DOG]]
    assert np.argwhere(changes(scored).turned_off).tolist() == [[1, DOG]]


def test_photos_and_labels_that_came_after_the_training_are_no_change_of_it(scored: Project, train: Train) -> None:
    train([[0.9, 0.2], [0.6, 0.3]], photos=2)
    use_label_set(scored, [NewLabel("fish"), NewLabel("dog"), NewLabel("cat")])
    found = changes(scored)
    assert np.isnan(found.after[2]).all()
    assert np.argwhere(found.turned_on).tolist() == [[1, 2]]
    assert np.argwhere(found.turned_off).tolist() == [[1, 1]]


def test_the_rows_of_photos_for_all_labels_or_one(scored: Project, train: Train) -> None:
    train([[0.1, 0.9], [0.6, 0.9], [0.6, 0.9]])
    found = changes(scored)
    assert found.rows(on=True).tolist() == [0, 1, 2]
    assert found.rows(on=True, column=CAT).tolist() == [1, 2]
    assert found.rows(on=False).tolist() == [0]
    assert found.rows(on=False, column=DOG).tolist() == []

"""What suggests after a training: labels it never saw, thresholds set by hand, photos that came later, much changed."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import Cdul
from making import TINY_NETWORK, make_photo

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds, threshold_by_hand
from engine.project.history.history import answer, undo
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, REFINED, begin_run, finish_run, keep_run_settings, runs, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold, ThresholdSource
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import initialise
from engine.stages.labelling.initialise_settings import InitialiseSettings
from engine.stages.review.changes import Changes, changes_by_training
from engine.stages.teaching.teaching import snapshot_in_force
from engine.stages.thresholds.carrying import put_in_force
from engine.stages.training.held_back import (
    accept_training,
    changes_much,
    discard_training,
    held_back,
    look_at_waiting,
)
from engine.stages.training.learners import open_learner
from engine.stages.training.refine import RefineResult, RefineSettings, refine
from engine.stages.training.targets import prepare_targets

SHORT = TrainingSettings(epochs=6, warm_up=2, update_every=0, batch=4, patience=0)
FAR = dataclasses.replace(SHORT, epochs=20, update_every=2, step_size=3.0, learning_rate=0.1)
CAT, DOG = 0, 1


@pytest.fixture
def settings(tiny_network: Path) -> RefineSettings:
    return RefineSettings(SHORT, TINY_NETWORK, tiny_network, "head")


def train(project: Project, settings: RefineSettings, training: TrainingSettings = SHORT) -> RefineResult:
    return refine(project, dataclasses.replace(settings, training=training), Progress(), Cancellation())


def keep_run(
    project: Project, stage: str, labels: list[int], scores: list[list[float]], photos: int, **found: Any
) -> int:
    """A finished run with scores of the first photos; `found`: thresholds and the like, by label."""
    run = begin_run(project, "refine" if stage == REFINED else "initialise", label_ids=labels, settings={})
    store_scores(project, run, stage, take_snapshot(project).photo_ids[:photos].tolist(), np.array(scores, np.float32))
    keep_run_settings(project, run, {name: {stage: values} for name, values in found.items()})
    finish_run(project, run)
    return run


@pytest.fixture
def scored(project: Project) -> Project:
    """Photos a, b, c; cat is likely from .5 and may be from .3, dog from .08 and .04."""
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto(path, 1, 1) for path in ("a.jpg", "b.jpg", "c.jpg")])
    ids = [label.id for label in labels]
    scores = [[0.9, 0.03], [0.4, 0.09], [0.2, 0.05]]
    keep_run(project, INITIAL, ids, scores, 3, thresholds=[0.5, 0.06], likely=[0.5, 0.08], maybe=[0.3, 0.04])
    return project


def states(project: Project) -> list[list[int]]:
    return take_snapshot(project).states().tolist()


def test_a_label_that_the_classifier_never_saw_keeps_its_scores_and_thresholds(scored: Project) -> None:
    before = states(scored)
    refined = [[0.95], [0.4], [0.1]]
    keep_run(scored, REFINED, [take_snapshot(scored).labels[CAT].id], refined, 3, thresholds=[0.5], maybe=[0.3])
    after = take_snapshot(scored)
    assert [after.stage_of(column) for column in (CAT, DOG)] == [REFINED, INITIAL]
    assert after.thresholds.tolist() == pytest.approx([0.5, 0.08])
    assert after.maybe_from.tolist() == pytest.approx([0.3, 0.04])
    assert states(scored) == before
    assert [row[DOG] for row in before] == [LabelState.ABSENT, LabelState.LIKELY, LabelState.MAYBE]


def test_a_label_that_comes_after_a_training_gets_thresholds_of_its_own(scored: Project) -> None:
    ids = [label.id for label in take_snapshot(scored).labels]
    keep_run(scored, REFINED, ids, [[0.9, 0.1], [0.4, 0.9], [0.2, 0.1]], 3, thresholds=[0.5, 0.5])
    fish = use_label_set(scored, [NewLabel("cat"), NewLabel("dog"), NewLabel("fish")])[2]
    scores = [[0.9, 0.03, 0.01], [0.4, 0.09, 0.02], [0.2, 0.05, 0.03]]
    keep_run(scored, INITIAL, [*ids, fish.id], scores, 3, likely=[0.5, 0.08, 0.025], maybe=[0.3, 0.04, 0.015])
    assert [row[2] for row in states(scored)] == [LabelState.ABSENT, LabelState.MAYBE, LabelState.LIKELY]


def test_a_hand_set_threshold_of_a_label_that_was_not_refined_holds(scored: Project) -> None:
    cat = take_snapshot(scored).labels[CAT]
    keep_run(scored, REFINED, [cat.id], [[0.9], [0.4], [0.2]], 3, thresholds=[0.5])
    snapshot = take_snapshot(scored)
    set_thresholds(scored, threshold_by_hand(snapshot, DOG, 0.045))
    assert [row[DOG] for row in states(scored)] == [LabelState.ABSENT, LabelState.LIKELY, LabelState.LIKELY]
    assert take_snapshot(scored).threshold_sources[DOG] == ThresholdSource.BY_HAND


def test_photos_that_came_after_a_training_are_suggested_as_before_it(scored: Project) -> None:
    ids = [label.id for label in take_snapshot(scored).labels]
    before = states(scored)[2]
    keep_run(
        scored, REFINED, ids, [[0.9, 0.1], [0.4, 0.9]], 2, thresholds=[0.5, 0.5], likely=[0.8, 0.5], maybe=[0.6, 0.2]
    )
    assert states(scored)[2] == before
    # At its threshold on the one scale, at its threshold on the other.
    scores = [[0.9, 0.03], [0.4, 0.09], [0.5, 0.08]]
    keep_run(scored, INITIAL, ids, scores, 3, likely=[0.5, 0.08], maybe=[0.3, 0.04])
    np.testing.assert_allclose(take_snapshot(scored).scores[2], [0.8, 0.5], rtol=1e-5)


def by_hand(project: Project, column: int, accepted: int) -> int:
    """Set a threshold that so many photos reach; returns the label's id."""
    snapshot = take_snapshot(project)
    value = float(np.sort(snapshot.scores[:, column])[-accepted])
    set_thresholds(project, [ManualThreshold(snapshot.labels[column].id, snapshot.stage_of(column), value)])
    return snapshot.labels[column].id


def accepted(project: Project, column: int) -> int:
    snapshot = take_snapshot(project)
    return int((snapshot.scores[:, column] >= snapshot.thresholds[column]).sum())


def test_a_threshold_set_by_hand_accepts_as_many_photos_after_a_training(
    labelled: Project, settings: RefineSettings
) -> None:
    by_hand(labelled, CAT, 3)
    train(labelled, settings)
    snapshot = take_snapshot(labelled)
    assert snapshot.stage == REFINED
    assert snapshot.threshold_sources[CAT] == ThresholdSource.BY_HAND
    assert accepted(labelled, CAT) == 3
    undone = undo(labelled)
    assert undone is not None
    assert undone.title.startswith("thresholds set by hand, carried to other scores: cat ")
    assert take_snapshot(labelled).threshold_sources[CAT] == ThresholdSource.FROM_SCORES


def test_a_threshold_set_after_a_training_holds_when_that_is_taken_back(
    labelled: Project, settings: RefineSettings
) -> None:
    run = train(labelled, settings).run
    by_hand(labelled, DOG, 2)
    put_in_force(labelled, run, in_force=False)
    assert take_snapshot(labelled).stage == INITIAL
    assert accepted(labelled, DOG) == 2
    put_in_force(labelled, run)
    assert take_snapshot(labelled).stage == REFINED
    assert accepted(labelled, DOG) == 2


def test_a_threshold_set_by_hand_outlives_another_labelling(labelled: Project, tiny_clip_encoder: Any) -> None:
    by_hand(labelled, CAT, 3)
    value = take_snapshot(labelled).thresholds[CAT]
    other = InitialiseSettings(temperature=0.5)
    initialise(labelled, tiny_clip_encoder, other, Progress(), Cancellation())
    assert take_snapshot(labelled).thresholds[CAT] != value
    assert accepted(labelled, CAT) == 3


@pytest.fixture
def many(labelled: Project) -> Project:
    """The project with thresholds at which one label of one photo is likely, and no other."""
    snapshot = take_snapshot(labelled)
    label_ids = [label.id for label in snapshot.labels]
    scores = np.linspace(0.01, 0.5, snapshot.scores.size).reshape(snapshot.scores.shape)
    top = [float(scores[:, column].max()) for column in range(3)]
    keep_run(
        labelled, INITIAL, label_ids, scores.tolist(), len(snapshot), likely=[top[0], 0.9, 0.9], maybe=[0.45, 0.8, 0.8]
    )
    return labelled


def change_much(project: Project, settings: RefineSettings) -> RefineResult:
    """A training that finds more than ten photos that nothing suggested before."""
    answers = [Answer(photo, label, value=True) for photo in range(1, 4) for label in (1, 2, 3)]
    answer(project, "some", answers)
    return train(project, settings, FAR)


def test_a_training_that_changes_much_waits_until_a_person_has_looked(many: Project, settings: RefineSettings) -> None:
    before = take_snapshot(many)
    result = change_much(many, settings)
    assert result.held_back
    assert result.turned_on >= 10 > 2 * result.suggested
    assert f"more than half of {result.suggested} suggestion" in result.sentence
    after = take_snapshot(many)
    assert after.stage == INITIAL
    np.testing.assert_array_equal(after.scores, before.scores)
    np.testing.assert_array_equal(after.thresholds, before.thresholds)
    waiting = held_back(many)
    assert waiting is not None
    changes = changes_by_training(many, after, waiting)
    assert changes is not None
    assert int(changes.turned_on.sum()) == result.turned_on
    shown = look_at_waiting(many)
    assert (shown.run, shown.suggested) == (result.run, result.suggested)
    assert sum(len(one.new) for one in shown.labels) == result.turned_on
    assert sum(len(one.gone) for one in shown.labels) == result.turned_off
    for one in shown.labels:
        column = [label.name for label in after.labels].index(one.label)
        assert sorted(one.new) == [after.paths[row] for row in changes.rows(on=True, column=column)]

    assert accept_training(many).id == result.run
    assert take_snapshot(many).stage == REFINED
    assert held_back(many) is None
    put_in_force(many, result.run, in_force=False)
    assert take_snapshot(many).stage == INITIAL


def test_what_waits_is_shown_on_the_command_line(many: Project, settings: RefineSettings, cdul: Cdul) -> None:
    result = change_much(many, settings)
    many.close()
    told = cdul("refine", many.photos, "--show", "--json").json
    assert told["run"] == result.run
    assert sum(len(label["new"]) for label in told["labels"]) == result.turned_on
    said = cdul("refine", many.photos, "--show")
    assert (said.code, said.err) == (0, "")
    assert f"Training {result.run} waits" in said.out
    assert f"\n  + {told['labels'][0]['new'][0]}\n" in said.out


def test_a_training_that_waits_can_be_discarded_and_brought_back(many: Project, settings: RefineSettings) -> None:
    run = change_much(many, settings).run
    discard_training(many)
    assert held_back(many) is None
    assert take_snapshot(many).stage == INITIAL
    for verb in (accept_training, look_at_waiting):
        with pytest.raises(UserError, match="No training waits"):
            verb(many)
    put_in_force(many, run)
    assert take_snapshot(many).stage == REFINED
    assert [one.withdrawn_at for one in runs(many) if one.id == run] == [None]


def test_a_training_learns_from_what_answers_taught(
    tmp_path: Path, settings: RefineSettings, tiny_clip_encoder: Any
) -> None:
    for seed in range(16):
        make_photo(tmp_path / "photos" / f"{seed:02}.jpg", seed)
    with Project.open(tmp_path / "photos") as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        add_photos(project, Progress(), Cancellation())
        initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        answer(project, "ten", [Answer(photo, 1, photo % 2 == 0) for photo in range(1, 11)])
        taught = snapshot_in_force(project)
        assert list(taught.taught) == [CAT]
        learner = open_learner(project, settings.network, settings.weights, "head", SHORT)
        targets = prepare_targets(project, taught, learner, SHORT, Progress(), Cancellation())
        initial = taught.matrix_of(project, INITIAL)
        rest = np.argsort([taught.row_of(photo) for photo in targets.photos])[10:]
        wanted = np.argsort(taught.scores[10:, CAT])
        np.testing.assert_array_equal(np.argsort(targets.targets.values[rest, CAT]), wanted)
        np.testing.assert_array_equal(np.argsort(targets.targets.values[:, DOG]), np.argsort(initial[:, DOG]))
        # As sure as the answers made it.
        np.testing.assert_allclose(1 / (1 + np.exp(-targets.guess[rest, CAT])), taught.scores[10:, CAT], rtol=1e-3)
        result = train(project, settings)
        assert result.decisions == 10
        assert "Your answers had changed all suggestions already that it would change." in str(result.sentence)
        # Where no label is suggested by the training alone there is nothing to count, though much may change.
        answer(project, "ten more", [Answer(photo, 2, photo % 2 == 0) for photo in range(1, 11)])
        said = str(train(project, settings).sentence)
        assert said.startswith("Trained on 16 photos and 20 decisions in ")
        assert "Suggestions go on following your answers; what the training learnt is weighed in with them." in said
        assert "Suggestions: " not in said


@pytest.mark.parametrize(
    ("suggested", "new", "waits"),
    [([200, 12], [0, 13], True), ([200, 12], [0, 11], False), ([200, 2], [0, 4], False), ([200, 0], [30, 10], True)],
)
def test_a_training_that_changes_one_label_much_waits_too(suggested: list[int], new: list[int], *, waits: bool) -> None:
    turned_on = np.arange(300)[:, None] < np.array(new)
    scores = np.zeros((300, 2), np.float32)
    changes = Changes(1, scores, scores, turned_on, np.zeros_like(turned_on), np.array(suggested))
    assert changes_much(changes) == waits

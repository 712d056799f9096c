"""What a project knows, as aligned arrays: states of labels, thresholds, stages."""

import numpy as np
import pytest

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import choose_label_set, join_label_set, remove_label
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, withdraw_run
from engine.project.label_state import NO, UNDECIDED, LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import (
    INITIAL,
    REFINED,
    RunRow,
    begin_run,
    finish_run,
    keep_run_settings,
    runs,
    runs_with,
    store_scores,
)
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import (
    DEFAULT_THRESHOLD,
    FOR_ALL,
    ManualThreshold,
    StageCalibration,
    ThresholdSource,
    keep_stage_calibration,
)

pytestmark = pytest.mark.both_databases

ABSENT, LIKELY, CONFIRMED, REJECTED, MAYBE, *_IMPLIED = LabelState


@pytest.fixture
def scored(project: Project) -> Project:
    """Three photos, added out of order; the labels cat and dog; scores for the first two photos."""
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto("b.jpg", 1, 1)])
    record_folder(project, [FoundPhoto(path, 1, 1) for path in ("b.jpg", "c.jpg", "a.jpg")])
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
    store_scores(project, run, INITIAL, [1, 2], np.array([[0.9, 0.1], [0.2, 0.6]], np.float32))
    finish_run(project, run)
    set_thresholds(project, [ManualThreshold(*FOR_ALL, 0.5)])
    return project


def test_rows_are_in_order_of_paths_whenever_the_photos_came(scored: Project) -> None:
    snapshot = take_snapshot(scored)
    assert snapshot.paths == ["a.jpg", "b.jpg", "c.jpg"]
    assert snapshot.photo_ids.tolist() == [2, 1, 3]
    assert snapshot.rows_of(np.array([3, 2])).tolist() == [2, 0]
    np.testing.assert_array_equal(snapshot.scores, np.array([[0.2, 0.6], [0.9, 0.1], [np.nan, np.nan]], np.float32))


def test_a_label_is_suggested_confirmed_rejected_or_absent(scored: Project) -> None:
    answer(scored, "some", [Answer(1, 1, False), Answer(2, 1, True), Answer(3, 2, True)])
    states = take_snapshot(scored).states()
    assert states.tolist() == [[CONFIRMED, LIKELY], [REJECTED, ABSENT], [ABSENT, CONFIRMED]]


def test_a_persons_threshold_for_a_label_goes_before_one_for_all(scored: Project) -> None:
    set_thresholds(scored, [ManualThreshold(1, INITIAL, 0.1)])
    snapshot = take_snapshot(scored)
    assert snapshot.states()[:2].tolist() == [[LIKELY, LIKELY], [LIKELY, ABSENT]]
    assert snapshot.threshold_sources == [ThresholdSource.BY_HAND, ThresholdSource.FOR_ALL]
    set_thresholds(scored, [ManualThreshold(1, INITIAL, None)])
    assert take_snapshot(scored).threshold_sources == [ThresholdSource.FOR_ALL] * 2


def test_without_a_persons_word_the_runs_own_thresholds_hold(scored: Project) -> None:
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, None)])
    assert take_snapshot(scored).threshold_sources == [ThresholdSource.DEFAULT] * 2
    keep_run_settings(scored, 1, {"thresholds": {INITIAL: [0.15, None]}})
    snapshot = take_snapshot(scored)
    np.testing.assert_allclose(snapshot.thresholds, [0.15, DEFAULT_THRESHOLD])
    assert snapshot.threshold_sources == [ThresholdSource.FROM_SCORES, ThresholdSource.DEFAULT]


def test_a_score_exactly_at_the_threshold_is_suggested(scored: Project) -> None:
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, float(np.float32(0.6)))])
    assert take_snapshot(scored).states()[0].tolist() == [MAYBE, LIKELY]


def test_who_reviewed_a_photo_before_a_label_came_has_said_nothing_of_it(scored: Project) -> None:
    answer(scored, "seen", [Answer(1, None, True)])
    bird = join_label_set(scored, "bird")
    before = take_snapshot(scored)
    answer(scored, "seen", [Answer(2, None, True)])
    before.apply([Answer(2, None, True)])
    for snapshot in (before, take_snapshot(scored)):
        assert snapshot.answers(snapshot.column_of(bird)).tolist() == [NO, UNDECIDED, UNDECIDED]
        assert snapshot.answers()[:, :2].tolist() == [[NO, NO], [NO, NO], [UNDECIDED, UNDECIDED]]
    assert snapshot.answers(rows=[1]).tolist() == [[NO, NO, UNDECIDED]]


def test_who_reviewed_a_photo_while_a_label_was_away_has_said_nothing_of_it(scored: Project) -> None:
    dog = take_snapshot(scored).labels[1].id
    answer(scored, "seen", [Answer(1, None, True)])
    remove_label(scored, dog)
    answer(scored, "seen", [Answer(2, None, True)])
    choose_label_set(scored, [NewLabel("cat"), NewLabel("dog")], "both")
    answer(scored, "seen", [Answer(3, None, True)])
    snapshot = take_snapshot(scored)
    rows = snapshot.rows_of(np.array([1, 2, 3]))
    assert snapshot.answers(snapshot.column_of(dog))[rows].tolist() == [NO, UNDECIDED, NO]


def test_what_may_be_on_a_reviewed_photo_is_no_answer(scored: Project) -> None:
    # Cat .2 and dog .6 on the photo; dog was left alone although it is likely, cat may be and stands folded away.
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, None)])
    keep_run_settings(scored, 1, {"likely": {INITIAL: [0.5, 0.5]}, "maybe": {INITIAL: [0.15, 0.3]}})
    answer(scored, "seen", [Answer(2, None, True)])
    snapshot = take_snapshot(scored)
    assert snapshot.states()[0].tolist() == [MAYBE, LIKELY]
    assert snapshot.answers()[0].tolist() == [UNDECIDED, NO]
    assert [snapshot.answers(column)[0] for column in (0, 1)] == [UNDECIDED, NO]


def test_refined_labels_suggest_where_there_are_any(scored: Project) -> None:
    run = begin_run(scored, "refine", label_ids=[1, 2], settings={})
    store_scores(scored, run, REFINED, [1], np.array([[0.3, 0.8]], np.float32))
    finish_run(scored, run)
    snapshot = take_snapshot(scored)
    assert snapshot.stage == REFINED
    np.testing.assert_array_equal(snapshot.scores[:2], np.array([[0.2, 0.6], [0.3, 0.8]], np.float32))
    withdraw_run(scored, run)
    assert take_snapshot(scored).stage == INITIAL
    withdraw_run(scored, run, withdrawn=False)
    assert take_snapshot(scored).stage == REFINED


def test_what_was_likely_stays_so_until_another_encoders_run_comes_to_the_photo(scored: Project) -> None:
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, None)])
    keep_run_settings(scored, 1, {"likely": {INITIAL: [0.5, 0.5]}, "maybe": {INITIAL: [0.15, 0.3]}})
    before = take_snapshot(scored).states().tolist()
    assert before[:2] == [[MAYBE, LIKELY], [LIKELY, ABSENT]]
    # Another encoder's scores are on another scale, and so are its thresholds.
    run = begin_run(scored, "initialise", label_ids=[1, 2], settings={})
    store_scores(scored, run, INITIAL, [1], np.array([[0.995, 0.97]], np.float32))
    keep_run_settings(scored, run, {"likely": {INITIAL: [0.99, 0.999]}, "maybe": {INITIAL: [0.98, 0.01]}})
    snapshot = take_snapshot(scored)
    assert snapshot.paths[0] == "a.jpg"  # to which it did not come yet
    assert snapshot.states().tolist() == [before[0], [LIKELY, MAYBE], before[2]]
    np.testing.assert_array_equal(snapshot.scores[1], np.array([0.995, 0.97], np.float32))
    # Answers were learnt from these scores: what they make of the thresholds moves no score.
    learnt = StageCalibration(*[np.array([0.5, 0.5])] * 6, thresholds=np.array([0.6, 0.6]))
    keep_stage_calibration(scored, INITIAL, snapshot.labels, learnt)
    after = take_snapshot(scored)
    assert after.thresholds.tolist() == pytest.approx([0.6, 0.6])
    np.testing.assert_array_equal(after.scores, snapshot.scores)


def test_labels_in_another_order_keep_their_scores(scored: Project) -> None:
    use_label_set(scored, [NewLabel("dog"), NewLabel("horse"), NewLabel("cat")])
    nan = np.nan
    np.testing.assert_array_equal(
        take_snapshot(scored).scores,
        np.array([[0.6, nan, 0.2], [0.1, nan, 0.9], [nan, nan, nan]], np.float32),
    )


def test_a_photo_that_another_program_adds_meanwhile_is_in_the_next_snapshot(
    scored: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_one_more(project: Project, stage: str) -> list[RunRow]:
        record_folder(project, [FoundPhoto(path, 1, 1) for path in ("b.jpg", "c.jpg", "a.jpg", "d.jpg")])
        run = runs(project)[0]
        store_scores(project, run.id, INITIAL, [4], np.array([[0.3, 0.4]], np.float32))
        return runs_with(project, stage)

    with monkeypatch.context() as patched:
        patched.setattr("engine.project.aligned_scores.runs_with", with_one_more)
        snapshot = take_snapshot(scored)
    assert snapshot.paths == ["a.jpg", "b.jpg", "c.jpg"]
    np.testing.assert_array_equal(snapshot.scores[1], np.array([0.9, 0.1], np.float32))
    assert take_snapshot(scored).scores[3].tolist() == pytest.approx([0.3, 0.4])


def test_nothing_yet(project: Project) -> None:
    snapshot = take_snapshot(project)
    assert len(snapshot) == 0
    assert snapshot.stage is None
    assert snapshot.states().shape == (0, 0)

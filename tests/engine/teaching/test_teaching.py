"""Answers about a label teach all other photos: what is likely then, how far it reaches, and that it is never kept."""

from __future__ import annotations

import numpy as np
import pytest
from taught_photos import CAT, DIMENSION, DOG, PHOTOS, Made
from threadpoolctl import threadpool_info, threadpool_limits

from engine.formats.known_labels import IGNORED, PRESENT, KnownLabels
from engine.method.taught_label import FEWEST_ANSWERS, LEAST_OF_GUESSED, Reach, teach
from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, undo
from engine.project.label_state import LabelState
from engine.project.runs import INITIAL, REFINED, begin_run, store_scores
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold, ThresholdSource
from engine.stages.evaluation.compare import Side, compare
from engine.stages.evaluation.evaluate import IN_FORCE, evaluate
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.exporting.selection import select
from engine.stages.importing.import_truth import match_truth
from engine.stages.review.queues import queue_progress
from engine.stages.teaching.coordinates import coordinates_of
from engine.stages.teaching.teaching import Looks, Teacher, snapshot_in_force
from engine.stages.teaching.what_answers_changed import what_answers_changed
from engine.stages.thresholds.calibrate import calibrate_labels, shape_settings, want_precision
from engine.stages.thresholds.report import Note, report_thresholds, set_by_name


def f1(accepted: np.ndarray, truth: np.ndarray) -> float:
    return 2 * (accepted & truth).sum() / (accepted.sum() + truth.sum())


def likely(snapshot, column: int = CAT) -> np.ndarray:
    return snapshot.states()[:, column] == LabelState.LIKELY


def test_twenty_answers_make_the_other_photos_right(made):
    asked = made.doubtful[:20]
    rest = np.setdiff1d(np.arange(PHOTOS), asked)
    before = snapshot_in_force(made.project)
    assert before.taught == {}
    made.say(asked)
    after = snapshot_in_force(made.project)
    truth = made.there[rest, CAT]
    assert f1(likely(before)[rest], truth) < 0.7
    assert f1(likely(after)[rest], truth) > 0.8
    assert after.threshold_sources == [ThresholdSource.FROM_REVIEW, ThresholdSource.FROM_SCORES]
    assert after.taught[CAT].reach == Reach.ENOUGH
    assert after.taught[CAT].expected == pytest.approx(made.there[:, CAT].sum(), rel=0.25)
    sure = after.scores[rest, CAT] >= 0.8
    assert truth[sure].mean() > 0.8
    assert 0 < after.maybe_from[CAT] < after.thresholds[CAT] < 1
    assert after.thresholds[CAT] >= np.float32(LEAST_OF_GUESSED)
    between = rest[(after.scores[rest, CAT] >= 0.25) & (after.scores[rest, CAT] < LEAST_OF_GUESSED)]
    assert len(between)
    assert (after.states()[between, CAT] == LabelState.MAYBE).all()


def test_what_an_edit_taught_of_the_other_photos_is_told(made):
    asked, before = made.doubtful[:20], snapshot_in_force(made.project)
    few = made.say(asked[: FEWEST_ANSWERS - 1])
    assert what_answers_changed(made.project, before, few) == ()
    before = snapshot_in_force(made.project)
    done = made.say(asked[FEWEST_ANSWERS - 1 :])
    [found] = what_answers_changed(made.project, before, done)
    rest = np.setdiff1d(np.arange(PHOTOS), asked)
    was, now = likely(before), likely(snapshot_in_force(made.project))
    assert found.label == "cat"
    assert found.on == tuple(f"{row:04}.jpg" for row in rest if now[row] and not was[row])
    assert found.off == tuple(f"{row:04}.jpg" for row in rest if was[row] and not now[row])
    assert len(found.on) + len(found.off) > 5


def test_a_label_without_ten_answers_stays_as_it_was(made):
    before = take_snapshot(made.project)
    made.say(made.doubtful[: FEWEST_ANSWERS - 1])
    made.say(range(40), DOG)
    after = snapshot_in_force(made.project)
    assert list(after.taught) == [DOG]
    assert after.scores[:, CAT].tolist() == before.scores[:, CAT].tolist()
    assert (after.thresholds[CAT], after.threshold_sources[CAT]) == (
        before.thresholds[CAT],
        ThresholdSource.FROM_SCORES,
    )


def test_neither_the_order_of_answers_nor_when_one_asks_makes_a_difference(tmp_path):
    """As the window does, answer by answer with one teacher; as the command line does, all at once."""
    first, second = Made(tmp_path / "first"), Made(tmp_path / "second")
    asked = first.doubtful[:24]
    live = take_snapshot(first.project)
    teacher = Teacher.of(first.project, live)
    for place in range(0, 24, 3):
        some = asked[place : place + 3]
        first.say(some)
        live.apply([Answer(int(row) + 1, 1, bool(first.there[row, CAT])) for row in some])
        live.take_what_was_taught(teacher.teach(live.answers(), [CAT]))
    second.say(asked[::-1])
    for project in (first.project, second.project):
        afresh = snapshot_in_force(project)
        np.testing.assert_allclose(afresh.scores, live.scores, rtol=1e-6)
        np.testing.assert_allclose(afresh.thresholds, live.thresholds, rtol=1e-6)
        assert afresh.threshold_sources == live.threshold_sources
    first.project.close()
    second.project.close()


def test_who_takes_answers_back_has_what_was_before(made):
    before = snapshot_in_force(made.project)
    made.say(made.doubtful[:30])
    live = snapshot_in_force(made.project)
    teacher = Teacher.of(made.project, live)
    assert not np.array_equal(live.scores, before.scores)
    undo(made.project)
    live.decisions[:] = 0
    live.take_what_was_taught(teacher.teach(live.answers(), [CAT]))
    for snapshot in (live, snapshot_in_force(made.project)):
        assert snapshot.taught == {}
        assert snapshot.scores.tolist() == before.scores.tolist()
        assert snapshot.thresholds.tolist() == before.thresholds.tolist()
        assert snapshot.maybe_from.tolist() == before.maybe_from.tolist()


def test_a_reviewed_photo_teaches_the_labels_that_were_left_alone(made):
    nothing = np.flatnonzero(~made.there.any(axis=1))[:25]
    answer(made.project, "seen", [Answer(int(row) + 1, None, True) for row in nothing])
    snapshot = snapshot_in_force(made.project)
    assert [one.reach for one in snapshot.taught.values()] == [Reach.ONLY_NO] * 2


def test_labels_that_nobody_has_met_are_offered_on_no_more_photos_than_before(made):
    made.label("made up", maybe={INITIAL: [0.3, 0.4]})
    nothing = np.flatnonzero(~made.there.any(axis=1))[:25]
    rest = np.setdiff1d(np.arange(PHOTOS), nothing)
    before = take_snapshot(made.project)
    answer(made.project, "seen", [Answer(int(row) + 1, None, True) for row in nothing])
    after = snapshot_in_force(made.project)
    suggested = (LabelState.LIKELY, LabelState.MAYBE)
    offered = [np.isin(each.states()[rest], suggested).sum(axis=0) for each in (before, after)]
    assert offered[0].min() > 10
    assert (offered[1] <= offered[0]).all()


def test_who_only_confirms_has_no_more_photos_accepted_than_before(made):
    best = np.argsort(-made.scores[:, CAT])
    yes = best[made.there[best, CAT]][::2][:15]
    before = take_snapshot(made.project)
    made.say(yes)
    after = snapshot_in_force(made.project)
    assert after.taught[CAT].reach == Reach.ONLY_YES
    rest = after.decisions[:, CAT] == 0
    assert abs(int(likely(after).sum()) - int(likely(before)[rest].sum())) <= 1


def test_what_was_taught_is_taken_over_where_nothing_changed_and_only_there(made):
    made.say(made.doubtful[:40])
    made.say(range(60), DOG)
    before = snapshot_in_force(made.project)

    def read() -> Snapshot:
        snapshot = take_snapshot(made.project)
        looks = Looks.of(made.project, snapshot.photo_ids)
        Teacher(made.project, snapshot, looks).teach_snapshot(snapshot, before)
        afresh = snapshot_in_force(made.project)
        np.testing.assert_array_equal(snapshot.scores, afresh.scores)
        np.testing.assert_array_equal(snapshot.thresholds, afresh.thresholds)
        return snapshot

    made.say(range(60, 70), DOG)
    snapshot = read()
    assert snapshot.taught[CAT] is before.taught[CAT]
    assert snapshot.taught[DOG] is not before.taught[DOG]
    asked = made.doubtful[:40]
    made.say(asked, truth=~made.there)  # the same photos, the other way round
    assert read().taught[CAT] is not before.taught[CAT]
    made.say(asked)
    assert read().taught[CAT] is before.taught[CAT]
    made.label("other", 1 - (1 - made.scores) ** 2)
    assert read().taught[CAT] is not before.taught[CAT]


def test_what_answers_taught_stays_while_another_labelling_has_come_to_some_photos(made):
    made.say(made.doubtful[:40])
    before = snapshot_in_force(made.project)
    other = 1 - (1 - made.scores) ** 3
    settings = shape_settings(INITIAL, shape_of(other)) | {"encoder": "other", "encoder_id": "other"}
    settings |= {"dimension": DIMENSION, "feature_count": DIMENSION, "grids": []}
    run = begin_run(made.project, "initialise", label_ids=[label.id for label in made.labels], settings=settings)
    store_scores(made.project, run, INITIAL, range(1, 21), other[:20].astype(np.float32))
    half_way = snapshot_in_force(made.project)
    assert half_way.taught[CAT].reach == before.taught[CAT].reach == Reach.ENOUGH
    rest = np.flatnonzero(half_way.decisions[:, CAT] == 0)
    assert f1(likely(half_way)[rest], made.there[rest, CAT]) > 0.9
    assert np.mean(likely(half_way)[rest] == likely(before)[rest]) > 0.95


def test_imported_scores_without_embeddings_are_still_calibrated(tmp_path):
    made = Made(tmp_path)
    made.label(None)
    made.say(made.doubtful[:40])
    calibrate_labels(made.project)
    snapshot = snapshot_in_force(made.project)
    assert snapshot.taught == {}
    assert snapshot.threshold_sources[CAT] == ThresholdSource.FROM_REVIEW
    np.testing.assert_array_equal(snapshot.scores, made.scores)
    made.project.close()


def test_without_a_cache_nothing_is_learnt_from_looks(made):
    made.say(made.doubtful[:40])
    calibrate_labels(made.project)
    folder, photos = made.project.folder, made.project.photos
    made.project.close()
    for file in folder.glob("cache.sqlite*"):
        file.unlink()
    with Project.open(photos) as project:
        snapshot = snapshot_in_force(project)
    assert snapshot.taught == {}
    assert snapshot.threshold_sources[CAT] == ThresholdSource.FROM_REVIEW


def test_a_threshold_set_by_hand_on_scores_keeps_how_many_it_accepts(made):
    made.say(made.doubtful[:20])
    rest = take_snapshot(made.project).decisions[:, CAT] == 0
    value = float(np.sort(made.scores[rest, CAT])[-40])
    set_thresholds(made.project, [ManualThreshold(made.labels[CAT].id, INITIAL, value)])
    snapshot = snapshot_in_force(made.project)
    assert snapshot.threshold_sources[CAT] == ThresholdSource.BY_HAND
    assert abs(int(likely(snapshot).sum()) - 40) <= 1


def test_a_threshold_set_on_a_taught_label_is_one_of_probabilities(made):
    made.say(made.doubtful[:20])
    set_by_name(made.project, {"cat": 0.7, "dog": 0.4}, snapshot=snapshot_in_force(made.project))
    snapshot = snapshot_in_force(made.project)
    assert snapshot.thresholds.tolist() == pytest.approx([0.7, 0.4])
    assert snapshot.threshold_sources == [ThresholdSource.BY_HAND] * 2
    # Of the scores nothing was said.
    assert take_snapshot(made.project).threshold_sources[CAT] == ThresholdSource.FROM_SCORES
    set_by_name(made.project, {"cat": None}, snapshot=snapshot)
    assert snapshot_in_force(made.project).threshold_sources[CAT] == ThresholdSource.FROM_REVIEW
    set_thresholds(made.project, [ManualThreshold(*FOR_ALL, 0.6)])
    assert snapshot_in_force(made.project).thresholds.tolist() == pytest.approx([0.6, 0.4])


def test_a_wanted_precision_is_kept_on_the_other_photos(made):
    made.say(made.doubtful[:40])
    best = snapshot_in_force(made.project)
    want_precision(made.project, 0.9)
    careful = snapshot_in_force(made.project)
    assert careful.thresholds[CAT] > best.thresholds[CAT]
    assert likely(careful).sum() > 10
    assert made.there[likely(careful), CAT].mean() >= 0.9
    made.say(range(PHOTOS), DOG, truth=np.zeros_like(made.there))
    nothing = snapshot_in_force(made.project)  # without a yes nothing is promised
    assert nothing.thresholds[DOG] == 1


def test_after_a_training_answers_do_not_count_twice(made):
    """The training has seen them: what it learnt is no guess that they could correct."""
    asked = made.doubtful[:20]
    made.say(asked)
    before = snapshot_in_force(made.project)
    refined = np.where(made.there, 0.9, 0.1)
    refined[asked, CAT] = made.there[asked, CAT]
    made.score(REFINED, refined, shape_settings(REFINED, shape_of(made.scores)))
    after = snapshot_in_force(made.project)
    assert after.stage == REFINED
    np.testing.assert_allclose(after.scores[:, CAT], before.scores[:, CAT], rtol=1e-4)


def test_the_report_tells_likely_and_maybe_and_how_far_answers_reach(made):
    made.say(made.doubtful[:30])
    made.say(np.flatnonzero(made.there[:, DOG])[:12], DOG)
    snapshot = snapshot_in_force(made.project)
    report = report_thresholds(made.project, snapshot)
    cat, dog = report.labels
    states = snapshot.states()
    assert (cat.suggested, cat.maybe) == tuple(
        (states[:, CAT] == s).sum() for s in (LabelState.LIKELY, LabelState.MAYBE)
    )
    assert (cat.taught, cat.note, cat.yes + cat.no, cat.fewest_answers) == (True, Note.NONE, 30, FEWEST_ANSWERS)
    right = made.there[likely(snapshot), CAT].mean()
    assert cat.precision.low - 0.05 <= right <= cat.precision.high + 0.05
    assert (dog.note, dog.no) == (Note.ONLY_YES, 0)
    assert report.answers == 42
    assert report.calibration_error < 0.2
    # Who asks for a stage is told of its own scores.
    assert not report_thresholds(made.project, snapshot, stage=INITIAL).labels[CAT].taught


def test_few_answers_say_from_how_many_on_they_teach(made):
    made.say(made.doubtful[:5])
    cat = report_thresholds(made.project, snapshot_in_force(made.project)).labels[CAT]
    assert cat.note == Note.FEW_ANSWERS
    assert cat.sentence == "Few photos are reviewed: from 10 on the threshold comes from them."


def test_an_export_takes_what_is_likely_now_or_a_stage_as_it_was(made):
    made.say(made.doubtful[:20])
    snapshot = snapshot_in_force(made.project)
    now = select(made.project, snapshot, ExportRequest("csv", states="suggested")).export
    assert (now.suggested[:, CAT] == likely(snapshot)).all()
    stage = select(made.project, snapshot, ExportRequest("csv", states="suggested", stage=INITIAL)).export
    np.testing.assert_array_equal(stage.scores, made.scores)
    assert not (stage.suggested[:, CAT] == likely(snapshot)).all()


def test_how_good_suggestions_proved_is_asked_of_those_that_did_not_know_the_answer(made):
    asked = made.doubtful[:40]
    made.say(asked)
    before = queue_progress(take_snapshot(made.project), asked)
    assert queue_progress(snapshot_in_force(made.project), asked) == before


def test_what_is_undecided_of_a_taught_label_is_neither_a_clear_yes_nor_a_clear_no(made):
    made.say(made.doubtful[:20])
    snapshot = snapshot_in_force(made.project)
    unsure = snapshot.unsure()[:, CAT]
    between = (snapshot.scores[:, CAT] >= 0.1) & (snapshot.scores[:, CAT] < 0.9) & (snapshot.decisions[:, CAT] == 0)
    assert unsure.tolist() == between.tolist()


def test_a_project_that_is_only_looked_at_is_taught_and_left_as_it_is(made):
    made.say(made.doubtful[:20])
    with Project.open(made.project.photos, read_only=True) as project:
        assert list(snapshot_in_force(project).taught) == [CAT]
    assert coordinates_of(made.project, np.arange(1, PHOTOS + 1), make=False) is None


def test_what_is_compared_with_a_truth_is_what_suggests_now(made):
    answers = {f"{row:04}.jpg": {"cat": PRESENT} if made.there[row, CAT] else {} for row in range(PHOTOS)}
    truth = match_truth(made.project, KnownLabels(("cat",), answers)).table
    assert evaluate(made.project, truth, stage=IN_FORCE).taught == ()
    asked = made.doubtful[:30]
    made.say(asked)
    now, initial = (evaluate(made.project, truth, stage=stage) for stage in (IN_FORCE, INITIAL))
    assert (now.stage, now.taught, initial.taught) == (INITIAL, ("cat",), ())
    assert now.map > initial.map
    snapshot = snapshot_in_force(made.project)
    suggested = likely_score(snapshot)
    own = snapshot.untaught[CAT]
    suggested[asked] = own.scores[asked] >= own.threshold
    assert now.labels[CAT].hits == int((suggested & made.there[:, CAT]).sum())
    assert any("30 of the compared pairs" in note for note in now.notes)
    assert not any("compared pairs" in note for note in initial.notes)
    doubted = match_truth(
        made.project, KnownLabels(("cat",), answers | {f"{row:04}.jpg": {"cat": IGNORED} for row in asked[:5]})
    ).table
    assert any("25 of the compared pairs" in note for note in evaluate(made.project, doubted, stage=IN_FORCE).notes)
    both = compare(made.project, truth, Side.parse("in-force"), Side(INITIAL))
    assert both.map.first == pytest.approx(now.map)


def test_where_all_is_answered_the_truth_is_compared_with_what_was_suggested_before(made):
    answers = {f"{row:04}.jpg": {"cat": PRESENT} if made.there[row, CAT] else {} for row in range(PHOTOS)}
    truth = match_truth(made.project, KnownLabels(("cat",), answers)).table
    before = evaluate(made.project, truth, stage=IN_FORCE).labels[CAT]
    made.say(np.arange(PHOTOS))
    after = evaluate(made.project, truth, stage=IN_FORCE).labels[CAT]
    assert before.hits > 0
    assert (after.hits, after.misses) == (before.hits, before.misses)


def likely_score(snapshot, column: int = CAT) -> np.ndarray:
    return snapshot.scores[:, column] >= snapshot.thresholds[column]


def test_numpy_teaches_in_one_thread_as_its_threads_would_wait_for_each_other(made, monkeypatch: pytest.MonkeyPatch):
    made.say(made.doubtful[:20])
    seen = []

    def watched(*given, **named):
        seen.extend(one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas")
        return teach(*given, **named)

    monkeypatch.setattr("engine.stages.teaching.teaching.teach", watched)
    with threadpool_limits(2, user_api="blas"):
        snapshot_in_force(made.project)
    assert set(seen) == {1}

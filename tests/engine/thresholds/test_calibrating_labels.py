"""What reviewed photos make of a project's scores: thresholds, what is undecided, and what is said of each label."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import UserError, WrongUsage
from engine.method.calibration import calibrate
from engine.method.expected_thresholds import expected_precision_thresholds
from engine.method.taught_label import LEAST_PROBABILITY
from engine.method.thresholds import Shape, shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, REFINED, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold, ThresholdSource, thresholds_in_force
from engine.stages.thresholds.calibrate import (
    FEWEST_ANSWERS,
    NOTHING,
    ScoreModel,
    calibrate_labels,
    shape_settings,
    stage_calibration_of,
    want_precision,
    wanted_precision,
)
from engine.stages.thresholds.report import Note, report_thresholds

PHOTOS = 400
CAT, DOG = 0, 1


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


@pytest.fixture
def made(tmp_path):
    """400 photos; cat is there from a score of about 0.3 on, dog from 0.1 on, which the scores' shape cannot know."""
    with Project.open(tmp_path) as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        record_folder(project, [FoundPhoto(f"{number:03}.jpg", 1, 1) for number in range(PHOTOS)])
        random = np.random.default_rng(1)
        there = random.random((PHOTOS, 2)) < 0.25
        scores = sigmoid(np.where(there, [0.5, -1.0], [-2.5, -4.0]) + random.normal(0, 0.7, there.shape))
        yield Made(project, scores.astype(np.float32), there)


class Made:
    def __init__(self, project, scores, there):
        self.project, self.scores, self.there = project, scores, there
        self.score(INITIAL, scores)

    def score(self, stage, scores, **settings):
        run = begin_run(
            self.project, "test", label_ids=[1, 2], settings=settings or shape_settings(stage, shape_of(scores))
        )
        store_scores(self.project, run, stage, range(1, PHOTOS + 1), scores.astype(np.float32))
        finish_run(self.project, run)

    def say(self, rows, column=CAT, truth=None):
        truth = self.there if truth is None else truth
        answers = [Answer(int(row) + 1, column + 1, bool(truth[row, column])) for row in rows]
        answer(self.project, "test", answers)

    @property
    def in_force(self):
        snapshot = take_snapshot(self.project)
        return snapshot.thresholds, snapshot.threshold_sources


def test_what_nobody_answered_is_known_without_reading_a_photo(made, monkeypatch):
    read = calibrate_labels(made.project, take_snapshot(made.project))
    with monkeypatch.context() as unread:
        unread.setattr("engine.stages.thresholds.calibrate.take_snapshot", None)
        by_shape = calibrate_labels(made.project)
    for name, values in vars(read).items():
        np.testing.assert_array_equal(getattr(by_shape, name), values)
    made.say(range(40))
    assert calibrate_labels(made.project).yes.sum() > 0


def test_with_enough_answers_the_threshold_comes_from_them(made):
    made.say(range(FEWEST_ANSWERS - 1))
    calibrate_labels(made.project)
    before, sources = made.in_force
    assert sources == [ThresholdSource.FROM_SCORES] * 2
    made.say(range(FEWEST_ANSWERS))
    assert made.in_force[1] == sources  # until somebody asks
    calibrate_labels(made.project)
    after, sources = made.in_force
    assert sources == [ThresholdSource.FROM_REVIEW, ThresholdSource.FROM_SCORES]
    assert after[DOG] == before[DOG]


def test_answers_mend_a_threshold_that_the_scores_put_wrong(made):
    # A cat is only there where its score is far above what the shape says.
    truth = made.scores > 0.6
    made.say(range(0, PHOTOS, 4), truth=truth)
    before = made.in_force[0][CAT]
    calibrate_labels(made.project)
    after = made.in_force[0][CAT]
    assert before < 0.4 < after < 0.75


def test_reviewed_photos_answer_for_labels_left_alone(made):
    answer(made.project, "seen", [Answer(row + 1, None, True) for row in range(40)])
    stage_calibration = calibrate_labels(made.project)
    folded_away = np.count_nonzero(take_snapshot(made.project).folded_away[:40], axis=0)
    assert 0 < folded_away.sum() < 10
    assert stage_calibration.no.tolist() == (40 - folded_away).tolist()
    assert stage_calibration.yes.tolist() == [0, 0]


def test_a_label_that_nobody_has_met_is_likely_on_no_more_photos_for_that(made):
    careful = {INITIAL: [0.8, 0.8]}
    made.score(INITIAL, made.scores, **shape_settings(INITIAL, shape_of(made.scores)), likely=careful)
    made.say(np.flatnonzero(~made.there[:, CAT])[:40])
    calibrate_labels(made.project)
    thresholds, sources = made.in_force
    assert sources[CAT] == ThresholdSource.FROM_REVIEW
    assert thresholds[CAT] >= np.float32(0.8)
    made.say(np.flatnonzero(made.there[:, CAT])[:20])
    calibrate_labels(made.project)
    assert made.in_force[0][CAT] < 0.6


def test_whatever_f1_says_nothing_improbable_is_likely(made):
    """One yes among forty answers: of the other photos hardly any can have the label."""
    there = np.zeros_like(made.there)
    there[made.scores[:, CAT].argmax()] = True
    made.say(made.scores[:, CAT].argsort()[-40:], truth=there)
    calibration = calibrate_labels(made.project)
    log_odds = calibration.offsets + calibration.slopes * np.log(made.in_force[0] / (1 - made.in_force[0]))
    assert sigmoid(log_odds[CAT]) > LEAST_PROBABILITY - 1e-3


def test_a_persons_word_goes_first(made):
    made.say(range(60))
    calibrate_labels(made.project)
    set_thresholds(made.project, [ManualThreshold(*FOR_ALL, 0.5)])
    assert made.in_force[1] == [ThresholdSource.FOR_ALL] * 2


def test_a_wanted_precision_is_reached_on_photos_nobody_asked_about(made):
    noisy = np.random.default_rng(3).random(made.there.shape) < made.scores  # a score is its own chance
    made.say(range(200), truth=noisy)
    thresholds = {}
    for wanted in (None, 0.6, 0.8):
        want_precision(made.project, wanted)
        calibrate_labels(made.project)
        assert wanted_precision(made.project) == wanted
        thresholds[wanted] = made.in_force[0][CAT]
    assert thresholds[0.6] < thresholds[0.8]
    left = slice(200, None)
    for wanted in (0.6, 0.8):
        accepted = made.scores[left, CAT] >= thresholds[wanted]
        assert wanted - 0.02 < made.scores[left, CAT][accepted].mean() < wanted + 0.15


def test_a_precision_that_no_photo_reaches_suggests_nothing(made):
    made.say(range(100), truth=np.zeros_like(made.there))
    want_precision(made.project, 0.9)
    calibrate_labels(made.project)
    report = report_thresholds(made.project)
    assert report.labels[CAT].suggested == 0
    assert report.labels[CAT].note == Note.ONLY_NO


def test_a_precision_is_not_promised_before_a_photo_with_the_label_was_reviewed(made):
    """All that scores high may be something else: dogs that the encoder takes for cats."""
    want_precision(made.project, 0.8)
    made.say(np.flatnonzero(~made.there[:, CAT])[:60])
    calibrate_labels(made.project)
    cat = report_thresholds(made.project).labels[CAT]
    assert (cat.note, cat.suggested, cat.threshold) == (Note.ONLY_NO, 0, NOTHING)
    assert cat.answers_missing is None
    made.say(np.flatnonzero(made.there[:, CAT])[:1])
    calibrate_labels(made.project)
    cat = report_thresholds(made.project).labels[CAT]
    assert cat.threshold < 0.5
    assert cat.suggested > 50


def test_what_cannot_be_promised_yet_says_how_many_answers_are_missing(made):
    noisy = np.random.default_rng(3).random(made.there.shape) < made.scores
    want_precision(made.project, 0.8)
    made.say(range(30), truth=noisy)
    calibrate_labels(made.project)
    cat = report_thresholds(made.project).labels[CAT]
    assert (cat.note, cat.suggested, cat.threshold) == (Note.PROMISED_LATER, 0, NOTHING)
    assert 30 < cat.answers_missing < 300
    made.say(range(30, 30 + 2 * cat.answers_missing), truth=noisy)
    calibrate_labels(made.project)
    cat = report_thresholds(made.project).labels[CAT]
    assert (cat.note, cat.answers_missing) == (Note.NONE, None)
    assert cat.threshold < NOTHING
    assert cat.precision.value >= 0.8


def test_labels_that_are_all_too_sure_make_each_other_careful(tmp_path):
    """Forty labels whose scores claim what is true only half as often; few answers a label, many together."""
    random = np.random.default_rng(2)
    claimed = sigmoid(random.normal(-3, 2.5, (200, 40)))
    there = random.random(claimed.shape) < claimed / 2
    shape = Shape(np.full(40, 0.5), np.ones(40))
    answers = np.where(there, 1, -1)
    answers[25:] = 0
    learnt = ScoreModel(claimed, answers, shape, shape.thresholds, calibrate(claimed, answers, shape))
    with Project.open(tmp_path) as project:
        want_precision(project, 0.8)
        thresholds = stage_calibration_of(project, learnt).thresholds
    alone = expected_precision_thresholds(claimed, learnt.calibration, 0.8)
    assert np.nanmean(there[25:][(claimed >= alone)[25:]]) < 0.6
    assert (thresholds == NOTHING).mean() > 0.9


def test_newer_scores_forget_what_older_ones_meant(made):
    made.say(range(60))
    calibrate_labels(made.project)
    made.score(INITIAL, made.scores / 2)
    assert made.in_force[1] == [ThresholdSource.FROM_SCORES] * 2
    assert take_snapshot(made.project).stage_calibration is None


def test_refined_labels_are_judged_by_answers_that_they_were_not_told(made):
    made.say(range(200))
    refined = made.scores.copy()
    refined[:150, CAT] = made.there[:150, CAT]  # told; the other fifty were held out
    made.score(REFINED, refined)
    stage_calibration = calibrate_labels(made.project)
    assert (stage_calibration.yes + stage_calibration.no).tolist() == [50, 0]
    # Of the initial labels all are asked.
    stage_calibration = calibrate_labels(made.project, stage=INITIAL)
    assert stage_calibration.yes[CAT] + stage_calibration.no[CAT] == 200
    assert thresholds_in_force(made.project, INITIAL, take_snapshot(made.project).labels)[1][CAT] == (
        ThresholdSource.FROM_REVIEW
    )


def test_what_is_neither_clear_yes_nor_clear_no_is_undecided(made):
    made.say(range(100))
    calibrate_labels(made.project)
    snapshot = take_snapshot(made.project)
    unsure = snapshot.unsure()
    assert not unsure[:100, CAT].any()  # answered
    cat, dog = unsure[100:, CAT], unsure[100:, DOG]
    assert 0 < cat.mean() < 0.3
    assert 0 < dog.mean() < 0.3
    clear = ~unsure[100:]
    suggested = (snapshot.scores >= snapshot.thresholds)[100:]
    assert (suggested == made.there[100:])[clear].mean() > 0.97
    report = report_thresholds(made.project)
    assert report.labels[CAT].undecided == cat.sum()
    made.say(np.flatnonzero(unsure[:, CAT]))
    assert not take_snapshot(made.project).unsure()[:, CAT].any()


def test_the_report_says_what_was_learnt_and_how_well_it_holds(made):
    made.say(range(200))
    calibrate_labels(made.project)
    report = report_thresholds(made.project)
    cat, dog = report.labels
    assert (cat.label, cat.source, cat.yes + cat.no, cat.note) == ("cat", ThresholdSource.FROM_REVIEW, 200, Note.NONE)
    accepted = made.scores[:, CAT] >= cat.threshold
    assert cat.precision.low <= made.there[accepted, CAT].mean() <= cat.precision.high
    assert dog.precision is None
    assert report.answers == 200
    assert report.calibration_error < 0.05


def test_strange_labels_are_told_in_words(made):
    made.say(range(5))
    made.say(np.flatnonzero(made.there[:, DOG])[:30], DOG)
    calibrate_labels(made.project)
    assert [one.note for one in report_thresholds(made.project).labels] == [Note.FEW_ANSWERS, Note.ONLY_YES]
    equal = made.scores.copy()
    equal[:, CAT], equal[:, DOG] = 0.25, np.nan
    made.score(INITIAL, equal)
    calibrate_labels(made.project)
    assert [one.note for one in report_thresholds(made.project).labels] == [Note.EQUAL_SCORES, Note.NO_SCORES]


def test_one_label_and_no_answers(tmp_path):
    with Project.open(tmp_path) as project:
        use_label_set(project, [NewLabel("cat")])
        record_folder(project, [FoundPhoto("a.jpg", 1, 1)])
        assert calibrate_labels(project) is None
        with pytest.raises(UserError, match="Label the photos first"):
            report_thresholds(project)
        run = begin_run(project, "test", label_ids=[1], settings={})
        store_scores(project, run, INITIAL, [1], np.array([[0.3]], np.float32))
        finish_run(project, run)
        assert np.isnan(calibrate_labels(project).thresholds).all()
        report = report_thresholds(project)
        assert (report.answers, report.reliability, report.calibration_error) == (0, (), None)
        # One score is equal to itself alone.
        assert [one.note for one in report.labels] == [Note.NONE]


def test_wrong_wishes_are_refused(made):
    with pytest.raises(WrongUsage, match=r"between 0 and 1, like 0\.9, but got 90"):
        want_precision(made.project, 90)
    with pytest.raises(WrongUsage, match="initial, refined, classifier, but got 'global'"):
        report_thresholds(made.project, stage="global")

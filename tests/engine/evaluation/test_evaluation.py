"""Scores against a truth: which photos and labels are compared, and how."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from engine.errors import UserError, WrongUsage
from engine.formats.known_labels import IGNORED, PRESENT, KnownLabels
from engine.project import Project
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import begin_run, finish_run, store_scores
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.evaluation.evaluate import evaluate as evaluate_matched
from engine.stages.evaluation.result import Evaluation, Outcome
from engine.stages.importing.import_truth import match_truth

PATHS = ["a.jpg", "one/b.jpg", "one/same.jpg", "two/same.jpg"]
SCORES = np.array([[0.9, 0.2, 0.1], [0.8, 0.7, 0.1], [0.3, 0.6, 0.1], [0.1, 0.1, 0.1]], np.float32)


@pytest.fixture
def scored(project: Project) -> Project:
    """Four photos with scores for cat, dining table and dog."""
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dining table"), NewLabel("dog")])
    record_folder(project, [FoundPhoto(path, 1, 1) for path in PATHS])
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
    store_scores(project, run, "initial", [1, 2, 3, 4], SCORES)
    finish_run(project, run)
    return project


def truth(answers: dict[str, dict[str, int]], labels: Sequence[str] = ("cat", "dining table", "dog")) -> KnownLabels:
    return KnownLabels(tuple(labels), answers)


def evaluate(project: Project, known: KnownLabels, *, stage: str = "initial") -> Evaluation:
    matched = match_truth(project, known)
    return evaluate_matched(project, matched.table, stage=stage, unmatched_photos=matched.unmatched_photos)


def test_ap_and_map_as_scikit_learn_has_them(scored: Project) -> None:
    result = evaluate(
        scored,
        truth(
            {"a.jpg": {}, "one/b.jpg": {"cat": 1, "dining table": 1}, "one/same.jpg": {"cat": 1}, "two/same.jpg": {}}
        ),
    )
    cat = average_precision_score([0, 1, 1, 0], SCORES[:, 0])
    assert [(one.label, one.positives, one.ap) for one in result.labels] == [
        ("cat", 2, pytest.approx(cat)),
        ("dining table", 1, pytest.approx(1.0)),
        ("dog", 0, None),
    ]
    assert result.map == pytest.approx((cat + 1) / 2)
    assert (result.photos, result.labels_counted, result.stage) == (4, 2, "initial")
    assert result.unmatched_photos == result.unmatched_labels == ()


def test_photos_are_matched_by_path_then_by_a_name_that_is_unique(scored: Project) -> None:
    result = evaluate(
        scored,
        truth(
            {
                "elsewhere/b.jpg": {"cat": PRESENT},  # only one b.jpg here
                "other/same.jpg": {},  # two of that name here: which one?
                "one/same.jpg": {},  # by its path
                "nowhere.jpg": {},
            }
        ),
    )
    # With one/same.jpg matched by path, the other is the only one left of that name.
    assert result.photos == 3
    assert result.unmatched_photos == ("nowhere.jpg",)


def test_a_name_that_is_not_unique_matches_nothing(scored: Project) -> None:
    result = evaluate(scored, truth({"a.jpg": {"cat": 1}, "x/same.jpg": {}, "p/b.jpg": {}, "q/b.jpg": {}}))
    assert result.photos == 1
    assert result.unmatched_photos == ("x/same.jpg", "p/b.jpg", "q/b.jpg")


def test_names_with_backslashes_are_matched_by_their_last_part(scored: Project) -> None:
    assert evaluate(scored, truth({"C:\\photos\\b.jpg": {"cat": 1}})).photos == 1


def test_labels_are_matched_whatever_capitals_spaces_and_hyphens(scored: Project) -> None:
    result = evaluate(scored, truth({"a.jpg": {"Diningtable": 1, "zebra": 1}}, ["CAT", "Diningtable", "zebra"]))
    assert [one.positives for one in result.labels] == [0, 1, 0]
    assert result.unmatched_labels == ("zebra",)


def test_what_the_truth_ignores_is_neither_positive_nor_negative(scored: Project) -> None:
    answers: dict[str, dict[str, int]] = {"a.jpg": {"cat": IGNORED}, "one/b.jpg": {"cat": PRESENT}, "one/same.jpg": {}}
    assert evaluate(scored, truth(answers)).labels[0].ap == 1.0
    answers["a.jpg"] = {}
    assert evaluate(scored, truth(answers)).labels[0].ap == 0.5


def test_without_any_positive_there_is_no_map(scored: Project) -> None:
    result = evaluate(scored, truth({"a.jpg": {}}))
    assert (result.map, result.labels_counted) == (None, 0)


def test_a_label_that_came_after_labelling_is_not_compared(scored: Project) -> None:
    use_label_set(scored, [NewLabel("cat"), NewLabel("zebra")])
    result = evaluate(scored, truth({"a.jpg": {"cat": 1, "zebra": 1}, "one/b.jpg": {}}, ["cat", "zebra"]))
    assert [(one.label, one.positives, one.ap) for one in result.labels] == [("cat", 1, 1.0), ("zebra", 0, None)]
    assert result.map == 1.0


def test_nothing_that_matches_is_one_sentence(scored: Project) -> None:
    with pytest.raises(UserError, match="No photo of the truth has the name of a photo"):
        evaluate(scored, truth({"nowhere.jpg": {}}))
    with pytest.raises(UserError, match="No label of the truth has the name of a label"):
        evaluate(scored, truth({"a.jpg": {}}, ["zebra"]))


def test_a_stage_without_scores_or_that_is_none(scored: Project) -> None:
    with pytest.raises(UserError, match=r"no global scores yet\. Label the photos first\."):
        evaluate(scored, truth({"a.jpg": {}}), stage="global")
    for stage in ("refined", "classifier"):  # labelling again would not make these
        with pytest.raises(UserError, match=f"no {stage} scores yet\\. Refine the labels first"):
            evaluate(scored, truth({"a.jpg": {}}), stage=stage)
    with pytest.raises(WrongUsage, match=r"stage to be one of .*, but got 'best'"):
        evaluate(scored, truth({"a.jpg": {}}), stage="best")


def test_numbers_at_the_thresholds_and_the_photos_behind_them(scored: Project) -> None:
    known = truth({"a.jpg": {"dog": PRESENT}, "one/b.jpg": {"cat": PRESENT}, "one/same.jpg": {"cat": PRESENT}})
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, 0.5)])
    result = evaluate(scored, known)
    cat = result.labels[0]
    # Suggested from .5 on: cat on a (wrongly) and b; missed on one/same.
    assert (cat.hits, cat.false_alarms, cat.misses, cat.rejections) == (1, 1, 1, 0)
    assert (cat.precision, cat.recall, cat.f1, cat.threshold) == (0.5, 0.5, 0.5, 0.5)
    ids = dict(zip(result.paths, result.photo_ids.tolist(), strict=True))
    assert result.behind("cat", Outcome.HIT).tolist() == [ids["one/b.jpg"]]
    assert result.behind("cat", Outcome.FALSE_ALARM).tolist() == [ids["a.jpg"]]
    assert result.behind("cat", Outcome.MISS).tolist() == [ids["one/same.jpg"]]
    assert result.behind("cat", Outcome.REJECTION).tolist() == []
    # On a.jpg the dog is missed, and the cat is there instead.
    assert ("dog", "cat", 1) in {(one.missed, one.suggested, one.photos) for one in result.confusions}
    assert result.behind_confusion("dog", "cat").tolist() == [ids["a.jpg"]]


def test_an_older_run_is_judged_at_its_own_thresholds(scored: Project) -> None:
    """Scores of two encoders differ in scale; those in force are of the newest run."""
    labels = label_set(scored)
    for scale in (1.0, 0.1):
        settings = {"thresholds": {"initial": [0.5 * scale] * len(labels)}}
        run = begin_run(scored, "initialise", label_ids=[label.id for label in labels], settings=settings)
        store_scores(scored, run, "initial", [1, 2, 3, 4], SCORES * np.float32(scale))
        finish_run(scored, run)
    table = match_truth(scored, truth({path: {"cat": PRESENT} for path in PATHS[:2]} | {PATHS[3]: {}})).table
    older, newest = (evaluate_matched(scored, table, run=run) for run in (2, 3))
    assert [one.threshold for one in older.labels] == pytest.approx([0.5] * 3)
    assert [one.threshold for one in newest.labels] == pytest.approx([0.05] * 3)
    # Ten times lower scores at ten times lower thresholds: nothing else differs.
    assert older.at_thresholds == newest.at_thresholds == evaluate_matched(scored, table).at_thresholds
    assert older.labels[0].hits == 2


@pytest.mark.parametrize("stage", ["global", "aggregated"])
def test_scores_that_suggest_nothing_are_cut_by_their_shape(project: Project, stage: str) -> None:
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    record_folder(project, [FoundPhoto(f"{number:03}.jpg", 1, 1) for number in range(100)])
    has = np.arange(100)[:, None] % [2, 5] == 0
    scores = np.where(has, 0.08, 0.01).astype(np.float32) * np.random.default_rng(0).uniform(0.8, 1.2, has.shape)
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
    store_scores(project, run, stage, list(range(1, 101)), scores.astype(np.float32))
    finish_run(project, run)
    known = truth(
        {f"{number:03}.jpg": {"cat": int(cat), "dog": int(dog)} for number, (cat, dog) in enumerate(has)},
        ["cat", "dog"],
    )
    # No score reaches the .2 that stands for "nothing is known"; but those with the label lie by themselves.
    assert evaluate(project, known, stage=stage).at_thresholds.of1 == 1.0
    set_thresholds(project, [ManualThreshold(*FOR_ALL, 0.5)])  # a person's word goes first
    assert evaluate(project, known, stage=stage).at_thresholds.of1 == 0.0


def test_the_most_mistaken_photos_come_first(scored: Project) -> None:
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, 0.2)])
    result = evaluate(scored, truth({path: {} for path in PATHS}))
    paths = dict(zip(result.photo_ids.tolist(), result.paths, strict=True))
    assert [paths[photo] for photo in result.behind("cat", Outcome.FALSE_ALARM)] == PATHS[:3]


def test_intervals_hold_the_figures(scored: Project) -> None:
    known = truth({"a.jpg": {}, "one/b.jpg": {"cat": 1}, "one/same.jpg": {"cat": 1}, "two/same.jpg": {}})
    result = evaluate(scored, known)
    assert result.map is not None
    assert result.map_interval is not None
    assert result.map_interval.low < result.map < result.map_interval.high
    assert result.labels[0].ap_interval is not None
    assert result.labels[2].ap_interval is None
    assert evaluate(scored, known).map_interval == result.map_interval


def test_what_one_should_know_is_said(scored: Project) -> None:
    result = evaluate(scored, truth({"a.jpg": {"dog": 1}, "one/b.jpg": {}, "nowhere.jpg": {}}, ["cat", "dog"]))
    assert result.notes == (
        "Labels without a positive do not enter mAP: 1 (cat).",
        "Labels of the project that are not compared: 1 (dining table).",
        "Labels with one score on all photos, so that AP is the share of positives: 1 (dog).",
        "Photos that are not in the truth and do not count: 2.",
        "Only one label counts: mAP is its AP.",
        "With 3 labels the top 3 are all of them.",
    )
    assert result.map == 0.5


def test_likely_labels_alone_and_with_those_that_may_be(scored: Project) -> None:
    known = truth({"a.jpg": {}, "one/b.jpg": {"cat": 1}, "one/c.jpg": {"dog": 1}})
    at_first = evaluate(scored, known)
    assert at_first.at_maybe == at_first.at_thresholds
    set_thresholds(scored, [ManualThreshold(*FOR_ALL, 0.85)])
    stricter = evaluate(scored, known)
    assert stricter.at_maybe == at_first.at_thresholds
    assert stricter.at_thresholds.or_ < stricter.at_maybe.or_
    assert stricter.to_json()["at_maybe"].keys() == stricter.to_json()["at_thresholds"].keys()


def test_of_one_label_the_top_3_is_that_label(scored: Project) -> None:
    use_label_set(scored, [NewLabel("cat")])
    assert "With one label the top 3 are that one alone." in evaluate(scored, truth({"a.jpg": {"cat": 1}})).notes


def test_photos_of_the_truth_without_scores_are_said(scored: Project) -> None:
    record_folder(scored, [FoundPhoto(path, 1, 1) for path in [*PATHS, "new.jpg"]])
    result = evaluate(scored, truth({"a.jpg": {"cat": 1}, "new.jpg": {}}))
    assert result.photos == 1
    assert result.unmatched_photos == ("new.jpg",)
    assert "Photos of the truth without scores of this stage: 1." in result.notes


def test_everything_is_there_for_json(scored: Project) -> None:
    told = json.loads(json.dumps(evaluate(scored, truth({"a.jpg": {}, "one/b.jpg": {"cat": 1}})).to_json()))
    assert told["photos"] == len(told["photo_ids"]) == 2
    assert told["at_top_3"].keys() == {"cp", "cr", "cf1", "op", "or", "of1", "mean_f1"}
    cat = told["labels"][0]
    assert cat["photos"] == {"hit": [2], "false_alarm": [1], "miss": [], "ignored": []}
    assert cat["curve"] == {
        "thresholds": pytest.approx([0.9, 0.8], abs=1e-6),
        "precision": [0.0, 0.5],
        "recall": [0.0, 1.0],
    }
    assert told["labels"][2]["curve"] == {"thresholds": [], "precision": [], "recall": []}

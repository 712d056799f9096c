"""`cdul thresholds`: shown, set, taken back, and learnt from reviewed photos."""

from __future__ import annotations

import numpy as np
import pytest

from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, history
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.stages.thresholds.calibrate import shape_settings, wanted_precision


@pytest.fixture
def photos(tmp_path):
    """A folder whose project has 200 scored photos: every fourth shows a cat, every tenth a dog."""
    with Project.open(tmp_path) as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        record_folder(project, [FoundPhoto(f"{number:03}.jpg", 1, 1) for number in range(200)])
        there = np.arange(200)[:, None] % [4, 10] == 0
        scores = np.where(there, 0.6, 0.05) + np.random.default_rng(1).random(there.shape) * 0.1
        settings = shape_settings(INITIAL, shape_of(scores))
        run = begin_run(project, "test", label_ids=[1, 2], settings=settings)
        store_scores(project, run, INITIAL, range(1, 201), scores.astype(np.float32))
        finish_run(project, run)
    return tmp_path


def by_label(result):
    return {one["label"]: one for one in result.json["labels"]}


def test_every_label_says_where_its_threshold_comes_from(photos, cdul):
    shown = cdul("thresholds", photos)
    assert shown.code == 0
    lines = shown.out.splitlines()
    assert lines[0].split()[:4] == ["cat", lines[0].split()[1], "from", "its"]
    assert "50 likely" in lines[0]
    assert lines[-1] == "Thresholds of initial scores. Where enough photos are reviewed, they aim at the best F1."


def test_reviewed_photos_are_learnt_from(photos, cdul):
    with Project.open(photos) as project:
        answer(project, "cats", [Answer(row + 1, 1, row % 4 == 0) for row in range(60)])
    result = cdul("thresholds", photos, "--json")
    cat, dog = by_label(result).values()
    assert (cat["source"], cat["yes"], cat["no"]) == ("from reviewed photos", 15, 45)
    assert cat["precision"]["value"] > 0.95
    assert (dog["source"], dog["precision"]) == ("from its scores", None)
    assert result.json["answers"] == 60
    assert result.json["calibration_error"] < 0.1


def test_set_and_taken_back_as_edits_of_the_history(photos, cdul):
    result = cdul("thresholds", photos, "--set", "cat=0.5", "--set", "Dog=0.25", "--json")
    assert [(one["threshold"], one["source"]) for one in by_label(result).values()] == [
        (0.5, "by hand"),
        (0.25, "by hand"),
    ]
    result = cdul("thresholds", photos, "--set", "cat=auto", "--json")
    assert [one["source"] for one in by_label(result).values()] == ["from its scores", "by hand"]
    with Project.open(photos) as project:
        assert [one.title for one in history(project)] == [
            "threshold of cat taken back",
            "thresholds set: cat 0.5, dog 0.25",
        ]


def test_a_precision_can_be_asked_for_and_no_longer(photos, cdul):
    assert cdul("thresholds", photos, "--precision", "0.95", "--json").json["wanted_precision"] == 0.95
    assert "a precision of 0.95" in cdul("thresholds", photos).out
    assert cdul("thresholds", photos, "--precision", "best-f1", "--json").json["wanted_precision"] is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--set", "cat"), "LABEL=VALUE, like cat=0.3, but got 'cat'"),
        (("--set", "cat=2"), "--set cat to be a number from 0 to 1, but got '2'"),
        (("--set", "cat=nan"), "--set cat to be a number from 0 to 1, but got 'nan'"),
        (("--precision", "0.9", "--set", "cow=0.2"), "The project has cat, dog"),
        (("--set", "cat=0.5", "--precision", "1"), "between 0 and 1, like 0.9, but got 1.0"),
        (("--stage", "global"), "'global' is not one of 'initial', 'refined', 'classifier'"),
        (("--stage", "refined"), "There are no refined scores yet"),
    ],
)
def test_wrong_wishes_change_nothing_and_are_explained(photos, cdul, wrong, told):
    result = cdul("thresholds", photos, *wrong)
    assert result.code != 0
    assert told in result.err
    assert "Traceback" not in result.err
    with Project.open(photos) as project:
        assert history(project) == []
        assert wanted_precision(project) is None


def test_a_name_that_is_no_label_is_answered_with_the_nearest(photos, cdul):
    result = cdul("thresholds", photos, "--set", "dgo=0.3")
    assert (result.code, result.err.strip()) == (2, "There is no label 'dgo'. The project has dog, for example.")


def test_what_is_so_of_many_labels_is_said_once(cdul, photo_folder, tiny_clip):
    assert cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "voc").code == 0
    told = cdul("thresholds", photo_folder).out.splitlines()
    assert len(told) == 20 + 1 + 1
    assert told[20].startswith("For each of 20 labels: ")

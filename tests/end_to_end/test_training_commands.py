"""From pseudo labels to a classifier in use elsewhere, by commands alone."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from commands import Cdul
from making import TINY_NETWORK, make_photo

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.runs import CLASSIFIER, REFINED, load_scores


@pytest.fixture
def photos(cdul: Cdul, photo_folder: Path, tiny_clip: Path) -> Path:
    """The eight photos, labelled with the small CLIP."""
    assert cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog,boat").code == 0
    return photo_folder


@pytest.fixture
def refine(cdul: Cdul, photos: Path, tiny_network: Path) -> Cdul:
    """Runs `cdul refine` with the small network, short."""
    network = ("--network", TINY_NETWORK, "--weights", tiny_network)
    return lambda *more: cdul("refine", photos, *network, "--train", "head", "--epochs", "5", *more)


def test_refine_names_its_run_its_classifier_and_what_it_did(refine: Cdul, cdul: Cdul, photos: Path) -> None:
    said = refine()
    assert said.code == 0
    assert "Trained on 8 photos," in said.out
    assert f"The classifier is in {photos / '.cdul' / 'classifiers'}" in said.out
    told = refine("--json", "--seed", "3", "--warm-up", "1", "--update-every", "2", "--sigma", "0.3")
    assert (told.code, told.err, told.out.count("\n")) == (0, "", 1)
    assert (told.json["photos"], told.json["decisions"], told.json["epochs"], told.json["train"]) == (8, 0, 5, "head")
    assert [report["epoch"] for report in told.json["reports"] if report["moved"]] == [1, 3, 5]
    listed = cdul("classifier", "list", photos, "--json").json["classifiers"]
    assert listed[0]["folder"] == told.json["classifier"]
    assert len(listed) == 2
    assert listed[0]["made"]["training"]["sigma"] == 0.3
    assert listed[0]["made"]["training"]["seed"] == 3


def test_step_b_can_be_switched_off_and_presets_chosen(refine: Cdul, cdul: Cdul) -> None:
    assert all(report["moved"] == 0 for report in refine("--update-every", "0", "--json").json["reports"])
    folder = refine("--preset", "paper", "--learning-rate", "0.001", "--json").json["classifier"]
    made = cdul("classifier", "show", folder, "--json").json
    assert made["objective"] == "kl"
    assert (made["made"]["training"]["learning_rate"], made["made"]["training"]["epochs"]) == (0.001, 5)


def test_training_again_learns_from_decisions(refine: Cdul, photos: Path) -> None:
    before = refine("--json").json
    with Project.open(photos) as project:
        answer(project, "decided", [Answer(photo, 1, photo < 4) for photo in range(1, 7)])
    after = refine("--json").json
    assert (before["decisions"], after["decisions"]) == (0, 6)
    assert after["reports"] != before["reports"]
    with Project.open(photos) as project:
        assert load_scores(project, REFINED).values[:6, 0].tolist() == [1, 1, 1, 0, 0, 0]


def test_evaluate_and_export_take_the_new_stages(refine: Cdul, cdul: Cdul, photos: Path, tmp_path: Path) -> None:
    refine()
    truth = {
        "images": [{"id": 1, "file_name": "beach.jpg"}, {"id": 2, "file_name": "city.png"}],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1}],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    for stage in ("refined", "classifier"):
        told = cdul("evaluate", photos, "--truth", tmp_path / "truth.json", "--stage", stage, "--json").json
        assert (told["stage"], told["photos"], told["map"] in (0.5, 1.0)) == (stage, 2, True)
        out = tmp_path / f"{stage}.csv"
        assert cdul("export", photos, "--stage", stage, "--format", "scores", "--out", out).code == 0
    assert (tmp_path / "refined.csv").read_bytes() != (tmp_path / "classifier.csv").read_bytes()


def test_a_classifier_labels_another_folder(refine: Cdul, cdul: Cdul, tmp_path: Path) -> None:
    folder = refine("--json").json["classifier"]
    shutil.move(folder, tmp_path / "taken away")
    for seed in (31, 32):
        make_photo(tmp_path / "elsewhere" / f"{seed}.jpg", seed)
    predict = ("predict", tmp_path / "elsewhere", "--classifier", tmp_path / "taken away")
    told = cdul(*predict, "--out", tmp_path / "scores.csv", "--format", "scores", "--json")
    assert (told.code, told.err) == (0, "")
    assert (told.json["photos"], told.json["labelled"], told.json["labels"]) == (2, 2, 3)
    assert told.json["exported"]["photos"] == 2
    with (tmp_path / "scores.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["file_name", "cat", "dog", "boat"]
    assert [row[0] for row in rows] == ["31.jpg", "32.jpg"]
    assert cdul(*predict).out.startswith("Labelled 2 of 2 photos with 3 labels by the classifier alone")
    (tmp_path / "elsewhere" / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    assert cdul(*predict).code == 3


def test_scores_of_another_machine_are_trained_on(
    cdul: Cdul, tiny_network: Path, photo_folder: Path, tmp_path: Path
) -> None:
    rows = ["file_name,cat,dog", "beach.jpg,0.9,0.1", "city.png,0.2,0.7", "gone.jpg,0.5,0.5"]
    (tmp_path / "scores.csv").write_text("\n".join(rows))
    place = ("--project", tmp_path / "project")
    said = cdul("import", photo_folder, "--format", "scores", tmp_path / "scores.csv", *place)
    assert said.code == 0
    assert "Took over the scores of 2 photos for 2 labels. Of the folder, not in the file: 6 photos." in said.out
    assert "Of the file, not in the project: 1 photo (gone.jpg)" in said.out
    network = ("--network", TINY_NETWORK, "--weights", tiny_network, "--train", "head", "--epochs", "2")
    told = cdul("refine", photo_folder, *place, *network, "--json").json
    assert told["photos"] == 2


def test_a_classifier_goes_out_as_onnx(refine: Cdul, cdul: Cdul, tmp_path: Path) -> None:
    folder = refine("--json").json["classifier"]
    told = cdul("classifier", "export", folder, "--format", "onnx", "--out", tmp_path / "classifier.onnx", "--json")
    assert (told.code, told.out.count("\n")) == (0, 1)
    assert told.json["file"] == str(tmp_path / "classifier.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "classifier.onnx")
    assert session.get_inputs()[0].name == "photos"
    assert "3 labels" in cdul("classifier", "show", folder).out
    assert "suggested from" in cdul("classifier", "show", folder).out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["refine", "PHOTOS", "--train", "tail"], 2, "head, full or auto, but got 'tail'"),
        (["refine", "PHOTOS", "--preset", "best"], 2, "preset named default or paper, but got 'best'"),
        (["refine", "PHOTOS", "--objective", "mse"], 2, "Expected objective to be kl or bce, but got 'mse'"),
        (["refine", "PHOTOS", "--sigma", "0"], 2, "Expected sigma to be above 0, but got 0"),
        (["refine", "PHOTOS", "--network", "nonsense"], 1, "There is no network 'nonsense'"),
        (["refine", "PHOTOS", "--network", "resnet101"], 1, "The weights of resnet101 are not on this machine"),
        (["refine", "UNLABELLED"], 1, "There is no project in"),
        (["predict", "PHOTOS"], 2, "Missing option '--classifier'"),
        (["predict", "PHOTOS", "--classifier", "missing"], 1, "cannot be opened as a classifier"),
        (["predict", "PHOTOS", "--classifier", "missing", "--format", "xml"], 2, "--format to be one of coco"),
        (["import", "PHOTOS", "missing.csv"], 1, "There is no missing.csv. Choose the file"),
        (["import", "PHOTOS", "missing.csv", "--format", "xml"], 2, "keywords, but got 'xml'"),
        (["classifier", "show", "missing"], 1, "there is no classifier.json in it. Choose the folder that a training"),
        (["classifier", "export", "missing", "--out", "x", "--format", "xml"], 2, "--format to be onnx, but got 'xml'"),
        (
            ["evaluate", "PHOTOS", "--truth", "missing.json", "--stage", "refined"],
            1,
            "no truth named 'missing.json', and there is no such file",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], code: int, said: str, cdul: Cdul, photos: Path, tmp_path: Path
) -> None:
    make_photo(tmp_path / "unlabelled" / "1.jpg")
    places = {"PHOTOS": photos, "UNLABELLED": tmp_path / "unlabelled"}
    result = cdul(*[places.get(one, one) for one in arguments])
    assert result.code == code
    assert said in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


def test_a_project_without_classifiers_says_so(cdul: Cdul, photos: Path) -> None:
    assert "No classifier is trained yet" in cdul("classifier", "list", photos).out


# `cdul` that kills itself when the checkpoint of the third epoch is written.
KILLED = """
import os, signal, sys
from cdul_gui import door
from engine.models.training.loop import TrainingState
save = TrainingState.save
def killed(self, path):
    save(self, path)
    if len(self.document["reports"]) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
TrainingState.save = killed
sys.exit(door.run())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_training_goes_on_with_the_same_result(
    cdul: Cdul, photos: Path, tiny_network: Path, tmp_path: Path
) -> None:
    shutil.copytree(photos / ".cdul", tmp_path / "undisturbed")
    arguments = ["refine", photos, "--network", TINY_NETWORK, "--weights", tiny_network, "--train", "head"]
    arguments += ["--epochs", "6", "--warm-up", "1", "--update-every", "1", "--json"]
    done = subprocess.run([sys.executable, "-c", KILLED, *map(str, arguments)], check=False)
    assert done.returncode == -signal.SIGKILL
    resumed = cdul(*arguments).json
    undisturbed = cdul(*arguments, "--project", tmp_path / "undisturbed").json
    assert [report["objective"] for report in resumed["reports"]] == [
        report["objective"] for report in undisturbed["reports"]
    ]
    with Project.open(photos) as one, Project.open(photos, tmp_path / "undisturbed") as other:
        for stage in (REFINED, CLASSIFIER):
            np.testing.assert_array_equal(load_scores(one, stage).values, load_scores(other, stage).values)

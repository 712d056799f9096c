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
from PIL import Image

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, keep_run_settings, load_scores, runs
from engine.project.take_snapshot import take_snapshot


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
    assert "Trained on 8 photos in" in said.out
    assert f"The classifier is in {photos / '.cdul' / 'classifiers'}" in said.out
    told = refine("--json", "--seed", "3", "--warm-up", "1", "--update-every", "2", "--sigma", "0.3")
    assert (told.code, told.err, told.out.count("\n")) == (0, "", 1)
    assert (told.json["photos"], told.json["decisions"], told.json["epochs"], told.json["train"]) == (8, 0, 5, "head")
    # At epochs 1, 3 and 5, and not before the classifier has learnt something.
    assert {report["epoch"] for report in told.json["reports"] if report["moved"]} <= {1, 3, 5}
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


@pytest.mark.parametrize("way", ["head", "full"])
def test_the_papers_preset_as_it_is_keeps_the_suggestions_and_their_order(
    way: str, cdul: Cdul, coloured: Path, tiny_network: Path
) -> None:
    """Photos of four colours, with scores that are right but for some: as a training finds them."""
    network = ("--network", TINY_NETWORK, "--weights", tiny_network)
    suggested = likely(coloured)
    small = ("--input-size", "48") if way == "full" else ()
    told = cdul("refine", coloured, *network, "--train", way, "--preset", "paper", *small, "--json").json
    assert not told["held_back"]
    assert told["turned_off"] <= suggested / 4
    assert suggested / 2 < likely(coloured) <= suggested * 3 / 2
    truth = coloured.parent / "truth.json"
    before, after = (
        cdul("evaluate", coloured, "--truth", truth, "--stage", stage, "--json").json["map"]
        for stage in ("initial", "refined")
    )
    assert after > before - 0.03
    made = cdul("classifier", "show", told["classifier"], "--json").json["made"]["training"]
    assert (made["objective"], made["sigma"], made["step_size"]) == ("kl", 1.0, 1.0)
    assert made["learning_rate"] == (1e-5 if way == "full" else 1e-2)
    assert (made["scale_to_top"], made["start"]) == (False, "random" if way == "full" else "frequency")
    saved = cdul("classifier", "show", told["classifier"], "--json").json["preprocessing"]["input_size"]
    assert saved == (48 if way == "full" else 160)


def test_the_papers_preset_in_full_names_its_network_and_where_its_weights_go(cdul: Cdul, photos: Path) -> None:
    said = cdul("refine", photos, "--train", "full", "--preset", "paper")
    assert said.code == 1
    assert "The weights of resnet101.tv_in1k are not on this machine" in said.err
    assert "https://download.pytorch.org/models/resnet101-63fe2227.pth" in said.err


COLOURS = {"red": (220, 40, 40), "green": (40, 200, 60), "blue": (50, 60, 220), "yellow": (230, 220, 60)}


@pytest.fixture
def coloured(cdul: Cdul, tmp_path: Path) -> Path:
    """Forty photos of one or two colours, imported scores that find nine of ten, and the truth."""
    random = np.random.default_rng(0)
    folder, names = tmp_path / "coloured", list(COLOURS)
    folder.mkdir()
    rows, annotations = [f"file_name,{','.join(names)}"], []
    for photo in range(40):
        first, second = random.choice(4, 2, replace=photo % 2 == 0)
        picture = random.integers(0, 20, (48, 64, 3))
        picture[:, :32] += np.array(COLOURS[names[first]])
        picture[:, 32:] += np.array(COLOURS[names[second]])
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(folder / f"{photo:02}.png")
        there = np.isin(range(4), (first, second))
        scores = np.where(there ^ (random.random(4) < 0.1), random.uniform(0.5, 0.9, 4), random.uniform(0.02, 0.2, 4))
        rows.append(f"{photo:02}.png,{','.join(f'{score:.3f}' for score in scores)}")
        annotations += [{"image_id": photo, "category_id": int(label)} for label in np.flatnonzero(there)]
    (tmp_path / "scores.csv").write_text("\n".join(rows))
    truth = {
        "images": [{"id": photo, "file_name": f"{photo:02}.png"} for photo in range(40)],
        "categories": [{"id": number, "name": name} for number, name in enumerate(names)],
        "annotations": [{"id": number, **one} for number, one in enumerate(annotations)],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    assert cdul("import", folder, "--format", "scores", tmp_path / "scores.csv").code == 0
    return folder


def likely(photos: Path) -> int:
    with Project.open(photos, read_only=True) as project:
        return int((take_snapshot(project).states() == LabelState.LIKELY).sum())


def test_a_training_that_changes_much_waits_for_a_word(cdul: Cdul, coloured: Path, tiny_network: Path) -> None:
    """Few labels are likely, and a person says that many more are there."""
    with Project.open(coloured) as project:
        snapshot = take_snapshot(project)
        run = runs(project)[0]
        keep_run_settings(project, run.id, {"likely": {INITIAL: [0.88] * 4}, "maybe": {INITIAL: [0.01] * 4}})
        no = [
            Answer(int(photo), label.id, value=True) for photo in snapshot.photo_ids[:12] for label in snapshot.labels
        ]
        answer(project, "all colours", no)
    before = likely(coloured)
    far = ("--epochs", "30", "--warm-up", "1", "--update-every", "1", "--step-size", "5", "--sigma", "1")
    network = ("--network", TINY_NETWORK, "--weights", tiny_network, "--train", "head", *far)
    said = cdul("refine", coloured, *network)
    assert said.code == 0
    assert "so what suggested until now still does" in said.out
    assert "`cdul refine --accept`" in said.out
    assert likely(coloured) == before
    assert cdul("refine", coloured, "--accept", "--discard").code == 2
    told = cdul("refine", coloured, "--accept")
    assert (told.code, "suggest labels now" in told.out) == (0, True)
    assert likely(coloured) != before
    again = cdul("refine", coloured, "--accept")
    assert (again.code, "No training waits" in again.err) == (1, True)
    assert cdul("refine", coloured, *network, "--seed", "5", "--json").json["train"] == "head"


def test_what_the_epochs_did_as_a_table_as_json_and_as_a_picture(
    refine: Cdul, cdul: Cdul, photos: Path, tmp_path: Path
) -> None:
    said = cdul("classifier", "curves", photos)
    assert (said.code, said.err) == (2, "Nothing was trained here yet: `cdul refine` trains a classifier.\n")
    trained = refine("--json").json
    shown = cdul("classifier", "curves", photos)
    assert [line.split()[0] for line in shown.out.splitlines()] == ["epoch", "1", "2", "3", "4", "5"]
    told = cdul("classifier", "curves", photos, f"r{trained['run']}", "--json").json
    assert told == {"run": trained["run"], "epochs": trained["reports"]}
    assert "Expected a training, one of r2, but got 'r9'." in cdul("classifier", "curves", photos, "r9").err
    pytest.importorskip("matplotlib", reason="no Matplotlib here: pip install '.[plots]'")
    assert cdul("classifier", "curves", photos, "--out", tmp_path / "plot.png").out.endswith("plot.png.\n")
    with Image.open(tmp_path / "plot.png") as picture:
        assert picture.width > picture.height


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
    shown = cdul("classifier", "show", folder).out
    assert "3 labels" in shown
    assert "suggested from" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["refine", "PHOTOS", "--train", "tail"], 2, "'tail' is not one of 'head', 'full'"),
        (["refine", "PHOTOS", "--preset", "best"], 2, "'best' is not one of 'default', 'paper'"),
        (["refine", "PHOTOS", "--objective", "mse"], 2, "'mse' is not one of 'kl', 'reverse-kl', 'bce'"),
        (["refine", "PHOTOS", "--sigma", "0"], 2, "Expected sigma to be above 0, but got 0"),
        (["refine", "PHOTOS", "--network", "nonsense"], 1, "There is no network 'nonsense'"),
        (["refine", "PHOTOS", "--network", "resnet101"], 1, "The weights of resnet101 are not on this machine"),
        (["refine", "PHOTOS", "--show"], 1, "No training waits to be accepted or discarded"),
        (["refine", "UNLABELLED"], 1, "There is no project in"),
        (["predict", "PHOTOS"], 2, "Missing option '--classifier'"),
        (["predict", "PHOTOS", "--classifier", "missing"], 1, "cannot be opened as a classifier"),
        (["predict", "PHOTOS", "--classifier", "missing", "--format", "xml"], 2, "'xml' is not one of 'coco'"),
        (["import", "PHOTOS", "missing.csv"], 1, "There is no missing.csv. Choose the file"),
        (["import", "PHOTOS", "missing.csv", "--format", "xml"], 2, "'xml' is not one of 'coco'"),
        (["classifier", "show", "missing"], 1, "there is no classifier.json in it. Choose the folder that a training"),
        (["classifier", "export", "missing", "--out", "x", "--format", "xml"], 2, "'xml' is not one of 'onnx'"),
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

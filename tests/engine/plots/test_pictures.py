"""Evaluations and trainings as pictures: what the window shows, readable by other programs, nothing of others lost."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from engine.errors import UserError, WrongUsage
from engine.formats.known_labels import PRESENT, KnownLabels
from engine.project import Project
from engine.project.runs import RunRow
from engine.stages.evaluation.evaluate import IN_FORCE, evaluate
from engine.stages.evaluation.result import Evaluation
from engine.stages.importing.import_truth import match_truth
from engine.stages.plots.evaluation_plot import MOST_LABELS, write_evaluation_plot
from engine.stages.plots.training_plot import write_training_plot

pytest.importorskip("matplotlib", reason="no Matplotlib here: pip install '.[plots]'")


@pytest.fixture
def evaluation(labelled: Project) -> Evaluation:
    truth = {"beach.jpg": ("cat",), "dog.webp": ("dog", "cat"), "city.png": ("cat",), "zebra.bmp": ("boat",)}
    known = KnownLabels(("cat", "dog", "boat"), {name: dict.fromkeys(has, PRESENT) for name, has in truth.items()})
    return evaluate(labelled, match_truth(labelled, known).table, stage=IN_FORCE)


@pytest.fixture
def training() -> RunRow:
    report = {"epoch": 1, "objective": 0.5, "moved": 0.0, "crossed": 0, "agreement": None, "truth_map": None}
    reports = [report, {**report, "epoch": 2, "objective": 0.4, "moved": 0.1, "crossed": 3, "agreement": 0.8}]
    return RunRow(7, "refine", {"reports": reports, "network": "small"}, (), None, datetime(2026, 1, 2), None, None, "")


def texts(file: Path) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.parse(file).iter() if one.tag.endswith("}text")]  # noqa: S314


def test_an_evaluation_has_its_labels_and_figures_as_text(
    labelled: Project, evaluation: Evaluation, tmp_path: Path
) -> None:
    file = tmp_path / "plot.svg"
    write_evaluation_plot(labelled, file, evaluation)
    said = texts(file)
    assert any(text.startswith(f"mAP {100 * (evaluation.map or 0):.1f} (") for text in said)
    for one in evaluation.labels:
        assert f"{one.label}  {one.positives}" in said
        assert f"{one.label} {100 * (one.ap or 0):.1f}" in said
    again = tmp_path / "again.svg"
    write_evaluation_plot(labelled, again, evaluation)
    assert again.read_bytes() == file.read_bytes()


def test_hard_names_are_drawn_as_they_are(labelled: Project, evaluation: Evaluation, tmp_path: Path) -> None:
    names = ("$\\frac{", "<b>&amp; 猫", "x" * 200)
    hard = replace(
        evaluation, labels=tuple(replace(one, label=name) for one, name in zip(evaluation.labels, names, strict=True))
    )
    file = tmp_path / "plot.svg"
    write_evaluation_plot(labelled, file, hard)
    assert {text.rsplit("  ")[0] for text in texts(file)} >= {*names[:2], "x" * 27 + "…"}


def test_of_hundreds_of_labels_those_are_drawn_that_are_worst(
    labelled: Project, evaluation: Evaluation, tmp_path: Path
) -> None:
    labels = 150
    names = [f"label {number}" for number in range(labels)]
    one = replace(evaluation.labels[0], positives=9)
    many = replace(
        evaluation,
        labels=tuple(replace(one, label=name, ap=number / labels) for number, name in enumerate(names)),
        scores=np.tile(evaluation.scores[:, :1], labels),
        answers=np.tile(evaluation.answers[:, :1], labels),
    )
    write_evaluation_plot(labelled, tmp_path / "plot.svg", many)
    assert [text for text in texts(tmp_path / "plot.svg") if text.endswith("  9")] == [
        f"{name}  9" for name in names[:MOST_LABELS]
    ]


@pytest.mark.parametrize("name", ["plot.png", "plot.pdf"])
def test_other_kinds_of_pictures(labelled: Project, training: RunRow, tmp_path: Path, name: str) -> None:
    write_training_plot(labelled, tmp_path / name, training, training)
    if name.endswith("png"):
        with Image.open(tmp_path / name) as picture:
            assert picture.width > 1000
    else:
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def test_a_training_has_the_curves_that_are_known(labelled: Project, training: RunRow, tmp_path: Path) -> None:
    write_training_plot(labelled, tmp_path / "plot.svg", training)
    said = texts(tmp_path / "plot.svg")
    assert "Training 7 small, 2026-01-02 00:00" in said
    assert {"Objective: mean loss of a photo and label", "Agreement with decisions held out"} <= set(said)
    assert not [text for text in said if text.startswith("mAP")]


def test_nothing_of_somebody_else_is_replaced(labelled: Project, training: RunRow, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.png"
    theirs.write_bytes(b"theirs")
    for place in (theirs, tmp_path / "plot.jpg", labelled.photos / "plot.png"):
        with pytest.raises(WrongUsage):
            write_training_plot(labelled, place, training)
    assert theirs.read_bytes() == b"theirs"
    write_training_plot(labelled, tmp_path / "ours.png", training)
    write_training_plot(labelled, tmp_path / "ours.png", training)
    write_training_plot(labelled, theirs, training, force=True)
    with pytest.raises(UserError, match="no epochs"):
        write_training_plot(labelled, tmp_path / "none.png", replace(training, settings={}))

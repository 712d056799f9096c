"""What the command line says where, how much of it, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from commands import Cdul

from engine.commands import choices
from engine.commands.plain_progress import plain_lines
from engine.jobs import Progress
from engine.project import Project


@pytest.fixture
def photos(labelled: Project) -> Path:
    labelled.close()
    return labelled.photos


def test_quiet_leaves_results_and_errors(label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path) -> None:
    silent = label("-q")
    assert (silent.code, silent.out, silent.err) == (0, "", "")
    wrote = cdul("export", photo_folder, "--out", tmp_path / "coco.json", "--quiet")
    assert (wrote.code, wrote.out, wrote.err) == (0, "", "")
    assert "cat" in cdul("thresholds", photo_folder, "-q").out
    assert "There is no folder" in cdul("label", tmp_path / "nowhere", "-q").err


def test_verbose_says_where_the_project_is_and_every_task(label: Cdul, photo_folder: Path) -> None:
    said = label("-v").err.splitlines()
    assert said[0] == f"Project: {photo_folder / '.cdul'}"
    assert any(line.startswith("Labelling photos") for line in said)


def test_without_a_terminal_progress_is_a_line_every_ten_seconds() -> None:
    seconds, said = 0.0, list[str]()
    clock = lambda: seconds  # noqa: E731
    progress = Progress(plain_lines(said.append, clock=clock), clock=clock)
    progress.start("Encoding photos", total=1000)
    for _photo in range(300):
        seconds += 0.125
        progress.advance()
    assert said == [
        "Encoding photos: 80 of 1,000 photos, 8.0 a second, 2 min left",
        "Encoding photos: 160 of 1,000 photos, 8.0 a second, 2 min left",
        "Encoding photos: 240 of 1,000 photos, 8.0 a second, 2 min left",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["label", "NOWHERE"], 1, "There is no folder"),
        (["label", "PHOTOS", "--labels", "cat", "--format", "xml"], 2, "'xml' is not one of"),
        (["label", "PHOTOS", "--threshold", "5"], 2, "--threshold to be from 0 to 1"),
        (["label", "PHOTOS", "--colour"], 2, "No such option"),
        (["search", "PHOTOS", "dog", "--filter", "label:"], 2, "Expected a label after label:"),
    ],
)
def test_errors_are_json_where_the_result_would_be(
    arguments: list[str], code: int, said: str, cdul: Cdul, photos: Path, tmp_path: Path
) -> None:
    places = {"PHOTOS": str(photos), "NOWHERE": str(tmp_path / "nowhere")}
    result = cdul(*[places.get(one, one) for one in arguments], "--json")
    assert (result.code, result.out) == (code, "")
    [line] = result.err.splitlines()
    told = json.loads(line)
    assert said in told["error"]
    assert told["exit_code"] == code


def test_weights_that_nobody_published_are_asked_for_wrongly(cdul: Cdul) -> None:
    result = cdul("encoders", "--download", "ViT-B-32:nothing")
    assert result.code == 2
    assert "no published weights 'ViT-B-32:nothing'" in result.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows closes no pipe early.")
@pytest.mark.parametrize("arguments", [["thresholds", "PHOTOS"], ["thresholds", "PHOTOS", "--json"], ["--help"]])
def test_a_reader_that_has_enough_is_no_error(photos: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "cdul_gui", *(str(photos) if one == "PHOTOS" else one for one in arguments)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    said = running.stderr.read()
    running.stderr.close()
    assert (running.wait(timeout=120), said) == (0, "")


def test_the_choices_of_options_are_those_of_the_engine() -> None:
    from engine.formats.registry import READERS, WRITERS
    from engine.formats.xmp import SidecarName
    from engine.models.training.training_settings import PresetName, TrainingSettings
    from engine.project.runs import STAGES
    from engine.stages.evaluation.evaluate import IN_FORCE
    from engine.stages.exporting.export_request import PhotoFiles, PhotosWanted, StatesWanted
    from engine.stages.importing.import_plan import NewLabels, OnConflict, TakeAs
    from engine.stages.importing.import_truth import IGNORE, NEGATIVE
    from engine.stages.labelling.label_sets import BUILT_IN
    from engine.stages.thresholds.report import THRESHOLD_STAGES
    from engine.stages.training.learners import training_mode

    settings = get_type_hints(TrainingSettings)
    for choice, known in {
        choices.FormatOut: WRITERS,
        choices.FormatIn: READERS,
        choices.Stage: STAGES,
        choices.SuggestingStage: THRESHOLD_STAGES,
        choices.Only: PhotosWanted,
        choices.States: StatesWanted,
        choices.PhotoFiles: PhotoFiles,
        choices.Sidecars: SidecarName,
        choices.TakeAs: TakeAs,
        choices.OnConflict: OnConflict,
        choices.NewLabels: NewLabels,
        choices.Difficult: (IGNORE, NEGATIVE),
        choices.PresetName: get_args(PresetName),
        choices.Objective: get_args(settings["objective"]),
        choices.Optimizer: get_args(settings["optimizer"]),
        choices.Augment: get_args(settings["augment"]),
        choices.Start: get_args(settings["start"]),
    }.items():
        assert set(get_args(choice)) == {str(one) for one in known}
    assert all(training_mode(one) == one for one in get_args(choices.Train))
    assert tuple(BUILT_IN) == choices.LABEL_SETS
    assert (IN_FORCE, *STAGES) == choices.SIDES

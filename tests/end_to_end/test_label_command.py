"""`cdul label`, as a person or a script uses it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from commands import Cdul

from engine.project import Project
from engine.project.history.history import history, undo
from engine.project.labels import label_set
from engine.project.runs import runs
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ThresholdSource


def test_label_says_what_it_did(label: Cdul, tiny_clip: Path) -> None:
    result = label()
    assert result.code == 0
    assert f"Labelled 8 of 8 photos with 3 labels and the encoder {tiny_clip}" in result.out
    assert "8 photos encoded" in result.out


def standard_input(text: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")


@pytest.mark.parametrize("typed", ["cat\ndog, bird\n\n", "cat,dog,bird", "cat\nbird\nHund\t\ta photo of a dog\n"])
def test_labels_come_from_standard_input(
    typed: str, cdul: Cdul, photo_folder: Path, tiny_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", standard_input(typed))
    result = cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "-")
    assert (result.code, result.err) == (0, "")
    with Project.open(photo_folder, read_only=True) as project:
        assert {label.texts for label in label_set(project)} == {
            (f"a photo of a {name}",) for name in ("cat", "dog", "bird")
        }


@pytest.mark.parametrize("named", ["-", " - "])
def test_standard_input_without_a_label_is_wrong_usage(
    named: str, cdul: Cdul, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", standard_input("\n , \n"))
    result = cdul("label", photo_folder, "--labels", named)
    assert (result.code, result.out) == (2, "")
    assert "Expected labels on standard input" in result.err


@pytest.mark.parametrize("typed", ["", " ", ",", "cat,Cat", "coko"])
def test_labels_that_are_none_are_wrong_usage_and_leave_no_project(typed: str, cdul: Cdul, photo_folder: Path) -> None:
    before = sorted(photo_folder.rglob("*"))
    result = cdul("label", photo_folder, "--labels", typed)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert sorted(photo_folder.rglob("*")) == before


def test_a_single_label_that_competes_with_nothing_is_said_to_be_on_every_photo(
    label: Cdul, cdul: Cdul, photo_folder: Path, tiny_clip: Path
) -> None:
    alone = ("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,")
    assert "it is on every photo" in cdul(*alone, "--preset", "paper").err
    assert cdul(*alone, "--preset", "default").err == ""
    assert label("--preset", "paper").err == ""


def test_a_misspelt_label_set_is_no_label_but_one_with_a_comma_is(
    cdul: Cdul, photo_folder: Path, tiny_clip: Path
) -> None:
    result = cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "coko")
    assert (result.code, result.out) == (2, "")
    assert "There is no label set 'coko'; did you mean coco?" in result.err
    told = cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "coko,", "--json").json
    assert told["labels"] == 1


def test_labels_in_another_language_are_said_so(cdul: Cdul, photo_folder: Path, tiny_clip: Path) -> None:
    given = ("label", photo_folder, "--encoder", tiny_clip, "--labels", "Hund, Katze, tree")
    said = [
        f"The encoders know English words: {meant!r} in place of {typed!r}."
        for meant, typed in (("dog", "Hund"), ("cat", "Katze"))
    ]
    result = cdul(*given)
    assert (result.code, result.err.splitlines()) == (0, said)
    told = cdul(*given, "--json")
    assert told.json["warnings"] == said
    assert told.err == ""


def test_json_is_one_object_and_nothing_else(label: Cdul, photo_folder: Path, tmp_path: Path) -> None:
    result = label("--json", "--threshold", "0", "--out", tmp_path / "coco.json")
    assert result.code == 0
    assert result.out.count("\n") == 1
    assert result.err == ""
    told = result.json
    assert (told["photos"], told["labelled"], told["encoded"], told["labels"]) == (8, 8, 8, 3)
    assert (told["suggested"], told["maybe"]) == (24, 0)
    assert told["unreadable"] == []
    assert told["project"] == str(photo_folder / ".cdul")
    assert told["exported"] == {
        "file": str(tmp_path / "coco.json"),
        "format": "coco",
        "photos": 8,
        "written": 24,
        "counts": "labels",
        "states": "suggested",
        "confirmed": 0,
        "likely": 24,
        "maybe": 0,
        "rejected": 0,
        "parts": {},
        "left_out": {"photos": {}, "labels": {}},
        "implied": 0,
        "unseen": 0,
        "not_written": [],
        "unlisted": [],
        "beside": None,
    }
    assert len(json.loads((tmp_path / "coco.json").read_bytes())["annotations"]) == 24


def test_a_second_time_nothing_is_encoded_and_what_was_chosen_stays(
    label: Cdul, cdul: Cdul, photo_folder: Path, tiny_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label("--threshold", "0.9")
    monkeypatch.chdir("/")
    again = cdul("label", photo_folder, "--json").json
    assert (again["encoded"], again["labelled"], again["labels"]) == (0, 8, 3)
    assert again["encoder"] == str(tiny_clip)
    assert again["suggested"] < 24


def test_a_preset_and_a_grid_stay_until_others_are_named(label: Cdul, cdul: Cdul, photo_folder: Path) -> None:
    first = label("--preset", "paper", "--grid", "2", "--json").json
    again = cdul("label", photo_folder, "--json").json
    assert (again["run"], again["encoded"]) == (first["run"], 0)
    assert cdul("label", photo_folder, "--rerank").code == 0
    with Project.open(photo_folder) as project:
        [newest, _] = runs(project)
    assert {name: newest.settings[name] for name in ("grids", "zeta", "centre", "rerank")} == {
        "grids": [2],
        "zeta": 0.5,
        "centre": False,
        "rerank": True,
    }


def test_reranking_still_answers_to_its_old_name(label: Cdul, cdul: Cdul, photo_folder: Path) -> None:
    label("--no-second-look")
    with Project.open(photo_folder) as project:
        assert not runs(project)[0].settings["rerank"]
    assert "second-look" not in cdul("label", "--help").out


def test_another_label_set_and_a_threshold_for_all_are_edits_that_can_be_undone(
    label: Cdul, photo_folder: Path
) -> None:
    label()
    label("--labels", "cat,fish", "--threshold", "0.4")
    with Project.open(photo_folder) as project:
        assert [edit.title for edit in history(project)] == [
            "one threshold for all labels set to 0.4",
            "label set changed to cat, fish",
        ]
        assert take_snapshot(project).thresholds.tolist() == pytest.approx([0.4, 0.4])
        undo(project)
        assert set(take_snapshot(project).threshold_sources) == {ThresholdSource.FROM_SCORES}
        undo(project)
        assert [one.name for one in label_set(project)] == ["cat", "dog", "boat"]


def test_an_encoder_named_from_the_working_folder_is_found_from_another(
    cdul: Cdul, photo_folder: Path, tiny_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_clip)
    assert cdul("label", photo_folder, "--encoder", ".", "--labels", "cat").code == 0
    monkeypatch.chdir("/")
    assert cdul("label", photo_folder).code == 0


def test_photos_that_cannot_be_read_are_listed_and_end_with_3(label: Cdul, photo_folder: Path) -> None:
    (photo_folder / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    result = label()
    assert result.code == 3
    assert "Labelled 8 of 9 photos" in result.out
    assert "1 photo could not be read:" in result.err
    assert "broken.jpg: The file" in result.err
    as_json = label("--json")
    assert as_json.code == 3
    assert as_json.err == ""
    assert [one["file_name"] for one in as_json.json["unreadable"]] == ["broken.jpg"]

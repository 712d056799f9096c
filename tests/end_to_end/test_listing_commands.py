"""`cdul list`, `set`, `history`, `undo`, `redo` and `labels`: a project looked at and edited without a window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import Cdul

from engine.project import Project


@pytest.fixture
def photos(labelled: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The photo folder, called from the folder above it."""
    labelled.close()
    monkeypatch.chdir(labelled.photos.parent)
    return labelled.photos


def listed(result: str) -> dict[str, dict[str, str]]:
    """What `cdul list --json` says: the states of labels by photo."""
    photos = map(json.loads, result.splitlines())
    return {one["file_name"]: {label["label"]: label["state"] for label in one["labels"]} for one in photos}


def test_decisions_are_set_listed_undone_and_done_again(cdul: Cdul, photos: Path) -> None:
    before = cdul("list", photos, "--json").out
    said = cdul("set", "photos/beach.jpg", "photos/trip/boat.jpg", "--confirm", "Dog", "--reject", "cat", "--reviewed")
    assert (said.code, said.out) == (0, "dog confirmed, cat rejected, reviewed on 2 photos (edit 1).\n")
    found = listed(cdul("list", photos, "--json").out)
    assert len(found) == 8
    assert found["beach.jpg"] | {"dog": "confirmed", "cat": "rejected"} == found["beach.jpg"]
    line = next(line for line in cdul("list", photos).out.splitlines() if line.startswith("trip/boat.jpg\t"))
    assert line.startswith("trip/boat.jpg\tdog yes, ")
    assert line.endswith(", cat no\treviewed")

    again = cdul("set", "photos/beach.jpg", "--confirm", "dog")
    assert again.out == "Nothing changes: it is so on 1 photo already.\n"
    told = cdul("history", photos, "--json").json["entries"]
    assert [(one["entry"], one["in_force"]) for one in told] == [("1", True), ("r1", True)]
    assert cdul("undo", photos).out == "Undone: dog confirmed, cat rejected, reviewed on 2 photos\n"
    assert cdul("list", photos, "--json").out == before
    assert cdul("history", photos).out.splitlines()[0].endswith("on 2 photos  (undone)")
    assert cdul("redo", photos, "1").code == 0
    assert listed(cdul("list", photos, "--json").out) == found


def test_photos_may_be_named_behind_their_folder(cdul: Cdul, photos: Path) -> None:
    named = cdul("list", "photos", "beach.jpg", "trip/boat.jpg", "--json")
    assert set(listed(named.out)) == {"beach.jpg", "trip/boat.jpg"}
    said = cdul("set", "photos", "beach.jpg", "--confirm", "Dog")
    assert said.out == "dog confirmed on beach.jpg (edit 1).\n"
    assert cdul("list", "photos", "../photos/beach.jpg", "beach.png").code == 1


def test_a_label_that_is_confirmed_below_a_rejected_one_is_told(cdul: Cdul, photos: Path) -> None:
    assert cdul("labels", "parent", "add", photos, "cat", "dog").code == 0
    assert cdul("set", "photos/beach.jpg", "--reject", "dog").err == ""
    said = cdul("set", "photos/beach.jpg", "--confirm", "cat")
    told = "cat stands below dog, which is rejected on beach.jpg. Both answers are kept.\n"
    assert (said.code, said.err) == (0, told)
    both = cdul("set", "photos/dog.webp", "--confirm", "cat", "--reject", "dog")
    assert both.err == told.replace("beach.jpg", "dog.webp")


def test_answers_that_contradict_each_other_once_a_label_stands_below_another_are_told(
    cdul: Cdul, photos: Path
) -> None:
    for photo in ("photos/beach.jpg", "photos/dog.webp"):
        cdul("set", photo, "--confirm", "cat", "--reject", "dog")
    said = cdul("labels", "parent", "add", photos, "cat", "dog")
    assert said.code == 0
    assert said.err == "cat stands below dog, which is rejected on 2 photos. Both answers are kept.\n"
    assert cdul("labels", "parent", "add", photos, "boat", "dog").err == ""


def test_steps_are_undone_the_last_one_first_and_runs_by_their_number(cdul: Cdul, photos: Path) -> None:
    cdul("set", photos, "--confirm", "dog")
    cdul("set", "photos/dog.webp", "--clear", "dog")
    assert cdul("undo", photos, "--steps", "3").out.splitlines() == [
        "Undone: dog undecided on dog.webp",
        "Undone: dog confirmed on 8 photos",
        "There is nothing more to undo.",
    ]
    assert cdul("undo", photos, "r1").code == 0
    assert all(not labels for labels in listed(cdul("list", photos, "--json").out).values())
    assert cdul("redo", photos, "r1", "--json").json["done"][0]["title"].startswith("Labels suggested with ")
    wrong = cdul("undo", photos, "r7")
    assert (wrong.code, "no entry 'r7'" in wrong.err) == (2, True)


def test_a_filter_a_folder_and_a_list_choose_photos(
    cdul: Cdul, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdul("set", "photos/trip", "--confirm", "boat")
    found = cdul("list", "photos", "--filter", "confirmed:boat", "--paths").out
    assert found.splitlines() == [
        "photos/trip/boat.jpg",
        "photos/trip/day two/horse.jpeg",
        "photos/trip/day two/lamp.JPG",
        "photos/trip/turned.jpg",
    ]
    # What is printed can be given back, in its order, from a file, with NULs, and by absolute paths.
    (tmp_path / "list").write_bytes(b"photos/zebra.bmp\0beach.jpg\0nothing.jpg\0")
    some = cdul("list", photos, "--list", tmp_path / "list", "--paths", "-0")
    assert some.out == f"{photos}/zebra.bmp\0{photos}/beach.jpg\0"
    assert "Of the list, not in the folder: 1 photo (nothing.jpg)" in some.err
    (tmp_path / "list").write_text(some.out)
    assert cdul("list", "photos", "--list", tmp_path / "list", "--paths").out == "photos/zebra.bmp\nphotos/beach.jpg\n"
    assert list(listed(cdul("list", "photos/trip/day two", "--json").out)) == [
        "trip/day two/horse.jpeg",
        "trip/day two/lamp.JPG",
    ]
    assert cdul("list", "photos/trip/boat.jpg", "--paths").out == "photos/trip/boat.jpg\n"
    assert cdul("list", photos / "trip" / "boat.jpg", "--paths").out == f"{photos}/trip/boat.jpg\n"
    monkeypatch.chdir(photos / "trip")
    assert list(listed(cdul("list", "boat.jpg", "--json").out)) == ["trip/boat.jpg"]
    assert cdul("list", "boat.jpg", "--paths").out == "../trip/boat.jpg\n"


def test_several_filters_pass_what_each_of_them_passes(cdul: Cdul, photos: Path) -> None:
    cdul("set", "photos/trip", "--confirm", "boat")
    cdul("set", "photos/trip/boat.jpg", "photos/beach.jpg", "--reviewed")
    either = ["--filter", "state:reviewed OR confirmed:boat"]
    assert len(listed(cdul("list", "photos", *either, "--json").out)) == 5
    both = cdul("list", "photos", *either, "--filter", "name:*.jpg", "--filter", "-folder:trip", "--paths")
    assert both.out == "photos/beach.jpg\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("labels", "0 confirmed"),
        ("rules", "no rules"),
        ("truth", "no truth"),
        ("classifier", "No classifier"),
        ("review", ""),
    ],
)
def test_a_command_of_commands_shows_where_photos_are_given_alone(
    cdul: Cdul, photos: Path, command: str, said: str
) -> None:
    shown = cdul(command, "photos")
    assert shown.code == 0
    assert said in shown.out + shown.err
    assert cdul(command, "--json", "photos").json is not None
    wrong = cdul(command, "shwo", "photos")
    assert (wrong.code, "No such command 'shwo'" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["list", "photos", "--filter", "label:"], 2, "Expected a label after label:"),
        (["list", "photos", "--list", "missing"], 1, "missing"),
        (["set", "photos/beach.jpg", "photos/none.jpg", "--confirm", "dog"], 1, "Nothing was changed"),
        (["set", "photos/none.jpg", "--confirm", "dog"], 1, "None of what is named is a photo"),
        (["set", "photos", "--confirm", "dgo"], 2, "There is no label 'dgo'. The project has dog"),
        (["set", "photos", "--confirm", "dog", "--clear", "dog"], 2, "Two different things are said of dog"),
        (["set", "photos"], 2, "Say what to set"),
        (["set", "photos", "--confirm", "dog", "--filter", "label:cat -label:cat"], 1, "No photo is meant"),
        (["labels", "rename", "photos", "dog", "cat"], 1, "There is a label 'cat' already"),
        (["labels", "remove", "photos", "fish"], 2, "There is no label 'fish'"),
        (["history", "."], 1, "There is no project"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    cdul: Cdul, photos: Path, arguments: list[str], code: int, said: str
) -> None:
    result = cdul(*arguments)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert [one["entry"] for one in cdul("history", photos, "--json").json["entries"]] == ["r1"]


def test_labels_are_shown_and_edited(cdul: Cdul, photos: Path) -> None:
    cdul("set", "photos/beach.jpg", "--confirm", "dog", "--reject", "boat")
    assert cdul("labels", "add", photos, "sea lion", "ship").code == 0
    assert cdul("labels", "rename", photos, "cat", "tabby cat").out == "cat is called tabby cat now.\n"
    merged = cdul("labels", "merge", photos, "boat", "ship", "--json").json
    assert merged == {"moved": 1, "moved_no": 1, "agreed": 0, "conflicts": 0}
    assert cdul("labels", "remove", photos, "sea lion").code == 0
    told = {one["name"]: one for one in cdul("labels", "show", photos, "--json").json["labels"]}
    assert list(told) == ["tabby cat", "dog", "ship"]
    assert (told["dog"]["confirmed"], told["ship"]["rejected"]) == (1, 1)
    assert cdul("labels", "show", photos, "--as-set").out == "tabby cat\tanimal\ndog\tanimal\nship\t\t= boat\n"
    assert cdul("labels", "show", photos).out.splitlines()[1].split()[:5] == ["dog", "1", "confirmed", "0", "rejected"]
    assert cdul("undo", photos, "-n", "5").code == 0
    assert cdul("labels", "show", photos, "--as-set").out == "cat\tanimal\ndog\tanimal\nboat\tvehicle\n"

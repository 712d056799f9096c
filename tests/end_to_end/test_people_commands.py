"""Several people on the command line: who says what, whose undo it is, and how far they agree."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

import pytest
from commands import Cdul

from engine.project import Project


@pytest.fixture
def photos(labelled: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The photo folder, called from the folder above it."""
    labelled.close()
    monkeypatch.chdir(labelled.photos.parent)
    return labelled.photos


def test_two_people_answer_and_see_how_far_they_agree(
    cdul: Cdul, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = ("photos/beach.jpg", "photos/city.png")
    cdul("set", *both, "--confirm", "dog", "--user", "Ada")
    alone = cdul("agreement", photos)
    assert alone.code == 1
    assert "answers of two people" in alone.err
    monkeypatch.setenv("CDUL_USER", "Ben")
    said = cdul("set", "photos/beach.jpg", "--confirm", "dog")
    assert said.out == "dog confirmed on beach.jpg (edit 2).\n"  # though Ada said so before
    cdul("set", "photos/city.png", "--reject", "dog")
    found = cdul("agreement", photos, "--json").json
    assert found["people"] == [{"name": "Ada", "photos": 2}, {"name": "Ben", "photos": 2}]
    assert found["disagreed"] == ["city.png"]
    [dog] = found["labels"]
    assert (dog["label"], dog["alpha"]["answered"], dog["alpha"]["differ"]) == ("dog", 2, 1)
    assert dog["kappa"][0]["people"] == ["Ada", "Ben"]
    told = cdul("agreement", photos)
    assert "Ada: 2 photos answered" in told.out
    assert "kappa of Ada and Ben" in told.out
    assert cdul("agreement", "photos", "--paths").out == "photos/city.png\n"


def test_of_labels_that_nobody_differs_on_only_the_number_is_told(cdul: Cdul, photos: Path) -> None:
    for name, said in (("Ada", "--confirm"), ("Ben", "--reject")):
        cdul("set", "photos/beach.jpg", "photos/city.png", "--confirm", "cat", "--reviewed", "--user", name)
        cdul("set", "photos/beach.jpg", said, "dog", "--user", name)
    told = cdul("agreement", photos).out
    assert "\ndog " in told
    assert "\ncat " not in told
    assert "nothing can be told: all said the same on every photo." in told


def test_the_list_does_not_tell_a_second_reviewer_what_was_said(cdul: Cdul, photos: Path) -> None:
    cdul("set", photos, "--filter", "name:*", "--confirm", "dog", "--reviewed", "--user", "Ada")
    [mine] = cdul(
        "review", "take", "photos", "--count", "1", "--overlap", "100%", "--paths", "--user", "Ben"
    ).out.splitlines()
    assert "reviewed" in cdul("list", mine, "--user", "Ada").out
    hidden = cdul("list", mine, "--user", "Ben").out
    assert "dog yes" not in hidden
    assert "reviewed" not in hidden
    assert mine not in cdul("list", "photos", "--filter", "confirmed:dog", "--paths", "--user", "Ben").out
    cdul("set", mine, "--reviewed", "--user", "Ben")
    assert "dog yes" in cdul("list", mine, "--user", "Ben").out


def test_a_command_waits_for_another_one_that_is_just_writing(cdul: Cdul, photos: Path) -> None:
    other = Project.open(photos)
    Timer(0.5, other.close).start()
    assert cdul("set", "photos/beach.jpg", "--confirm", "dog").code == 0


def test_undo_takes_back_ones_own(cdul: Cdul, photos: Path) -> None:
    cdul("set", "photos/beach.jpg", "--confirm", "dog", "--user", "Ada")
    cdul("set", "photos/city.png", "--confirm", "dog", "--user", "Ben")
    assert cdul("undo", photos, "--user", "Ada").out == "Undone: dog confirmed on beach.jpg\n"
    assert cdul("undo", photos, "--user", "Ada").out == "There is nothing to undo.\n"
    assert cdul("undo", photos, "2", "--user", "Ada").out == "Undone: dog confirmed on city.png\n"
    assert [one["by"] for one in cdul("history", photos, "--json").json["entries"][:2]] == ["Ben", "Ada"]
    refused = cdul("set", "photos/city.png", "--confirm", "dog", "--user", " ")
    assert (refused.code, refused.out) == (2, "")


def test_photos_are_shared_out_and_the_majority_decides(cdul: Cdul, photos: Path) -> None:
    taken = cdul("review", "take", photos, "--count", "2", "--user", "Ada", "--json").json
    assert (len(taken["photos"]), taken["second_opinions"]) == (2, 0)
    cdul("set", f"photos/{taken['photos'][0]}", "--confirm", "dog", "--reviewed", "--user", "Ada")
    other = cdul(
        "review", "take", "photos", "--count", "3", "--overlap", "34%", "--paths", "--user", "Ben"
    ).out.splitlines()
    assert len(other) == 3
    assert len({f"photos/{name}" for name in taken["photos"]} & set(other)) == 1
    people = cdul("review", "status", photos, "--json").json["people"]
    assert [(one["person"], one["done"], one["left"]) for one in people] == [("Ada", 1, 1), ("Ben", 0, 3)]
    assert cdul("review", "give-back", photos, "--user", "Ben").out == "Given back: 3 photos.\n"
    cdul("set", f"photos/{taken['photos'][0]}", "--reject", "dog", "--user", "Ben")
    planned = cdul("review", "settle", photos, "majority", "--dry-run")
    assert planned.out == "That would change 1 decision.\n"
    assert cdul("review", "settle", photos, "majority", "--json").json["decisions"] == 1
    assert "what most people say" in cdul("review", "status", photos).out
    assert cdul("review", "settle", photos, "adjudicator").code == 2
    assert cdul("review", "take", photos, "--overlap", "a lot").code == 2

"""Several people on the command line: who says what, whose undo it is, and how far they agree."""

from __future__ import annotations

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


def test_two_people_answer_and_see_how_far_they_agree(
    cdul: Cdul, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = ("photos/beach.jpg", "photos/city.png")
    cdul("set", *both, "--confirm", "dog", "--as", "Ada")
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


def test_undo_takes_back_ones_own(cdul: Cdul, photos: Path) -> None:
    cdul("set", "photos/beach.jpg", "--confirm", "dog", "--as", "Ada")
    cdul("set", "photos/city.png", "--confirm", "dog", "--as", "Ben")
    assert cdul("undo", photos, "--as", "Ada").out == "Undone: dog confirmed on beach.jpg\n"
    assert cdul("undo", photos, "--as", "Ada").out == "There is nothing to undo.\n"
    assert cdul("undo", photos, "2", "--as", "Ada").out == "Undone: dog confirmed on city.png\n"
    assert [one["by"] for one in cdul("history", photos, "--json").json["entries"][:2]] == ["Ben", "Ada"]
    refused = cdul("set", "photos/city.png", "--confirm", "dog", "--as", " ")
    assert (refused.code, refused.out) == (2, "")

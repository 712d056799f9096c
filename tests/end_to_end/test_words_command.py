"""`cdul words`: what is in the photos, told from what is stored, and labels made of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import Cdul

from engine.project import Project
from engine.project.history.history import undo
from engine.project.labels import label_set


@pytest.fixture
def labelled(starter_samples: Path, tmp_path: Path) -> Path:
    """Four sample photos that the starter labelled with one label that is on none of them."""
    return Path(shutil.copytree(starter_samples, tmp_path / "photos"))


def names(photos: Path) -> list[str]:
    with Project.open(photos, read_only=True) as project:
        return [label.name for label in label_set(project)]


def test_the_words_name_what_the_photos_show(cdul: Cdul, labelled: Path) -> None:
    result = cdul("words", labelled, "--json")
    assert result.code == 0
    told = result.json
    assert (told["photos"], told["compared"], told["encoder"]) == (4, 4, "starter")
    by_name = {word["name"]: word for word in told["words"]}
    assert by_name["cat"]["group"] == "animals"
    assert "animal" in by_name["cat"]["kinds_of"]
    assert by_name["cat"]["best"][0]["path"] == "kitten_with_wool.jpg"
    assert by_name["cow"]["best"][0]["path"] == "cows_in_meadow.jpg"
    for word in told["words"]:  # photos that a word does not fit are no examples of it
        assert [photo["chance"] for photo in word["best"][1:] if photo["chance"] < 0.1] == []
    for photo in labelled.glob("*.jpg"):  # and need not be there
        photo.write_bytes(b"")
    assert cdul("words", labelled, "--json").json == told


def test_a_word_is_likely_on_as_many_photos_as_were_promised(cdul: Cdul, labelled: Path) -> None:
    offered = {word["name"]: word["photos"] for word in cdul("words", labelled, "--json").json["words"]}
    assert {"cat", "cow"} <= offered.keys()
    cdul("words", labelled, "--adopt", ",".join(offered), "--json")
    for word in ("cat", "cow"):  # the detector knows them
        there = cdul("list", labelled, "--filter", f"likely:{word}", "--paths").out.splitlines()
        assert len(there) == offered[word]


def test_a_word_that_is_adopted_labels_its_photos_and_is_not_offered_again(cdul: Cdul, labelled: Path) -> None:
    result = cdul("words", labelled, "--adopt", "cat,cow", "--json")
    assert result.code == 0
    assert result.json["added"] == ["cat", "cow"]
    assert names(labelled) == ["skyscraper", "cat", "cow"]
    assert cdul("list", labelled, "--filter", "likely:cat", "--paths").out.splitlines() == [
        str(labelled / "kitten_with_wool.jpg")
    ]
    offered = {word["name"] for word in cdul("words", labelled, "--json").json["words"]}
    assert not offered & {"cat", "cow"}
    offered = {word["name"] for word in cdul("words", labelled, "--all", "--json").json["words"]}
    assert offered >= {"cat", "cow"}
    with Project.open(labelled) as project:
        undo(project)
    assert names(labelled) == ["skyscraper"]


def test_what_is_refused_is_not_offered_until_it_is_asked_for(cdul: Cdul, labelled: Path) -> None:
    assert cdul("words", labelled, "--never", "cat").code == 0
    told = cdul("words", labelled, "--json").json
    assert told["never"] == ["cat"]
    assert "cat" not in {word["name"] for word in told["words"]}
    said = cdul("words", labelled, "--offer", "cat,quux")
    assert (said.code, said.out, said.err) == (0, "Offered again: cat.\n", "Never refused: quux.\n")
    assert "cat" in {word["name"] for word in cdul("words", labelled, "--json").json["words"]}


def test_before_labelling_it_says_what_to_do(cdul: Cdul, photo_folder: Path) -> None:
    with Project.open(photo_folder):
        pass
    result = cdul("words", photo_folder)
    assert result.code == 1
    assert "Label them first" in result.err


def test_another_encoder_has_words_too(cdul: Cdul, photo_folder: Path, tiny_clip: Path) -> None:
    cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog,boat")
    first = cdul("words", photo_folder, "--json")
    assert first.code == 0
    assert cdul("words", photo_folder, "--json").json == first.json

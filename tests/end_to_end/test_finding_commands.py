"""`search` and `duplicates`, as a person or a script uses them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from commands import Cdul


@pytest.fixture
def labelled_folder(cdul: Cdul, photo_folder: Path, tiny_clip: Path) -> Path:
    """The eight photos, labelled with the small CLIP."""
    cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog,boat")
    return photo_folder


def test_search_lists_the_best_first(cdul: Cdul, labelled_folder: Path) -> None:
    result = cdul("search", labelled_folder, "two dogs on a beach", "--top", "3", "--json")
    assert result.code == 0
    told = result.json
    assert told["words"] == "two dogs on a beach"
    assert told["searched"] == 8
    scores = [found["score"] for found in told["found"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert set(told["found"][0]["part"]) == {"left", "top", "right", "bottom"}


def test_search_heeds_the_filter(cdul: Cdul, labelled_folder: Path) -> None:
    result = cdul("search", labelled_folder, "a horse", "--filter", "folder:trip")
    assert result.code == 0
    assert result.out.count("\n") == 4
    assert all("trip/" in line for line in result.out.splitlines())


def test_a_photo_is_most_like_itself(cdul: Cdul, labelled_folder: Path) -> None:
    result = cdul("search", labelled_folder, "--like", labelled_folder / "city.png", "--top", "1", "--json")
    assert result.code == 0
    assert result.json["found"][0]["file_name"] == "city.png"


def test_search_needs_words_or_a_photo(cdul: Cdul, labelled_folder: Path) -> None:
    for arguments in ([], ["dogs", "--like", labelled_folder / "city.png"]):
        result = cdul("search", labelled_folder, *arguments)
        assert result.code == 2
        assert "Give words to look for, or --like with a photo" in result.err


def test_a_photo_that_cannot_be_read_is_named(cdul: Cdul, labelled_folder: Path) -> None:
    result = cdul("search", labelled_folder, "--like", labelled_folder / "nowhere.png")
    assert result.code == 1
    assert "nowhere.png: The file is no longer there." in result.err


def test_search_before_labelling_says_what_to_do(cdul: Cdul, photo_folder: Path) -> None:
    result = cdul("search", photo_folder, "dogs")
    assert result.code == 1
    assert "Label the photos first" in result.err


def test_duplicates_are_listed_with_the_best_first(cdul: Cdul, photo_folder: Path) -> None:
    shutil.copy(photo_folder / "city.png", photo_folder / "copy of city.png")
    told = cdul("duplicates", photo_folder, "--json").json
    assert told == {
        "photos": 9,
        "groups": [{"best": "city.png", "photos": ["city.png", "copy of city.png"]}],
    }
    people = cdul("duplicates", photo_folder)
    assert people.out.splitlines() == [
        "Groups of near-duplicates among 9 photos: 1.",
        "",
        "city.png  (best)",
        "copy of city.png",
    ]
    # What another one stands for can be handed to whatever moves it away.
    assert cdul("duplicates", photo_folder, "--paths", "-0").out == f"{photo_folder}/copy of city.png\0"


def test_words_in_another_language_are_searched_with_a_hint(cdul: Cdul, labelled_folder: Path) -> None:
    result = cdul("search", labelled_folder, "zwei Hunde", "--top", "1")
    assert (result.code, result.out.count("\n")) == (0, 1)
    assert "'zwei Hunde' is none that is known: search in English" in result.err
    assert "'dog' in place of 'Hund'" in cdul("search", labelled_folder, "ein Hund am Strand", "--top", "1").err
    assert cdul("search", labelled_folder, "a dog on a beach", "--top", "1").err == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_of_photos_do_nothing_to_the_terminal(cdul: Cdul, labelled_folder: Path) -> None:
    photo = labelled_folder / "beach.jpg"
    for name in ("\x1b]0;evil\x07\x1b[2J.jpg", "a\nb\u202e.jpg"):
        shutil.copy(photo, labelled_folder / name)
    result = cdul("duplicates", labelled_folder)
    assert result.code == 0
    assert not set(result.out) & set("\x1b\x07\u202e")
    assert r"\x1b]0;evil\x07\x1b[2J.jpg" in result.out
    assert r"a\nb\u202e.jpg" in result.out

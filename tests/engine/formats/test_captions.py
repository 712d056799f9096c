"""Short prose beside photos is told from labels by many texts at once, and the person is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Cdul

from engine.errors import UserError
from engine.formats.known_labels import PRESENT
from engine.formats.registry import READERS, guess_format

CAPTIONS = {
    "English": ["A dog runs, happily", "We went, with Anna, to the beach", "Two boats, at sea", "Sunset over the bay"],
    "German": ["Ein Hund rennt, ganz froh", "Mit Anna, am Strand", "Zwei Boote auf dem Meer", "Wir im Garten, abends"],
    "French": ["Un chien court, content", "Avec Anna, sur la plage", "Deux bateaux dans la baie"],
    "one alone": ["A dog runs, happily"],
    "Polish": [f"{who} biegnie {how}, {where}" for who, how, where in zip(
        ["Pies", "Kot", "Anna", "Jan", "Ojciec", "Matka", "Brat", "Siostra", "Wujek", "Babcia"],
        ["szybko", "wolno", "rano", "wieczorem", "boso", "cicho", "głośno", "daleko", "znowu", "razem"],
        ["po plaży", "nad morzem", "przez las", "do domu", "w górach", "za płotem", "obok drogi", "bez butów",
         "przed burzą", "pod mostem"], strict=True)],
    "Chinese": [f"{one}，很开心" for one in [
        "一只狗在海边跑", "我们去了沙滩玩", "两艘小船在海上", "夕阳照在海湾上", "花园里的孩子们",
        "山上的一间小屋", "城里下着大雨呢", "妈妈在厨房做饭", "老人坐在长椅上", "雪地里的一只猫"]],
}  # fmt: skip
LABELS = {
    "tags": ["dog, beach, sunny day", "cat, indoors", "dog, grass, running", "boat, beach"],
    "booru": [
        "1girl, solo, long hair, looking at viewer",
        "1girl, hat, looking at viewer, standing on one leg",
        "2girls, solo, long hair, looking at viewer",
    ],
    "places": ["Eiffel Tower, night", "Big Ben, day", "Brandenburg Gate, rain"],
    "names": ["Anna", "Bob", "Anna, Bob", "Carla"],
    "words that do not come again": ["fern", "moss, lichen", "oak", "birch, bracket fungus", "ash"],
    "many species": [f"Genus{at} species{at}, Family{at // 3}" for at in range(30)],
}


def folder_of(texts: list[str], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for at, text in enumerate(texts):
        (folder / f"{at}.txt").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("kind", CAPTIONS)
def test_captions_are_asked_about(kind: str, tmp_path: Path) -> None:
    folder = folder_of(CAPTIONS[kind], tmp_path / "in")
    with pytest.raises(UserError, match=r"look like captions and not like labels, as '.+' in \d\.txt\. .* format text"):
        guess_format(folder)


@pytest.mark.parametrize("kind", LABELS)
def test_labels_are_taken_for_labels(kind: str, tmp_path: Path) -> None:
    folder = folder_of(LABELS[kind], tmp_path / "in")
    assert guess_format(folder) == "text"


def test_texts_in_which_there_is_nothing_are_no_format(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="It cannot be told which format"):
        guess_format(folder_of(["", "", ""], tmp_path / "in"))


def test_whoever_says_that_they_are_labels_has_them(photo_folder: Path, cdul: Cdul) -> None:
    (photo_folder / "beach.txt").write_text("We went, with Anna, to the beach")
    asked = cdul("import", photo_folder, photo_folder)
    assert asked.code == 2
    assert "look like captions" in asked.err
    taken = cdul("import", photo_folder, photo_folder, "--format", "text")
    assert taken.code == 0
    assert READERS["text"].read(photo_folder).answers["beach"] == dict.fromkeys(
        ["We went", "with Anna", "to the beach"], PRESENT
    )

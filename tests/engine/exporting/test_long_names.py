"""Names that no disk takes are shortened where they are ours to choose, else said; the rest is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import export_as, make_photo

from engine.formats.files.portable_names import shortened
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.stages.labelling.add_photos import add_photos

SPACES = " ".join(["day"] * 62) + ".jpg"
"""Has room on a disk, and none where each space is written as `%20`."""
ALIKE = SPACES[:-5] + "z.jpg"
LONG_LABEL = "猫" * 90


@pytest.fixture
def long_names(tmp_path: Path) -> Iterator[Project]:
    photos = tmp_path / "photos"
    for seed, name in enumerate((SPACES, ALIKE, "plain.jpg")):
        make_photo(photos / name, seed)
    with Project.open(photos) as project:
        labels = use_label_set(project, [NewLabel("dog"), NewLabel(LONG_LABEL)])
        add_photos(project)
        answer(project, "made up", [Answer(photo, label.id, True) for photo in (1, 2, 3) for label in labels])
        yield project


def test_photos_are_copied_under_shorter_names_of_their_own(long_names: Project, tmp_path: Path) -> None:
    result = export_as(long_names, "voc", tmp_path / "out", photos="copy")
    copies = sorted(file.name for file in (tmp_path / "out" / "JPEGImages").iterdir())
    assert len(copies) == 3
    assert all(len(os.fsencode(name)) <= 255 for name in copies)
    listed = (tmp_path / "out" / "ImageSets" / "Main" / "dog_trainval.txt").read_text().split()
    assert sorted(f"{stem}.jpg" for stem in listed[::2]) == copies
    told = [sentence for sentence in result.left_out if "is called" in sentence]
    assert [sentence.partition(" is called ")[0] for sentence in told] == sorted([SPACES, ALIKE])


def test_a_label_whose_list_has_no_room_is_named_and_the_others_are_written(
    long_names: Project, tmp_path: Path
) -> None:
    result = export_as(long_names, "voc", tmp_path / "out")
    assert [file.name for file in (tmp_path / "out" / "ImageSets" / "Main").glob("*_*")] == ["dog_trainval.txt"]
    assert result.written == 3
    [told] = result.left_out
    assert told.startswith(f"The list of the label '{LONG_LABEL}' was not written")
    assert "255 bytes" in told


def test_a_photo_that_has_no_room_is_named_and_the_others_are_copied(
    long_names: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.stages.exporting.selection.MOST_BYTES", 2000)  # as where disks take longer names
    result = export_as(long_names, "voc", tmp_path / "out", photos="copy")
    assert [file.name for file in (tmp_path / "out" / "JPEGImages").iterdir()] == ["plain.jpg"]
    told = [sentence for sentence in result.left_out if "the photo's name" in sentence.casefold()]
    assert len(told) == 2
    assert all("too long for this disk, which takes 255 bytes" in sentence for sentence in told)


def test_shortening_keeps_names_apart_and_escapes_whole() -> None:
    assert shortened("trip/boat.jpg") == "trip/boat.jpg"
    for name in ("%20" * 100 + ".jpg", "猫" * 100 + ".jpg", "x" * 300, "a/" + "b" * 256 + "/c.jpg"):
        short = shortened(name)
        assert all(len(part.encode()) <= 255 for part in short.split("/"))
        assert shortened(name + "2") != short
        assert short.endswith(Path(name).suffix)
    assert not shortened("%20" * 100 + ".jpg").rpartition("-")[0].endswith(("%", "%2"))

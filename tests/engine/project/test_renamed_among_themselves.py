"""Photos whose names were shifted or exchanged keep what was decided of them, by content and not by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from engine.jobs import Cancellation, Progress
from engine.photos.decode import content_digest
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FolderChange, ReadPhoto, readable_photos, record_read, unreadable_photos
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

COLOURS = {"1.png": "red", "2.png": "green", "3.png": "blue"}


@pytest.fixture
def decided(tmp_path: Path) -> Iterator[Project]:
    """Three photos, red, green and blue, each confirmed to have its colour as its label."""
    for at, (name, colour) in enumerate(COLOURS.items()):
        Image.new("RGB", (8, 8), colour).save(tmp_path / name)
        stamp(tmp_path / name, at)
    with Project.open(tmp_path) as project:
        labels = {label.name: label.id for label in use_label_set(project, [NewLabel(c) for c in COLOURS.values()])}
        look(project)
        photos = readable_photos(project)
        contents = [content_digest((tmp_path / photo.path).read_bytes()) for photo in photos]
        record_read(
            project, [ReadPhoto(photo.id, content, 8, 8) for photo, content in zip(photos, contents, strict=True)]
        )
        answer(project, "colours", [Answer(photo.id, labels[COLOURS[photo.path]], True) for photo in photos])
        yield project


def stamp(file: Path, seconds: int) -> None:
    os.utime(file, (1_000_000 + seconds, 1_000_000 + seconds))


def look(project: Project) -> FolderChange:
    return add_photos(project, Progress(), Cancellation())


def confirmed(project: Project) -> dict[str, list[str]]:
    """The confirmed labels of each photo that is there."""
    snapshot = take_snapshot(project)
    return {
        path: [label.name for label, value in zip(snapshot.labels, row, strict=True) if value == YES]
        for path, row, problem in zip(snapshot.paths, snapshot.decisions, snapshot.problems, strict=True)
        if problem is None
    }


def rename(folder: Path, names: dict[str, str]) -> None:
    for old in names:
        (folder / old).rename(folder / f"{old}.aside")
    for old, new in names.items():
        (folder / f"{old}.aside").rename(folder / new)


def test_two_photos_exchange_their_names(decided: Project) -> None:
    rename(decided.photos, {"1.png": "2.png", "2.png": "1.png"})
    change = look(decided)
    assert confirmed(decided) == {"1.png": ["green"], "2.png": ["red"], "3.png": ["blue"]}
    assert (change.moved, change.added, change.changed, change.gone, change.total) == (2, 0, 0, 0, 3)


def test_all_photos_are_numbered_one_higher(decided: Project) -> None:
    rename(decided.photos, {"1.png": "2.png", "2.png": "3.png", "3.png": "4.png"})
    change = look(decided)
    assert confirmed(decided) == {"2.png": ["red"], "3.png": ["green"], "4.png": ["blue"]}
    assert (change.moved, change.added, change.changed, change.gone) == (3, 0, 0, 0)


def test_a_photo_is_deleted_and_the_next_ones_take_the_names(decided: Project) -> None:
    (decided.photos / "1.png").unlink()
    rename(decided.photos, {"2.png": "1.png", "3.png": "2.png"})
    change = look(decided)
    assert confirmed(decided) == {"1.png": ["green"], "2.png": ["blue"]}
    assert (change.moved, change.changed, change.gone, change.total) == (2, 0, 1, 2)
    assert [path for path, _ in unreadable_photos(decided)] == ["1.png"]
    # And it stays so, and the deleted photo is known again when it comes back.
    assert look(decided) == FolderChange(0, 0, 0, 0, 2, missing=1)
    Image.new("RGB", (8, 8), "red").save(decided.photos / "back.png")
    look(decided)
    assert confirmed(decided) == {"1.png": ["green"], "2.png": ["blue"], "back.png": ["red"]}


def test_a_photo_that_was_edited_in_place_keeps_its_decisions(decided: Project) -> None:
    Image.new("RGB", (9, 9), "yellow").save(decided.photos / "2.png")
    change = look(decided)
    assert confirmed(decided) == {"1.png": ["red"], "2.png": ["green"], "3.png": ["blue"]}
    assert (change.moved, change.changed) == (0, 1)


def test_names_exchanged_while_one_of_the_photos_is_replaced(decided: Project) -> None:
    (decided.photos / "2.png").unlink()
    rename(decided.photos, {"1.png": "2.png"})
    Image.new("RGB", (9, 9), "yellow").save(decided.photos / "1.png")
    look(decided)
    assert confirmed(decided) == {"1.png": [], "2.png": ["red"], "3.png": ["blue"]}
    assert [path for path, _ in unreadable_photos(decided)] == ["2.png"]


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Project]:
    """Three equal photos in a folder, each confirmed for a label that tells which it is."""
    folder = tmp_path / "a" / "day"
    folder.mkdir(parents=True)
    for at, name in enumerate(("IMG 1.png", "IMG 1 (1).png", "IMG 1 (2).png")):
        Image.new("RGB", (8, 8), "red").save(folder / name)
        stamp(folder / name, at)
    with Project.open(tmp_path) as project:
        labels = use_label_set(project, [NewLabel("one"), NewLabel("two"), NewLabel("three")])
        look_and_read(project)
        by_name = sorted(readable_photos(project), key=lambda photo: len(photo.path))
        answer(project, "which", [Answer(p.id, label.id, True) for p, label in zip(by_name, labels, strict=True)])
        yield project


def look_and_read(project: Project) -> FolderChange:
    change = look(project)
    unread = [photo for photo in readable_photos(project) if photo.content is None]
    contents = [content_digest(project.file_of(photo.path).read_bytes()) for photo in unread]
    record_read(project, [ReadPhoto(photo.id, content, 8, 8) for photo, content in zip(unread, contents, strict=True)])
    return change


@pytest.mark.parametrize("keeps_times", [True, False], ids=["renamed", "copied to another drive"])
def test_equal_photos_in_a_folder_that_is_renamed(keeps_times: bool, copies: Project) -> None:
    for folder in ("b", "c", "a"):
        [before] = (one for one in copies.photos.iterdir() if one.name in "abc")
        after = before.rename(copies.photos / folder)
        if not keeps_times:
            for file in after.rglob("*.png"):
                stamp(file, 100 + ord(folder))
        change = look_and_read(copies)
        assert (change.added, change.moved, change.gone) == (0, 3, 0)
        told = {path.rpartition("/")[2]: labels for path, labels in confirmed(copies).items()}
        assert told == {"IMG 1.png": ["one"], "IMG 1 (1).png": ["two"], "IMG 1 (2).png": ["three"]}


def test_equal_photos_with_equal_names_are_told_apart_by_the_folders_they_are_in(tmp_path: Path) -> None:
    for at, place in enumerate(("old/x", "old/y")):
        (tmp_path / place).mkdir(parents=True)
        Image.new("RGB", (8, 8), "red").save(tmp_path / place / "1.png")
        stamp(tmp_path / place / "1.png", at)
    with Project.open(tmp_path) as project:
        labels = use_label_set(project, [NewLabel("x"), NewLabel("y")])
        look_and_read(project)
        answer(
            project, "", [Answer(p.id, one.id, True) for p, one in zip(readable_photos(project), labels, strict=True)]
        )
        (tmp_path / "old").rename(tmp_path / "new")
        for place in ("new/x", "new/y"):
            stamp(tmp_path / place / "1.png", 100)
        look(project)
        assert confirmed(project) == {"new/x/1.png": ["x"], "new/y/1.png": ["y"]}


def test_of_equal_photos_one_is_deleted_and_the_others_are_moved(copies: Project) -> None:
    folder = copies.photos / "a" / "day"
    (folder / "IMG 1.png").unlink()
    folder.rename(copies.photos / "elsewhere")
    look_and_read(copies)
    assert confirmed(copies) == {"elsewhere/IMG 1 (1).png": ["two"], "elsewhere/IMG 1 (2).png": ["three"]}
    assert [path for path, _ in unreadable_photos(copies)] == ["a/day/IMG 1.png"]
    Image.new("RGB", (8, 8), "red").save(copies.photos / "back.png")
    look_and_read(copies)
    assert confirmed(copies)["back.png"] == ["one"]


def test_another_photo_under_the_name_of_one_that_is_gone_is_a_new_one(decided: Project) -> None:
    (decided.photos / "2.png").unlink()
    look(decided)
    Image.new("RGB", (9, 9), "yellow").save(decided.photos / "2.png")
    look(decided)
    assert confirmed(decided) == {"1.png": ["red"], "2.png": [], "3.png": ["blue"]}
    assert [path for path, _ in unreadable_photos(decided)] == ["2.png"]
    (decided.photos / "2.png").rename(decided.photos / "other.png")
    Image.new("RGB", (8, 8), "green").save(decided.photos / "2.png")
    look(decided)
    assert confirmed(decided) == {"1.png": ["red"], "2.png": ["green"], "3.png": ["blue"], "other.png": []}


def test_a_photo_that_was_not_read_yet_is_known_by_its_time(decided: Project) -> None:
    Image.new("RGB", (9, 9), "yellow").save(decided.photos / "2.png")
    look(decided)
    rename(decided.photos, {"2.png": "3.png", "3.png": "2.png"})
    look(decided)
    assert confirmed(decided) == {"1.png": ["red"], "2.png": ["blue"], "3.png": ["green"]}

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
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FolderChange, ReadPhoto, readable_photos, record_read, unreadable_photos
from engine.project.snapshot import YES
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
    assert [path for path, _ in unreadable_photos(decided)] == ["3.png"]
    # And it stays so, and the deleted photo is known again when it comes back.
    assert look(decided) == FolderChange(0, 0, 0, 0, 2)
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
    found = confirmed(decided)
    assert found["2.png"] == ["red"]
    assert set(found) == set(COLOURS)

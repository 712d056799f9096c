"""Each person has a copy of the photos of their own, and the project is on a server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Server, let_in_by_the_guide
from sqlalchemy import select

from engine.person import be_by_default
from engine.photos.decode import content_digest
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import record_read
from engine.project.storage.schema import Photo
from engine.read_photo import ReadPhoto
from engine.stages.labelling.add_photos import add_photos

DAY = 86_400


@pytest.fixture
def place(server: Server, photo_folder: Path) -> Iterator[str]:
    """A project that knows the photos of the folder and has read them."""
    place = server.address(server.empty_database())
    with Project.open(photo_folder, place) as project:
        use_label_set(project, [NewLabel("cat")])
        add_photos(project)
        _read_all(project)
    yield place
    be_by_default(None)


@pytest.fixture
def copy(photo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the folder a day younger, as every copy has other times."""
    folder = tmp_path / "copy"
    shutil.copytree(photo_folder, folder, ignore=shutil.ignore_patterns(".cdul"))
    for file in _files(folder):
        os.utime(file, (file.stat().st_mtime + DAY,) * 2)
    return folder


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _read_all(project: Project) -> None:
    with project.reading() as connection:
        photos = connection.execute(select(Photo.id, Photo.path)).all()
    record_read(
        project,
        [ReadPhoto(photo.id, content_digest(project.file_of(photo.path).read_bytes()), 8, 8, 1) for photo in photos],
    )


def _rows(project: Project) -> list[object]:
    with project.reading() as connection:
        return [tuple(row) for row in connection.execute(select(Photo.__table__).order_by(Photo.id))]


def test_a_copy_of_the_photos_changes_nothing_for_the_others(
    place: str, photo_folder: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(photo_folder, place) as ada, Project.open(copy, place) as ben:
        before = _rows(ada)
        assert not add_photos(ben).any
        assert _rows(ada) == before

        # A copy is read once.
        monkeypatch.setattr("engine.stages.labelling.add_photos.content_digest", lambda _bytes: pytest.fail("read"))
        assert not add_photos(ben).any
        assert not add_photos(ada).any


def test_a_copy_that_was_edited_is_read_again(place: str, photo_folder: Path, copy: Path) -> None:
    with Project.open(copy, place) as ben:
        photo = _files(copy)[0]
        photo.write_bytes(photo.read_bytes()[:-1] + b"!")
        assert add_photos(ben).changed == 1


def test_what_one_lacks_in_the_copy_is_gone_only_if_one_says_so(place: str, copy: Path) -> None:
    _files(copy)[0].unlink()
    with Project.open(copy, place) as ben:
        before = _rows(ben)
        assert add_photos(ben, missing_are_gone=False).gone == 0
        assert _rows(ben) == before
        assert add_photos(ben).gone == 1


def test_who_only_reviews_looks_at_a_copy_and_leaves_the_list_of_photos_alone(
    server: Server, place: str, copy: Path
) -> None:
    files = _files(copy)
    shutil.copy(files[0], files[0].with_name(f"another{files[0].suffix}"))
    files[1].unlink()
    with let_in_by_the_guide(server, "cora") as place_of_cora, Project.open(copy, place_of_cora) as cora:
        before = _rows(cora)
        assert not add_photos(cora).any
        record_read(cora, [ReadPhoto(1, b"0" * 16, 9, 9, 1)])
        assert _rows(cora) == before

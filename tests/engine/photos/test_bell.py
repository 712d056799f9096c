"""What comes into a folder rings, also after the folder was away; what is hidden does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import make_photo

from engine.jobs import Cancellation
from engine.photos.bell import is_of_photos, ring_on_changes

SECONDS = 60
"""At most: it takes a few hundredths."""


class Bell:
    """Heard by the test."""

    def __init__(self, folder: Path) -> None:
        self.listening, self._rung, self.ended = threading.Event(), threading.Event(), Cancellation()
        self.thread = threading.Thread(
            target=ring_on_changes, args=(folder, self._rung.set, self.ended, self.listening.set), daemon=True
        )
        self.thread.start()

    def rings(self) -> bool:
        """Waits for it."""
        rang = self._rung.wait(SECONDS)
        self._rung.clear()
        return rang


@pytest.fixture
def bell(photo_folder: Path) -> Iterator[Bell]:
    bell = Bell(photo_folder)
    assert bell.listening.wait(SECONDS)
    assert bell.rings()  # once, for what came before it listened
    yield bell
    bell.ended.cancel()
    bell.thread.join(SECONDS)
    assert not bell.thread.is_alive()


def test_a_photo_that_comes_rings(bell: Bell, photo_folder: Path) -> None:
    make_photo(photo_folder / "trip" / "new.jpg")
    assert bell.rings()


def test_a_folder_that_is_moved_in_rings_and_is_listened_to(bell: Bell, photo_folder: Path) -> None:
    make_photo(photo_folder.parent / "card" / "one.jpg")
    (photo_folder.parent / "card").rename(photo_folder / "card")
    assert bell.rings()


def test_it_listens_again_where_another_folder_has_the_name(bell: Bell, photo_folder: Path) -> None:
    bell.listening.clear()
    photo_folder.rename(photo_folder.parent / "away")
    make_photo(photo_folder / "other.jpg")
    assert bell.listening.wait(SECONDS)
    assert bell.rings()


def test_a_folder_that_is_not_there_yet_is_listened_to_once_it_is(tmp_path: Path) -> None:
    bell = Bell(tmp_path / "drive")
    make_photo(tmp_path / "drive" / "one.jpg")
    assert bell.listening.wait(SECONDS)
    assert bell.rings()
    bell.ended.cancel()
    bell.thread.join(SECONDS)


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("a.jpg", True),
        ("trip/a.jpg", True),
        ("trip", True),
        ("", True),
        (".cdul/project.sqlite", False),
        ("trip/.a.jpg.X3", False),
    ],
)
def test_the_projects_own_files_do_not_ring(path: str, is_one: bool, tmp_path: Path) -> None:
    assert is_of_photos(str(tmp_path / path), tmp_path) is is_one

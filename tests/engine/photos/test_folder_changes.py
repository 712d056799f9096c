"""What comes into a folder is told, also after the folder was away; what is hidden is not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from making import make_photo

from engine.jobs import Cancellation
from engine.photos.folder_changes import call_on_changes, is_of_photos

SECONDS = 60
"""At most: it takes a few hundredths."""


class Listener:
    """Heard by the test."""

    def __init__(self, folder: Path) -> None:
        self.listening, self._called, self.ended = threading.Event(), threading.Event(), Cancellation()
        self.thread = threading.Thread(
            target=call_on_changes, args=(folder, self._called.set, self.ended, self.listening.set), daemon=True
        )
        self.thread.start()

    def is_called(self) -> bool:
        """Waits for it."""
        called = self._called.wait(SECONDS)
        self._called.clear()
        return called


@pytest.fixture
def listener(photo_folder: Path) -> Iterator[Listener]:
    listener = Listener(photo_folder)
    assert listener.listening.wait(SECONDS)
    assert listener.is_called()  # once, for what came before it listened
    yield listener
    listener.ended.cancel()
    listener.thread.join(SECONDS)
    assert not listener.thread.is_alive()


def test_a_photo_that_comes_is_told(listener: Listener, photo_folder: Path) -> None:
    make_photo(photo_folder / "trip" / "new.jpg")
    assert listener.is_called()


def test_a_folder_that_is_moved_in_is_told_and_is_listened_to(listener: Listener, photo_folder: Path) -> None:
    make_photo(photo_folder.parent / "card" / "one.jpg")
    (photo_folder.parent / "card").rename(photo_folder / "card")
    assert listener.is_called()


def test_it_listens_again_where_another_folder_has_the_name(listener: Listener, photo_folder: Path) -> None:
    listener.listening.clear()
    photo_folder.rename(photo_folder.parent / "away")
    make_photo(photo_folder / "other.jpg")
    assert listener.listening.wait(SECONDS)
    assert listener.is_called()


def test_a_folder_that_is_not_there_yet_is_listened_to_once_it_is(tmp_path: Path) -> None:
    listener = Listener(tmp_path / "drive")
    make_photo(tmp_path / "drive" / "one.jpg")
    assert listener.listening.wait(SECONDS)
    assert listener.is_called()
    listener.ended.cancel()
    listener.thread.join(SECONDS)


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
def test_the_projects_own_files_are_not_told(path: str, is_one: bool, tmp_path: Path) -> None:
    assert is_of_photos(str(tmp_path / path), tmp_path) is is_one

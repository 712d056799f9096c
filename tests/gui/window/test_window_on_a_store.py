"""The window on photos in an object store: seen and reviewed; other programs of the computer do not see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import click_photo, settle, wait_until
from making import make_photo
from PySide6.QtGui import QGuiApplication

from cdul_gui.window.main_window import MainWindow
from engine.remote import RemoteFolder

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install 'cdul[cluster]'")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RemoteFolder]:
    memory = fsspec.filesystem("memory")
    for place in range(3):
        memory.pipe_file(f"/seen/photos/{place}.jpg", make_photo(tmp_path / f"{place}.jpg", seed=place).read_bytes())
    yield RemoteFolder("memory://seen/photos")
    memory.rm("/seen", recursive=True)


def test_photos_of_a_store_are_seen_large_and_small(empty_window: MainWindow, store: RemoteFolder) -> None:
    window = empty_window
    window.desk.opening.open_folder(store)
    settle(window)
    thumbnails = window.desk.pages.gallery.thumbnails
    wait_until(lambda: all(thumbnails.thumbnail(row) is not None for row in range(3)))
    click_photo(window, "1.jpg")
    window.desk.pages.show_current_photo()
    wait_until(lambda: window.desk.photo.pixels is not None)
    window.desk.photo_file.copy_paths()
    assert QGuiApplication.clipboard().text() == "memory://seen/photos/1.jpg"
    window.desk.photo_file.show_in_folder()
    assert "is in a store" in window.said.text()

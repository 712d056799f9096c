"""Photos that show the same are shown in groups, the best of each first and marked."""

import shutil
from pathlib import Path

import pytest
from acting import CTRL, SHIFT, press
from filtering import shown_paths
from finding import open_photos
from PIL import Image
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def photos(photo_folder: Path) -> Path:
    """Eight photos, one of them there as a small copy and one of them twice; none is labelled."""
    with Image.open(photo_folder / "city.png") as photo:
        photo.resize((photo.width // 2, photo.height // 2)).save(photo_folder / "a city, small.png")
    shutil.copy(photo_folder / "trip" / "boat.jpg", photo_folder / "trip" / "boat copy.jpg")
    return photo_folder


def test_groups_are_shown_with_the_best_first(empty_window: MainWindow, photos: Path) -> None:
    window = empty_window
    open_photos(window, photos)
    press(window, Qt.Key.Key_D, CTRL)
    assert shown_paths(window) == ["city.png", "a city, small.png", "trip/boat copy.jpg", "trip/boat.jpg"]
    gallery, snapshot = window.desk.pages.gallery, window.session.snapshot
    assert snapshot is not None
    groups = gallery.notes.groups_for(window.session.shown)
    assert groups is not None
    assert groups.starts == [0, 2]
    assert groups.titles == ["2 photos that show the same"] * 2
    assert sorted(snapshot.paths[row] for row in gallery.notes.best) == ["city.png", "trip/boat copy.jpg"]
    told = gallery.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "The best of its near-duplicates" in told
    assert window.desk.find_bar.told.text().startswith("4 photos, groups: 2")


def test_leaving_takes_the_groups_away(empty_window: MainWindow, photos: Path) -> None:
    open_photos(empty_window, photos)
    press(empty_window, Qt.Key.Key_D, CTRL)
    press(empty_window, Qt.Key.Key_Backspace, SHIFT)
    assert len(shown_paths(empty_window)) == 10
    assert empty_window.desk.pages.gallery.notes.groups is None


def test_where_there_are_none_it_says_so(empty_window: MainWindow, photo_folder: Path) -> None:
    open_photos(empty_window, photo_folder)
    press(empty_window, Qt.Key.Key_D, CTRL)
    assert "no near-duplicates" in empty_window.messages.text.text()
    assert len(shown_paths(empty_window)) == 8

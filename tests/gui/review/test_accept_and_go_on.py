"""Space confirms what is suggested, marks the photo as reviewed, and goes on."""

from pathlib import Path

from acting import click_photo, current_path, press, reviewed_kept, states_kept
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow


def test_space_accepts_the_suggested_labels_and_goes_on(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    assert current_path(window) == "city.png"
    press(window, Qt.Key.Key_Space)
    assert current_path(window) == "dog.webp"
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "confirmed", "tree": "confirmed"}
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed"}
    assert states_kept(scored_photos, "dog.webp") == {"cat": "likely", "dog": "likely"}
    assert reviewed_kept(scored_photos) == ["beach.jpg", "city.png"]


def test_a_photo_without_suggestions_is_marked_as_reviewed(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_Space)
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {}
    assert reviewed_kept(scored_photos) == ["trip/day two/lamp.JPG"]


def test_space_on_the_last_photo_stays_there(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "zebra.bmp")
    press(window, Qt.Key.Key_Space)
    assert current_path(window) == "zebra.bmp"
    assert states_kept(scored_photos, "zebra.bmp") == {"dog": "confirmed"}


def test_space_leaves_rejected_labels_rejected(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "dog.webp")
    press(window, Qt.Key.Key_X)  # no label is chosen: all suggestions
    press(window, Qt.Key.Key_Space)
    assert states_kept(scored_photos, "dog.webp") == {"cat": "rejected", "dog": "rejected"}

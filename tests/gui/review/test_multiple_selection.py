"""What works on one photo works on all that are selected, as one step of undo."""

from pathlib import Path

from acting import CTRL, SHIFT, click_chip, click_label, click_photo, press, reviewed_kept, states_kept
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow


def test_accept_all_that_are_selected(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_photo(window, "dog.webp", SHIFT)
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["beach.jpg", "city.png", "dog.webp"]
    assert states_kept(scored_photos, "dog.webp") == {"cat": "confirmed", "dog": "confirmed"}
    press(window, Qt.Key.Key_Z, CTRL)
    assert reviewed_kept(scored_photos) == []
    assert states_kept(scored_photos, "dog.webp") == {"cat": "likely", "dog": "likely"}


def test_esc_selects_one_photo_again_before_it_leaves_anything(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "cat")
    shown = window.session.shown.tolist()
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_A, CTRL)
    press(window, Qt.Key.Key_Escape)
    assert window.session.shown.tolist() == shown
    press(window, Qt.Key.Key_Space)
    assert len(reviewed_kept(scored_photos)) == 1
    press(window, Qt.Key.Key_Escape)
    assert window.session.shown.tolist() != shown


def test_reject_a_label_on_photos_that_are_picked(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "cat")
    click_photo(window, "city.png")
    click_photo(window, "trip/turned.jpg", CTRL)
    press(window, Qt.Key.Key_X)
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected"}
    assert states_kept(scored_photos, "trip/turned.jpg")["cat"] == "rejected"
    assert states_kept(scored_photos, "dog.webp")["cat"] == "likely"


def test_a_chip_says_that_it_goes_for_all_and_does(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    click_photo(window, "dog.webp", CTRL)
    click_chip(window, "cat")
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed"}
    assert states_kept(scored_photos, "dog.webp")["cat"] == "confirmed"


def test_a_photo_shown_large_is_edited_alone(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_photo(window, "dog.webp", SHIFT)
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Space)
    assert reviewed_kept(scored_photos) == ["dog.webp"]

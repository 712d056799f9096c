"""X and a right click reject."""

from pathlib import Path

from acting import chip, click_chip, click_label, click_photo, press, states_kept, states_shown
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow


def test_x_rejects_the_label_that_is_chosen(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "dog.webp")
    click_label(window, "dog")
    press(window, Qt.Key.Key_X)
    assert states_shown(window) == {"cat": "likely", "dog": "rejected"}
    assert states_kept(scored_photos, "dog.webp") == {"cat": "likely", "dog": "rejected"}


def test_x_rejects_everything_likely_where_no_label_is_chosen(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_chip(window, "tree")
    press(window, Qt.Key.Key_X)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "rejected", "tree": "confirmed"}


def test_where_nothing_is_likely_or_decided_it_is_said(window: MainWindow) -> None:
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_X)
    assert window.said.text() == "There is nothing to reject: no label is likely here."
    press(window, Qt.Key.Key_Delete)
    assert window.said.text() == "There is nothing to take back: nothing was decided here."
    window.session.look_at_label(0)
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_Delete)
    assert window.said.text() == "There is nothing to take back: cat was not answered here."


def test_a_right_click_on_a_chip_rejects_and_another_takes_it_back(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    click_chip(window, "cat", Qt.MouseButton.RightButton)
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected"}
    click_chip(window, "cat", Qt.MouseButton.RightButton)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_a_chip_that_has_the_keyboard_takes_x_and_space_for_itself(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    chip(window, "tree").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(chip(window, "tree"), Qt.Key.Key_X)
    press(window, Qt.Key.Key_Shift)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "rejected"}


def test_the_label_by_whose_score_photos_are_shown_is_a_chip_of_each_and_x_rejects_that(
    window: MainWindow, scored_photos: Path
) -> None:
    click_label(window, "tree")
    click_photo(window, "city.png")
    assert states_shown(window) == {"cat": "likely", "tree": "absent"}
    press(window, Qt.Key.Key_X)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "tree": "rejected"}
    click_label(window, "tree")  # all photos again, and no label is chosen
    click_photo(window, "dog.webp")
    assert states_shown(window) == {"dog": "likely", "cat": "likely"}

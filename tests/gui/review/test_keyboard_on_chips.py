"""The keyboard on the chips of a photo: arrows lead, Enter and Y accept, X and Delete reject the one that has it."""

from pathlib import Path

import pytest
from acting import (
    CTRL,
    SHIFT,
    click_label,
    click_photo,
    current_path,
    press,
    settle,
    states_kept,
    states_shown,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.panels.photo.chips_of_photo import LabelChip
from cdul_gui.window.main_window import MainWindow

Key = Qt.Key
PHOTO = "trip/turned.jpg"


def on_chip(window: MainWindow) -> str:
    """The label whose chip has the keyboard."""
    focus = QApplication.focusWidget()
    assert isinstance(focus, LabelChip)
    return focus.text()


@pytest.mark.parametrize(
    ("key", "state"),
    [
        (Key.Key_Return, "confirmed"),
        (Key.Key_Enter, "confirmed"),
        (Key.Key_Y, "confirmed"),
        (Key.Key_X, "rejected"),
        (Key.Key_Delete, "rejected"),
    ],
)
def test_a_key_answers_the_chip_that_has_the_keyboard_and_no_other(
    window: MainWindow, scored_photos: Path, key: Qt.Key, state: str
) -> None:
    click_photo(window, PHOTO)
    press(window, Key.Key_Tab)
    press(window, Key.Key_Right)
    assert on_chip(window) == "dog"
    press(window, key)
    assert states_kept(scored_photos, PHOTO) == {"cat": "likely", "dog": state, "boat": "likely"}
    assert on_chip(window) == "dog"
    press(window, key)  # and takes that back
    assert states_kept(scored_photos, PHOTO) == {"cat": "likely", "dog": "likely", "boat": "likely"}
    press(window, Key.Key_Escape)
    assert window.desk.pages.gallery.hasFocus()


def test_tab_leads_from_the_large_photo_to_its_chips_as_from_the_gallery(window: MainWindow) -> None:
    click_photo(window, PHOTO)
    press(window, Key.Key_Return)
    assert window.desk.pages.shows_photo
    press(window, Key.Key_Tab)
    assert on_chip(window) == "cat"
    press(window, Key.Key_Tab, SHIFT)
    assert window.desk.pages.photo.canvas.hasFocus()
    press(window, Key.Key_Escape)
    press(window, Key.Key_Tab)
    assert on_chip(window) == "cat"


def test_enter_unfolds_what_may_be_there_beside_the_large_photo_too(window: MainWindow) -> None:
    window.desk.thresholds.keep_for_all(0.85)
    settle(window)
    click_photo(window, PHOTO)
    press(window, Key.Key_Return)
    for _ in range(2):
        press(window, Key.Key_Tab)
    assert window.desk.inspector.chips.fold is not None
    assert window.desk.inspector.chips.fold.hasFocus()
    press(window, Key.Key_Return)
    assert window.session.unfolded
    assert window.desk.pages.shows_photo


def test_space_after_a_rejected_chip_accepts_the_others_and_goes_on(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, PHOTO)
    press(window, Key.Key_Tab)
    press(window, Key.Key_Right)
    press(window, Key.Key_X)
    press(window, Key.Key_Space)
    assert states_kept(scored_photos, PHOTO) == {"cat": "confirmed", "dog": "rejected", "boat": "confirmed"}
    assert current_path(window) == "zebra.bmp"
    assert on_chip(window) == "dog"


def test_a_key_that_is_held_down_answers_once(window: MainWindow) -> None:
    click_photo(window, PHOTO)
    press(window, Key.Key_Tab)
    QTest.keyPress(QApplication.focusWidget(), Key.Key_X)
    for _ in range(3):
        QTest.simulateEvent(QApplication.focusWidget(), True, Key.Key_X, Qt.KeyboardModifier.NoModifier, "x", True)
    press(window, Key.Key_Shift)
    assert states_shown(window)["cat"] == "rejected"


def test_the_keyboard_goes_on_to_the_first_chip_of_the_next_photo(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    press(window, Key.Key_Tab)
    press(window, Key.Key_Right)
    assert on_chip(window) == "tree"
    press(window, Key.Key_N)
    assert (current_path(window), on_chip(window)) == ("city.png", "cat")
    for path in ("dog.webp", "trip/boat.jpg", "trip/day two/horse.jpeg"):
        press(window, Key.Key_N)
        assert current_path(window) == path
    press(window, Key.Key_N)  # a photo without a chip: the keyboard is with the photos, not in a field
    assert current_path(window) == "trip/day two/lamp.JPG"
    assert window.desk.pages.gallery.hasFocus()


def test_x_rejects_no_label_that_the_photo_does_not_show(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "dog")
    click_label(window, "dog")
    click_photo(window, "beach.jpg")
    window.session.look_at_label(1)  # dog, e.g. by the arrows in the list
    press(window, Key.Key_X)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}
    assert window.said.text() == "Nothing is rejected: dog is neither likely nor maybe here."


def test_in_the_order_of_a_label_x_rejects_it_also_below_the_line(window: MainWindow, scored_photos: Path) -> None:
    click_label(window, "dog")
    click_photo(window, "beach.jpg")
    press(window, Key.Key_X)
    assert states_kept(scored_photos, "beach.jpg")["dog"] == "rejected"


def test_x_means_the_label_under_the_pointer_where_that_is_suggested(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, PHOTO)
    window.session.point_at_label(1)
    press(window, Key.Key_X)
    assert states_kept(scored_photos, PHOTO) == {"cat": "likely", "dog": "rejected", "boat": "likely"}


def test_digits_answer_nothing_while_the_chips_are_not_on_the_screen(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, PHOTO)
    window.inspector_dock.hide()
    window.desk.pages.gallery.setFocus()
    press(window, Key.Key_1)
    assert states_kept(scored_photos, PHOTO)["cat"] == "likely"
    assert window.inspector_dock.isVisible()
    press(window, Key.Key_1)
    assert states_kept(scored_photos, PHOTO)["cat"] == "confirmed"


def test_a_digit_that_no_chip_has_says_so(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, PHOTO)
    before = states_kept(scored_photos, PHOTO)
    for modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT):
        window.said.clear()
        press(window, Key.Key_9, modifiers)
        assert window.said.text() == "No label of this photo has the key 9."
    assert states_kept(scored_photos, PHOTO) == before


def test_a_queue_begins_with_the_keyboard_on_its_photo_and_not_on_the_chip_of_another(window: MainWindow) -> None:
    click_photo(window, PHOTO)
    press(window, Key.Key_Tab)
    assert on_chip(window)
    QTest.mouseClick(window.toolbar.review_button, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    settle(window)
    assert window.desk.queues.name is not None
    assert window.desk.pages.gallery.hasFocus()


def test_ctrl_z_on_a_chip_undoes(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, PHOTO)
    press(window, Key.Key_Tab)
    press(window, Key.Key_X)
    press(window, Key.Key_Z, CTRL)
    assert states_kept(scored_photos, PHOTO)["cat"] == "likely"

"""Labels are copied from one photo and pasted on all that are selected."""

from pathlib import Path

from acting import CTRL, click_chip, click_photo, press, settle, states_kept
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow


def test_confirmed_labels_go_to_all_selected_photos_as_one_step(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_chip(window, "boat")
    press(window, Qt.Key.Key_C, CTRL)
    assert window.said.text() == "Copied: boat"
    click_photo(window, "city.png")
    click_photo(window, "dog.webp", CTRL)
    press(window, Qt.Key.Key_V, CTRL)
    assert states_kept(scored_photos, "city.png") == {"boat": "confirmed", "cat": "likely"}
    assert states_kept(scored_photos, "dog.webp") == {"boat": "confirmed", "cat": "likely", "dog": "likely"}
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    assert states_kept(scored_photos, "dog.webp") == {"cat": "likely", "dog": "likely"}


def test_where_nothing_is_confirmed_what_is_suggested_is_copied(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_C, CTRL)
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_V, CTRL)
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {"boat": "confirmed", "tree": "confirmed"}
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}


def test_it_works_on_the_large_photo_too(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_C, CTRL)
    press(window, Qt.Key.Key_N)
    press(window, Qt.Key.Key_V, CTRL)
    assert states_kept(scored_photos, "city.png") == {"boat": "confirmed", "cat": "likely", "tree": "confirmed"}


def test_a_list_of_names_from_elsewhere_is_pasted(window: MainWindow, scored_photos: Path) -> None:
    QGuiApplication.clipboard().setText("Tree\n a dog of ours\nKatze\n")
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_V, CTRL)
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {"cat": "confirmed", "tree": "confirmed"}


def test_without_anything_to_copy_or_paste_it_says_so(window: MainWindow, scored_photos: Path) -> None:
    QGuiApplication.clipboard().setText("a shopping list")
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_C, CTRL)
    assert window.said.text() == "This photo has no labels to copy."
    press(window, Qt.Key.Key_V, CTRL)
    assert "no labels to paste" in window.said.text()
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {}


def test_in_a_line_of_text_the_keys_copy_and_paste_text(window: MainWindow, scored_photos: Path) -> None:
    QGuiApplication.clipboard().setText("cat")
    click_photo(window, "trip/day two/lamp.JPG")
    window.desk.labels.find_box.setFocus()
    QTest.keyClick(window.desk.labels.find_box, Qt.Key.Key_V, CTRL)
    settle(window)
    assert window.desk.labels.find_box.text() == "cat"
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {}

"""Repeat the labels of the photo before, take decisions back, mark as reviewed."""

from pathlib import Path

from acting import click_chip, click_label, click_photo, command, press, reviewed_kept, settle, states_kept
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow


def test_r_repeats_the_confirmed_labels_of_the_photo_before(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_R)
    assert states_kept(scored_photos, "city.png") == {"boat": "confirmed", "cat": "likely", "tree": "confirmed"}
    assert window.said.text() == "boat, tree repeated on city.png"


def test_r_without_anything_to_repeat_says_so(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_R)
    assert "no confirmed labels" in window.said.text()
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_delete_takes_all_decisions_on_a_photo_back(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_chip(window, "boat")
    click_chip(window, "tree", Qt.MouseButton.RightButton)
    press(window, Qt.Key.Key_M)
    assert reviewed_kept(scored_photos) == ["beach.jpg"]
    press(window, Qt.Key.Key_Delete)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}
    assert reviewed_kept(scored_photos) == []


def test_delete_takes_back_only_the_chosen_label(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_chip(window, "boat")
    click_chip(window, "tree")
    click_label(window, "boat")
    press(window, Qt.Key.Key_Delete)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "confirmed"}


def test_m_says_what_it_leaves_alone_and_how_to_take_it_back(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_chip(window, "boat")
    press(window, Qt.Key.Key_M)
    told = "beach.jpg marked as reviewed. What was left alone counts as not there: tree."
    assert window.messages.text.text() == told
    QTest.mouseClick(window.messages.undo, Qt.MouseButton.LeftButton)
    settle(window)
    assert reviewed_kept(scored_photos) == []
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "confirmed", "tree": "likely"}


def test_m_marks_as_reviewed_and_not(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "zebra.bmp")
    press(window, Qt.Key.Key_M)
    assert reviewed_kept(scored_photos) == ["zebra.bmp"]
    assert window.counts.text().endswith("1 reviewed")
    command(window, "reviewed").trigger()
    press(window, Qt.Key.Key_Shift)
    assert reviewed_kept(scored_photos) == []

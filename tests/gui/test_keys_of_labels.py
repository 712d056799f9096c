"""Digits toggle the labels that are used most; the menu shows which."""

from pathlib import Path

from acting import click_photo, press, states_kept
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from cdul_gui.keys import LabelKeys
from cdul_gui.main_window import MainWindow
from engine.project.labels import LabelRow


def test_the_most_suggested_label_is_toggled_by_1(window: MainWindow, scored_photos: Path) -> None:
    # cat, dog and boat are each suggested three times, tree twice.
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_4)
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {"cat": "confirmed", "tree": "confirmed"}
    press(window, Qt.Key.Key_1)
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {"tree": "confirmed"}


def test_the_menu_lists_the_labels_with_their_keys(window: MainWindow) -> None:
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == "Confirm by key"]
    listed = {action.shortcut().toString(): action.text() for action in menus[0].actions()}
    assert listed == {"1": "cat", "2": "dog", "3": "boat", "4": "tree"}


def test_a_key_keeps_its_label_when_another_becomes_more_frequent() -> None:
    labels = [LabelRow(1, "cat"), LabelRow(2, "dog")]
    keys = LabelKeys()
    assert keys.assign(labels, [5, 3]) == {0: "1", 1: "2"}
    assert keys.assign(labels, [5, 30]) == {0: "1", 1: "2"}


def test_a_label_has_its_own_key_unless_a_command_has_it() -> None:
    labels = [LabelRow(1, "cat", key="c"), LabelRow(2, "dog", key="x"), LabelRow(3, "boat", key="1")]
    assert LabelKeys(["X"]).assign(labels, [1, 1, 1]) == {0: "C", 1: "2", 2: "1"}


def test_labels_that_no_photo_has_get_no_key() -> None:
    assert LabelKeys().assign([LabelRow(1, "cat"), LabelRow(2, "dog")], [0, 1]) == {1: "1"}

"""Digits toggle the labels that are used most; the menu shows which."""

from pathlib import Path

import numpy as np
from acting import LABELS, click_photo, command, press, settle, states_kept
from filtering import be_active
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from cdul_gui.session.label_keys import LabelKeys, keys_to_give
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.labels import LabelRow, label_set
from engine.project.runs import REFINED, begin_run, finish_run, store_scores


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


def test_keys_that_were_pressed_stay_when_the_folder_is_opened_again(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_4)
    snapshot = window.session.snapshot
    no_cat = [Answer(photo, snapshot.labels[0].id, False) for photo in snapshot.photo_ids.tolist()]
    window.session.change(lambda project: answer(project, "cat nowhere", no_cat))
    settle(window)
    window.desk.opening.open_folder(scored_photos)
    settle(window)
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == "Confirm by key"]
    listed = {action.shortcut().toString(): action.text() for action in menus[0].actions()}
    assert listed == {"1": "cat", "2": "dog", "3": "boat", "4": "tree"}


def test_keys_follow_the_use_until_somebody_has_decided(window: MainWindow) -> None:
    use = window.desk.use
    first = dict(use.keys)

    def only_tree(project: Project) -> None:
        run = begin_run(project, "refine", label_ids=[label.id for label in label_set(project)], settings={})
        photos = window.session.snapshot.photo_ids.tolist()
        store_scores(project, run, REFINED, photos, np.tile(np.float32([0.1, 0.1, 0.1, 0.9]), (len(photos), 1)))
        finish_run(project, run)

    window.session.change(only_tree)
    settle(window)
    assert use.keys != first
    assert use.keys[LABELS.index("tree")] == "1"


def test_a_label_has_its_own_key_unless_a_command_has_it() -> None:
    labels = [LabelRow(1, "cat", key="c"), LabelRow(2, "dog", key="x"), LabelRow(3, "boat", key="1")]
    assert LabelKeys(["X"]).assign(labels, [1, 1, 1]) == {0: "C", 1: "2", 2: "1"}


def test_labels_that_no_photo_has_get_no_key() -> None:
    assert LabelKeys().assign([LabelRow(1, "cat"), LabelRow(2, "dog")], [0, 1]) == {1: "1"}


def test_labels_in_use_are_given_keys_that_stay_and_that_can_be_taken_back(
    window: MainWindow, scored_photos: Path
) -> None:
    command(window, "give-keys").trigger()
    settle(window)
    assert keys_kept(scored_photos) == ["1", "2", "3", "4"]
    assert window.messages.text.text().startswith("Keys were given to 4 labels.")
    QTest.mouseClick(window.messages.undo, Qt.MouseButton.LeftButton)
    settle(window)
    assert keys_kept(scored_photos) == [None] * 4


def test_a_label_is_given_a_letter_where_it_stands(window: MainWindow, scored_photos: Path) -> None:
    view = window.desk.labels.view
    place = view.visualRect(view.model().index(LABELS.index("tree"), 0)).center()
    view.customContextMenuRequested.emit(QPoint(place))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entry = next(action for action in menu.actions() if action.text() == "Key")
    offered = entry.menu()
    assert isinstance(offered, QMenu)
    keys = [action.text() for action in offered.actions()]
    # R repeats labels.
    assert keys[:2] == ["E", "T"]
    assert "R" not in keys
    offered.actions()[1].trigger()
    menu.close()
    settle(window)
    be_active(window)
    window.desk.pages.gallery.setFocus()
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_T)
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {"tree": "confirmed"}


def test_after_the_digits_letters_of_the_names_are_given() -> None:
    labels = [LabelRow(id, f"label {id}") for id in range(1, 10)] + [LabelRow(10, "zebra"), LabelRow(11, "bee")]
    keys = keys_to_give(labels, range(20, 9, -1), ["Z"])
    assert [keys[id] for id in (1, 9, 10, 11)] == ["1", "9", "E", "B"]


def keys_kept(photos: Path) -> list[str | None]:
    with Project.open(photos, read_only=True) as project:
        return [label.key for label in label_set(project)]

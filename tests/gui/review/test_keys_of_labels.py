"""Digits toggle the labels of the photo in the order of its chips, which stays; letters those that have one."""

from pathlib import Path

from acting import (
    CTRL,
    LABELS,
    SHIFT,
    chip,
    click_chip,
    click_photo,
    command,
    press,
    reviewed_kept,
    settle,
    states_kept,
    states_shown,
)
from filtering import be_active
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from taught_cats import make_cats

from cdul_gui.gallery.tile_labels import labels_of_tiles
from cdul_gui.session.label_keys import keys_in_force, keys_to_give
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.labels import LabelRow, label_set


def test_digits_are_the_labels_of_the_photo_in_the_order_of_its_chips(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/turned.jpg")
    assert list(states_shown(window)) == ["cat", "dog", "boat"]
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_3, SHIFT)
    assert states_kept(scored_photos, "trip/turned.jpg") == {"cat": "likely", "dog": "confirmed", "boat": "rejected"}
    press(window, Qt.Key.Key_2)
    press(window, Qt.Key.Key_3, SHIFT)
    assert states_kept(scored_photos, "trip/turned.jpg") == {"cat": "likely", "dog": "likely", "boat": "likely"}
    press(window, Qt.Key.Key_4)  # nothing stands there
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_1)
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "confirmed", "tree": "likely"}
    assert states_kept(scored_photos, "trip/turned.jpg") == {"cat": "likely", "dog": "likely", "boat": "likely"}


def test_chips_and_their_digits_stay_where_they_are_also_for_who_comes_back(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    places = [one.geometry().topLeft() for one in window.desk.inspector.chips.chips()]
    click_chip(window, "boat")
    click_chip(window, "cat", Qt.MouseButton.RightButton)
    assert list(states_shown(window).items()) == [("cat", "rejected"), ("dog", "likely"), ("boat", "confirmed")]
    assert window.desk.inspector.chips.chips()[0].geometry().topLeft() == places[0]
    window.session.refresh()
    settle(window)
    assert list(states_shown(window)) == ["cat", "dog", "boat"]
    window.desk.review.confirm(LABELS.index("tree"))  # comes after them
    settle(window)
    assert list(states_shown(window)) == ["cat", "dog", "boat", "tree"]
    press(window, Qt.Key.Key_N)
    press(window, Qt.Key.Key_P)
    assert list(states_shown(window)) == ["cat", "dog", "boat", "tree"]
    # Who reads them below the thumbnail or in the table counts the same.
    scores = window.desk.inspector.scores.model()
    assert [scores.index(row, 0).data() for row in range(4)] == ["cat", "dog", "boat", "tree"]
    snapshot, current = window.session.snapshot, window.session.current
    assert snapshot is not None
    assert current is not None
    of_tile = labels_of_tiles(snapshot, [current, 0], None, None, window.desk.labels_of_photo.order_of)
    assert [one.text for one in of_tile[current].chips] == ["dog", "boat", "tree"]  # none that was rejected
    assert [one.text for one in of_tile[0].chips] == ["boat", "tree"]
    # Where X rejects a label on every photo, every one shows it.
    swept = labels_of_tiles(snapshot, [0], LABELS.index("cat"), None, swept=True)[0]
    assert (swept.chips[0].text, swept.chips[0].state) == ("cat", LabelState.ABSENT)


def test_a_label_taken_back_leaves_its_place_to_nobody(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/day two/lamp.JPG")
    for name in ("cat", "tree"):
        window.desk.review.confirm(LABELS.index(name))
        settle(window)
    press(window, Qt.Key.Key_1)
    assert list(states_shown(window).items()) == [("cat", "absent"), ("tree", "confirmed")]
    press(window, Qt.Key.Key_P)
    press(window, Qt.Key.Key_N)
    assert list(states_shown(window).items()) == [("tree", "confirmed")]  # who comes back has not seen the cat
    press(window, Qt.Key.Key_1)
    assert states_shown(window) == {}
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == {}


def test_the_keyboard_reaches_the_chips_and_goes_among_them(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/turned.jpg")
    press(window, Qt.Key.Key_Tab)
    assert chip(window, "cat").hasFocus()
    press(window, Qt.Key.Key_Right)
    assert chip(window, "dog").hasFocus()
    press(window, Qt.Key.Key_X)
    assert chip(window, "dog").hasFocus()  # and stays where it is
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Y)
    assert states_kept(scored_photos, "trip/turned.jpg") == {"cat": "likely", "dog": "rejected", "boat": "confirmed"}
    press(window, Qt.Key.Key_Left)
    assert chip(window, "dog").hasFocus()
    press(window, Qt.Key.Key_Escape)
    assert window.desk.pages.gallery.hasFocus()


def test_the_menus_list_the_labels_of_the_photo_with_their_digits(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    for title, prefix in (("Confirm by key", ""), ("Reject by key", "Shift+")):
        menu = next(menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == title)
        listed = {action.shortcut().toString(): action.text() for action in menu.actions() if action.isVisible()}
        assert listed == {f"{prefix}1": "cat", f"{prefix}2": "dog", f"{prefix}3": "boat"}


def test_a_label_has_its_own_letter_unless_a_command_has_it() -> None:
    labels = [LabelRow(1, "cat", key="c"), LabelRow(2, "dog", key="x"), LabelRow(3, "boat", key="1")]
    assert keys_in_force(labels, ["X"]) == {0: "C"}


def test_what_is_accepted_on_more_photos_than_one_looks_at_can_be_taken_back_at_once(
    empty_window: MainWindow, tmp_path: Path
) -> None:
    empty_window.desk.opening.open_folder(make_cats(tmp_path / "cats"))
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    press(empty_window, Qt.Key.Key_A, CTRL)
    press(empty_window, Qt.Key.Key_Space)
    press(empty_window, Qt.Key.Key_Return)
    assert empty_window.messages.text.text() == "60 photos accepted: 113 answers to 2 labels."
    QTest.mouseClick(empty_window.messages.undo, Qt.MouseButton.LeftButton)
    settle(empty_window)
    assert reviewed_kept(tmp_path / "cats") == []


def test_more_photos_than_are_on_the_screen_are_accepted_with_a_way_back(
    window: MainWindow, scored_photos: Path
) -> None:
    window.resize(900, 560)
    window.desk.pages.gallery.thumbnail_side = 384
    settle(window)
    press(window, Qt.Key.Key_A, CTRL)
    assert len(window.session.in_view) < 8
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Return)
    assert window.messages.text.text() == "8 photos accepted: 11 answers to 4 labels."
    QTest.mouseClick(window.messages.undo, Qt.MouseButton.LeftButton)
    settle(window)
    assert reviewed_kept(scored_photos) == []


def test_what_was_said_of_many_photos_and_how_to_take_it_back_stays_until_it_was_read(
    empty_window: MainWindow, tmp_path: Path
) -> None:
    empty_window.desk.opening.open_folder(make_cats(tmp_path / "cats"))
    settle(empty_window)
    empty_window.desk.queues.start("new")
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    press(empty_window, Qt.Key.Key_A, CTRL)
    press(empty_window, Qt.Key.Key_Space)
    press(empty_window, Qt.Key.Key_Return)
    assert empty_window.desk.queues.left == 0  # its end is told as well
    assert empty_window.messages.text.text() == "60 photos accepted: 113 answers to 2 labels."
    assert empty_window.messages.undo.isVisible()
    empty_window.messages.close_button.click()
    assert not empty_window.messages.undo.isVisible()


def test_labels_in_use_are_given_keys_that_stay_and_that_can_be_taken_back(
    window: MainWindow, scored_photos: Path
) -> None:
    command(window, "give-keys").trigger()
    settle(window)
    assert keys_kept(scored_photos) == ["C", "D", "B", "T"]
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


def test_letters_of_the_names_are_given_those_in_use_most_first() -> None:
    labels = [LabelRow(1, "zebra"), LabelRow(2, "bee"), LabelRow(3, "bear")]
    assert keys_to_give(labels, [1, 3, 2], ["Z"]) == {2: "B", 3: "E", 1: "R"}


def keys_kept(photos: Path) -> list[str | None]:
    with Project.open(photos, read_only=True) as project:
        return [label.key for label in label_set(project)]

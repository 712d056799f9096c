"""Photos do not jump away under one's hands: what an answer changes is applied when it is asked for."""

from pathlib import Path

from acting import SUGGESTED, command, current_path, press, settle, wait_until
from filtering import hit, shown_paths, type_filter
from making import make_photo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_reviewed_photo_stays_until_the_filter_is_applied_again(window: MainWindow) -> None:
    _review_two(window)
    again = window.desk.filter_bar.again_button
    assert len(shown_paths(window)) == 8
    assert again.isVisible()
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    settle(window)
    assert len(shown_paths(window)) == 6
    assert not again.isVisible()


def test_the_key_applies_again_too(window: MainWindow) -> None:
    _review_two(window)
    press(window, Qt.Key.Key_F5, CTRL)
    assert shown_paths(window) == list(SUGGESTED)[2:]


def test_an_answer_that_changes_nothing_in_the_filter_gives_no_hint(window: MainWindow) -> None:
    type_filter(window, "folder:trip")
    hit(window, Qt.Key.Key_Return)
    hit(window, Qt.Key.Key_Down)  # from the line to the photos
    press(window, Qt.Key.Key_Space)
    wait_until(lambda: not window.desk.arrangement.following)
    assert not window.desk.filter_bar.again_button.isVisible()


def test_an_undo_takes_the_hint_back(window: MainWindow) -> None:
    _review_two(window)
    press(window, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: not window.desk.arrangement.following)
    assert window.desk.filter_bar.again_button.isVisible()
    press(window, Qt.Key.Key_Z, CTRL)
    wait_until(lambda: not window.desk.filter_bar.again_button.isVisible())


def test_space_goes_through_the_filtered_photos(window: MainWindow) -> None:
    type_filter(window, "label:dog")
    hit(window, Qt.Key.Key_Return)
    hit(window, Qt.Key.Key_Down)  # from the line to the photos
    seen = [current_path(window)]
    for _ in range(2):
        press(window, Qt.Key.Key_Space)
        seen.append(current_path(window))
    assert seen == ["dog.webp", "trip/turned.jpg", "zebra.bmp"]


def test_new_photos_are_filtered_like_the_others(window: MainWindow, scored_photos: Path) -> None:
    type_filter(window, "folder:trip")
    make_photo(scored_photos / "apple.jpg", 1)
    make_photo(scored_photos / "trip" / "arrival.jpg", 2)
    window.desk.opening.look_for_photos()
    settle(window)
    assert shown_paths(window)[0] == "trip/arrival.jpg"
    assert "apple.jpg" not in shown_paths(window)


def test_a_queue_is_left_when_something_else_is_asked_for_and_comes_back_to_the_filter(window: MainWindow) -> None:
    type_filter(window, "label:dog")
    hit(window, Qt.Key.Key_Return)
    hit(window, Qt.Key.Key_Down)  # from the line to the photos
    filtered = shown_paths(window)
    command(window, "queue-audit").trigger()
    wait_until(lambda: window.desk.queues.name is not None)
    settle(window)
    assert len(shown_paths(window)) == 8
    assert not window.desk.filter_bar.again_button.isVisible()
    command(window, "queue-leave").trigger()
    settle(window)
    assert shown_paths(window) == filtered
    command(window, "queue-audit").trigger()
    wait_until(lambda: window.desk.queues.name is not None)
    command(window, "show-all").trigger()
    settle(window)
    assert window.desk.queues.name is None
    assert shown_paths(window) == list(SUGGESTED)


def _review_two(window: MainWindow) -> None:
    type_filter(window, "state:unreviewed")
    hit(window, Qt.Key.Key_Return)
    hit(window, Qt.Key.Key_Down)  # from the line to the photos
    settle(window)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Space)
    wait_until(lambda: not window.desk.arrangement.following)

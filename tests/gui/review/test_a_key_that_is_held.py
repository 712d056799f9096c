"""A key that is held answers once, however often the system repeats it; one that moves goes on."""

from pathlib import Path

import pytest
from acting import CTRL, PLAIN, SHIFT, click_photo, command, current_path, press, reviewed_kept, settle, states_kept
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow


def test_space_that_is_held_accepts_one_photo(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    _hold(window, Qt.Key.Key_Space, " ")
    assert reviewed_kept(scored_photos) == ["beach.jpg"]
    assert current_path(window) == "city.png"
    assert [window.session.snapshot.paths[row] for row in window.session.selection] == ["city.png"]


def test_space_that_is_held_accepts_one_large_photo(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Return)
    _hold(window, Qt.Key.Key_Space, " ")
    assert reviewed_kept(scored_photos) == ["beach.jpg"]
    assert current_path(window) == "city.png"


def test_space_that_is_held_in_the_empty_line_accepts_one_photo(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_K, CTRL)
    line = window.desk.inspector.add_label.edit
    QTest.simulateEvent(line, True, Qt.Key.Key_Space, PLAIN, " ", True)
    settle(window)
    assert reviewed_kept(scored_photos) == []
    _hold(window, Qt.Key.Key_Space, " ")
    assert reviewed_kept(scored_photos) == ["beach.jpg"]


@pytest.mark.parametrize("modifiers", [PLAIN, SHIFT])
def test_a_digit_that_is_held_says_one_thing(
    window: MainWindow, scored_photos: Path, modifiers: Qt.KeyboardModifier
) -> None:
    click_photo(window, "city.png")
    _hold(window, Qt.Key.Key_1, "1", modifiers)
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected" if modifiers else "confirmed"}
    assert len(window.session.selection) == 1


def test_reviewed_that_is_held_marks_once(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    _hold(window, Qt.Key.Key_M, "m")
    assert reviewed_kept(scored_photos) == ["city.png"]


def test_the_next_photo_is_gone_to_for_as_long_as_the_key_is_held(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    _hold(window, Qt.Key.Key_N, "n")
    assert current_path(window) == "trip/turned.jpg"


def test_a_repetition_that_comes_as_another_press_accepts_nothing(window: MainWindow, scored_photos: Path) -> None:
    """As X11 sends it, and Qt misses it now and then: let go and pressed at the same moment."""
    click_photo(window, "beach.jpg")
    accept = command(window, "accept")
    for let_go, pressed in ((500, 1000), (1500, 1500), (1530, 1530), (1560, 1700)):
        _native(window, QEvent.Type.KeyRelease, let_go)
        _native(window, QEvent.Type.ShortcutOverride, pressed)
        accept.trigger()
        settle(window)
    assert reviewed_kept(scored_photos) == ["beach.jpg", "city.png"]


def _native(window: MainWindow, kind: QEvent.Type, milliseconds: int) -> None:
    event = QKeyEvent(kind, Qt.Key.Key_Space, PLAIN, 65, 32, 0, " ")
    event.setTimestamp(milliseconds)
    QApplication.sendEvent(window.desk.pages.gallery, event)


def _hold(window: MainWindow, key: Qt.Key, text: str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Press a key, have the system repeat it five times, and let go."""
    for repeated in (False, *[True] * 5):
        QTest.simulateEvent(QApplication.focusWidget() or window, True, key, modifiers, text, repeated)
        settle(window)
    QTest.simulateEvent(QApplication.focusWidget() or window, False, key, modifiers, text, False)
    settle(window)

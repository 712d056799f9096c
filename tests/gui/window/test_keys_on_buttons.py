"""A button that has the keyboard is pressed by Space and Enter, whatever command has these keys elsewhere."""

from pathlib import Path

import pytest
from acting import CTRL, click_photo, command, current_path, press, settle, states_kept, type_text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cdul_gui.window.main_window import MainWindow

KEYS = [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter]


def give_keyboard(window: MainWindow, widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    settle(window)
    assert widget.hasFocus()


@pytest.mark.parametrize("key", KEYS)
def test_a_button_of_a_panel_does_what_it_says_and_nothing_is_accepted(window: MainWindow, key: Qt.Key) -> None:
    command(window, "queue-doubtful").trigger()
    settle(window)
    photo = current_path(window)
    give_keyboard(window, window.desk.queue_bar.leave)
    press(window, key)
    assert window.desk.queues.name is None
    assert current_path(window) == photo
    assert window.session.snapshot is not None
    assert not window.session.snapshot.reviewed.any()


@pytest.mark.parametrize("key", KEYS)
def test_an_unknown_label_joins_by_keyboard_alone(window: MainWindow, scored_photos: Path, key: Qt.Key) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("garden party")
    press(window, Qt.Key.Key_Return)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    press(window, key)
    assert states_kept(scored_photos, "city.png") == {"garden party": "confirmed", "cat": "likely"}
    assert current_path(window) == "city.png"


@pytest.mark.parametrize("large", [True, False])
def test_space_accepts_also_where_tab_led_to_the_look_of_the_photo(
    window: MainWindow, scored_photos: Path, large: bool
) -> None:
    click_photo(window, "city.png")
    if large:
        press(window, Qt.Key.Key_Return)
    strip = window.desk.pages.photo.strip if large else window.desk.inspector.strip
    for _ in range(30):
        if strip.smooth.hasFocus():
            break
        press(window, Qt.Key.Key_Tab)
    assert strip.smooth.hasFocus()
    smooth = strip.smooth.isChecked()
    press(window, Qt.Key.Key_Return)
    assert strip.smooth.isChecked() is not smooth
    press(window, Qt.Key.Key_Space)
    assert strip.smooth.isChecked() is not smooth
    assert states_kept(scored_photos, "city.png") == {"cat": "confirmed"}
    assert current_path(window) == "dog.webp"


def test_a_box_is_ticked_by_space(window: MainWindow) -> None:
    command(window, "queue-doubtful").trigger()
    settle(window)
    box = window.desk.queue_bar.unlike
    give_keyboard(window, box)
    press(window, Qt.Key.Key_Space)
    assert box.isChecked()
    assert window.session.snapshot is not None
    assert not window.session.snapshot.reviewed.any()

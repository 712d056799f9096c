"""A line to type in keeps no key of a command but those that edit text."""

from __future__ import annotations

import threading

import pytest
from acting import CTRL, click_photo, open_dialog, press, settle, states_shown, type_text
from filtering import be_active
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from cdul_gui.dialogs.export.dialog import ExportDialog
from cdul_gui.window.main_window import MainWindow


def lines(window: MainWindow) -> dict[str, QLineEdit]:
    return {
        "filter": window.desk.filter_bar.line,
        "label": window.desk.labels.find_box,
        "add": window.desk.inspector.add_label.edit,
    }


@pytest.mark.parametrize("line", ["filter", "label", "add"])
def test_export_opens_while_one_types(window: MainWindow, line: str) -> None:
    be_active(window)
    lines(window)[line].setFocus()
    type_text("ca")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_E, CTRL)
    dialog = open_dialog(window)
    assert isinstance(dialog, ExportDialog)
    dialog.reject()
    settle(window)
    assert lines(window)[line].text() == "ca"


@pytest.mark.parametrize("line", ["filter", "label", "add"])
def test_what_edits_text_edits_the_text(window: MainWindow, line: str) -> None:
    be_active(window)
    click_photo(window, "city.png")
    edit = lines(window)[line]
    edit.setFocus()
    type_text("cat")
    press(window, Qt.Key.Key_A, CTRL)
    assert edit.selectedText() == "cat"
    press(window, Qt.Key.Key_X, CTRL)
    assert edit.text() == ""
    press(window, Qt.Key.Key_V, CTRL)
    assert edit.text() == "cat"
    press(window, Qt.Key.Key_Z, CTRL)
    assert edit.text() == ""


@pytest.mark.parametrize("line", ["filter", "label", "add"])
def test_an_empty_line_leaves_undo_to_the_window(window: MainWindow, line: str) -> None:
    be_active(window)
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_1)
    assert states_shown(window) == {"cat": "confirmed"}
    lines(window)[line].setFocus()
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_shown(window) == {"cat": "likely"}


def test_a_key_whose_command_has_to_wait_says_so(window: MainWindow) -> None:
    be_active(window)
    click_photo(window, "city.png")
    go_on = threading.Event()
    window.session.run_job("At work", lambda _progress, _cancellation: go_on.wait(60), lambda _done: None)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_I, CTRL)
    said = window.said.text()
    go_on.set()
    settle(window)
    assert said == "Not now: wait until the work under way has ended, or cancel it"
    assert QApplication.activeModalWidget() is None

"""Typing filters as a person does, and reading which photos are shown."""

from __future__ import annotations

from acting import CTRL, PLAIN, press, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow


def shown_paths(window: MainWindow) -> list[str]:
    """The photos of the gallery, in its order."""
    snapshot = window.session.snapshot
    assert snapshot is not None
    gallery = window.desk.pages.gallery.model()
    shown = [snapshot.paths[row] for row in window.session.shown]
    assert [path.rpartition("/")[2] for path in shown] == [
        gallery.index(n, 0).data() for n in range(gallery.rowCount())
    ]
    return shown


def hit(window: MainWindow, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Press a key where the keyboard is, which may be a list that popped up."""
    QTest.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), key, modifiers)
    if QApplication.activePopupWidget() is None:
        be_active(window)


def be_active(window: MainWindow) -> None:
    """Without a screen a list or dialog that closes does not hand the keyboard back to the window."""
    if not window.isActiveWindow():
        window.activateWindow()
        wait_until(window.isActiveWindow)


def type_keys(window: MainWindow, text: str) -> None:
    """Type where the keyboard is, which may be a list that popped up."""
    for letter in text:
        hit(window, letter)


def type_filter(window: MainWindow, text: str) -> None:
    """Go to the filter line, type, close the list of completions, and wait until the photos are there."""
    be_active(window)
    press(window, Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is window.desk.filter_bar.line
    type_keys(window, text)
    if window.desk.filter_bar.line.popup.isVisible():
        hit(window, Qt.Key.Key_Escape)
    wait_until(lambda: window.desk.arrangement.text == text)
    settle(window)


def explained(window: MainWindow) -> str:
    """What stands below the filter line."""
    return window.desk.filter_bar.explanation.text()

"""A screen reader is told the name and the kind of everything that the keyboard reaches, and Tab reaches everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from acting import click_label, click_photo, command, press, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from cdul_gui.window.main_window import MainWindow

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
DIALOGS = ("set-up", "encoders", "label-set", "export", "import", "import-truth", "keys", "change-keys")


def controls(top: QWidget) -> Iterator[QWidget]:
    """What a person can operate by the keyboard and sees."""
    for widget in top.findChildren(QWidget):
        inside = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox) or widget.objectName().startswith(
            "qt_"
        )
        if (
            widget.isVisible()
            and widget.isEnabled()
            and widget.window() is top.window()
            and not inside
            and isinstance(widget, CONTROLS)
            and not isinstance(widget, QScrollBar | QHeaderView)  # their view's
        ):
            yield widget


def nameless(top: QWidget) -> list[str]:
    """Controls that a screen reader could not name, or of which it could not say what they are."""
    wrong = []
    for widget in controls(top):
        told = QAccessible.queryAccessibleInterface(widget)
        role = told.role() if told is not None else QAccessible.Role.NoRole
        name = told.text(QAccessible.Text.Name).strip() if told is not None else ""
        # A grid of our own is described by the photo that is looked at.
        described = bool(widget.accessibleDescription())
        if not name or (role in (QAccessible.Role.NoRole, QAccessible.Role.Client) and not described):
            wrong.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}: {name!r}, {role.name}")
    return wrong


@pytest.fixture
def full_window(window: MainWindow) -> MainWindow:
    """With a label, all bars and a queue."""
    click_photo(window, "trip/turned.jpg")
    window.desk.queues.start("new")
    settle(window)
    window.session.look_at_label(1)
    window.desk.find_bar.ask()
    settle(window)
    return window


def test_everything_in_the_window_has_a_name(full_window: MainWindow) -> None:
    assert nameless(full_window) == []


def test_everything_in_the_docks_has_a_name(window: MainWindow) -> None:
    click_label(window, "cat")
    for dock in window.lower_docks:
        dock.show()
        dock.raise_()
        settle(window)
        assert nameless(window) == [], dock.windowTitle()


@pytest.mark.parametrize("name", DIALOGS)
def test_everything_in_the_dialogs_has_a_name(window: MainWindow, name: str) -> None:
    command(window, name).trigger()
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    settle(window)
    found = nameless(dialog)
    dialog.close()
    settle(window)
    assert found == []


def test_tab_reaches_every_control_and_comes_back(full_window: MainWindow) -> None:
    window = full_window
    window.desk.pages.gallery.setFocus()
    reached: list[QWidget] = []
    for _ in range(200):
        press(window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.isVisible()
        reached.append(focus)
        if focus is window.desk.pages.gallery:
            break
    wanted = [one for one in controls(window) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert QApplication.focusWidget() is window.desk.pages.gallery
    missed = {f"{type(one).__name__} {one.accessibleName() or one.toolTip()}" for one in wanted if one not in reached}
    assert missed == set()

"""Every command stands in a menu with its keys; no key does two things; every control has a name for who cannot see."""

from collections import Counter

from acting import CTRL, open_dialog, press
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTableView,
    QWidget,
)

from cdul_gui.commands.every_command import COMMANDS, TAKEN_KEYS
from cdul_gui.dialogs.keys import KeysDialog
from cdul_gui.window.main_window import MainWindow
from cdul_gui.window.shortcuts_dialog import ShortcutsDialog


def test_every_command_is_in_a_menu_with_its_keys(window: MainWindow) -> None:
    listed = {action.objectName(): action for menu in window.menuBar().findChildren(QMenu) for action in menu.actions()}
    for command in COMMANDS:
        assert command.id in listed
        assert listed[command.id].shortcuts() == [QKeySequence(key) for key in command.keys]


def test_no_key_does_two_things(window: MainWindow) -> None:
    # Those without a text say that a digit has no label, where none has it.
    actions = [action for action in window.findChildren(QAction) if action.text() or action.isEnabled()]
    keys = Counter(key.toString() for action in actions for key in action.shortcuts())
    assert [key for key, times in keys.items() if times > 1] == []
    assert not TAKEN_KEYS & set("123456789")


def test_the_commands_that_need_photos_are_off_without_any(empty_window: MainWindow) -> None:
    enabled = {command.id for command in COMMANDS if empty_window.findChild(QAction, command.id).isEnabled()}
    always = {
        "open",
        "open-address",
        "samples",
        "quit",
        "encoders",
        "full-screen",
        "keys",
        "change-keys",
        "copy-details",
        "about",
        "guide",
    }
    always |= {"review-as"}
    assert enabled == always


def test_every_control_has_a_name(window: MainWindow) -> None:
    controls = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit)
    nameless = [
        repr(widget)
        for widget in window.findChildren(QWidget)
        if isinstance(widget, controls)
        and not isinstance(widget, QScrollBar)
        and widget.isVisible()
        and not _is_part_of_qt(widget)
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert nameless == []


def _is_part_of_qt(widget: QWidget) -> bool:
    """The buttons in the corners of docks and tables, and the headers."""
    return widget.objectName().startswith("qt_") or (
        type(widget).__module__ == "PySide6.QtWidgets"
        and (isinstance(widget, QHeaderView) or isinstance(widget.parent(), QTableView | QDockWidget | QLineEdit))
    )


def test_f1_shows_the_keys_in_force(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F1)
    dialog = open_dialog(window)
    assert isinstance(dialog, KeysDialog)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    for key in ("Space", "X", "R", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+E", "F1  ?"):
        assert key in said
    assert said[said.index("1 to 9") + 1] == "Confirm a label of the photo, or no longer"
    # However many commands there are, the dialog fits on the screen.
    room = dialog.screen().availableSize()
    assert (dialog.width() <= room.width(), dialog.height() <= room.height()) == (True, True)
    dialog.close()


def test_the_keys_are_scrolled_by_keys_and_lead_to_where_they_are_changed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F1)
    dialog = open_dialog(window)
    dialog.resize(400, 300)
    area = QApplication.focusWidget()
    assert isinstance(area, QScrollArea)
    QTest.keyClick(area, Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() > 0
    (change,) = (one for one in dialog.findChildren(QPushButton) if one.text() == "Change keys…")
    QTest.mouseClick(change, Qt.MouseButton.LeftButton)
    assert isinstance(open_dialog(window), ShortcutsDialog)
    open_dialog(window).close()


def test_a_question_mark_does_too(window: MainWindow) -> None:
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Question)
    assert isinstance(open_dialog(window), KeysDialog)
    open_dialog(window).close()


def test_quit_closes_the_window(window: MainWindow) -> None:
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Q, CTRL)
    assert not window.isVisible()

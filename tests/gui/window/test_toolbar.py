"""The bar above the photos leads to the queues, and calls training what it is to a person who corrected something."""

import pytest
from acting import click_chip, click_photo, command, press, settle
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from cdul_gui.commands.queues import QUEUE_COMMANDS
from cdul_gui.window.main_window import MainWindow


def refine_button(window: MainWindow) -> QToolButton:
    button = window.toolbar.widgetForAction(command(window, "refine"))
    assert isinstance(button, QToolButton)
    return button


def test_every_queue_is_one_click_away(window: MainWindow) -> None:
    menu = window.toolbar.review_button.menu()
    for queue in QUEUE_COMMANDS:
        assert queue is None or command(window, queue.id) in menu.actions()
    command(window, "queue-doubtful").trigger()
    settle(window)
    assert window.desk.queue_bar.isVisible()


def test_with_a_correction_refining_is_learning_from_it(window: MainWindow) -> None:
    assert refine_button(window).text() == "Refine"
    click_photo(window, "city.png")
    click_chip(window, "cat", Qt.MouseButton.RightButton)
    assert refine_button(window).text() == "Learn from my corrections"
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.session.refresh()
    settle(window)
    assert refine_button(window).text() == "Refine"


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_an_icon_alone_says_in_a_tip_what_it_does(window: MainWindow, name: str) -> None:
    button = window.toolbar.widgetForAction(command(window, name))
    assert isinstance(button, QToolButton)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.toolTip().lower().startswith(name)

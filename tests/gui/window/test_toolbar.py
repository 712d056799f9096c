"""The bar above the photos leads to the queues, and calls everything by one name."""

from threading import Event

import pytest
from acting import command, settle
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSlider, QToolButton

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


def test_training_is_called_as_in_the_menu_and_shorter_where_it_is_narrow(window: MainWindow) -> None:
    button = refine_button(window)
    assert button.text() == command(window, "refine").text() == "Learn from my corrections"
    window.resize(960, 700)
    QApplication.sendPostedEvents()
    assert button.text() == "Learn"


def test_what_cannot_be_had_now_says_why_in_its_tip(window: MainWindow) -> None:
    export = command(window, "export")
    assert "Not now" not in export.toolTip()
    assert command(window, "queue-leave").toolTip().endswith("\nNot now: no queue is on")
    ended = Event()
    window.session.run_job("Long work", lambda _progress, _cancellation: ended.wait(10), lambda _done: None)
    wait = "Not now: wait until the work under way has ended, or cancel it"
    assert [command(window, name).toolTip().splitlines()[-1] for name in ("export", "refine", "label")] == [wait] * 3
    assert "(Ctrl+E)" in export.toolTip()
    ended.set()
    settle(window)
    assert "Not now" not in export.toolTip()


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_an_icon_alone_says_in_a_tip_what_it_does(window: MainWindow, name: str) -> None:
    button = window.toolbar.widgetForAction(command(window, name))
    assert isinstance(button, QToolButton)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.toolTip().lower().startswith(name)


def test_on_a_small_screen_at_200_percent_nothing_is_behind_the_end_of_the_bar(window: MainWindow) -> None:
    window.labels_dock.hide()  # there is no room for it
    settle(window)
    window.resize(683, 467)
    settle(window)
    QApplication.sendPostedEvents()
    bar = window.toolbar
    assert window.width() == 683
    assert bar.isVisible()
    slider = bar.findChild(QSlider)
    assert slider is not None
    assert slider.isVisible()
    assert slider.mapTo(bar, slider.rect().bottomRight()).x() <= bar.width()
    window.resize(1000, 700)
    settle(window)
    assert bar.widgetForAction(command(window, "export")).toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly

"""The buttons of what the window offers, pressed as a person does."""

from acting import wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow


def choose(window: MainWindow, text: str) -> None:
    """Press a button of the message bar."""
    (button,) = [one for one in window.messages.choices if one.text().startswith(text)]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def wait_for_offer(window: MainWindow, text: str) -> None:
    wait_until(lambda: window.messages.isVisible() and text_of_choices(window, text) != [])


def text_of_choices(window: MainWindow, text: str) -> list[str]:
    return [one.text() for one in window.messages.choices if one.text().startswith(text)]

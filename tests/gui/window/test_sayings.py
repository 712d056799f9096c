"""In the status bar a sentence of now has the room first, and what stands is there again once it is over."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from cdul_gui.panels.bars.sayings import Sayings
from cdul_gui.window.main_window import MainWindow

NOW = "Here is the kitchen of grandmother: once more answers for it."
STANDS = "Learnt: kitchen now likely on 3 photos, no longer on 4 photos"


@pytest.fixture
def sayings(qtbot: QtBot, qapp: QApplication) -> Iterator[Sayings]:
    """A line that has room for one sentence and a half."""
    button = QToolButton()
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # nothing else here could have the keyboard
    line = Sayings(button)
    line.resize(round(1.5 * line.fontMetrics().horizontalAdvance(NOW)), 30)
    line.stand(STANDS)
    line.show()
    yield line
    line.deleteLater()


def standing(line: Sayings) -> QToolButton:
    found = line.findChild(QToolButton)
    assert found is not None
    return found


def test_what_stands_gives_way_while_there_is_no_room_for_both(sayings: Sayings) -> None:
    assert standing(sayings).isVisible()
    sayings.say(NOW)
    assert sayings.said.contentsRect().width() >= sayings.said.fontMetrics().horizontalAdvance(NOW)
    assert not standing(sayings).isVisible()
    sayings.say("")
    assert standing(sayings).isVisible()
    assert standing(sayings).text() == STANDS
    sayings.say("Short")
    assert standing(sayings).isVisible()
    assert sayings.said.geometry().right() < standing(sayings).geometry().left()
    sayings.resize(sayings.width() * 2, 30)
    sayings.say(NOW)
    assert standing(sayings).isVisible()


def test_what_stands_is_cut_where_it_has_no_room_itself(sayings: Sayings) -> None:
    sayings.resize(120, 30)
    assert standing(sayings).text().endswith("…")
    assert standing(sayings).geometry().right() <= 120
    sayings.resize(1200, 30)
    assert standing(sayings).text() == STANDS


def test_the_window_says_nothing_any_more_of_photos_that_are_left(window: MainWindow) -> None:
    window.session.said.emit(NOW)
    assert window.said.text() == NOW
    window.session.leaving.emit()
    assert window.said.text() == ""

"""History: runs and edits together, each taken back as a whole, also after a restart."""

from pathlib import Path
from threading import Event

import pytest
from acting import (
    CTRL,
    click_photo,
    click_row,
    press,
    reviewed_kept,
    settle,
    states_kept,
    wait_until,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.panels.history.history_model import HistoryColumn
from cdul_gui.window.main_window import MainWindow
from engine.person import current_user
from engine.project import Project

RUN = "Labels suggested"


@pytest.fixture
def opened(window: MainWindow) -> MainWindow:
    """The window with the history and two edits in it."""
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    press(window, Qt.Key.Key_H, CTRL)
    wait_for(window, EDITS)
    return window


EDITS = ["likely labels rejected on city.png", "beach.jpg accepted", RUN]


def titles(window: MainWindow) -> list[str]:
    model = window.desk.history.model
    return [model.index(row, HistoryColumn.TITLE).data() for row in range(model.rowCount())]


def struck(window: MainWindow) -> list[str]:
    """The titles that are struck through."""
    model = window.desk.history.model
    fonts = [model.index(row, HistoryColumn.TITLE).data(Qt.ItemDataRole.FontRole) for row in range(model.rowCount())]
    return [title for title, font in zip(titles(window), fonts, strict=True) if font is not None and font.strikeOut()]


def wait_for(window: MainWindow, expected: list[str]) -> None:
    wait_until(lambda: titles(window) == expected)
    settle(window)


def take_back(window: MainWindow, row: int) -> None:
    panel = window.desk.history

    def chosen() -> bool:
        # A history that is read anew in between forgets what was chosen; a person would choose again.
        click_row(panel.view, row)
        return panel.take_back.isEnabled()

    wait_until(chosen)
    QTest.mouseClick(panel.take_back, Qt.MouseButton.LeftButton)
    settle(window)


def test_what_is_seen_before_it_is_kept_is_struck_through_once_it_is(opened: MainWindow) -> None:
    hold = Event()
    opened.session.workers.write(hold.wait)
    gallery = opened.desk.pages.gallery
    QTest.keyClick(gallery, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(gallery, Qt.Key.Key_Z, CTRL)
    QTest.qWait(300)
    assert struck(opened) == []
    hold.set()
    wait_until(lambda: struck(opened) == EDITS[:2])


def test_what_is_still_read_is_said_to_be(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_H, CTRL)
    history = window.desk.history
    assert titles(window) == []
    assert history.reason.text() == "Reading the history…"
    settle(window)
    assert titles(window) == [RUN]
    assert history.reason.text() != "Reading the history…"


def test_runs_and_edits_stand_together_newest_first_and_say_by_whom(opened: MainWindow) -> None:
    model = opened.desk.history.model
    assert titles(opened) == EDITS
    assert {model.index(row, HistoryColumn.BY).data() for row in range(3)} == {current_user()}
    assert all(model.index(row, HistoryColumn.TIME).data() for row in range(3))
    assert struck(opened) == []


def test_an_edit_appears_as_soon_as_it_is_kept(opened: MainWindow) -> None:
    click_photo(opened, "zebra.bmp")
    press(opened, Qt.Key.Key_M)
    wait_for(opened, ["zebra.bmp marked as reviewed", *EDITS])


def test_any_edit_is_undone_as_a_whole(opened: MainWindow, scored_photos: Path) -> None:
    take_back(opened, 1)
    assert reviewed_kept(scored_photos) == []
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "likely", "tree": "likely"}
    assert states_kept(scored_photos, "city.png") == {"cat": "rejected"}  # the later edit stays
    wait_until(lambda: struck(opened) == ["beach.jpg accepted"])
    panel = opened.desk.history
    wait_until(lambda: not panel.take_back.isEnabled())
    assert panel.reason.text() == "This edit is undone already."
    assert titles(opened) == EDITS


def test_by_keyboard(opened: MainWindow, scored_photos: Path) -> None:
    assert opened.desk.history.view.hasFocus()
    press(opened, Qt.Key.Key_Down)
    press(opened, Qt.Key.Key_Home)
    press(opened, Qt.Key.Key_Return)
    wait_until(lambda: struck(opened) == ["likely labels rejected on city.png"])
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}


def test_what_a_run_suggested_is_taken_back_and_brought_back(opened: MainWindow, scored_photos: Path) -> None:
    panel = opened.desk.history
    click_row(panel.view, 2)
    assert panel.take_back.text() == "Take back what this run suggested"
    take_back(opened, 2)
    assert states_kept(scored_photos, "dog.webp") == {}
    assert states_kept(scored_photos, "beach.jpg") == {"boat": "confirmed", "tree": "confirmed"}  # a person's stay
    assert opened.session.snapshot is not None
    assert opened.session.snapshot.stage is None
    wait_until(lambda: struck(opened) == [RUN])
    wait_until(lambda: panel.take_back.text() == "Bring back")
    take_back(opened, 2)
    assert states_kept(scored_photos, "dog.webp") == {"dog": "likely", "cat": "likely"}
    wait_until(lambda: struck(opened) == [])


def test_after_a_restart_the_history_is_there_and_can_be_undone(opened: MainWindow, scored_photos: Path) -> None:
    opened.desk.opening.close()
    opened.desk.opening.open_folder(scored_photos)
    settle(opened)
    press(opened, Qt.Key.Key_H, CTRL)
    wait_for(opened, EDITS)
    take_back(opened, 0)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    wait_until(lambda: struck(opened) == ["likely labels rejected on city.png"])


def test_a_project_that_is_only_looked_at_says_why_nothing_can_be_undone(
    empty_window: MainWindow, scored_photos: Path
) -> None:
    with Project.open(scored_photos):
        empty_window.desk.opening.open_folder(scored_photos)
        settle(empty_window)
        press(empty_window, Qt.Key.Key_H, CTRL)
        wait_for(empty_window, [RUN])
        panel = empty_window.desk.history
        click_row(panel.view, 0)
        assert not panel.take_back.isEnabled()
        assert "to look only" in panel.reason.text()


def test_nothing_is_read_while_the_history_is_hidden(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    assert titles(window) == []

"""The status bar shows the task, how far it is, how fast, and how long still; it can be paused and cancelled."""

import threading
from collections.abc import Iterator

import pytest
from acting import settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.window.main_window import MainWindow
from cdul_gui.wording import described
from engine.jobs import Cancellation, Progress, ProgressReport

LEFT = Qt.MouseButton.LeftButton


class CountingWork:
    """Counts photos one by one whenever the test lets it."""

    def __init__(self) -> None:
        self.may_count = threading.Semaphore(0)
        self.counted = 0

    def __call__(self, progress: Progress, cancellation: Cancellation) -> str:
        progress.start("Counting", total=4)
        for _ in range(4):
            self.may_count.acquire()
            cancellation.check()
            self.counted += 1
            progress.advance()
        return "done"


@pytest.fixture
def work(window: MainWindow) -> Iterator[CountingWork]:
    work = CountingWork()
    window.session.run_job("Counting", work, window.session.said.emit)
    yield work
    work.may_count.release(4)


def test_it_shows_while_it_works_and_hides_afterwards(window: MainWindow, work: CountingWork) -> None:
    wait_until(lambda: window.progress.task.text() == "Counting")
    assert window.progress.isVisible()
    work.may_count.release(4)
    settle(window)
    assert not window.progress.isVisible()
    assert window.said.text() == "done"


def test_pause_stops_the_counting_and_resume_goes_on(window: MainWindow, work: CountingWork) -> None:
    wait_until(lambda: window.progress.detail.text() == "0 of 4")  # the work itself has begun
    QTest.mouseClick(window.progress.pause, LEFT)
    work.may_count.release(4)
    wait_until(lambda: window.progress.detail.text() == "Paused, 4 of 4 left")
    assert window.progress.pause.text() == "Resume"
    assert work.counted == 0
    QTest.mouseClick(window.progress.pause, LEFT)
    assert "Paused" not in window.progress.detail.text()  # though nothing was counted since
    settle(window)
    assert work.counted == 4


def test_the_buttons_stay_under_the_pointer_while_more_is_told(window: MainWindow, work: CountingWork) -> None:
    wait_until(lambda: window.progress.task.text() == "Counting")
    panel = window.progress
    before = (panel.pause.geometry(), panel.cancel.geometry())
    width = panel.detail.width()
    panel.detail.setText("120 of 736 · 9.3 photos/s · 1 min 6 s left")
    panel.task.setText("Labelling photos")
    wait_until(lambda: panel.detail.width() > width)
    assert (panel.pause.geometry(), panel.cancel.geometry()) == before


def test_cancel_ends_it_also_out_of_a_pause(window: MainWindow, work: CountingWork) -> None:
    QTest.mouseClick(window.progress.pause, LEFT)
    QTest.mouseClick(window.progress.cancel, LEFT)
    assert not window.progress.cancel.isEnabled()
    work.may_count.release(4)
    settle(window)
    assert work.counted == 0
    assert not window.progress.isVisible()
    assert not window.messages.isVisible()


def test_pause_and_cancel_leave_the_keyboard_with_the_photos(window: MainWindow, work: CountingWork) -> None:
    for button in (window.progress.pause, window.progress.pause):
        QTest.mouseClick(button, LEFT)
        assert window.desk.pages.gallery.hasFocus()
    window.progress.cancel.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(window.progress.cancel, Qt.Key.Key_Space)
    assert window.desk.pages.gallery.hasFocus()
    work.may_count.release(4)
    settle(window)
    assert window.desk.pages.gallery.hasFocus()


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (ProgressReport("", 7862, 12480, "photos", 41.3, 112.0), "7,862 of 12,480  ·  41 photos/s  ·  1 min 52 s left"),
        (ProgressReport("", 3, 10, "photos", 0.5, 14.0), "3 of 10  ·  0.5 photos/s  ·  14 s left"),
        (ProgressReport("", 1, 10**6, "photos", 10.0, 99_000.0), "1 of 1,000,000  ·  10 photos/s  ·  27 h 30 min left"),
        (ProgressReport("", 1200, None, "photos", None, None), "1,200"),
        (ProgressReport("", 0, None, "", None, None), ""),
    ],
)
def test_a_report_in_words(window: MainWindow, report: ProgressReport, words: str) -> None:
    assert described(report) == words

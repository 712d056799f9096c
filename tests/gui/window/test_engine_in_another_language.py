"""What the engine says is said in the window's language: filters, refusals, titles of long work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import settle, wait_until
from filtering import explained, type_filter
from PySide6.QtWidgets import QApplication
from windows import german_texts

from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress


@pytest.fixture(autouse=True)
def german(qapp: QApplication) -> Iterator[None]:
    """German, for as long as the test lasts."""
    with german_texts(qapp):
        yield


def test_a_filter_is_explained(window: MainWindow) -> None:
    type_filter(window, "label:dog -label:cat")
    assert explained(window).startswith("Fotos mit Hund, ohne Katze")


def test_a_wrong_filter_is_refused(window: MainWindow) -> None:
    type_filter(window, "label:doge")
    assert explained(window) == "Es gibt kein Label „doge“. Meinten Sie „dog“?"
    type_filter(window, "(label:dog")
    assert explained(window) == "Erwartet wird eine schließende Klammer, aber der Text endet."


def test_an_error_of_the_engine_is_told(empty_window: MainWindow, tmp_path: Path) -> None:
    empty_window.desk.opening.open_folder(tmp_path / "gone")
    said = f"Es gibt keinen Ordner {tmp_path / 'gone'}. Wählen Sie den Ordner mit Ihren Fotos."
    wait_until(lambda: empty_window.messages.text.text() == said)


def test_long_work_is_named(window: MainWindow) -> None:
    tasks = []

    def work(progress: Progress, _cancellation: Cancellation) -> None:
        progress.start("Finding photos", total=None)

    job = window.session.run_job("x", work, lambda _result: tasks.append(window.progress.task.text()))
    assert job is window.session.job
    settle(window)
    assert tasks == ["Fotos werden gesucht"]

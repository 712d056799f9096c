"""What the engine says is said in the window's language: filters, refusals, titles of long work."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import settle, wait_until
from filtering import explained, type_filter
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress

WORDS = {
    "with {label}": "mit {label}",
    "without {label}": "ohne {label}",
    "{first}, {then}": "{first} und {then}",
    "photos {phrase}": "Fotos {phrase}",
    "There is no label “{label}”. Did you mean “{near}”?": "„{near}“ statt „{label}“?",
    "Expected {what}, but the text ends.": "Hier fehlt {what}.",
    "a closing parenthesis": "eine Klammer",
    "confirmed or suggested": "bestätigt oder vorgeschlagen",
    "There is no folder {photos}. Choose the folder that holds your photos.": "Kein Ordner {photos}.",
    "Finding photos": "Fotos suchen",
    "photos": "Fotos",
}


class SomeGerman(QTranslator):
    """Knows a few sentences of the engine."""

    def translate(self, context: str, source: str, _disambiguation: object = None, _count: int = -1) -> str | None:
        return WORDS.get(source) if context == "Engine" else None

    def isEmpty(self) -> bool:
        return False


@pytest.fixture(autouse=True)
def german(qapp: QApplication) -> Iterator[None]:
    """Some German, for as long as the test lasts."""
    translator = SomeGerman(qapp)
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def test_a_filter_is_explained(window: MainWindow) -> None:
    type_filter(window, "label:dog -label:cat")
    assert explained(window).startswith("Fotos mit dog und ohne cat")


def test_a_wrong_filter_is_refused(window: MainWindow) -> None:
    type_filter(window, "label:doge")
    assert explained(window) == "„dog“ statt „doge“?"
    type_filter(window, "(label:dog")
    assert explained(window) == "Hier fehlt eine Klammer."


def test_an_error_of_the_engine_is_told(empty_window: MainWindow, tmp_path: Path) -> None:
    empty_window.desk.opening.open_folder(tmp_path / "gone")
    wait_until(lambda: empty_window.messages.text.text() == f"Kein Ordner {tmp_path / 'gone'}.")


def test_long_work_is_named(window: MainWindow) -> None:
    tasks = []

    def work(progress: Progress, _cancellation: Cancellation) -> None:
        progress.start("Finding photos", total=None)

    job = window.session.run_job("x", work, lambda _result: tasks.append(window.progress.task.text()))
    assert job is window.session.job
    settle(window)
    assert tasks == ["Fotos suchen"]

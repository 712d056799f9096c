"""What cannot be done is said in a sentence, with details where there are any; nothing is lost without a word."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from acting import click_photo, open_dialog, press, settle, states_shown, wait_until
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from cdul_gui.window.application import show_errors_in
from cdul_gui.window.main_window import MainWindow
from engine.errors import UserError
from engine.jobs import Cancellation, Progress


def test_a_defect_in_a_worker_is_shown_with_details(window: MainWindow) -> None:
    def work(_progress: Progress, _cancellation: Cancellation) -> None:
        raise ZeroDivisionError("made up")

    window.session.run_job("Trying", work, lambda _result: None)
    settle(window)
    assert window.messages.isVisible()
    assert window.messages.text.text() == "Something went wrong: made up"
    QTest.mouseClick(window.messages.details, Qt.MouseButton.LeftButton)
    dialog = open_dialog(window)
    assert "ZeroDivisionError: made up" in dialog.findChild(QPlainTextEdit).toPlainText()
    assert any("Please report it" in line.text() for line in dialog.findChildren(QLabel))
    (copy,) = (button for button in dialog.findChildren(QPushButton) if button.text() == "Copy for a report")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    clipboard = QGuiApplication.clipboard()
    wait_until(lambda: "ZeroDivisionError: made up" in clipboard.text())
    assert clipboard.text().startswith("cdul ")
    assert str(Path.home()) not in clipboard.text()
    assert str(window.session.project.photos) not in clipboard.text()
    dialog.close()


def test_what_a_person_can_mend_is_a_sentence_without_details(window: MainWindow) -> None:
    def work(_progress: Progress, _cancellation: Cancellation) -> None:
        raise UserError("The disk is full. Free some room.")

    window.session.run_job("Trying", work, lambda _result: None)
    settle(window)
    assert window.messages.text.text() == "The disk is full. Free some room."
    assert not window.messages.details.isVisible()
    QTest.mouseClick(window.messages.close_button, Qt.MouseButton.LeftButton)
    assert not window.messages.isVisible()


def test_a_package_that_cannot_be_loaded_is_a_sentence_without_details(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brittle.py").write_text("raise OSError('libbrittle.so.1: cannot open shared object file')")
    monkeypatch.syspath_prepend(tmp_path)

    def work(_progress: Progress, _cancellation: Cancellation) -> None:
        import_module("brittle")

    window.session.run_job("Trying", work, lambda _result: None)
    settle(window)
    assert "package brittle" in window.messages.text.text()
    assert "libbrittle.so.1: cannot open shared object file" in window.messages.text.text()
    assert not window.messages.details.isVisible()


def test_an_edit_that_cannot_be_written_is_taken_back_from_the_screen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise UserError("Nothing could be written.")

    monkeypatch.setattr("cdul_gui.session.edits.answer", refuse)
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    assert states_shown(window) == {"cat": "likely"}
    assert window.messages.text.text() == "Nothing could be written."


def test_an_unforeseen_error_is_shown_and_printed(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", show_errors_in(window.session))
    try:
        raise RuntimeError("unforeseen")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    assert "unforeseen" in window.messages.text.text()
    assert window.messages.isVisible()
    assert "RuntimeError: unforeseen" in capsys.readouterr().err


def test_a_damaged_project_says_so(empty_window: MainWindow, scored_photos: Path) -> None:
    (scored_photos / ".cdul" / "project.sqlite").write_bytes(b"not a database at all" * 100)
    job = empty_window.desk.opening.open_folder(scored_photos)
    assert job is not None
    with_failure: list[object] = []
    job.failed.connect(with_failure.append)
    wait_until(lambda: bool(with_failure))
    assert "damaged" in empty_window.messages.text.text()
    assert empty_window.session.project is None

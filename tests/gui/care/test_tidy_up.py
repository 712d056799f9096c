"""Tidying up says what goes and how much room that frees, and deletes it only when that is wanted."""

import threading
from pathlib import Path

import pytest
from acting import command, open_dialog, press, reviewed_kept, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from cdul_gui.window.main_window import MainWindow
from engine.project.storage.cache_schema import thumbnail, thumbnail_key


@pytest.fixture
def left(window: MainWindow, scored_photos: Path) -> Path:
    """A checkpoint of a training that is over."""
    file = scored_photos / ".cdul" / "training" / "run-77.safetensors"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(bytes(2_000_000))
    return file


def ask(window: MainWindow) -> QMessageBox:
    command(window, "tidy").trigger()
    dialog = open_dialog(window)
    assert isinstance(dialog, QMessageBox)
    return dialog


def click(dialog: QMessageBox, role: QMessageBox.ButtonRole) -> None:
    [button] = [one for one in dialog.findChildren(QPushButton) if dialog.buttonRole(one) == role]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_says_what_goes_and_deletes_it_when_wanted(window: MainWindow, scored_photos: Path, left: Path) -> None:
    press(window, Qt.Key.Key_Space)
    dialog = ask(window)
    assert dialog.text() == "Tidying up frees 2.0 MB."
    assert "of runs that are over: 1 file or folder" in dialog.informativeText()
    assert str(Path("training", left.name)) in dialog.detailedText()
    assert left.exists()
    click(dialog, QMessageBox.ButtonRole.AcceptRole)
    settle(window)
    assert window.said.text() == "2.0 MB freed"
    assert not left.exists()
    assert reviewed_kept(scored_photos) == ["beach.jpg"]


def test_what_is_kept_of_a_photo_that_is_gone_goes(window: MainWindow, scored_photos: Path) -> None:
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    row = snapshot.paths.index("beach.jpg")
    key = thumbnail_key("beach.jpg", int(snapshot.file_sizes[row]), int(snapshot.modified_ns[row]))
    with project.writing_cache() as connection:
        connection.execute(thumbnail.insert().prefix_with("OR REPLACE").values(key=key, side=256, jpeg=bytes(5000)))
    (scored_photos / "beach.jpg").unlink()
    dialog = ask(window)
    assert "that changed or are gone: 1 photo" in dialog.informativeText()
    assert "folder" not in dialog.informativeText()
    click(dialog, QMessageBox.ButtonRole.AcceptRole)
    settle(window)
    command(window, "tidy").trigger()
    settle(window)
    assert window.said.text() == "There is nothing to tidy up."


def test_nothing_is_deleted_where_it_is_not_wanted(window: MainWindow, left: Path) -> None:
    dialog = ask(window)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle(window)
    assert left.exists()
    assert QApplication.activeModalWidget() is None


def test_it_can_be_cancelled_on_the_way(window: MainWindow, left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = left.with_name("run-78.safetensors")
    other.write_bytes(b"x")
    deleted, may_go_on, unlink = threading.Event(), threading.Event(), Path.unlink

    def delete_and_wait(file: Path) -> None:
        unlink(file)
        deleted.set()
        may_go_on.wait()

    dialog = ask(window)
    monkeypatch.setattr(Path, "unlink", delete_and_wait)
    click(dialog, QMessageBox.ButtonRole.AcceptRole)
    wait_until(deleted.is_set)
    QTest.mouseClick(window.progress.cancel, Qt.MouseButton.LeftButton)
    may_go_on.set()
    settle(window)
    assert left.exists() != other.exists()
    assert not window.progress.isVisible()

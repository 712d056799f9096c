"""Opening a folder: photos at once, and a clear sentence where there is nothing to open."""

import os
import shutil
from pathlib import Path

import pytest
from acting import command, open_dialog, settle, wait_until
from making import make_photo
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cdul_gui.window.main_window import MainWindow


def test_photos_are_shown_before_anything_is_labelled(empty_window: MainWindow, photo_folder: Path) -> None:
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    assert empty_window.desk.pages.gallery.model().rowCount() == 8
    assert empty_window.counts.text().startswith("8 photos")
    assert empty_window.said.text().startswith("8 photos")
    command(empty_window, "close").trigger()
    wait_until(lambda: empty_window.session.project is None)
    assert empty_window.said.text() == empty_window.counts.text() == ""


def test_a_folder_without_photos_says_so(empty_window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    empty_window.desk.opening.open_folder(tmp_path / "nothing")
    settle(empty_window)
    assert empty_window.messages.isVisible()
    assert "no photos" in empty_window.messages.text.text()
    assert "no photos" in empty_window.desk.pages.gallery.message


def test_a_folder_that_is_not_there_says_so_and_leaves_the_window_as_it_is(window: MainWindow, tmp_path: Path) -> None:
    window.desk.opening.open_folder(tmp_path / "gone")
    wait_until(window.messages.isVisible)
    assert "There is no folder" in window.messages.text.text()
    assert window.desk.pages.gallery.model().rowCount() == 8


def test_new_photos_are_found_by_f5_and_the_current_photo_stays(window: MainWindow, scored_photos: Path) -> None:
    session = window.session
    session.go_to(3)
    make_photo(scored_photos / "a new one.jpg", 9)
    QTest.keyClick(window, Qt.Key.Key_F5)
    settle(window)
    assert session.snapshot is not None
    assert session.current is not None
    assert len(session.snapshot) == 9
    assert session.snapshot.paths[session.current] == "trip/boat.jpg"
    assert [session.snapshot.paths[row] for row in session.selection] == ["trip/boat.jpg"]


def test_a_folder_that_cannot_be_read_says_so(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    make_photo(locked / "a.jpg", 1)
    lock(locked, monkeypatch)
    window.desk.opening.open_folder(locked)
    wait_until(window.messages.isVisible)
    assert window.messages.text.text().startswith(f"The folder {locked} cannot be read (Permission denied).")
    assert not window.messages.details.isVisible()
    assert window.desk.pages.gallery.model().rowCount() == 8
    locked.chmod(0o700)


def test_a_folder_that_can_no_longer_be_read_loses_nothing(
    window: MainWindow, scored_photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(scored_photos, monkeypatch)
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait_until(window.messages.isVisible)
    assert "cannot be read" in window.messages.text.text()
    assert window.session.snapshot is not None
    assert window.session.snapshot.problems == [None] * 8
    scored_photos.chmod(0o700)


def lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody look into a folder."""
    folder.chmod(0)
    if os.access(folder, os.R_OK):  # an administrator may all the same

        def refuse(path: str | Path) -> object:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr("engine.project.folder.os.scandir", refuse)


def test_a_folder_that_disappears_loses_nothing(window: MainWindow, scored_photos: Path, tmp_path: Path) -> None:
    shutil.move(scored_photos, tmp_path / "elsewhere")
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait_until(window.messages.isVisible)
    assert "is not there" in window.messages.text.text()
    assert window.desk.pages.gallery.model().rowCount() == 8


def test_what_was_said_of_a_folder_that_is_gone_goes_once_it_is_back(
    window: MainWindow, scored_photos: Path, tmp_path: Path
) -> None:
    shutil.move(scored_photos, tmp_path / "elsewhere")
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait_until(window.messages.isVisible)
    shutil.move(tmp_path / "elsewhere", scored_photos)
    settle(window)
    QTest.keyClick(window, Qt.Key.Key_F5)
    settle(window)
    assert not window.messages.isVisible()


def test_something_else_that_was_said_stays_when_photos_are_looked_for(window: MainWindow) -> None:
    window.session.noticed.emit("Something to read.")
    QTest.keyClick(window, Qt.Key.Key_F5)
    settle(window)
    assert window.messages.text.text() == "Something to read."
    assert window.messages.isVisible()


def test_how_many_photos_there_are_is_the_same_wherever_it_is_said(window: MainWindow, scored_photos: Path) -> None:
    (scored_photos / "city.png").unlink()
    QTest.keyClick(window, Qt.Key.Key_F5)
    settle(window)
    # It keeps its place and its labels.
    assert window.counts.text().startswith("8 photos")
    assert window.said.text() == "8 photos · 1 no longer there"
    QTest.keyClick(window, Qt.Key.Key_F5)
    settle(window)
    assert window.said.text() == "8 photos"


def dropped(on: QWidget, file: Path) -> QDropEvent:
    """What became of a file or folder that a file manager proposed to move."""
    data, moving = QMimeData(), Qt.DropAction.MoveAction | Qt.DropAction.CopyAction | Qt.DropAction.LinkAction
    data.setUrls([QUrl.fromLocalFile(str(file))])
    given = (moving, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering, event = QDragEnterEvent(QPoint(5, 5), *given), QDropEvent(QPointF(5, 5), *given)
    event.setDropAction(Qt.DropAction.MoveAction)
    event.ignore()
    on.dragEnterEvent(entering)
    on.dropEvent(event)
    return event


def test_a_folder_that_is_dropped_is_opened_and_never_said_to_be_moved(
    empty_window: MainWindow, photo_folder: Path
) -> None:
    event = dropped(empty_window, photo_folder)
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.LinkAction
    settle(empty_window)
    assert empty_window.desk.pages.gallery.model().rowCount() == 8
    # A line to type in leaves it to the window, and takes no path for a filter.
    event = dropped(empty_window.desk.filter_bar.line, photo_folder)
    assert not event.isAccepted()
    assert empty_window.desk.filter_bar.line.text() == ""


def test_a_file_that_is_dropped_where_one_is_asked_for_is_typed_and_not_moved(
    window: MainWindow, tmp_path: Path
) -> None:
    command(window, "import").trigger()
    dialog = open_dialog(window)
    event = dropped(dialog.path, tmp_path / "labels.json")
    assert event.isAccepted()
    assert event.dropAction() == Qt.DropAction.LinkAction
    assert dialog.path.text() == str(tmp_path / "labels.json")
    dialog.reject()
    settle(window)


def test_where_answers_go_is_said_once_of_photos_that_cannot_be_written(
    empty_window: MainWindow, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.project.folder._can_write", lambda folder: False)  # an administrator can write all
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    project = empty_window.session.project
    assert project is not None
    assert empty_window.messages.isVisible()
    assert empty_window.messages.text.text() == (
        f"{photo_folder} cannot be written: labels and answers are kept on this computer, in {project.place}."
    )
    empty_window.desk.opening.close()
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    assert not empty_window.messages.isVisible()

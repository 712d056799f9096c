"""The first page: the sample photos, a folder, what was open before."""

from pathlib import Path

from acting import open_dialog, settle, wait_until
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCommandLinkButton, QFileDialog
from pytestqt.qtbot import QtBot

from cdul_gui.dialogs.importing.dialog import ImportDialog
from cdul_gui.session.session import Session
from cdul_gui.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def test_the_sample_photos_are_one_click_away(empty_window: MainWindow) -> None:
    QTest.mouseClick(empty_window.desk.pages.start.open_samples, LEFT)
    settle(empty_window)
    assert empty_window.desk.pages.currentWidget() is empty_window.desk.pages.gallery
    assert empty_window.session.snapshot is not None
    assert len(empty_window.session.snapshot) >= 12


def test_open_folder_asks_for_one(empty_window: MainWindow, photo_folder: Path) -> None:
    QTest.mouseClick(empty_window.desk.pages.start.open_folder, LEFT)
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(photo_folder.parent))
    dialog.selectFile(str(photo_folder))
    dialog.accept()
    settle(empty_window)
    assert empty_window.session.project is not None
    assert empty_window.session.project.photos == photo_folder


def test_a_folder_that_was_open_before_is_listed(window: MainWindow, scored_photos: Path, qtbot: QtBot) -> None:
    window.desk.opening.close()
    wait_until(lambda: not window.session.workers.busy)
    links = window.desk.pages.start.findChildren(QCommandLinkButton)
    assert [link.toolTip() for link in links] == [str(scored_photos)]
    QTest.mouseClick(links[0], LEFT)
    settle(window)
    assert window.session.project is not None
    assert window.session.project.photos == scored_photos


def test_a_dropped_folder_is_opened_also_where_another_is_open(
    empty_window: MainWindow, photo_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for folder in (photo_folder, other):
        assert drop(empty_window, folder)
        settle(empty_window)
        assert empty_window.session.project is not None
        assert empty_window.session.project.photos == folder


def test_what_is_no_folder_cannot_be_dropped(empty_window: MainWindow, photo_folder: Path) -> None:
    assert not drop(empty_window, photo_folder / "city.png")
    assert empty_window.session.project is None


def test_a_file_of_labels_that_is_dropped_is_looked_at_to_be_imported(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("photo,label,decision\nbeach.jpg,cat,yes\n")
    assert drop(window, file)
    dialog = open_dialog(window)
    assert isinstance(dialog, ImportDialog)
    assert dialog.path.text() == str(file)
    wait_until(dialog.accept_button.isEnabled)
    dialog.reject()
    settle(window)


def drop(window: MainWindow, path: Path) -> bool:
    """Drag a file or folder onto the window and let go of it; returns whether that is allowed."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    middle = window.rect().center()
    entering = QDragEnterEvent(middle, copy, data, LEFT, none)
    QApplication.sendEvent(window, entering)
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), copy, data, LEFT, none))
    return entering.isAccepted()


def test_nothing_is_open_at_first(session: Session) -> None:
    assert session.project is None
    assert len(session.targets()) == 0


def test_a_project_that_is_being_opened_is_said_at_once(window: MainWindow, scored_photos: Path) -> None:
    window.desk.opening.close()
    wait_until(lambda: not window.session.workers.busy)
    start = window.desk.pages.start
    QTest.mouseClick(start.findChildren(QCommandLinkButton)[0], LEFT)
    assert start.opening.text() == f"Opening {scored_photos.name}…"
    assert window.said.text() == f"Opening {scored_photos.name}…"
    assert not start.open_samples.isEnabled()
    settle(window)
    window.desk.opening.close()
    assert not start.opening.text()
    assert start.open_samples.isEnabled()


def test_what_cannot_be_opened_leaves_the_choice(empty_window: MainWindow, tmp_path: Path) -> None:
    empty_window.desk.opening.open_folder(tmp_path / "gone")
    wait_until(empty_window.messages.isVisible)
    wait_until(lambda: not empty_window.session.workers.busy)
    start = empty_window.desk.pages.start
    assert not start.opening.text()
    assert start.open_samples.isEnabled()

"""The window on photos in an object store: opened by their address, seen, reviewed; other programs do not see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import click_photo, command, open_dialog, settle, type_text, wait_until
from making import make_photo
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.dialogs.open_address import OpenAddressDialog
from cdul_gui.window.main_window import MainWindow
from engine.remote import RemoteFolder

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install 'cdul[cluster]'")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    memory = fsspec.filesystem("memory")
    for place in range(3):
        memory.pipe_file(f"/seen/photos/{place}.jpg", make_photo(tmp_path / f"{place}.jpg", seed=place).read_bytes())
    yield "memory://seen/photos"
    memory.rm("/seen", recursive=True)


def test_photos_of_a_store_are_seen_large_and_small(empty_window: MainWindow, store: str) -> None:
    window = empty_window
    window.desk.opening.open_folder(RemoteFolder(store))
    settle(window)
    thumbnails = window.desk.pages.gallery.thumbnails
    wait_until(lambda: all(thumbnails.thumbnail(row) is not None for row in range(3)))
    click_photo(window, "1.jpg")
    window.desk.pages.show_current_photo()
    wait_until(lambda: window.desk.photo.pixels is not None)
    window.desk.photo_file.copy_paths()
    assert QGuiApplication.clipboard().text() == "memory://seen/photos/1.jpg"
    window.desk.photo_file.show_in_folder()
    assert "is in a store" in window.said.text()


@pytest.fixture
def dialog(empty_window: MainWindow) -> OpenAddressDialog:
    command(empty_window, "open-address").trigger()
    shown = open_dialog(empty_window)
    assert isinstance(shown, OpenAddressDialog)
    shown.photos_line.setFocus()
    return shown


def key(pressed: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), pressed)


def test_photos_of_a_store_are_opened_by_their_address_with_a_project_elsewhere(
    empty_window: MainWindow, dialog: OpenAddressDialog, store: str, tmp_path: Path
) -> None:
    type_text(f" {store}")
    key(Qt.Key.Key_Tab)
    type_text(str(tmp_path / "project"))
    key(Qt.Key.Key_Return)
    settle(empty_window)
    project = empty_window.session.project
    assert project is not None
    assert (project.photos, project.place) == (RemoteFolder(store), tmp_path / "project")
    wait_until(lambda: len(empty_window.session.snapshot) == 3)


def test_a_folder_that_is_not_there_is_told(empty_window: MainWindow, dialog: OpenAddressDialog) -> None:
    type_text("~of-nobody/photos")
    key(Qt.Key.Key_Return)
    wait_until(lambda: "There is no folder" in empty_window.messages.text.text())


def test_a_project_in_a_home_of_nobody_is_told(empty_window: MainWindow, dialog: OpenAddressDialog, store: str) -> None:
    type_text(store)
    key(Qt.Key.Key_Tab)
    type_text("/dev/null/project")
    key(Qt.Key.Key_Return)
    wait_until(lambda: "/dev/null/project" in empty_window.messages.text.text())


def test_an_address_of_no_store_or_database_is_told_before_the_dialog_goes(
    empty_window: MainWindow, dialog: OpenAddressDialog
) -> None:
    type_text("ftp://somewhere/photos")
    key(Qt.Key.Key_Return)
    assert dialog.wrong.isVisible()
    assert "ftp://somewhere/photos" in dialog.wrong.text()
    dialog.photos_line.selectAll()
    type_text("/photos")
    assert not dialog.wrong.isVisible()
    key(Qt.Key.Key_Tab)
    type_text("mysql://host/name")
    key(Qt.Key.Key_Return)
    assert "postgresql://host/name" in dialog.wrong.text()
    assert empty_window.session.project is None

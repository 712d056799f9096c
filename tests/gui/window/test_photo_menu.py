"""The menu of a photo: the right button or the Menu key opens it, and what it offers is done to that photo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import SUGGESTED, click_photo, current_path, reviewed_kept, settle, states_kept, wait_until
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QContextMenuEvent, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cdul_gui.window.main_window import MainWindow


class Opened(QObject):
    """Stands in for the desktop: what it was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.files.append(Path(url.toLocalFile()))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    desktop = Opened()
    QDesktopServices.setUrlHandler("file", desktop, "take")
    yield desktop
    QDesktopServices.unsetUrlHandler("file")


def ask_for_menu(widget: QWidget, place: QPoint | None = None) -> None:
    """As the Menu key does, or the right button at a place."""
    reason = QContextMenuEvent.Reason.Keyboard if place is None else QContextMenuEvent.Reason.Mouse
    at = place or widget.rect().center()
    QApplication.sendEvent(widget, QContextMenuEvent(reason, at, widget.mapToGlobal(at)))


def choose(window: MainWindow, name: str) -> None:
    menu = window.photo_menu
    assert menu.isVisible()
    menu.setActiveAction(next(action for action in menu.actions() if action.objectName() == name))
    QTest.keyClick(menu, Qt.Key.Key_Return)
    settle(window)


def test_the_menu_key_opens_it_at_the_photo_that_has_the_keyboard(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    gallery, asked = window.desk.pages.gallery, list[QPoint]()
    gallery.menu_wanted.connect(asked.append)
    ask_for_menu(gallery.viewport())
    tile = gallery.tile_rect(list(SUGGESTED).index("dog.webp"))
    assert tile.contains(gallery.viewport().mapFromGlobal(asked[0]))
    assert window.photo_menu.isVisible()
    wanted = (
        "accept",
        "reject",
        "reviewed",
        "add-label",
        "show-in-folder",
        "open-elsewhere",
        "copy-path",
        "copy-photo",
    )
    assert set(wanted) <= {action.objectName() for action in window.photo_menu.actions()}


def test_beside_the_photos_there_is_no_menu(window: MainWindow) -> None:
    click_photo(window, "dog.webp")
    ask_for_menu(window.desk.pages.gallery.viewport(), QPoint(1, 1))
    assert not window.photo_menu.isVisible()


def test_a_photo_is_decided_from_the_menu(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "dog.webp")
    ask_for_menu(window.desk.pages.gallery.viewport())
    choose(window, "reject")
    assert set(states_kept(scored_photos, "dog.webp").values()) == {"rejected"}
    ask_for_menu(window.desk.pages.gallery.viewport())
    choose(window, "reviewed")
    assert reviewed_kept(scored_photos) == ["dog.webp"]


def test_it_is_shown_in_its_folder_and_opened_elsewhere(
    window: MainWindow, scored_photos: Path, opened: Opened
) -> None:
    click_photo(window, "trip/boat.jpg")
    for name in ("open-elsewhere", "show-in-folder"):
        ask_for_menu(window.desk.pages.gallery.viewport())
        choose(window, name)
    wait_until(lambda: len(opened.files) == 2)
    # Nobody tells whether there is a file manager that did so.
    assert window.said.text() == f"boat.jpg is in the folder {scored_photos / 'trip'}"
    assert set(opened.files) == {scored_photos / "trip", scored_photos / "trip" / "boat.jpg"}


def test_paths_of_all_that_are_selected_are_copied(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "beach.jpg")
    click_photo(window, "dog.webp", Qt.KeyboardModifier.ControlModifier)
    ask_for_menu(window.desk.pages.gallery.viewport())
    choose(window, "copy-path")
    assert QApplication.clipboard().text() == f"{scored_photos / 'beach.jpg'}\n{scored_photos / 'dog.webp'}"


def test_a_photo_is_copied_as_file_and_as_picture(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    ask_for_menu(window.desk.pages.gallery.viewport())
    choose(window, "copy-photo")
    copied = QApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in copied.urls()] == [str(scored_photos / "city.png")]
    assert not QApplication.clipboard().image().isNull()
    assert current_path(window) == "city.png"


def test_the_large_photo_has_the_same_menu_and_a_drag_still_zooms(window: MainWindow) -> None:
    click_photo(window, "city.png")
    window.desk.pages.show_current_photo()
    settle(window)
    canvas = window.desk.pages.photo.canvas
    ask_for_menu(canvas)
    assert window.photo_menu.isVisible()
    window.photo_menu.close()
    middle = canvas.view.viewport().rect().center()
    QTest.mousePress(canvas.view.viewport(), Qt.MouseButton.RightButton, pos=middle)
    QTest.mouseRelease(canvas.view.viewport(), Qt.MouseButton.RightButton, pos=middle + QPoint(60, 40))
    assert not window.photo_menu.isVisible()
    QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.RightButton, pos=middle)
    assert window.photo_menu.isVisible()
    window.photo_menu.close()

"""One photo large: opening, closing, moving, zooming; the neighbours are decoded ahead."""

from pathlib import Path

import pytest
from acting import CTRL, click_photo, current_path, press, settle, wait_until
from filtering import be_active, type_filter
from making import smooth_photo
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow


def test_enter_opens_and_escape_returns(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Return)
    assert window.desk.pages.shows_photo
    press(window, Qt.Key.Key_Escape)
    assert not window.desk.pages.shows_photo
    assert window.desk.pages.gallery.hasFocus()
    assert current_path(window) == "city.png"


def test_enter_opens_and_enter_returns(window: MainWindow) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Return)
    assert window.desk.pages.shows_photo
    press(window, Qt.Key.Key_Return)
    assert window.desk.pages.shows_gallery
    assert window.desk.pages.gallery.hasFocus()
    assert current_path(window) == "city.png"


def test_what_was_done_with_a_photo_is_no_longer_said_once_it_is_left(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    assert window.said.text() == "beach.jpg accepted"
    press(window, Qt.Key.Key_Right)
    assert window.said.text() == ""


def test_double_click_opens_and_returns(window: MainWindow) -> None:
    gallery = window.desk.pages.gallery
    place = gallery.visualRect(gallery.model().index(2, 0)).center()
    click_photo(window, "dog.webp")
    QTest.mouseDClick(gallery.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    settle(window)
    assert window.desk.pages.shows_photo
    assert current_path(window) == "dog.webp"
    view = window.desk.pages.photo.canvas.view.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton)
    wait_until(lambda: not window.desk.pages.shows_photo)


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_N, Qt.Key.Key_Down])
def test_keys_move_on(window: MainWindow, key: Qt.Key) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Return)
    press(window, key)
    assert current_path(window) == "city.png"


def test_home_and_end_lead_to_the_first_and_last_of_what_is_shown(window: MainWindow) -> None:
    type_filter(window, "folder:trip")
    be_active(window)
    click_photo(window, "trip/day two/lamp.JPG")
    press(window, Qt.Key.Key_Return)
    for key, path in ((Qt.Key.Key_End, "trip/turned.jpg"), (Qt.Key.Key_Home, "trip/boat.jpg")):
        press(window, key)
        assert current_path(window) == path
        assert window.desk.pages.shows_photo
        press(window, key)
        assert current_path(window) == path


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_P, Qt.Key.Key_Up])
def test_keys_move_back_and_stop_at_the_first_photo(window: MainWindow, key: Qt.Key) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_Return)
    press(window, key)
    assert current_path(window) == "beach.jpg"
    press(window, key)
    assert current_path(window) == "beach.jpg"


def test_a_12_megapixel_jpeg_that_comes_next_is_there_at_once(empty_window: MainWindow, tmp_path: Path) -> None:
    for name in ("a", "b"):
        smooth_photo(3, (4000, 3000)).save(tmp_path / f"{name}.jpg", quality=90)
    window = empty_window
    window.desk.opening.open_folder(tmp_path)
    settle(window)
    window.desk.pages.show_photo(0)
    settle(window)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    pixels = window.desk.photo.pixels  # without waiting for anything
    assert pixels is not None
    assert (pixels.width, pixels.height) == (4000, 3000)
    assert current_path(window) == "b.jpg"


def test_zooming_in_brings_every_pixel(empty_window: MainWindow, tmp_path: Path) -> None:
    smooth_photo(3, (4000, 3000)).save(tmp_path / "a.jpg", quality=90)
    window = empty_window
    window.desk.opening.open_folder(tmp_path)
    settle(window)
    window.desk.pages.show_photo(0)
    settle(window)
    canvas, photo = window.desk.pages.photo.canvas, window.desk.photo
    assert photo.pixels is not None
    assert not photo.pixels.sharp
    whole = canvas.zoom
    press(window, Qt.Key.Key_1, CTRL)
    assert canvas.zoom == pytest.approx(1)
    assert photo.pixels.sharp
    press(window, Qt.Key.Key_0)
    assert canvas.zoom == pytest.approx(whole)
    press(window, Qt.Key.Key_Plus)
    assert canvas.zoom == pytest.approx(1.25 * whole)


def test_the_wheel_zooms(window: MainWindow) -> None:
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Return)
    canvas = window.desk.pages.photo.canvas
    before, view = canvas.zoom, canvas.view.viewport()
    middle = QPointF(view.rect().center())
    wheel = QWheelEvent(
        middle,
        view.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    assert canvas.zoom > before


def test_a_photo_that_cannot_be_read_says_why(empty_window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    window = empty_window
    window.desk.opening.open_folder(tmp_path)
    settle(window)
    window.desk.pages.show_photo(0)
    settle(window)
    assert window.desk.photo.problem is not None
    assert "not a photo" in window.desk.photo.problem


def test_a_photo_turned_by_exif_is_upright(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    pixels = window.desk.photo.pixels
    assert pixels is not None
    assert (pixels.width, pixels.height) == (40, 80)
    assert (pixels.image.width(), pixels.image.height()) == (40, 80)

"""A rectangle that is drawn over the large photo is looked for in all photos."""

from pathlib import Path
from typing import Any

import pytest
from acting import CTRL, PLAIN, SHIFT, current_path, press, settle, wait_until
from filtering import shown_paths
from finding import label_photos, open_photos
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from cdul_gui.look.parts import part_of, rect_of
from cdul_gui.window.main_window import MainWindow
from engine.stages.finding.search import Part


@pytest.fixture
def large_photo(empty_window: MainWindow, photo_folder: Path, tiny_clip_encoder: Any) -> MainWindow:
    """The window with one photo large."""
    label_photos(photo_folder, tiny_clip_encoder)
    open_photos(empty_window, photo_folder)
    press(empty_window, Qt.Key.Key_Return)
    canvas = empty_window.desk.pages.photo.canvas
    wait_until(lambda: not canvas.photo_rect.isEmpty())
    return empty_window


def drag(window: MainWindow, modifiers: Qt.KeyboardModifier) -> None:
    """From near the photo's middle to beyond its right and lower edges."""
    view = window.desk.pages.photo.canvas.view.viewport()
    start, end = view.rect().center() - QPoint(40, 40), view.rect().bottomRight() - QPoint(2, 2)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, modifiers, start)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, modifiers, end)
    settle(window)


def test_a_drag_with_shift_finds_where_something_is_like_it(large_photo: MainWindow) -> None:
    path = current_path(large_photo)
    drag(large_photo, SHIFT)
    finding = large_photo.desk.finding
    assert finding.choice is not None
    assert finding.choice.title == f"Like a part of {path}"
    assert len(shown_paths(large_photo)) == 8
    assert large_photo.desk.pages.shows_gallery  # where all of them are seen


def test_the_command_makes_the_next_drag_draw(large_photo: MainWindow) -> None:
    press(large_photo, Qt.Key.Key_J, CTRL | SHIFT)
    drag(large_photo, PLAIN)
    assert large_photo.desk.finding.choice is not None


def test_any_other_drag_only_moves_the_photo(large_photo: MainWindow) -> None:
    drag(large_photo, PLAIN)
    assert large_photo.desk.finding.choice is None


def test_a_part_is_what_the_rectangle_covers_of_the_photo() -> None:
    photo = QRectF(0, 0, 200, 100)
    assert part_of(QRectF(100, 50, 500, 500), photo) == Part(0.5, 0.5, 1, 1)
    assert part_of(QRectF(300, 0, 10, 10), photo) is None
    assert rect_of(Part(0.5, 0.5, 1, 1), photo) == QRectF(100, 50, 100, 50)

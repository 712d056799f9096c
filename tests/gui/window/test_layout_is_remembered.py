"""The window comes back as it was left."""

from pathlib import Path

import pytest
from acting import settle
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cdul_gui.session.session import Session
from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow


def test_docks_and_thumbnails(window: MainWindow, scored_photos: Path, qtbot: QtBot) -> None:
    window.labels_dock.close()
    window.desk.pages.gallery.thumbnail_side = 304
    window.close()
    again = MainWindow(Session())
    try:
        again.show()
        again.desk.opening.open_folder(scored_photos)
        settle(again)
        assert not again.labels_dock.isVisible()
        assert again.inspector_dock.isVisible()
        assert again.desk.pages.gallery.thumbnail_side == 304
    finally:
        again.close()
        again.deleteLater()


def test_a_dock_is_as_wide_as_it_was_drawn_again_after_a_narrow_window(
    window: MainWindow, scored_photos: Path, qtbot: QtBot
) -> None:
    dock = window.inspector_dock
    window.resize(1366, 760)
    settle(window)
    handle, edge = window.windowHandle(), QPoint(dock.x() - 2, dock.y() + 200)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(handle, edge - QPoint(60, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=edge - QPoint(60, 0))
    settle(window)
    drawn = dock.width()
    assert drawn > 400
    window.resize(700, 500)
    settle(window)
    narrow = dock.width()
    assert narrow < 300
    window.close()
    again = MainWindow(Session())
    try:
        again.show()
        again.desk.opening.open_folder(scored_photos)
        settle(again)
        again.resize(1366, 760)
        qtbot.waitUntil(lambda: again.inspector_dock.width() == drawn)
    finally:
        again.close()
        again.deleteLater()


@pytest.fixture
def placed(window: MainWindow) -> MainWindow:
    """The window on a place of its own, which all of it fits."""
    window.labels_dock.hide()
    window.inspector_dock.hide()
    settle(window)
    window.resize(620, 480)
    window.move(40, 90)
    settle(window)
    return window


def test_the_frame_of_the_window_is_where_it_was(placed: MainWindow) -> None:
    inside, margin = placed.geometry(), placed.geometry().topLeft() - placed.pos()
    placed.close()
    assert Settings().frame_margin == margin
    # As if a window manager had drawn a title around it, of which Qt knows nothing before the window is shown.
    Settings().frame_margin = QPoint(1, 25)
    again = MainWindow(Session())
    try:
        assert again.pos() == inside.topLeft() - QPoint(1, 25)
        assert again.size() == inside.size()
    finally:
        again.deleteLater()


def test_no_title_is_beyond_the_edge_of_the_screen(placed: MainWindow) -> None:
    placed.move(0, 12)
    settle(placed)
    placed.close()
    Settings().frame_margin = QPoint(30, 80)
    again = MainWindow(Session())
    try:
        assert again.pos() == QPoint(0, 0)
    finally:
        again.deleteLater()


def test_a_window_that_fills_the_screen_does_so_again_and_keeps_its_place(placed: MainWindow) -> None:
    place = placed.geometry().topLeft()
    Settings().frame_margin = QPoint(1, 25)
    placed.showMaximized()
    settle(placed)
    placed.close()
    assert Settings().frame_margin == QPoint(1, 25)
    again = MainWindow(Session())
    try:
        assert again.isMaximized()
        assert again.normalGeometry().topLeft() == place
    finally:
        again.deleteLater()


def test_a_window_closed_on_the_first_page_keeps_the_docks(empty_window: MainWindow, scored_photos: Path) -> None:
    assert not empty_window.labels_dock.isVisible()
    empty_window.desk.opening.open_folder(scored_photos)
    settle(empty_window)
    assert empty_window.labels_dock.isVisible()
    empty_window.desk.opening.close()
    assert not empty_window.labels_dock.isVisible()
    empty_window.desk.opening.open_folder(scored_photos)
    settle(empty_window)
    assert empty_window.labels_dock.isVisible()


def test_a_dock_that_is_asked_for_is_in_front_of_those_that_are_there(window: MainWindow) -> None:
    for dock in window.lower_docks:
        dock.toggleViewAction().trigger()
        settle(window)
        assert not dock.visibleRegion().isEmpty()


def test_how_to_label(machine_of_its_own: Path) -> None:
    assert Settings().labelling == LabellingChoice("everyday", "starter", (3,), "default")
    choice = LabellingChoice("cat, dog", "ViT-B-32:openai", (2, 3), "paper")
    Settings().labelling = choice
    assert Settings().labelling == choice


def test_recent_folders_are_those_that_are_still_there(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Settings().remember_folder(tmp_path / name)
    Settings().remember_folder(tmp_path / "a")
    assert Settings().recent == [tmp_path / "a", tmp_path / "b"]
    (tmp_path / "a").rmdir()
    assert Settings().recent == [tmp_path / "b"]


def test_a_number_that_somebody_mended_by_hand_is_the_usual_one(window: MainWindow) -> None:
    Settings().thumbnail_side, Settings().heatmap_opacity = 304, 35
    assert (Settings().thumbnail_side, Settings().heatmap_opacity) == (304, 35)
    file = Path(QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "cdul", "cdul").fileName())
    # Of another length: Qt looks at the size and, by the clock of the file system, at the time of the last change.
    file.write_text(file.read_text("utf-8").replace("=304", "=rather large").replace("=35", "="), "utf-8")
    assert (Settings().thumbnail_side, Settings().heatmap_opacity) == (128, 60)

"""The map shows where photos lie, whose photo a dot is, and what is drawn around is chosen."""

from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from acting import CTRL, SHIFT, click_photo, click_row, current_path, press, settle, wait_until
from filtering import shown_paths
from finding import label_photos, open_photos
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.panels.map.panel import PhotoMapPanel
from cdul_gui.window.main_window import MainWindow
from engine.project.label_state import LabelState


@pytest.fixture
def mapped(
    empty_window: MainWindow, photo_folder: Path, tiny_clip_encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """The window on eight photos that the small CLIP labelled, with the map open."""
    # A test moves the mouse faster than a hand: no step of it may be left out.
    monkeypatch.setitem(pg.CONFIG_OPTIONS, "mouseRateLimit", 0)
    label_photos(photo_folder, tiny_clip_encoder)
    open_photos(empty_window, photo_folder)
    press(empty_window, Qt.Key.Key_P, CTRL | SHIFT)
    settle(empty_window)
    assert empty_window.desk.photo_map.plot.isVisible()
    return empty_window


def pixel_of(panel: PhotoMapPanel, place: int) -> QPoint:
    return panel.plot.mapFromScene(panel.plot.place_of(place))


def empty_place(panel: PhotoMapPanel) -> QPoint:
    """Where no dot is near."""
    width, height = panel.plot.viewport().width(), panel.plot.viewport().height()
    places = [QPoint(x, y) for x in range(10, width, 20) for y in range(10, height, 20)]
    return next(place for place in places if panel.plot.point_at(panel.plot.mapToScene(place)) < 0)


def drag_around(panel: PhotoMapPanel, corners: list[QPoint]) -> None:
    """Along these corners with the left button down."""
    viewport = panel.plot.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(viewport, corner)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, corners[-1])


def test_every_photo_is_a_dot(mapped: MainWindow) -> None:
    panel = mapped.desk.photo_map
    assert panel.plot.points.shape == (8, 2)
    assert panel.told.text() == "8 photos  ·  drag around some to choose them"


def test_dots_are_coloured_by_the_state_of_the_label(mapped: MainWindow) -> None:
    panel, session, snapshot = mapped.desk.photo_map, mapped.session, mapped.session.snapshot
    assert snapshot is not None
    click_row(mapped.desk.labels.view, 1)
    settle(mapped)
    assert session.label == 1
    expected = snapshot.states()[:, 1]
    for state in LabelState:
        assert panel.plot.dots(state) == int((expected == state).sum())
    assert "likely" in panel.legend.text()
    assert "maybe" in panel.legend.text()


def test_the_photo_under_the_pointer_is_shown(mapped: MainWindow) -> None:
    panel = mapped.desk.photo_map
    assert not panel.preview.isVisible()
    QTest.mouseMove(panel.plot.viewport(), pixel_of(panel, 3))
    wait_until(panel.preview.isVisible)
    assert not panel.preview.pixmap().isNull()
    QTest.mouseMove(panel.plot.viewport(), empty_place(panel))
    wait_until(lambda: not panel.preview.isVisible())


def test_a_click_goes_to_the_photo(mapped: MainWindow) -> None:
    panel, snapshot = mapped.desk.photo_map, mapped.session.snapshot
    assert snapshot is not None
    for place in (5, 2):
        QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(panel, place))
        settle(mapped)
        assert current_path(mapped) == snapshot.paths[place]
        assert mapped.session.selection.tolist() == [place]


def test_what_is_drawn_around_is_selected_and_can_be_shown_alone(mapped: MainWindow) -> None:
    panel, session = mapped.desk.photo_map, mapped.session
    middle = panel.plot.points[:, 0].mean()
    left = np.flatnonzero(panel.plot.points[:, 0] < middle)
    xs = sorted(pixel_of(panel, place).x() for place in range(8))
    edge = (xs[len(left) - 1] + xs[len(left)]) // 2
    height = panel.plot.viewport().height()
    drag_around(panel, [QPoint(1, 1), QPoint(edge, 1), QPoint(edge, height - 2), QPoint(1, height - 2)])
    assert session.selection.tolist() == left.tolist()
    assert session.current in left
    assert 0 < len(left) < 8
    panel.show_them.click()
    settle(mapped)
    snapshot = session.snapshot
    assert snapshot is not None
    assert shown_paths(mapped) == [snapshot.paths[row] for row in left]
    press(mapped, Qt.Key.Key_Backspace, SHIFT)
    assert len(shown_paths(mapped)) == 8


def test_before_labelling_it_says_what_to_do(window: MainWindow) -> None:
    press(window, Qt.Key.Key_P, CTRL | SHIFT)
    settle(window)
    panel = window.desk.photo_map
    assert panel.empty.isVisible()
    assert "Label the photos first" in panel.empty.text()
    assert not panel.show_them.isEnabled()


def test_few_photos_in_view_are_shown_themselves_and_many_as_dots(
    mapped: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = mapped.desk.photo_map
    wait_until(lambda: bool(panel.photos.placed))
    room, point = panel.photos.placed[0]
    corner = panel.plot.mapFromScene(room.topLeft() + QPointF(2, 2))
    QTest.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=corner)
    settle(mapped)
    assert mapped.session.current == point
    assert not any(
        one.intersects(other)
        for one, first in panel.photos.placed
        for other, second in panel.photos.placed
        if first != second
    )
    monkeypatch.setattr("cdul_gui.panels.map.map_thumbnails.MOST_IN_VIEW", 3)
    panel.plot.view_changed.emit()
    wait_until(lambda: not panel.photos.placed)
    low, high = panel.plot.points[:3].min(axis=0) - 0.001, panel.plot.points[:3].max(axis=0) + 0.001
    inside = ((panel.plot.points >= low) & (panel.plot.points <= high)).all(axis=1).sum()
    monkeypatch.setattr("cdul_gui.panels.map.map_thumbnails.MOST_IN_VIEW", int(inside))
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    panel.plot.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)
    wait_until(lambda: bool(panel.photos.placed))


def pixels(picture: QPixmap) -> np.ndarray:
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def is_painted_whole(panel: PhotoMapPanel) -> bool:
    """Whether the screen has what the plot would be if all of it were painted anew."""
    QApplication.processEvents()
    viewport = panel.plot.viewport()
    corner = viewport.mapTo(viewport.window(), QPoint(0, 0))
    room = (corner.x(), corner.y(), viewport.width(), viewport.height())
    on_screen = viewport.screen().grabWindow(viewport.window().winId(), *room)
    return bool((pixels(on_screen) == pixels(viewport.grab())).all())


def draw_around_all(panel: PhotoMapPanel) -> None:
    right, bottom = panel.plot.viewport().width() - 2, panel.plot.viewport().height() - 2
    drag_around(panel, [QPoint(1, 1), QPoint(right, 1), QPoint(right, bottom), QPoint(1, bottom)])


def test_once_the_chosen_are_shown_it_is_not_said_that_they_are_chosen(mapped: MainWindow) -> None:
    panel = mapped.desk.photo_map
    draw_around_all(panel)
    assert panel.told.text() == "8 of 8 photos chosen"
    panel.show_them.click()
    settle(mapped)
    assert mapped.session.selection.tolist() == [0]
    assert panel.told.text() == "8 photos  ·  drag around some to choose them"
    assert not panel.show_them.isEnabled()


def test_rings_come_whole_and_nothing_of_them_stays(mapped: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cdul_gui.panels.map.map_thumbnails.MOST_IN_VIEW", 0)
    panel = mapped.desk.photo_map
    panel.plot.view_changed.emit()
    click_photo(mapped, "beach.jpg")
    wait_until(lambda: not panel.photos.placed)
    assert is_painted_whole(panel)
    draw_around_all(panel)
    settle(mapped)
    assert is_painted_whole(panel)
    click_photo(mapped, "beach.jpg")
    assert panel.told.text() == "8 photos  ·  drag around some to choose them"
    assert is_painted_whole(panel)


def test_what_is_drawn_around_stays_chosen_while_labels_are_read_anew(mapped: MainWindow) -> None:
    panel = mapped.desk.photo_map
    draw_around_all(panel)
    mapped.session.refresh()
    settle(mapped)
    assert panel.told.text() == "8 of 8 photos chosen"
    assert all(panel.plot.is_chosen(point) for point in range(8))

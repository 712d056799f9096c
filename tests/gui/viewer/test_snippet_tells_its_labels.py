"""Pointing at a part of the photo shows the labels that this snippet speaks for most."""

import re
from pathlib import Path

import numpy as np
import pytest
from acting import click_photo, press, wait_until
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from cdul_gui.viewer.photo_canvas import PhotoCanvas
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import label_set
from engine.stages.labelling.explain import Heatmap, Heatmaps


@pytest.fixture(params=["preview", "large"])
def canvas(window: MainWindow, request: pytest.FixtureRequest) -> PhotoCanvas:
    """A photo shown beside the gallery, or large."""
    click_photo(window, "beach.jpg")
    if request.param == "large":
        press(window, Qt.Key.Key_Return)
    found = window.desk.pages.photo.canvas if request.param == "large" else window.desk.inspector.canvas
    wait_until(lambda: bool(found.grids()) and window.desk.photo.pixels is not None)
    return found


def place_in(canvas: PhotoCanvas, x: float, y: float) -> QPoint:
    """A point of the photo, from 0 to 1 across and down, on the view."""
    rect = canvas.photo_rect
    point = QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height())
    return canvas.view.mapFromScene(point)


def rest_on(canvas: PhotoCanvas, place: QPoint) -> list[tuple[str, str]]:
    """Leave the pointer at a place; returns the labels and scores that are shown there."""
    viewport = canvas.view.viewport()
    QTest.mouseMove(viewport, place)
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place)))
    return re.findall(r"<tr><td>(?:<b>)?(\w+)(?:</b>)?</td><td[^>]*>(?:&nbsp;)*([\d.]+)</td></tr>", QToolTip.text())


def kept(photos: Path) -> tuple[Heatmap, dict[int, str]]:
    with Project.open(photos, read_only=True) as project:
        with project.reading() as connection:
            photo = connection.exec_driver_sql("SELECT id FROM photo WHERE path = 'beach.jpg'").scalar_one()
        found = Heatmaps(project).of(photo)
        assert found is not None
        return found, {label.id: label.name for label in label_set(project)}


@pytest.mark.parametrize(("x", "y", "cell"), [(0.1, 0.1, (0, 0)), (0.5, 0.9, (2, 1)), (0.99, 0.5, (1, 2))])
def test_the_labels_of_the_snippet_under_the_pointer_are_shown_best_first(
    canvas: PhotoCanvas, scored_photos: Path, x: float, y: float, cell: tuple[int, int]
) -> None:
    found, names = kept(scored_photos)
    values = found.snippets[3][cell]
    expected = [names[found.label_ids[place]] for place in np.argsort(-values)]
    assert [name for name, _score in rest_on(canvas, place_in(canvas, x, y))] == expected
    assert float(rest_on(canvas, place_in(canvas, x, y))[0][1]) == pytest.approx(values.max(), abs=0.006)


def test_beside_the_photo_nothing_is_shown(canvas: PhotoCanvas) -> None:
    rest_on(canvas, place_in(canvas, 0.5, 0.5))
    rest_on(canvas, place_in(canvas, -0.05, -0.05))
    wait_until(lambda: not QToolTip.isVisible())


def test_the_snippet_is_framed_while_the_pointer_is_on_it(canvas: PhotoCanvas) -> None:
    QTest.mouseMove(canvas.view.viewport(), place_in(canvas, 0.5, 0.5))
    rect = canvas.photo_rect
    third = QRectF(rect.width() / 3, rect.height() / 3, rect.width() / 3, rect.height() / 3)
    wait_until(lambda: canvas.marked == third)
    QApplication.sendEvent(canvas.view, QEvent(QEvent.Type.Leave))
    assert canvas.marked is None

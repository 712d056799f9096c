"""Beside a photo with dozens of labels all of them can be reached, however small the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from acting import command, settle
from making import make_photo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos


@pytest.fixture
def sixty_labels(empty_window: MainWindow, tmp_path: Path) -> MainWindow:
    folder = tmp_path / "many"
    make_photo(folder / "one.jpg", 1, size=(32, 24))
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel(f"label {number}") for number in range(60)])
        add_photos(project)
        photos = take_snapshot(project).photo_ids.tolist()
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={}, basis="made up")
        store_scores(project, run, INITIAL, photos, np.full((1, 60), 0.9, np.float32))
        finish_run(project, run)
    empty_window.desk.opening.open_folder(folder)
    settle(empty_window)
    return empty_window


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (960, 500), (1000, 600)])
def test_no_chip_lies_under_the_scroll_bar_of_many_labels(sixty_labels: MainWindow, width: int, height: int) -> None:
    window, inspector = sixty_labels, sixty_labels.desk.inspector
    window.resize(width, height)
    settle(window)
    QApplication.sendPostedEvents()
    assert (window.width(), window.height()) == (width, height)
    chips = inspector.chips.chips()
    assert len(chips) == 60
    room = inspector.chips.parentWidget()
    assert isinstance(room, QWidget)
    assert max(chip.geometry().right() for chip in chips) < room.width()
    assert max(chip.geometry().bottom() for chip in chips) < inspector.chips.height()


def test_in_a_low_window_nothing_beside_the_photo_lies_over_another(sixty_labels: MainWindow) -> None:
    window, inspector = sixty_labels, sixty_labels.desk.inspector
    window.resize(960, 470)
    settle(window)
    QApplication.sendPostedEvents()
    assert window.height() == 470
    there = [one for one in inspector.findChildren(QWidget) if one.parent() is inspector and one.isVisible()]
    for one in there:
        assert inspector.rect().contains(one.geometry()), one
        for other in there:
            assert one is other or not one.geometry().intersects(other.geometry()), (one, other)
    preview, strip = inspector.canvas.geometry(), inspector.strip.geometry()
    assert not preview.intersects(strip)
    assert inspector.strip.parentWidget().rect().contains(strip)


def test_the_label_that_is_chosen_stays_in_sight_where_a_sweep_takes_room_from_the_list(
    sixty_labels: MainWindow,
) -> None:
    view = sixty_labels.desk.labels.view
    lowest = max(
        (view.model().index(row, 0) for row in range(view.model().rowCount())),
        key=lambda index: (view.viewport().rect().contains(view.visualRect(index)), index.row()),
    )
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(lowest).center())
    settle(sixty_labels)
    before = view.viewport().height()
    command(sixty_labels, "sweep").trigger()
    settle(sixty_labels)
    QApplication.sendPostedEvents()
    assert view.viewport().height() < before
    [chosen] = view.selectionModel().selectedRows()
    assert view.viewport().rect().contains(view.visualRect(chosen))

"""A small window has room for the photos, whatever is opened below them, and a dock that is opened is high enough."""

import pytest
from acting import command, settle
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def with_all_docks(window: MainWindow) -> MainWindow:
    for dock in window.lower_docks:
        dock.toggleViewAction().trigger()
        settle(window)
    QApplication.sendPostedEvents()
    return window


def test_with_all_docks_open_photos_are_still_seen(with_all_docks: MainWindow) -> None:
    gallery = with_all_docks.desk.pages.gallery
    assert with_all_docks.width() == 1280
    assert with_all_docks.height() == 720
    assert gallery.viewport().width() >= 600
    assert gallery.viewport().height() >= 200


def test_no_dock_lies_over_another(with_all_docks: MainWindow) -> None:
    for dock in with_all_docks.lower_docks:
        dock.raise_()
        settle(with_all_docks)
        below = dock.geometry()
        assert not below.intersects(with_all_docks.inspector_dock.geometry()), dock.objectName()
        assert not below.intersects(with_all_docks.centralWidget().geometry()), dock.objectName()
        assert dock.width() >= dock.minimumSizeHint().width(), dock.objectName()


def test_a_sweep_and_a_queue_leave_the_docks_as_wide_as_they_are_and_the_window_as_well(window: MainWindow) -> None:
    window.resize(1024, 700)
    QApplication.sendPostedEvents()
    window.desk.look_at_no_label()
    docks = window.labels_dock, window.inspector_dock
    before = [dock.width() for dock in docks]
    window.desk.queues.start("new")
    settle(window)
    QApplication.sendPostedEvents()
    assert [dock.width() for dock in docks] == before
    window.desk.queues.leave()
    window.session.look_at_label(0)
    window.desk.sweep_label()
    settle(window)
    window.desk.sweep_panel.estimate.setText("likely from 0.55: " + "so many photos, " * 40)
    QApplication.sendPostedEvents()
    assert window.width() == 1024
    assert [dock.width() for dock in docks] == before


def test_a_dock_opened_beside_a_low_one_gets_the_height_it_wants(window: MainWindow) -> None:
    window.resize(1280, 1000)
    QApplication.sendPostedEvents()
    window.session.look_at_label(0)
    command(window, "sweep").trigger()
    settle(window)
    sweep = next(dock for dock in window.lower_docks if dock.objectName() == "sweep")
    low = sweep.height()
    window.training_dock.toggleViewAction().trigger()
    settle(window)
    QApplication.sendPostedEvents()
    assert window.training_dock.height() > low
    assert window.training_dock.height() >= window.desk.training_panel.sizeHint().height()


def test_a_small_window_shows_four_photos_a_line_at_first(window: MainWindow) -> None:
    window.resize(1280, 720)
    QApplication.sendPostedEvents()
    gallery = window.desk.pages.gallery
    tops = [gallery.tile_rect(place).top() for place in range(5)]
    assert len(set(tops[:4])) == 1
    assert tops[4] > tops[3]
    assert gallery.tile_rect(3).right() <= gallery.viewport().width()
    assert gallery.viewport().height() >= 3 * gallery.tile_rect(0).height()

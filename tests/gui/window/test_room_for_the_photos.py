"""A small window has room for the photos, whatever is opened below them, and a dock that is opened is high enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import command, press, settle, wait_until
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from windows import shown_window

from cdul_gui.desk.docks import bring_forward
from cdul_gui.panels.labels.label_model import LabelColumn
from cdul_gui.panels.thresholds.threshold_model import ThresholdColumn
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.window.main_window import MainWindow
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.runs import REFINED, begin_run, finish_run, keep_run_settings, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.resources import resource


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


def test_an_empty_sweep_takes_about_a_third_of_a_low_window(window: MainWindow) -> None:
    window.resize(910, 512)
    window.desk.look_at_no_label()
    dock = window.desk.sweep_panel.parentWidget()
    bring_forward(dock)
    settle(window)
    QApplication.sendPostedEvents()
    assert dock.height() < 0.36 * window.height()


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


@pytest.fixture(params=["en", "de"])
def small_window(
    request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, scored_photos: Path
) -> Iterator[MainWindow]:
    """A window of 1024 x 700 in one language and the other, after a training."""
    translator = QTranslator(qapp)
    if request.param == "de":
        assert translator.load(QLocale("de_DE"), "cdul", "_", str(resource("translations")))
        QCoreApplication.installTranslator(translator)
    with Project.open(scored_photos) as project:
        snapshot = take_snapshot(project)
        ids = [label.id for label in snapshot.labels]
        run = begin_run(project, "refine", label_ids=ids, settings={"training": TrainingSettings().to_json()})
        store_scores(project, run, REFINED, snapshot.photo_ids.tolist(), snapshot.scores[:, ::-1].copy())
        keep_run_settings(project, run, {"thresholds": {REFINED: [0.2] * len(ids)}, "reports": []})
        finish_run(project, run)
    with shown_window(qtbot, qapp) as window:
        window.resize(1024, 700)
        window.desk.opening.open_folder(scored_photos)
        settle(window)
        window.session.look_at_label(0)
        yield window
    QCoreApplication.removeTranslator(translator)


def test_every_dock_fits_a_small_window_in_either_language(small_window: MainWindow) -> None:
    for dock in small_window.lower_docks:
        bring_forward(dock)
        settle(small_window)
        QApplication.sendPostedEvents()
        assert (small_window.width(), small_window.height()) == (1024, 700), dock.objectName()
        assert not dock.geometry().intersects(small_window.inspector_dock.geometry()), dock.objectName()
        panel = dock.widget()
        for widget in panel.findChildren(QWidget):
            if widget.isVisible() and widget.parent() is panel:
                assert panel.rect().contains(widget.geometry()), (dock.objectName(), widget)
        dock.hide()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 700)])
def test_a_sweep_leaves_two_rows_of_whole_thumbnails_and_a_bar_one_of_them(
    small_window: MainWindow, width: int, height: int
) -> None:
    small_window.resize(width, height)
    command(small_window, "sweep").trigger()
    settle(small_window)
    QApplication.sendPostedEvents()
    gallery = small_window.desk.pages.gallery
    row = gallery.tile_rect(0).height()
    assert gallery.viewport().height() >= 2 * row
    sentence = "The labels of all photos were learnt anew from what was answered: 7 are on, 12 off. " * 2
    choices = Choice("Show what it changed", print), Choice("Review what is doubtful", print)
    small_window.session.offered.emit(Offer(sentence, choices))
    settle(small_window)
    QApplication.sendPostedEvents()
    assert gallery.viewport().height() >= row
    assert small_window.height() == height


def test_the_tool_bar_has_room_for_all_of_it_once_something_was_decided(small_window: MainWindow) -> None:
    small_window.desk.pages.gallery.setFocus()
    press(small_window, Qt.Key.Key_Space)
    for width in (1024, 960, 1280):
        small_window.resize(width, 700)
        QApplication.sendPostedEvents()
        more = small_window.toolbar.findChild(QWidget, "qt_toolbar_ext_button")
        assert more is None or not more.isVisible(), width


def test_the_table_of_thresholds_is_not_scrolled_sideways(small_window: MainWindow) -> None:
    panel = small_window.desk.thresholds_panel
    for width in (1024, 1280):
        small_window.resize(width, 800)
        bring_forward(panel.parentWidget())
        wait_until(lambda: panel.model.rowCount() > 0)
        settle(small_window)
        QApplication.sendPostedEvents()
        header = panel.view.header()
        shown = [column for column in ThresholdColumn if not header.isSectionHidden(column)]
        assert header.length() <= panel.view.viewport().width()
        assert {ThresholdColumn.LABEL, ThresholdColumn.LIKELY, ThresholdColumn.MAYBE} <= set(shown)
        for column in shown:
            assert header.sectionSize(column) >= header.sectionSizeHint(column)


def test_the_training_dock_shows_one_part_at_a_time_where_it_is_narrow(small_window: MainWindow) -> None:
    panel = small_window.desk.training_panel
    bring_forward(panel.parentWidget())
    settle(small_window)
    wait_until(lambda: panel.form.isVisible() and not panel.plots.isVisible())
    press(small_window, Qt.Key.Key_Escape)
    panel.tabs.setFocus()
    press(small_window, Qt.Key.Key_Right)
    press(small_window, Qt.Key.Key_Right)
    wait_until(lambda: panel.changes.isVisible() and not panel.form.isVisible())
    assert panel.changes.table.topLevelItemCount() > 0
    small_window.resize(1600, 900)
    wait_until(lambda: panel.changes.isVisible() and panel.form.isVisible() and panel.plots.isVisible())
    assert not panel.tabs.isVisible()


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


def test_labels_can_be_read_where_it_is_narrow_and_all_columns_are_there_where_it_is_not(window: MainWindow) -> None:
    command(window, "give-keys").trigger()
    settle(window)
    view = window.desk.labels.view
    window.resizeDocks([window.labels_dock], [110], Qt.Orientation.Horizontal)
    wait_until(lambda: view.isColumnHidden(LabelColumn.KEY))
    assert view.columnWidth(LabelColumn.NAME) >= 80
    window.resizeDocks([window.labels_dock], [320], Qt.Orientation.Horizontal)
    wait_until(lambda: not any(view.isColumnHidden(column) for column in LabelColumn))

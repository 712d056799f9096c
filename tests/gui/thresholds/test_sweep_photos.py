"""The sweep over a label's photos: sorted by score, selected, accepted or rejected in one step."""

from pathlib import Path

import pytest
from acting import (
    CTRL,
    SHIFT,
    click_label,
    click_row,
    current_path,
    press,
    settle,
    states_kept,
    states_shown,
    wait_until,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.panels.labels.label_model import LabelColumn
from cdul_gui.session.session import Session
from cdul_gui.session.shown_photos import Sorting
from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def swept(window: MainWindow) -> MainWindow:
    """The window with the sweep of cat: .9 on city and turned, .8 on dog; .05 on the others."""
    click_label(window, "cat")
    press(window, Qt.Key.Key_T, CTRL)
    return window


def shown_paths(window: MainWindow) -> list[str]:
    snapshot = window.session.snapshot
    assert snapshot is not None
    return [snapshot.paths[row] for row in window.session.shown]


def test_photos_are_sorted_by_score_and_the_last_accepted_one_is_looked_at(swept: MainWindow) -> None:
    assert shown_paths(swept)[:3] == ["city.png", "trip/turned.jpg", "dog.webp"]
    assert current_path(swept) == "dog.webp"
    assert swept.desk.pages.gallery.hasFocus()
    assert swept.desk.sweep_panel.isVisible()


def test_another_label_is_swept_in_its_own_order(swept: MainWindow) -> None:
    click_label(swept, "tree")
    assert shown_paths(swept)[:2] == ["trip/day two/horse.jpeg", "beach.jpg"]


def test_a_dragged_selection_is_accepted_as_one_step(swept: MainWindow, scored_photos: Path) -> None:
    gallery = swept.desk.pages.gallery
    first, third = (gallery.tile_rect(place) for place in (0, 2))
    start, end = first.topLeft(), third.center()
    view = gallery.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert len(swept.session.selection) == 3
    press(swept, Qt.Key.Key_Return, CTRL)
    for path in ("city.png", "trip/turned.jpg", "dog.webp"):
        assert states_kept(scored_photos, path)["cat"] == "confirmed"
    press(swept, Qt.Key.Key_Z, CTRL)
    for path in ("city.png", "trip/turned.jpg", "dog.webp"):
        assert states_kept(scored_photos, path)["cat"] == "likely"


def test_what_is_suggested_is_selected_and_rejected_by_keyboard(swept: MainWindow, scored_photos: Path) -> None:
    press(swept, Qt.Key.Key_T, CTRL | SHIFT)
    assert len(swept.session.selection) == 3
    press(swept, Qt.Key.Key_Backspace, CTRL)
    for path in ("city.png", "trip/turned.jpg", "dog.webp"):
        assert states_kept(scored_photos, path)["cat"] == "rejected"
    assert states_shown(swept)["cat"] == "rejected"
    press(swept, Qt.Key.Key_T, CTRL | SHIFT)
    assert len(swept.session.selection) == 0


def test_what_is_selected_is_what_is_counted_and_what_the_photo_dock_is_about(swept: MainWindow) -> None:
    click_row(swept.desk.pages.gallery, 2)
    press(swept, Qt.Key.Key_X)  # dog.webp is no cat
    click_row(swept.desk.pages.gallery, 5)
    press(swept, Qt.Key.Key_T, CTRL | SHIFT)
    assert [swept.session.snapshot.paths[row] for row in swept.session.selection] == ["city.png", "trip/turned.jpg"]
    wait_until(lambda: swept.desk.sweep_panel.estimate.text().startswith("likely from 0.20: 2 photos and 1 answered"))
    model = swept.desk.labels.model
    assert model.index(0, LabelColumn.LIKELY).data() == "+2"
    # Beside the photos stands one of those that are selected.
    assert current_path(swept) == "trip/turned.jpg"


def test_the_buttons_do_the_same(swept: MainWindow, scored_photos: Path) -> None:
    panel = swept.desk.sweep_panel
    for button in (panel.sort, panel.select, panel.accept):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        settle(swept)
    assert states_kept(scored_photos, "trip/turned.jpg")["cat"] == "confirmed"
    QTest.mouseClick(panel.reject, Qt.MouseButton.LeftButton)
    settle(swept)
    assert states_kept(scored_photos, "trip/turned.jpg")["cat"] == "rejected"


@pytest.mark.parametrize("by_label", [True, False])
def test_a_sweep_shows_all_photos_and_the_queue_waits_to_be_gone_on_with(window: MainWindow, by_label: bool) -> None:
    window.desk.queues.start("new")
    settle(window)
    press(window, Qt.Key.Key_Space)
    if by_label:
        click_label(window, "cat")
    else:
        window.session.look_at_label(0)
    press(window, Qt.Key.Key_T, CTRL)
    bar = window.desk.queue_bar
    assert (bar.isVisible(), bar.left.text()) == (True, "waits, 7 left")
    assert len(shown_paths(window)) == 8
    assert shown_paths(window)[:3] == ["city.png", "trip/turned.jpg", "dog.webp"]
    QTest.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    settle(window)
    assert (window.desk.queues.name, bar.left.text()) == ("new", "7 left, 1 done")
    assert window.session.label is None
    assert not window.desk.sweep_panel.isVisible()


def test_the_dock_goes_with_the_sweep_unless_it_was_there_before(swept: MainWindow) -> None:
    press(swept, Qt.Key.Key_Escape)
    assert shown_paths(swept)[0] == "beach.jpg"
    assert not swept.desk.sweep_panel.isVisible()
    dock = next(one for one in swept.lower_docks if one.objectName() == "sweep")
    dock.toggleViewAction().trigger()
    click_label(swept, "cat")
    press(swept, Qt.Key.Key_T, CTRL)
    press(swept, Qt.Key.Key_Escape)
    assert shown_paths(swept)[0] == "beach.jpg"
    assert swept.desk.sweep_panel.isVisible()


def test_the_dock_of_a_sweep_is_not_there_after_a_restart(swept: MainWindow, scored_photos: Path) -> None:
    swept.close()
    again = MainWindow(Session())
    try:
        again.show()
        again.desk.opening.open_folder(scored_photos)
        settle(again)
        assert not again.desk.sweep_panel.isVisible()
    finally:
        again.close()
        again.deleteLater()


def test_what_a_sweep_counts_is_read_in_full_in_a_narrow_window(swept: MainWindow) -> None:
    swept.resize(900, 700)
    settle(swept)
    told = swept.desk.sweep_panel.estimate
    told.setText("likely from 0.55: 17 photos and 5 answered, 5 of these yes · about .80 of the others right, as told")
    QApplication.sendPostedEvents()
    assert told.height() >= told.heightForWidth(told.width())


def test_the_photos_passed_over_are_no_in_the_same_edit(swept: MainWindow, scored_photos: Path) -> None:
    panel, gallery = swept.desk.sweep_panel, swept.desk.pages.gallery
    # One photo that is selected alone may be where the sweep began: it tells nothing of those above it.
    assert not panel.sort_out.isEnabled()
    click_row(gallery, 0)
    click_row(gallery, 2, CTRL)
    settle(swept)
    assert panel.sort_out.text() == "Accept; 1 above: no"
    QTest.mouseClick(panel.sort_out, Qt.MouseButton.LeftButton)
    settle(swept)
    kept = {path: states_kept(scored_photos, path)["cat"] for path in ("city.png", "trip/turned.jpg", "dog.webp")}
    assert kept == {"city.png": "confirmed", "trip/turned.jpg": "rejected", "dog.webp": "confirmed"}
    assert "cat" not in states_kept(scored_photos, "beach.jpg")
    assert swept.said.text() == "cat confirmed on 2 photos, rejected on turned.jpg"
    assert not panel.sort_out.isEnabled()
    press(swept, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "trip/turned.jpg")["cat"] == "likely"
    assert states_kept(scored_photos, "city.png")["cat"] == "likely"
    press(swept, Qt.Key.Key_Return, CTRL | SHIFT)
    assert states_kept(scored_photos, "trip/turned.jpg")["cat"] == "rejected"


def test_nothing_is_passed_over_where_the_photos_are_in_another_order(swept: MainWindow, scored_photos: Path) -> None:
    swept.desk.arrangement.sort_by(Sorting.NAME)
    settle(swept)
    click_row(swept.desk.pages.gallery, 0)
    click_row(swept.desk.pages.gallery, 2, CTRL)
    settle(swept)
    assert not swept.desk.sweep_panel.sort_out.isEnabled()
    press(swept, Qt.Key.Key_Return, CTRL | SHIFT)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}

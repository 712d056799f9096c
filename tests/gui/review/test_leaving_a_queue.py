"""A queue waits while one looks at something else, leads back to where one was, and is left."""

from pathlib import Path

import pytest
from acting import ALT, SHIFT, SUGGESTED, click_label, command, current_path, press, settle
from filtering import shown_paths
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from taught_cats import make_cats

from cdul_gui.window.main_window import MainWindow
from engine.stages.review.queues import NEW

ALL = list(SUGGESTED)


def test_leaving_shows_again_what_was_shown_before(window: MainWindow) -> None:
    press(window, Qt.Key.Key_4, ALT)
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Escape, SHIFT)
    assert shown_paths(window) == ALL
    assert not window.desk.queue_bar.isVisible()
    assert not command(window, "queue-leave").isEnabled()


def test_the_button_leaves_too(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    QTest.mouseClick(window.desk.queue_bar.leave, Qt.MouseButton.LeftButton)
    settle(window)
    assert shown_paths(window) == ALL
    assert not window.desk.queue_bar.isVisible()


def test_a_look_at_a_choice_of_photos_comes_back_to_the_queue_where_it_was(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Space)
    photos, here = shown_paths(window), current_path(window)
    window.desk.finding.choose("What changed", window.session.shown[5:7])
    assert window.desk.queues.name is None
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Escape)
    assert (window.desk.queues.name, shown_paths(window), current_path(window)) == (NEW, photos, here)
    assert window.desk.queue_bar.left.text() == "6 left, 2 done"
    # Who asked for something else meanwhile has left it.
    window.desk.finding.choose("What changed", window.session.shown[5:7])
    window.desk.arrangement.filter_by("folder:trip")
    settle(window)
    window.desk.finding.choose("Others", window.session.shown[:1])
    press(window, Qt.Key.Key_Escape)
    assert window.desk.queues.name is None
    assert len(shown_paths(window)) < 8


def test_a_queue_comes_back_with_the_photo_in_view_that_is_looked_at(empty_window: MainWindow, tmp_path: Path) -> None:
    window = empty_window
    window.desk.opening.open_folder(make_cats(tmp_path / "cats"))
    settle(window)
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_5, ALT)
    for _ in range(30):
        press(window, Qt.Key.Key_Space)
    here = current_path(window)
    window.desk.arrangement.filter_by("name:nothing")
    settle(window)
    assert shown_paths(window) == []
    command(window, "show-all").trigger()
    settle(window)
    QTest.mouseClick(window.desk.queue_bar.go_on, Qt.MouseButton.LeftButton)
    settle(window)
    assert current_path(window) == here
    assert not window.desk.pages.gallery.current_is_out_of_view


def test_a_queue_waits_while_other_photos_are_asked_for(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    press(window, Qt.Key.Key_Space)
    photos = shown_paths(window)
    window.desk.arrangement.filter_by("label:cat")
    settle(window)
    bar = window.desk.queue_bar
    assert (window.desk.queues.name, bar.isVisible(), bar.left.text()) == (None, True, "waits, 7 left")
    assert set(shown_paths(window)) == {path for path, labels in SUGGESTED.items() if "cat" in labels}
    QTest.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    settle(window)
    assert (window.desk.queues.name, shown_paths(window), current_path(window)) == (NEW, photos, photos[1])


def test_a_queue_of_which_nothing_is_left_waits_for_nothing(window: MainWindow) -> None:
    window.desk.queues.start(NEW, most=1)
    settle(window)
    press(window, Qt.Key.Key_Space)
    window.desk.arrangement.filter_by("label:cat")
    settle(window)
    assert not window.desk.queue_bar.isVisible()


@pytest.mark.parametrize("width", [1400, 960])
def test_the_bar_of_a_queue_stays_while_one_looks_at_a_label_and_leads_back(window: MainWindow, width: int) -> None:
    window.resize(width, 700)
    window.desk.queues.start(NEW)
    settle(window)
    press(window, Qt.Key.Key_Space)
    bar, line = window.desk.queue_bar, window.desk.filter_bar.line
    place = line.mapToGlobal(QPoint())
    click_label(window, "dog")
    assert bar.isVisible()
    assert bar.left.text() == "waits, 7 left"
    assert line.mapToGlobal(QPoint()) == place
    QTest.mouseClick(bar.go_on, Qt.MouseButton.LeftButton)
    settle(window)
    assert (window.desk.queues.name, bar.left.text()) == (NEW, "7 left, 1 done")
    assert window.session.label is None
    click_label(window, "dog")
    press(window, Qt.Key.Key_Escape, SHIFT)
    assert not bar.isVisible()
    # Who left it does not come back to it by leaving the label, too.
    click_label(window, "dog")
    assert window.desk.queues.name is None
    assert not bar.isVisible()
    assert shown_paths(window) == list(SUGGESTED)


def test_closing_the_photos_ends_the_queue(window: MainWindow) -> None:
    press(window, Qt.Key.Key_5, ALT)
    window.desk.opening.close()
    assert not window.desk.queue_bar.isVisible()

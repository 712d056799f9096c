"""While the photos are sorted by a label's score, a line in the gallery shows where its threshold lies."""

import numpy as np
import pytest
from acting import CTRL, PLAIN, SHIFT, click_label, command, press, settle, wait_until
from filtering import type_filter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from showing import SIDE

from cdul_gui.gallery.grid import Grid
from cdul_gui.gallery.threshold_line import ThresholdLine, place_of_threshold
from cdul_gui.look.colours import threshold_colour
from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def swept(window: MainWindow) -> MainWindow:
    """The window with the sweep of cat: .9 on two photos, .8 on a third, .05 on the five others; suggested from .2."""
    click_label(window, "cat")
    press(window, Qt.Key.Key_T, CTRL)
    wait_until(lambda: window.desk.sweep_panel.plot.isVisible())
    return window


def line(window: MainWindow) -> ThresholdLine | None:
    return window.desk.pages.gallery.threshold_line


def test_the_line_stands_after_the_last_accepted_photo(swept: MainWindow) -> None:
    assert line(swept) == ThresholdLine(3, "↑ cat ≥ 0.20")
    gallery = swept.desk.pages.gallery
    gallery.thumbnail_side = SIDE
    tile, picture = gallery.tile_rect(3), gallery.viewport().grab().toImage()
    assert tile.left() < gallery.tile_rect(2).left()
    assert picture.pixelColor(tile.center().x(), tile.top()) == threshold_colour(gallery.palette())


def test_it_follows_the_threshold_while_that_is_on_its_way(swept: MainWindow) -> None:
    press(swept, Qt.Key.Key_M, CTRL)
    plot = swept.desk.sweep_panel.plot
    while plot.threshold < 0.85:
        QTest.keyPress(plot, Qt.Key.Key_Right, SHIFT)
    assert line(swept) == ThresholdLine(2, f"↑ cat ≥ {plot.threshold:.2f}")
    QTest.keyRelease(plot, Qt.Key.Key_Right, PLAIN)
    settle(swept)
    assert line(swept) == ThresholdLine(2, f"↑ cat ≥ {plot.threshold:.2f}")


def test_in_the_other_direction_it_stands_before_them(swept: MainWindow) -> None:
    command(swept, "sort-reversed").trigger()
    settle(swept)
    assert line(swept) == ThresholdLine(5, "↓ cat ≥ 0.20")


def test_another_label_has_a_line_of_its_own(swept: MainWindow) -> None:
    click_label(swept, "tree")
    assert line(swept) == ThresholdLine(2, "↑ tree ≥ 0.20")


def test_it_goes_with_the_order(swept: MainWindow) -> None:
    press(swept, Qt.Key.Key_F1, SHIFT)
    assert line(swept) is None


def test_where_all_photos_are_on_one_side_there_is_none(swept: MainWindow) -> None:
    type_filter(swept, "score(cat)>0.5")
    assert line(swept) is None


def test_the_place_is_between_the_last_accepted_and_the_first_that_is_not() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.1, np.nan], np.float32)
    assert place_of_threshold(scores, 0.5) == 3
    assert place_of_threshold(scores, 0.51) == 1
    assert place_of_threshold(scores, 0.05) is None
    assert place_of_threshold(np.array([0.1, 0.5, np.nan], np.float32), 0.5) == 1
    assert place_of_threshold(np.array([0.9, 0.1, 0.9], np.float32), 0.5) is None


def test_the_line_is_a_step_where_a_row_of_tiles_is_parted() -> None:
    grid = Grid(5, columns=3, tile=(100, 80), margin=6)
    assert grid.corners_before(3) == [(6, 86), (306, 86)]
    assert grid.corners_before(1) == [(6, 86), (106, 86), (106, 6), (306, 6)]

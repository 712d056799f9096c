"""Labels that may be on a photo: folded behind a count, one key away, confirmed and rejected one at a time."""

from pathlib import Path

import pytest
from acting import (
    CTRL,
    SUGGESTED,
    chip,
    click_chip,
    click_label,
    click_photo,
    current_path,
    press,
    settle,
    states_kept,
    states_shown,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from cdul_gui.panels.photo.chips_of_photo import FoldChip
from cdul_gui.window.main_window import MainWindow

PHOTO = "trip/turned.jpg"


@pytest.fixture
def unsure(window: MainWindow) -> MainWindow:
    """Labels are likely from .85 and maybe from .2 on: turned.jpg is a cat, maybe a dog and a boat."""
    window.desk.thresholds.keep_for_all(0.85)
    settle(window)
    click_photo(window, PHOTO)
    return window


def fold(window: MainWindow) -> FoldChip:
    found = window.desk.inspector.chips.fold
    assert found is not None
    return found


def tile(window: MainWindow, path: str) -> QImage:
    """A photo of the gallery as it is seen."""
    gallery = window.desk.pages.gallery
    return gallery.viewport().grab(gallery.tile_rect(list(SUGGESTED).index(path))).toImage()


def test_they_stand_behind_a_count_until_a_click_unfolds_them(unsure: MainWindow, scored_photos: Path) -> None:
    assert states_shown(unsure) == {"cat": "likely"}
    assert (fold(unsure).text(), fold(unsure).accessibleName()) == ("+2", "Maybe: dog, boat")
    assert fold(unsure).toolTip() == "Maybe: dog, boat (.)"
    QTest.mouseClick(fold(unsure), Qt.MouseButton.LeftButton)
    assert list(states_shown(unsure).items()) == [("cat", "likely"), ("dog", "maybe"), ("boat", "maybe")]
    assert chip(unsure, "dog").accessibleName() == "dog: maybe"
    click_chip(unsure, "dog")
    click_chip(unsure, "boat", Qt.MouseButton.RightButton)
    assert states_kept(scored_photos, PHOTO) == {"cat": "likely", "dog": "confirmed", "boat": "rejected"}
    assert unsure.desk.inspector.chips.fold is None  # there is nothing left to fold up


def test_one_key_unfolds_them_until_the_photo_is_left(unsure: MainWindow) -> None:
    press(unsure, Qt.Key.Key_Period)
    assert states_shown(unsure) == {"cat": "likely", "dog": "maybe", "boat": "maybe"}
    press(unsure, Qt.Key.Key_Period)
    assert states_shown(unsure) == {"cat": "likely"}
    press(unsure, Qt.Key.Key_Period)
    press(unsure, Qt.Key.Key_P)
    press(unsure, Qt.Key.Key_N)
    assert current_path(unsure) == PHOTO
    assert states_shown(unsure) == {"cat": "likely"}


def test_the_fold_is_reached_by_tab_and_space_is_its_own(unsure: MainWindow, scored_photos: Path) -> None:
    fold(unsure).setFocus(Qt.FocusReason.TabFocusReason)
    press(unsure, Qt.Key.Key_Space)
    assert fold(unsure).text() == "−"
    assert fold(unsure).hasFocus()
    press(unsure, Qt.Key.Key_Space)
    assert fold(unsure).text() == "+2"
    assert current_path(unsure) == PHOTO
    assert states_kept(scored_photos, PHOTO)["cat"] == "likely"


def test_the_label_that_is_looked_at_needs_no_unfolding(unsure: MainWindow) -> None:
    click_label(unsure, "boat")
    assert states_shown(unsure) == {"cat": "likely", "boat": "maybe"}
    assert fold(unsure).accessibleName() == "Maybe: dog"


def test_space_and_x_are_about_what_is_likely_alone(unsure: MainWindow, scored_photos: Path) -> None:
    press(unsure, Qt.Key.Key_X)
    assert states_kept(scored_photos, PHOTO) == {"cat": "rejected", "dog": "maybe", "boat": "maybe"}
    press(unsure, Qt.Key.Key_Z, CTRL)
    press(unsure, Qt.Key.Key_Period)  # nor does it matter that they are seen
    press(unsure, Qt.Key.Key_Space)
    assert states_kept(scored_photos, PHOTO) == {"cat": "confirmed", "dog": "maybe", "boat": "maybe"}


def test_what_is_copied_is_likely(unsure: MainWindow) -> None:
    press(unsure, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "cat"


def test_the_labels_dock_counts_what_is_likely_and_tells_what_may_be(unsure: MainWindow) -> None:
    model = unsure.desk.labels.model
    assert [model.index(row, 2).data() for row in range(4)] == ["+2", "+2", "+2", "+1"]
    tip = model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("dog: confirmed on 0, likely on 2, maybe on 1, ")


def test_a_tile_counts_them_and_a_click_on_the_count_unfolds_them(unsure: MainWindow) -> None:
    gallery = unsure.desk.pages.gallery
    place = list(SUGGESTED).index(PHOTO)
    told = gallery.model().index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "turned.jpg; Likely: cat; Maybe: dog, boat"
    click_photo(unsure, "beach.jpg")
    before, other = tile(unsure, PHOTO), tile(unsure, "city.png")
    QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=place_of_fold(unsure, PHOTO))
    settle(unsure)
    assert current_path(unsure) == PHOTO
    assert states_shown(unsure) == {"cat": "likely", "dog": "maybe", "boat": "maybe"}
    assert tile(unsure, PHOTO) != before
    assert tile(unsure, "city.png") == other
    unfolded = tile(unsure, PHOTO)
    press(unsure, Qt.Key.Key_Period)
    assert tile(unsure, PHOTO) != unfolded
    QTest.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, pos=place_of_fold(unsure, PHOTO))
    assert states_shown(unsure) == {"cat": "likely", "dog": "maybe", "boat": "maybe"}


def place_of_fold(window: MainWindow, path: str) -> QPoint:
    """Where the count is on a photo's tile: looked for from its lower right corner."""
    gallery = window.desk.pages.gallery
    place = list(SUGGESTED).index(path)
    rect, delegate = gallery.tile_rect(place), gallery.itemDelegate()
    places = (QPoint(x, y) for y in range(rect.bottom(), rect.top(), -4) for x in range(rect.right(), rect.left(), -4))
    return next(at for at in places if delegate.is_on_fold(rect, place, at, gallery.font()))

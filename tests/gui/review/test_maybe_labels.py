"""Labels that may be on a photo: folded behind a count, one key away, confirmed and rejected one at a time."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from acting import (
    CTRL,
    LABELS,
    SHIFT,
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
    wait_until,
)
from filtering import shown_paths
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from cdul_gui.gallery.tile_labels import TileChip, TileLabels, labels_of_tiles, lay_out
from cdul_gui.look.chips import chip_height
from cdul_gui.panels.photo.chips_of_photo import FoldChip
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.edit_parents import put_below
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

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


def test_the_digit_of_a_label_that_is_folded_unfolds_it_and_answers_the_next_time(
    unsure: MainWindow, scored_photos: Path
) -> None:
    press(unsure, Qt.Key.Key_2)
    assert states_shown(unsure) == {"cat": "likely", "dog": "maybe", "boat": "maybe"}
    assert unsure.said.text() == "Here is what may be there as well, each with its digit."
    assert states_kept(scored_photos, PHOTO)["dog"] == "maybe"
    press(unsure, Qt.Key.Key_2)
    assert states_kept(scored_photos, PHOTO) == {"cat": "likely", "dog": "confirmed", "boat": "maybe"}


def test_a_label_whose_answer_is_taken_back_keeps_its_digit(unsure: MainWindow, scored_photos: Path) -> None:
    press(unsure, Qt.Key.Key_Period)
    press(unsure, Qt.Key.Key_2)  # dog
    press(unsure, Qt.Key.Key_Period)
    assert list(states_shown(unsure).items()) == [("cat", "likely"), ("dog", "confirmed")]
    press(unsure, Qt.Key.Key_2)
    assert list(states_shown(unsure).items()) == [("cat", "likely"), ("dog", "maybe")]
    assert fold(unsure).text() == "+1"
    press(unsure, Qt.Key.Key_2)
    assert states_kept(scored_photos, PHOTO) == {"cat": "likely", "dog": "confirmed", "boat": "maybe"}


def test_a_label_that_falls_away_behind_the_fold_leaves_its_digit_to_nobody(
    unsure: MainWindow, scored_photos: Path
) -> None:
    assert unsure.session.project is not None
    ids = {label.name: label.id for label in label_set(unsure.session.project)}
    put_below(unsure.session.project, [ids["dog"]], [ids["cat"]])
    unsure.session.refresh()
    settle(unsure)
    press(unsure, Qt.Key.Key_Period)
    assert list(states_shown(unsure)) == ["cat", "dog", "boat"]
    press(unsure, Qt.Key.Key_Period)
    press(unsure, Qt.Key.Key_1, SHIFT)  # no cat, and so no dog
    press(unsure, Qt.Key.Key_Period)
    assert list(states_shown(unsure).items())[::2] == [("cat", "rejected"), ("boat", "maybe")]
    press(unsure, Qt.Key.Key_3)
    assert states_kept(scored_photos, PHOTO)["boat"] == "confirmed"


def test_space_goes_on_also_from_the_count_on_which_the_photo_before_left_the_keyboard(unsure: MainWindow) -> None:
    unsure.desk.thresholds.keep_for_all(0.95)  # no label is likely, all of them may be
    settle(unsure)
    click_photo(unsure, "beach.jpg")
    press(unsure, Qt.Key.Key_Tab)
    for path in ("city.png", "dog.webp", "trip/boat.jpg"):
        assert fold(unsure).hasFocus()
        press(unsure, Qt.Key.Key_Space)
        assert current_path(unsure) == path
        assert not unsure.session.unfolded


def test_while_the_count_has_the_keyboard_no_key_answers_for_a_label(unsure: MainWindow, scored_photos: Path) -> None:
    before = states_kept(scored_photos, PHOTO)
    fold(unsure).setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_Y):
        press(unsure, key)
    assert fold(unsure).hasFocus()
    assert states_kept(scored_photos, PHOTO) == before


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


def test_who_accepts_a_photo_on_which_labels_only_may_be_is_told_so(unsure: MainWindow, scored_photos: Path) -> None:
    press(unsure, Qt.Key.Key_1, SHIFT)  # no cat
    press(unsure, Qt.Key.Key_Space)
    settle(unsure)
    name = PHOTO.rsplit("/", 1)[-1]
    assert unsure.said.text() == f"{name} has no label now, but may have: dog, boat"


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
    return next(at for at in places if delegate.is_on_fold(rect, place, gallery.font(), at))


def test_the_menu_of_a_label_shows_the_photos_where_it_may_be(unsure: MainWindow) -> None:
    view = unsure.desk.labels.view
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(LABELS.index("dog"), 0)).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(entry for entry in menu.actions() if entry.text() == "Photos where dog may be").trigger()
    menu.close()
    settle(unsure)
    assert shown_paths(unsure) == [PHOTO]


def test_a_tile_counts_what_is_likely_without_room_apart_from_what_may_be(qapp: QApplication) -> None:
    likely = [TileChip(f"a likely label {number}", LabelState.LIKELY, None) for number in range(4)]
    sure = [TileChip(f"a label that is there {number}", LabelState.CONFIRMED, None) for number in range(3)]
    font, height = QFont(), chip_height(QFont())
    narrow, wide = QRect(0, 0, 150, 2 * height + 8), QRect(0, 0, 900, 2 * height + 8)
    both = TileLabels(tuple(likely), folded=3)
    assert lay_out(font, narrow, both).chips[0][1] == likely[0]
    for room, labels, without_room, told in (
        (narrow, both, {LabelState.LIKELY: "+2"}, "+3"),
        (wide, both, {}, "+3"),
        (narrow, TileLabels(tuple(likely), folded=0), {LabelState.LIKELY: "+2"}, None),
        (narrow, TileLabels((*sure, *likely), folded=2), {LabelState.CONFIRMED: "+2", LabelState.LIKELY: "+4"}, "+2"),
    ):
        placed = lay_out(font, room, labels)
        assert {chip.state: chip.text for _, chip in placed.without_room} == without_room
        assert (placed.fold and placed.fold[1]) == told
        places = [rect for rect, _ in placed.chips + placed.without_room] + ([placed.fold[0]] if placed.fold else [])
        assert all(room.contains(rect) for rect in places)
        assert not any(one.intersects(other) for one, other in combinations(places, 2))
    assert lay_out(font, wide, TileLabels(tuple(likely), folded=0)).fold is None


def open_with_labels(window: MainWindow, photo_folder: Path, count: int) -> None:
    """All of them score .9 on every photo."""
    with Project.open(photo_folder) as project:
        labels = use_label_set(project, [NewLabel(f"a label of many {number:02}") for number in range(count)])
        add_photos(project, Progress(), Cancellation())
        photos = take_snapshot(project).photo_ids.tolist()
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
        store_scores(project, run, INITIAL, photos, np.full((len(photos), count), 0.9, np.float32))
        finish_run(project, run)
    window.desk.opening.open_folder(photo_folder)
    settle(window)


def test_every_one_of_many_likely_labels_is_counted(empty_window: MainWindow, photo_folder: Path) -> None:
    open_with_labels(empty_window, photo_folder, 90)
    snapshot = empty_window.session.snapshot
    assert snapshot is not None
    labels = labels_of_tiles(snapshot, [0], None, None)[0]
    placed = lay_out(QFont(), QRect(0, 0, 150, 2 * chip_height(QFont()) + 8), labels)
    assert [chip.text for _, chip in placed.without_room] == [f"+{90 - len(placed.chips)}"]


def test_dozens_of_labels_that_may_be_are_scrolled_to(empty_window: MainWindow, photo_folder: Path) -> None:
    open_with_labels(empty_window, photo_folder, 60)
    empty_window.desk.thresholds.keep_for_all(0.95)
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    height, inspector = empty_window.height(), empty_window.desk.inspector
    press(empty_window, Qt.Key.Key_Period)
    chips = inspector.chips.chips()
    assert len(chips) == 60
    wait_until(lambda: not chips[0].visibleRegion().isEmpty())
    assert chips[-1].visibleRegion().isEmpty()
    assert inspector.add_label.isVisible()
    assert inspector.rect().contains(inspector.add_label.geometry())
    assert empty_window.height() == height
    chips[-2].setFocus(Qt.FocusReason.TabFocusReason)
    press(empty_window, Qt.Key.Key_Tab)
    wait_until(lambda: not chips[-1].visibleRegion().isEmpty())
    # A digit shows its label before it answers for it.
    assert chips[0].visibleRegion().isEmpty()
    name = chips[0].text()
    empty_window.desk.pages.gallery.setFocus()
    press(empty_window, Qt.Key.Key_1)
    assert empty_window.said.text() == f"Here is {name}: once more answers for it."
    wait_until(lambda: not chips[0].visibleRegion().isEmpty())
    assert states_shown(empty_window)[name] == "maybe"
    press(empty_window, Qt.Key.Key_1)
    assert states_shown(empty_window)[name] == "confirmed"


@pytest.mark.parametrize("width", range(90, 400, 7))
@pytest.mark.parametrize("likely", range(5))
def test_a_tile_never_tells_of_fewer_labels_unfolded_than_folded(qapp: QApplication, width: int, likely: int) -> None:
    sure = tuple(TileChip(f"likely {number}", LabelState.LIKELY, None) for number in range(likely))
    maybe = tuple(TileChip(f"a label {number}", LabelState.MAYBE, 0.3) for number in range(3))
    room = QRect(0, 0, width, 2 * chip_height(QFont()) + 8)
    told = []
    for labels in (TileLabels(sure, folded=3), TileLabels(sure + maybe, folded=0)):
        placed = lay_out(QFont(), room, labels)
        count = placed.fold[1].removeprefix("+") if placed.fold is not None else "0"
        told.append((len(placed.chips), int(count) + sum(chip.state == LabelState.MAYBE for _, chip in placed.chips)))
    folded, unfolded = told
    assert unfolded[0] >= folded[0]
    assert folded[1] == unfolded[1] == 3

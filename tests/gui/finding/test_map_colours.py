"""The colours of the map tell a label's state, its scores, its doubt, or the folders, and follow what is chosen."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from acting import CTRL, SHIFT, click_photo, click_row, press, settle
from finding import label_photos, open_photos
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest

from cdul_gui.panels.map.map_colours import ColourBy
from cdul_gui.panels.map.panel import PhotoMapPanel
from cdul_gui.session.session import Session
from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def mapped(
    empty_window: MainWindow, photo_folder: Path, tiny_clip_encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """The window on eight photos that the small CLIP labelled, with the map open and “cat” chosen; dots alone."""
    monkeypatch.setattr("cdul_gui.panels.map.map_thumbnails.MOST_IN_VIEW", 0)
    label_photos(photo_folder, tiny_clip_encoder)
    open_photos(empty_window, photo_folder)
    press(empty_window, Qt.Key.Key_P, CTRL | SHIFT)
    settle(empty_window)
    click_row(empty_window.desk.labels.view, 0)
    settle(empty_window)
    return empty_window


def choose_colours(window: MainWindow, by: ColourBy) -> None:
    """By keyboard, as a person who came there by Tab."""
    combo = window.desk.photo_map.colour_by
    while combo.currentData() != by:
        QTest.keyClick(combo, Qt.Key.Key_Down)
    settle(window)


def seen(panel: PhotoMapPanel) -> list[QColor]:
    """The colour in the middle of each photo's dot."""
    picture = panel.plot.grab().toImage()
    places = [panel.plot.mapFromScene(panel.plot.place_of(place)) for place in range(len(panel.plot.points))]
    return [picture.pixelColor(place) for place in places]


def strength(panel: PhotoMapPanel) -> np.ndarray:
    """How far the colour of each dot stands out from the ground."""
    ground = panel.palette().color(QPalette.ColorRole.Base).lightness()
    return np.array([abs(colour.lightness() - ground) for colour in seen(panel)])


def test_a_higher_score_stands_out_more_and_another_label_has_other_colours(mapped: MainWindow) -> None:
    panel, snapshot = mapped.desk.photo_map, mapped.session.snapshot
    assert snapshot is not None
    choose_colours(mapped, ColourBy.SCORE)
    order = np.argsort(snapshot.scores[:, 0])
    strengths = strength(panel)
    assert strengths[order[-1]] == strengths.max() > strengths[order[0]] == strengths.min()
    lowest, highest = (f"{snapshot.scores[order[end], 0]:.2f}".removeprefix("0") for end in (0, -1))
    assert panel.legend.accessibleName() == f"Score of cat: from {lowest} to {highest}"
    before = seen(panel)
    click_row(mapped.desk.labels.view, 1)
    settle(mapped)
    assert seen(panel) != before


def test_an_answer_takes_the_doubt_away_at_once(mapped: MainWindow) -> None:
    panel = mapped.desk.photo_map
    choose_colours(mapped, ColourBy.DOUBT)
    assert panel.legend.accessibleName() == "Doubt about cat: from clear to doubtful"
    before = seen(panel)
    click_photo(mapped, "city.png")
    mapped.session.select(np.zeros(0, np.int64))  # without the rim of what is selected
    press(mapped, Qt.Key.Key_Space)
    changed = [place for place, (now, then) in enumerate(zip(seen(panel), before, strict=True)) if now != then]
    assert changed == [1]
    assert panel.legend.accessibleName() == "Doubt about cat: from clear to doubtful, answered"


def test_folders_have_a_colour_each(mapped: MainWindow) -> None:
    panel, snapshot = mapped.desk.photo_map, mapped.session.snapshot
    assert snapshot is not None
    choose_colours(mapped, ColourBy.FOLDER)
    assert panel.legend.accessibleName() == "Folder: in no folder, trip"
    on_trip = np.array([path.startswith("trip/") for path in snapshot.paths])
    names = np.array([colour.name() for colour in seen(panel)])
    assert len(set(names[on_trip])) == len(set(names[~on_trip])) == 1
    assert len(set(names)) == 2


def test_what_the_colours_tell_is_remembered(mapped: MainWindow) -> None:
    choose_colours(mapped, ColourBy.DOUBT)
    again = MainWindow(Session())
    try:
        assert again.desk.photo_map.for_the_keyboard is not None  # as it is when it is first shown
        assert again.desk.photo_map.colour_by.currentData() == ColourBy.DOUBT
    finally:
        again.close()
        again.deleteLater()


def test_without_a_label_it_asks_for_one(mapped: MainWindow) -> None:
    panel = mapped.desk.photo_map
    click_row(mapped.desk.labels.view, 0)
    settle(mapped)
    assert mapped.session.label is None
    assert panel.legend.text() == "Choose a label to see where it is"
    assert len({colour.name() for colour in seen(panel)}) == 1


def test_the_grey_dots_are_in_the_legend(mapped: MainWindow) -> None:
    panel, snapshot = mapped.desk.photo_map, mapped.session.snapshot
    assert snapshot is not None
    assert panel.colour_by.currentData() == ColourBy.STATE
    assert panel.legend.accessibleName().startswith("cat: ")
    assert "<b>cat:</b>" in panel.legend.text()
    grey = (snapshot.states()[:, 0] == 0).any()
    assert ("not suggested" in panel.legend.accessibleName()) == grey
    click_photo(mapped, "city.png")
    mapped.desk.review.undecide()
    mapped.desk.review.reject()
    settle(mapped)
    assert "rejected" in panel.legend.accessibleName()

"""Photos are selected by mouse, and the session and the gallery agree on which."""

from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, PLAIN, SHIFT, click_row
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from showing import make_photos, rows, show_gallery

from cdul_gui.gallery import GalleryView
from cdul_gui.session.session import Session

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def gallery(qtbot: QtBot, session: Session, tmp_path: Path) -> GalleryView:
    """Thirty photos in three columns."""
    return show_gallery(qtbot, session, make_photos(tmp_path / "photos", 30))


def marked(gallery: GalleryView) -> list[int]:
    """The places that the gallery shows as selected."""
    return sorted(index.row() for index in gallery.selectionModel().selectedIndexes())


def test_click_ctrl_click_and_shift_click(gallery: GalleryView, session: Session) -> None:
    click_row(gallery, 4)
    assert session.selection.tolist() == [4]
    assert session.current == 4
    click_row(gallery, 1, CTRL)
    assert session.selection.tolist() == [1, 4]
    click_row(gallery, 4, CTRL)
    assert session.selection.tolist() == [1]
    click_row(gallery, 1)
    click_row(gallery, 5, SHIFT)
    assert session.selection.tolist() == [1, 2, 3, 4, 5]
    click_row(gallery, 0)
    assert session.selection.tolist() == [0]


def test_a_band_selects_what_it_touches(gallery: GalleryView, session: Session) -> None:
    first, last = gallery.tile_rect(1), gallery.tile_rect(5)
    QTest.mousePress(gallery.viewport(), LEFT, PLAIN, first.center())
    for step in range(1, 6):
        QTest.mouseMove(gallery.viewport(), first.center() + (last.center() - first.center()) * step / 5)
    QTest.mouseRelease(gallery.viewport(), LEFT, PLAIN, last.center())
    assert session.selection.tolist() == [1, 2, 4, 5]


def test_a_band_may_begin_beside_the_tiles(gallery: GalleryView, session: Session) -> None:
    session.show_rows(rows(7, 8))
    beside = gallery.tile_rect(1).bottomRight() + QPoint(30, 30)
    inside = gallery.tile_rect(1).center()
    QTest.mousePress(gallery.viewport(), LEFT, PLAIN, beside)
    for step in range(1, 6):
        QTest.mouseMove(gallery.viewport(), beside + (inside - beside) * step / 5)
    QTest.mouseRelease(gallery.viewport(), LEFT, PLAIN, inside)
    assert session.selection.tolist() == [8]


def test_double_click_opens(qtbot: QtBot, gallery: GalleryView) -> None:
    click_row(gallery, 2)
    with qtbot.waitSignal(gallery.opened) as opened:
        QTest.mouseDClick(gallery.viewport(), LEFT, PLAIN, gallery.tile_rect(2).center())
    assert opened.args == [2]


def test_the_gallery_follows_the_session(gallery: GalleryView, session: Session) -> None:
    session.select(rows(2, 3, 9, 28))
    session.look_at(28)
    assert marked(gallery) == [2, 3, 9, 28]
    assert gallery.currentIndex().row() == 28
    assert gallery.viewport().rect().contains(gallery.tile_rect(28))


def test_selection_and_current_photo_outlive_another_order(gallery: GalleryView, session: Session) -> None:
    session.select(rows(2, 3))
    session.look_at(3)
    session.show_rows(np.arange(29, -1, -1))
    assert marked(gallery) == [26, 27]
    assert sorted(session.selection.tolist()) == [2, 3]
    assert session.current == 3
    assert gallery.currentIndex().row() == 26


def test_what_is_filtered_away_is_no_longer_selected(gallery: GalleryView, session: Session) -> None:
    session.select(rows(2, 3, 4))
    session.show_rows(rows(3, 4, 5))
    assert session.selection.tolist() == [3, 4]


def test_another_order_is_shown_from_its_beginning(gallery: GalleryView, session: Session) -> None:
    gallery.verticalScrollBar().setValue(500)
    session.show_rows(np.arange(29, -1, -1))
    assert gallery.visible_places().start == 0


def test_what_is_read_anew_stays_where_it_was(qtbot: QtBot, gallery: GalleryView, session: Session) -> None:
    gallery.verticalScrollBar().setValue(500)
    with qtbot.waitSignal(session.snapshot_changed):
        session.refresh()
    assert gallery.verticalScrollBar().value() == 500

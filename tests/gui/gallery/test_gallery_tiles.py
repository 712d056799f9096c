"""A tile shows the states of its photo, and says them to screen readers."""

from pathlib import Path

import pytest
from acting import LABELS
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot
from showing import rows, show_gallery, wait_for_thumbnails

from cdul_gui.gallery import GalleryView
from cdul_gui.gallery.delegate import TileDelegate
from cdul_gui.session.order import Grouping
from cdul_gui.session.session import Session
from engine.project.answer import Answer


@pytest.fixture
def gallery(qtbot: QtBot, session: Session, scored_photos: Path) -> GalleryView:
    gallery = show_gallery(qtbot, session, scored_photos)
    wait_for_thumbnails(gallery.thumbnails, range(8))
    return gallery


def picture(gallery: GalleryView, place: int) -> QImage:
    """A tile as it is seen."""
    return gallery.viewport().grab(gallery.tile_rect(place)).toImage()


def answer(session: Session, row: int, label: str | None, value: bool) -> None:
    snapshot = session.snapshot
    assert snapshot is not None
    label_id = None if label is None else snapshot.labels[LABELS.index(label)].id
    session.edits.answer("an answer", [Answer(int(snapshot.photo_ids[row]), label_id, value)])


def told(gallery: GalleryView, place: int) -> str:
    return gallery.model().index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_every_change_of_state_is_seen_and_told(gallery: GalleryView, session: Session) -> None:
    assert told(gallery, 0) == "beach.jpg; Likely: boat, tree"
    seen = [picture(gallery, 0)]
    answer(session, 0, "boat", value=True)
    seen.append(picture(gallery, 0))
    answer(session, 0, "tree", value=False)
    seen.append(picture(gallery, 0))
    answer(session, 0, None, value=True)
    seen.append(picture(gallery, 0))
    session.select(rows(0, 1))
    seen.append(picture(gallery, 0))
    session.look_at(1)
    seen.append(picture(gallery, 0))
    assert all(one != other for place, one in enumerate(seen) for other in seen[:place])
    assert told(gallery, 0) == "beach.jpg; Reviewed; Confirmed: boat; Rejected: tree"


def test_the_current_labels_rejection_is_shown_on_the_tile(gallery: GalleryView, session: Session) -> None:
    answer(session, 0, "tree", value=False)
    before = picture(gallery, 0)
    session.look_at_label(LABELS.index("tree"))
    assert picture(gallery, 0) != before


def test_an_answer_changes_no_other_tile(gallery: GalleryView, session: Session) -> None:
    before = picture(gallery, 1)
    answer(session, 0, "boat", value=True)
    assert picture(gallery, 1) == before


def test_a_photo_without_labels_shows_its_name(gallery: GalleryView, session: Session) -> None:
    snapshot = session.snapshot
    assert snapshot is not None
    before = picture(gallery, 5)
    snapshot.paths[5] = "trip/day two/another.JPG"
    snapshot.scores[5] = 0
    gallery.viewport().update()
    assert picture(gallery, 5) != before


def test_headers_stand_between_folders(gallery: GalleryView) -> None:
    without = gallery.tile_rect(3).top()
    gallery.grouping = Grouping.FOLDER
    # Three photos in the folder itself, then those in `trip`.
    assert gallery.tile_rect(0).top() > 0
    assert gallery.tile_rect(3).top() > without
    assert gallery.tile_rect(3).left() == gallery.tile_rect(0).left()
    gallery.grouping = Grouping.NONE
    assert gallery.tile_rect(3).top() == without


def test_an_empty_gallery_says_what_to_do(gallery: GalleryView, session: Session) -> None:
    session.show_rows(rows())
    empty = gallery.viewport().grab().toImage()
    gallery.message = "No photo matches the filter."
    assert gallery.viewport().grab().toImage() != empty
    assert gallery.accessibleName()


def test_labels_of_photos_that_were_scrolled_to_come_a_moment_later(
    qtbot: QtBot, gallery: GalleryView, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.resize(gallery.width(), gallery.height() // 2)
    gallery.viewport().repaint()
    monkeypatch.setattr("cdul_gui.gallery.view._LABELS_AT_ONCE", 1)
    painted = []
    paint_below = TileDelegate._paint_below

    def counting(delegate: TileDelegate, painter: QPainter, room: QRect, row: int, option: object) -> None:
        painted.append(row)
        paint_below(delegate, painter, room, row, option)

    monkeypatch.setattr(TileDelegate, "_paint_below", counting)
    bar = gallery.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    gallery.viewport().repaint()
    assert len(painted) == 1
    shown = gallery.visible_places()
    assert len(shown) > 1
    qtbot.waitUntil(lambda: not gallery.itemDelegate().left_out and len(painted) > 1)

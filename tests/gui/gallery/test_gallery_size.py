"""The size of thumbnails follows Ctrl and the wheel, and what one looks at stays in sight."""

from pathlib import Path

import pytest
from acting import wait_until
from making import make_photo
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from showing import make_photos, show_gallery

from cdul_gui.gallery import GalleryView
from cdul_gui.gallery.view import LEAST_SIDE, MOST_SIDE
from cdul_gui.session.session import Session


@pytest.fixture
def gallery(qtbot: QtBot, session: Session, tmp_path: Path) -> GalleryView:
    return show_gallery(qtbot, session, make_photos(tmp_path / "photos", 60))


def turn_wheel(gallery: GalleryView, angle: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(gallery.viewport(), event)


def test_ctrl_and_wheel_change_the_size_and_say_so(qtbot: QtBot, gallery: GalleryView) -> None:
    before = gallery.thumbnail_side
    with qtbot.waitSignal(gallery.thumbnail_side_changed) as changed:
        turn_wheel(gallery, 120, Qt.KeyboardModifier.ControlModifier)
    assert changed.args == [gallery.thumbnail_side]
    assert gallery.thumbnail_side > before


def test_a_touchpads_small_parts_add_up(gallery: GalleryView) -> None:
    before = gallery.thumbnail_side
    for _ in range(4):
        turn_wheel(gallery, -30, Qt.KeyboardModifier.ControlModifier)
    assert gallery.thumbnail_side < before


def test_the_wheel_alone_scrolls(gallery: GalleryView) -> None:
    before = gallery.thumbnail_side
    turn_wheel(gallery, -120, Qt.KeyboardModifier.NoModifier)
    assert gallery.verticalScrollBar().value() > 0
    assert gallery.thumbnail_side == before


def test_the_size_has_limits(gallery: GalleryView) -> None:
    gallery.thumbnail_side = 10
    assert gallery.thumbnail_side == LEAST_SIDE
    gallery.thumbnail_side = 9999
    assert gallery.thumbnail_side == MOST_SIDE


@pytest.mark.parametrize("side", [LEAST_SIDE, MOST_SIDE])
def test_the_current_photo_stays_where_it_is(gallery: GalleryView, session: Session, side: int) -> None:
    session.look_at(30)
    before = gallery.tile_rect(30).top()
    gallery.thumbnail_side = side
    assert gallery.tile_rect(30).top() == before


def test_thumbnails_fit_the_size_that_was_chosen_last(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    for number in range(6):
        make_photo(tmp_path / "photos" / f"{number}.jpg", number, size=(800, 600))
    gallery = show_gallery(qtbot, session, tmp_path / "photos", size=(1200, 900))
    for side in (160, 240, 200):
        gallery.thumbnail_side = side
        gallery.repaint()
    box = gallery.itemDelegate().box(gallery.tile_rect(0).width())
    # Four by three, as the photos are; the room of a tile may be a pixel wider.
    wanted = QSize(800, 600).scaled(box, Qt.AspectRatioMode.KeepAspectRatio)

    def shown() -> list[QSize | None]:
        images = (gallery.thumbnails.thumbnail(row) for row in range(6))
        return [image.size() if image is not None else None for image in images]

    wait_until(lambda: shown() == [wanted] * 6)


def test_a_narrower_window_keeps_the_current_photo_in_sight(gallery: GalleryView, session: Session) -> None:
    session.look_at(30)
    gallery.resize(300, 400)
    assert gallery.tile_rect(30).intersects(gallery.viewport().rect())

"""The gallery is gone through by keyboard alone."""

from pathlib import Path

import pytest
from acting import SHIFT
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from showing import make_photos, rows, show_gallery

from cdul_gui.gallery import GalleryView
from cdul_gui.session.session import Session

Key = Qt.Key


@pytest.fixture
def gallery(qtbot: QtBot, session: Session, tmp_path: Path) -> GalleryView:
    """Thirty photos in three columns."""
    gallery = show_gallery(qtbot, session, make_photos(tmp_path / "photos", 30))
    assert gallery.tile_rect(3).left() == gallery.tile_rect(0).left()
    return gallery


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([Key.Key_Right], 1),
        ([Key.Key_Left], 0),
        ([Key.Key_Down], 3),
        ([Key.Key_Down, Key.Key_Right, Key.Key_Up], 1),
        ([Key.Key_Right, Key.Key_Right, Key.Key_Right], 3),
        ([Key.Key_End], 29),
        ([Key.Key_End, Key.Key_Right], 29),
        ([Key.Key_End, Key.Key_Home], 0),
        ([Key.Key_PageDown], 6),
        ([Key.Key_PageDown, Key.Key_PageUp], 0),
    ],
)
def test_keys_move_the_current_photo_into_sight(
    gallery: GalleryView, session: Session, keys: list[Qt.Key], expected: int
) -> None:
    for key in keys:
        QTest.keyClick(gallery, key)
    assert session.current == expected
    assert gallery.viewport().rect().contains(gallery.tile_rect(expected))


def test_shift_selects_from_where_one_was(gallery: GalleryView, session: Session) -> None:
    QTest.keyClick(gallery, Key.Key_Right)
    QTest.keyClick(gallery, Key.Key_Down, SHIFT)
    assert session.selection.tolist() == [1, 2, 3, 4]
    QTest.keyClick(gallery, Key.Key_Up, SHIFT)
    QTest.keyClick(gallery, Key.Key_Left, SHIFT)
    assert session.selection.tolist() == [0, 1]


def test_everything_is_selected_at_once(gallery: GalleryView, session: Session) -> None:
    gallery.selectAll()
    assert session.selection.tolist() == list(range(30))


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
def test_enter_opens_the_current_photo(qtbot: QtBot, gallery: GalleryView, session: Session, key: Qt.Key) -> None:
    session.show_rows(rows(5, 3, 4))
    session.look_at(3)
    with qtbot.waitSignal(gallery.opened) as opened:
        QTest.keyClick(gallery, key)
    assert opened.args == [3]


def test_letters_are_left_to_the_labels(gallery: GalleryView, session: Session) -> None:
    QTest.keyClicks(gallery, "02")
    assert session.current == 0

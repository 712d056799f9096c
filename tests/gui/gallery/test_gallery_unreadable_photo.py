"""A photo that cannot be read is marked, says why, and disturbs no other."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from showing import show_gallery, wait_for_thumbnails

from cdul_gui.session.session import Session


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff\xe0 no more", b"\x89PNG\r\n\x1a\n broken", b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
    ids=["empty", "jpeg", "png", "another format"],
)
def test_its_tile_says_why(qtbot: QtBot, session: Session, photo_folder: Path, content: bytes) -> None:
    (photo_folder / "a broken one.jpg").write_bytes(content)
    gallery = show_gallery(qtbot, session, photo_folder)
    wait_for_thumbnails(gallery.thumbnails, range(9))
    problem = gallery.thumbnails.problem(0)
    assert problem is not None
    assert gallery.thumbnails.thumbnail(0) is None
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert problem in gallery.model().index(0, 0).data(role)
    assert all(gallery.thumbnails.thumbnail(row) is not None for row in range(1, 9))


def test_a_cut_off_photo_disturbs_nothing(qtbot: QtBot, session: Session, photo_folder: Path) -> None:
    whole = (photo_folder / "beach.jpg").read_bytes()
    (photo_folder / "a cut one.jpg").write_bytes(whole[: len(whole) // 2])
    gallery = show_gallery(qtbot, session, photo_folder)
    wait_for_thumbnails(gallery.thumbnails, range(9))
    assert all(gallery.thumbnails.thumbnail(row) is not None for row in range(1, 9))


def test_a_senseless_colour_profile_does_no_harm(qtbot: QtBot, session: Session, photo_folder: Path) -> None:
    Image.open(photo_folder / "beach.jpg").save(photo_folder / "beach.jpg", icc_profile=b"no profile" * 20)
    gallery = show_gallery(qtbot, session, photo_folder)
    wait_for_thumbnails(gallery.thumbnails, range(8))
    assert gallery.thumbnails.thumbnail(0) is not None


def test_a_name_is_never_taken_for_markup(qtbot: QtBot, session: Session, photo_folder: Path) -> None:
    (photo_folder / "beach.jpg").rename(photo_folder / "<b>bold<b>.jpg")
    gallery = show_gallery(qtbot, session, photo_folder)
    assert "&lt;b&gt;bold" in gallery.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)

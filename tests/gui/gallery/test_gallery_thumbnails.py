"""Photos appear as thumbnails: upright, in their proportions, small enough for their tile."""

from pathlib import Path

import pytest
from making import make_photo
from PIL import Image
from PySide6.QtGui import QColor, QColorSpace
from pytestqt.qtbot import QtBot
from showing import show_gallery, wait_for_thumbnails

from cdul_gui.gallery.decoding import thumbnail_of_file
from cdul_gui.session.session import Session


def test_every_visible_photo_gets_a_thumbnail_that_fits_its_tile(
    qtbot: QtBot, session: Session, photo_folder: Path
) -> None:
    gallery = show_gallery(qtbot, session, photo_folder)
    wait_for_thumbnails(gallery.thumbnails, range(8))
    tile = gallery.tile_rect(0).size()
    for row in range(8):
        thumbnail = gallery.thumbnails.thumbnail(row)
        assert thumbnail is not None
        assert thumbnail.width() < tile.width()
        assert thumbnail.height() < tile.height()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_shown_upright(tmp_path: Path, orientation: int) -> None:
    photo = make_photo(tmp_path / "photo.jpg", 1, size=(800, 400), orientation=orientation)
    thumbnail = thumbnail_of_file(photo, 256)
    expected = (256, 128) if orientation < 5 else (128, 256)
    assert (thumbnail.width(), thumbnail.height()) == expected


def test_a_small_photo_is_not_enlarged(tmp_path: Path) -> None:
    thumbnail = thumbnail_of_file(make_photo(tmp_path / "photo.png", 1, size=(33, 47)), 256)
    assert (thumbnail.width(), thumbnail.height()) == (33, 47)


@pytest.mark.parametrize("suffix", [".heic", ".avif", ".tif", ".gif", ".webp", ".bmp", ".png"])
def test_other_formats_have_thumbnails_as_well(tmp_path: Path, suffix: str) -> None:
    thumbnail = thumbnail_of_file(make_photo(tmp_path / f"photo{suffix}", 1, size=(600, 300)), 256)
    assert (thumbnail.width(), thumbnail.height()) == (256, 128)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (300, 300), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert thumbnail_of_file(tmp_path / "clear.png", 256).pixelColor(100, 100).name() == "#ffffff"


@pytest.mark.parametrize(("mode", "colour"), [("RGB", (200, 40, 40)), ("L", 90), ("CMYK", (0, 200, 200, 30))])
def test_a_jpeg_has_the_colours_that_it_was_saved_with(tmp_path: Path, mode: str, colour: tuple[int, ...]) -> None:
    saved = Image.new(mode, (900, 500), colour)
    saved.save(tmp_path / "photo.jpg", quality=95)
    shown = thumbnail_of_file(tmp_path / "photo.jpg", 256).pixelColor(100, 60)
    expected = saved.convert("RGB").getpixel((0, 0))
    assert (shown.red(), shown.green(), shown.blue()) == pytest.approx(expected, abs=6)


def test_a_wide_colour_profile_is_brought_to_the_screens(tmp_path: Path) -> None:
    profile = QColorSpace(QColorSpace.NamedColorSpace.DisplayP3)
    saved = Image.new("RGB", (900, 500), (180, 80, 60))
    saved.save(tmp_path / "phone.jpg", quality=95, icc_profile=profile.iccProfile().data())
    screen = profile.transformationToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    expected = screen.map(QColor(180, 80, 60))
    shown = thumbnail_of_file(tmp_path / "phone.jpg", 256).pixelColor(100, 60)
    assert expected.red() > 185
    assert (shown.red(), shown.green(), shown.blue()) == pytest.approx(
        (expected.red(), expected.green(), expected.blue()), abs=3
    )

"""Photos that a camera stored turned or mirrored are seen upright; their stored size is kept."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.photos.decode import decode_file
from engine.photos.loader import cut_snippets

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

# How a camera stores an upright photo for each orientation: the inverse of what a viewer does.
STORED_BY = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


def four_quarters() -> np.ndarray:
    """Red, green / blue, white; 48 wide, 32 high."""
    upright = np.zeros((32, 48, 3), np.uint8)
    upright[:16, :24] = (255, 0, 0)
    upright[:16, 24:] = (0, 255, 0)
    upright[16:, :24] = (0, 0, 255)
    upright[16:, 24:] = 255
    return upright


def store(upright: np.ndarray, orientation: int, file: Path) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.ascontiguousarray(STORED_BY[orientation](upright))).save(file, exif=exif)
    return file


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_the_photo_is_seen_upright(orientation: int, suffix: str, tmp_path: Path) -> None:
    decoded = decode_file(store(four_quarters(), orientation, tmp_path / f"photo.{suffix}"))
    np.testing.assert_array_equal(decoded.rgb, four_quarters())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_stored_size_and_orientation_are_kept(orientation: int, tmp_path: Path) -> None:
    decoded = decode_file(store(four_quarters(), orientation, tmp_path / "photo.jpg"))
    assert (decoded.width, decoded.height) == ((48, 32) if orientation < 5 else (32, 48))
    assert decoded.orientation == orientation
    assert decoded.picture.size == (48, 32)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "tif", "webp", "avif"])
def test_size_and_orientation_always_tell_the_upright_size(orientation: int, suffix: str, tmp_path: Path) -> None:
    decoded = decode_file(store(four_quarters(), orientation, tmp_path / f"photo.{suffix}"))
    stored = decoded.width, decoded.height
    assert decoded.picture.size == (stored if decoded.orientation < 5 else stored[::-1]) == (48, 32)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_snippets_land_where_they_should(orientation: int, tmp_path: Path) -> None:
    decoded = decode_file(store(four_quarters(), orientation, tmp_path / "photo.jpg"))
    centres = cut_snippets(decoded.picture, [2], side=8)[:, 4, 4].astype(int)
    expected = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
    np.testing.assert_allclose(centres, expected, atol=8)


@pytest.mark.parametrize("mode", ["L", "P", "I;16", "RGBA"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_photos_without_rgb_pixels_are_turned_as_well(mode: str, suffix: str, tmp_path: Path) -> None:
    bright_left = np.zeros((10, 20), np.uint8)
    bright_left[:, :10] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.ascontiguousarray(np.rot90(bright_left, 1))
    deep = Image.fromarray(stored.astype(np.uint16) * 257)
    photo = deep if mode == "I;16" else Image.fromarray(stored).convert(mode)
    photo.save(tmp_path / f"photo.{suffix}", exif=exif)
    rgb = decode_file(tmp_path / f"photo.{suffix}").rgb
    assert rgb.shape == (10, 20, 3)
    assert rgb[5, 2].tolist() == [255] * 3
    assert rgb[5, 17].tolist() == [0] * 3


@pytest.mark.parametrize("orientation", [0, 9, 300])
def test_an_orientation_that_means_nothing_is_passed_over(orientation: int, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(four_quarters()).save(tmp_path / "odd.png", exif=exif)
    decoded = decode_file(tmp_path / "odd.png")
    assert decoded.orientation == 1
    np.testing.assert_array_equal(decoded.rgb, four_quarters())


@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"\0" * 20])
def test_damaged_exif_does_not_make_a_photo_unreadable(exif: bytes, tmp_path: Path) -> None:
    Image.fromarray(four_quarters()).save(tmp_path / "odd.jpg", exif=exif)
    assert decode_file(tmp_path / "odd.jpg").picture.size == (48, 32)

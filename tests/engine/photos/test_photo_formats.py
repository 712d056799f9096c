"""Every format and kind of pixel becomes upright RGB."""

from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from making import smooth_photo
from PIL import Image

from engine.photos.decode import PhotoProblem, decode, decode_file


@pytest.mark.parametrize(
    ("suffix", "options", "tolerance"),
    [
        ("jpg", {"quality": 95}, 12),
        ("png", {}, 0),
        ("webp", {"lossless": True}, 0),
        ("tif", {}, 0),
        ("bmp", {}, 0),
        ("avif", {"quality": 95}, 12),
        ("heic", {"quality": 95}, 12),
    ],
)
def test_pixels_come_back(suffix: str, options: dict[str, int], tolerance: int, tmp_path: Path) -> None:
    pillow_heif.register_heif_opener()
    photo = smooth_photo(1, (64, 48))
    photo.save(tmp_path / f"photo.{suffix}", **options)
    decoded = decode_file(tmp_path / f"photo.{suffix}")
    assert (decoded.width, decoded.height, decoded.orientation) == (64, 48, 1)
    assert decoded.rgb.shape == (48, 64, 3)
    assert decoded.rgb.dtype == np.uint8
    assert np.abs(decoded.rgb.astype(int) - np.asarray(photo)).mean() <= tolerance


def test_the_first_frame_of_a_gif(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "lime", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:], duration=100)
    assert decode_file(tmp_path / "moving.gif").rgb[5, 5].tolist() == [255, 0, 0]


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(tmp_path / "ink.jpg", quality=95)
    red, green, blue = decode_file(tmp_path / "ink.jpg").rgb[8, 8].tolist()
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_16_bit_grey_keeps_its_whole_range(suffix: str, tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 32768, 65535]], np.uint16)).save(tmp_path / f"deep.{suffix}")
    assert decode_file(tmp_path / f"deep.{suffix}").rgb[0].tolist() == [[0] * 3, [127] * 3, [255] * 3]


def test_float_grey_is_shown_by_the_range_that_occurs(tmp_path: Path) -> None:
    Image.fromarray(np.array([[-1.0, 0.0, 1.0, np.nan]], np.float32)).save(tmp_path / "depth.tif")
    assert decode_file(tmp_path / "depth.tif").rgb[0, :, 0].tolist() == [0, 127, 255, 0]


def test_a_palette_becomes_its_colours(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), (10, 200, 30)).convert("P", palette=Image.Palette.ADAPTIVE).save(tmp_path / "few.png")
    assert decode_file(tmp_path / "few.png").rgb[4, 4].tolist() == [10, 200, 30]


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert decode_file(tmp_path / "clear.png").rgb[4, 4].tolist() == [255, 255, 255]
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([200, 0, 0, 0, 0, 200])
    palette.save(tmp_path / "clear.gif", transparency=0)
    assert decode_file(tmp_path / "clear.gif").rgb[4, 4].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "YCbCr", "LAB", "I"])
def test_other_kinds_of_pixels_become_rgb(mode: str, tmp_path: Path) -> None:
    grey = Image.linear_gradient("L").resize((16, 16))
    photo = Image.merge("LAB", [grey] * 3) if mode == "LAB" else grey.convert(mode)
    photo.save(tmp_path / "photo.tif")
    assert decode_file(tmp_path / "photo.tif").rgb.shape == (16, 16, 3)


def test_a_jpeg_is_decoded_no_larger_than_needed(tmp_path: Path) -> None:
    smooth_photo(2, (1600, 1200)).save(tmp_path / "large.jpg", quality=95)
    data = (tmp_path / "large.jpg").read_bytes()
    decoded = decode(data, at_least=(300, 300))
    assert decoded.rgb.shape == (300, 400, 3)
    assert (decoded.width, decoded.height) == (1600, 1200)
    assert decode(data, at_least=(301, 301)).rgb.shape == (600, 800, 3)
    assert decode(data).rgb.shape == (1200, 1600, 3)


def test_how_much_is_needed_is_meant_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    smooth_photo(2, (1600, 1200)).save(tmp_path / "turned.jpg", exif=exif)
    assert decode((tmp_path / "turned.jpg").read_bytes(), at_least=(300, 400)).rgb.shape == (400, 300, 3)


def test_when_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:05:17 08:30:00"
    smooth_photo(1, (8, 8)).save(tmp_path / "dated.jpg", exif=exif)
    assert decode_file(tmp_path / "dated.jpg").taken_at.isoformat() == "2024-05-17T08:30:00"
    smooth_photo(1, (8, 8)).save(tmp_path / "undated.jpg")
    assert decode_file(tmp_path / "undated.jpg").taken_at is None


@pytest.mark.parametrize("name", ["photo.ppm", "photo.ico", "photo.tga"])
def test_no_other_decoder_is_tried_whatever_the_suffix_says(name: str, tmp_path: Path) -> None:
    smooth_photo(1, (16, 16)).save(tmp_path / name)
    with pytest.raises(PhotoProblem, match="not a photo in a known format"):
        decode_file((tmp_path / name).rename(tmp_path / "photo.jpg"))

"""Photos of other colour spaces look as they should; Qt, which converts by itself, is the reference."""

from __future__ import annotations

import io
import struct
import warnings
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from making import smooth_photo
from PIL import Image
from PySide6.QtGui import QColorSpace, QImage

from engine.photos import colour
from engine.photos.decode import decode, decode_file

P3, ADOBE, SRGB = (
    bytes(QColorSpace(space).iccProfile().data())
    for space in (
        QColorSpace.NamedColorSpace.DisplayP3,
        QColorSpace.NamedColorSpace.AdobeRgb,
        QColorSpace.NamedColorSpace.SRgb,
    )
)


def saved(photo: Image.Image, suffix: str, profile: bytes | None, **options: object) -> bytes:
    stream = io.BytesIO()
    photo.save(stream, suffix, icc_profile=profile, **options)
    return stream.getvalue()


def by_qt(photo: Image.Image, profile: QColorSpace.NamedColorSpace) -> np.ndarray:
    pixels = np.array(photo.convert("RGBA"))
    image = QImage(pixels.data, photo.width, photo.height, 4 * photo.width, QImage.Format.Format_RGBA8888)
    image.setColorSpace(QColorSpace(profile))
    image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    image.convertTo(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(photo.height, photo.width, 4)[..., :3].astype(int)


@pytest.mark.parametrize(
    ("profile", "space"),
    [(P3, QColorSpace.NamedColorSpace.DisplayP3), (ADOBE, QColorSpace.NamedColorSpace.AdobeRgb)],
    ids=["Display P3", "Adobe RGB"],
)
@pytest.mark.parametrize("suffix", ["PNG", "WEBP", "TIFF"])
def test_a_wide_colour_space_becomes_srgb(suffix: str, profile: bytes, space: QColorSpace.NamedColorSpace) -> None:
    photo = smooth_photo(1, (60, 40))
    options = {"lossless": True} if suffix == "WEBP" else {}
    rgb = decode(saved(photo, suffix, profile, **options)).rgb.astype(int)
    assert np.abs(rgb - by_qt(photo, space)).max() <= 3
    assert np.abs(rgb - np.asarray(photo)).max() > 10


def test_a_jpeg_of_a_telephone_is_more_colourful_than_its_numbers() -> None:
    photo = Image.new("RGB", (48, 48), (234, 51, 35))
    plain, managed = (decode(saved(photo, "JPEG", profile, quality=95)).rgb[20, 20] for profile in (None, P3))
    assert np.abs(plain.astype(int) - (234, 51, 35)).max() <= 3
    assert np.abs(managed.astype(int) - (255, 0, 0)).max() <= 12
    turned = Image.Exif()
    turned[0x0112] = 6
    other = decode(saved(photo, "JPEG", P3, quality=95, exif=turned)).rgb[20, 20]
    np.testing.assert_array_equal(other, managed)


@pytest.mark.parametrize(
    "profile",
    [
        SRGB,
        b"",
        b"no profile",
        b"\0" * 4000,
        P3[:200],
        P3[:300] + bytes(100) + P3[400:],
        b"x" * (colour.MOST_BYTES + 1),
    ],
    ids=["sRGB", "empty", "nonsense", "zeros", "cut", "damaged", "huge"],
)
def test_srgb_and_what_is_no_profile_leave_every_pixel(profile: bytes) -> None:
    photo = smooth_photo(2, (64, 48))
    for suffix in ("JPEG", "TIFF", "WEBP"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data, plain = (saved(photo, suffix, each) for each in (profile, None))
        np.testing.assert_array_equal(decode(data).rgb, decode(plain).rgb)


def test_a_large_profile_in_a_png_does_not_make_the_photo_unreadable() -> None:
    photo = smooth_photo(2, (64, 48))
    profile = np.random.default_rng(0).integers(0, 256, 3 * 2**20, np.uint8).tobytes()
    np.testing.assert_array_equal(decode(saved(photo, "PNG", profile)).rgb, np.asarray(photo))


def test_transparent_grey_and_indexed_pixels_are_converted_too() -> None:
    photo = Image.new("RGBA", (20, 20), (234, 51, 35, 255))
    photo.paste((0, 255, 0, 0), (0, 0, 10, 20))
    rgb = decode(saved(photo, "PNG", P3)).rgb
    assert rgb[5, 2].tolist() == [255, 255, 255]
    assert np.abs(rgb[5, 15].astype(int) - (255, 0, 0)).max() <= 3
    indexed = photo.convert("RGB").quantize(4)
    assert np.abs(decode(saved(indexed, "PNG", P3)).rgb[5, 15].astype(int) - (255, 0, 0)).max() <= 6
    grey = Image.new("L", (20, 20), 120)
    assert decode(saved(grey, "PNG", P3)).rgb[5, 5].tolist() == [120] * 3


def ink_profile() -> bytes:
    """A press whose cyan is as dark as navy: CMYK to Lab by the eight-bit table of the ICC's first version."""
    corners = bytearray()
    for cyan, magenta, yellow, black in product((0, 1), repeat=4):
        light = max(0, 255 - 150 * cyan - 60 * magenta - 10 * yellow - 255 * black)
        corners += bytes(
            (light, 128 + 60 * magenta * (light > 0), 128 + 60 * yellow * (light > 0) - 40 * cyan * (light > 0))
        )
    ramp = bytes(range(256))
    one = struct.pack(">9i", *(65536 * (row == column) for row in range(3) for column in range(3)))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + one + 4 * ramp + bytes(corners) + 3 * ramp
    text = b"text" + bytes(4) + b"none\0"
    desc = b"desc" + bytes(4) + struct.pack(">I", 5) + b"ink\0\0" + bytes(78)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    tags = {b"desc": desc, b"cprt": text, b"wtpt": white, b"A2B0": table}
    start = 128 + 4 + 12 * len(tags)
    index, body = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        index += name + struct.pack(">2I", start + len(body), len(value))
        body += value + bytes(-len(value) % 4)
    head = bytearray(128)
    head[0:4] = struct.pack(">I", start + len(body))
    head[8:12] = bytes((2, 0x40, 0, 0))
    head[12:24] = b"prtrCMYKLab "
    head[36:40] = b"acsp"
    head[68:80] = struct.pack(">3i", 63190, 65536, 54061)
    return bytes(head) + index + body


def test_what_is_meant_for_a_press_is_shown_with_its_inks(tmp_path: Path) -> None:
    photo = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    (tmp_path / "plain.jpg").write_bytes(saved(photo, "JPEG", None, quality=95))
    (tmp_path / "press.jpg").write_bytes(saved(photo, "JPEG", ink_profile(), quality=95))
    plain, press = (decode_file(tmp_path / name).rgb[8, 8].astype(int) for name in ("plain.jpg", "press.jpg"))
    assert plain[1] > 200
    assert press.max() < 190
    assert press[2] > press[0]

"""A photo that a camera held otherwise is shown upright, once, whatever its format says it by."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tifffile import imwrite

from engine.photos.decode import decode

UPRIGHT = np.zeros((64, 96, 3), np.uint8)
UPRIGHT[:32, :48], UPRIGHT[:32, 48:], UPRIGHT[32:, :48], UPRIGHT[32:, 48:] = 255, 170, 85, 0
"""Four greys, the brightest in the left upper corner."""

BACK = {
    3: Image.Transpose.ROTATE_180,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""Makes of an upright photo what is stored with an orientation."""


def by_pillow(kind: str, **more: Any) -> Callable[[Image.Image, int], bytes]:
    def save(stored: Image.Image, orientation: int) -> bytes:
        exif = Image.Exif()
        exif[0x0112] = orientation
        file = io.BytesIO()
        stored.save(file, kind, exif=exif.tobytes(), **more)
        return file.getvalue()

    return save


def by_tifffile(depth: type[np.generic], most: int, **more: Any) -> Callable[[Image.Image, int], bytes]:
    def save(stored: Image.Image, orientation: int) -> bytes:
        file = io.BytesIO()
        pixels = (np.asarray(stored) / 255 * most).astype(depth)
        imwrite(file, pixels, photometric="rgb", extratags=[(274, "H", 1, orientation, True)], **more)
        return file.getvalue()

    return save


def jpeg_xl(stored: Image.Image, orientation: int) -> bytes:
    pytest.importorskip("pillow_jxl")
    return by_pillow("JXL", lossless=True)(stored, orientation)


def jpeg_xl_of_a_jpeg(stored: Image.Image, orientation: int) -> bytes:
    pytest.importorskip("pillow_jxl")
    file = io.BytesIO()
    with Image.open(io.BytesIO(by_pillow("JPEG", quality=95)(stored, orientation))) as jpeg:
        jpeg.save(file, "JXL", lossless_jpeg=True)
    return file.getvalue()


FORMATS = {
    "JPEG": by_pillow("JPEG", quality=95),
    "PNG": by_pillow("PNG"),
    "WebP": by_pillow("WEBP", lossless=True),
    "TIFF": by_pillow("TIFF"),
    "HEIF": by_pillow("HEIF", quality=95),
    "AVIF": by_pillow("AVIF", quality=95),
    "JPEG XL": jpeg_xl,
    "JPEG XL of a JPEG": jpeg_xl_of_a_jpeg,
    "big TIFF": by_tifffile(np.uint8, 255, bigtiff=True),
    "TIFF of 16 bits": by_tifffile(np.uint16, 65535),
    "TIFF of floats": by_tifffile(np.float32, 1),
}


@pytest.mark.parametrize("orientation", BACK)
@pytest.mark.parametrize("kind", FORMATS)
def test_upright_once(kind: str, orientation: int) -> None:
    data = FORMATS[kind](Image.fromarray(UPRIGHT).transpose(BACK[orientation]), orientation)
    shown = decode(data).rgb
    assert shown.shape == UPRIGHT.shape
    assert np.abs(shown[16::32, 24::48].astype(int) - UPRIGHT[16::32, 24::48]).max() < 20


def test_a_jpeg_xl_that_its_decoder_turns_is_not_turned_again() -> None:
    pytest.importorskip("pillow_jxl")
    stored = Image.fromarray(UPRIGHT).transpose(BACK[6])
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    stored.save(file, "JXL", exif=exif.tobytes(), quality=90)
    shown = decode(_turned_by_itself(file.getvalue(), 6)).rgb
    assert shown.shape == UPRIGHT.shape
    assert np.abs(shown[16::32, 24::48].astype(int) - UPRIGHT[16::32, 24::48]).max() < 20


def _turned_by_itself(data: bytes, orientation: int) -> bytes:
    """A JPEG XL with a turn in the header of its pixels, as cjxl writes it."""
    boxes: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4]) or len(data) - at
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + length]
        boxes[kind] = boxes.get(kind, b"") + content[4 if kind == b"jxlp" else 0 :]
        at += length
    pixels = boxes.pop(b"jxlp")
    bits = "".join(f"{byte:08b}"[::-1] for byte in pixels[2:4])
    assert (bits[0], bits[6:9], bits[14:]) == ("1", "000", "11")  # sides of a multiple of 8, and all else is plain
    # Not plain: a turn; no other size, preview or animation; 8 bits; no more channels; XYB; plain colours and tones.
    header = f"{bits[:14]}01{f'{orientation - 1:03b}'[::-1]}000000100111001"
    header += "0" * (-len(header) % 8)
    packed = bytes(int(header[one : one + 8][::-1], 2) for one in range(0, len(header), 8))
    boxes[b"jxlc"] = pixels[:2] + packed + pixels[4:]
    return b"".join((len(content) + 8).to_bytes(4) + kind + content for kind, content in boxes.items())

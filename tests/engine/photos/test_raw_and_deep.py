"""Photos as cameras and instruments write them: RAW, many bits, and what a file lacks or has too much of."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from making import smooth_photo
from PIL import Image

from engine.photos.decode import PhotoProblem, decode
from engine.photos.find import find_photos
from engine.photos.mended import with_end

PHOTO = smooth_photo(3, (1200, 800))
SIDEWAYS = np.asarray(PHOTO.transpose(Image.Transpose.ROTATE_270))
"""As a camera held upright says that it is to be turned."""


def as_jpeg(picture: Image.Image, **kind: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, **kind)
    return file.getvalue()


def tiff_like(magic: bytes, preview: bytes, *, mosaic: bool = True, orientation: int = 6) -> bytes:
    """A RAW made like a TIFF: a small picture, below it what the sensor saw, and somewhere a JPEG."""
    sensor = [(256, 4, 1, 2400), (257, 4, 1, 1600), (259, 3, 1, 1), (262, 3, 1, 32803 if mosaic else 2)]
    small = [(256, 4, 1, 8), (257, 4, 1, 8), (259, 3, 1, 1), (262, 3, 1, 2), (274, 3, 1, orientation)]
    small += [(273, 4, 1, 500), (277, 3, 1, 3), (279, 4, 1, 192), (330, 4, 1, 300)]
    taken = [(36867, 2, 20, 460)]
    small += [(34665, 4, 1, 420)]

    def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
        packed = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
        return struct.pack("<H", len(entries)) + packed + bytes(4)

    data = bytearray(magic + struct.pack("<I", 16) + b"CR\2\0    ")
    for place, part in ((16, directory(small)), (300, directory(sensor)), (420, directory(taken))):
        data[place:place] = bytes(max(0, place - len(data)))
        data[place : place + len(part)] = part
    data.extend(bytes(460 - len(data)))
    data[460:] = b"2024:05:06 07:08:09\0"
    return bytes(data) + bytes(1000 - len(data)) + preview + bytes(100)


def canon_3(preview: bytes) -> bytes:
    held = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 274, 3, 1, 6) + bytes(4)
    return (
        struct.pack(">I", 24) + b"ftypcrx " + bytes(12) + struct.pack(">I", 100) + b"CMT1" + held + bytes(60) + preview
    )


CAMERAS: dict[str, Callable[[bytes], bytes]] = {
    "nef": lambda preview: tiff_like(b"II*\0", preview),
    "orf": lambda preview: tiff_like(b"IIRO", preview),
    "rw2": lambda preview: tiff_like(b"IIU\0", preview),
    "cr2": lambda preview: tiff_like(b"II*\0", preview, mosaic=False),
    "cr3": canon_3,
}


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_raw_is_shown_by_the_picture_in_it_and_turned(camera: str) -> None:
    small = as_jpeg(PHOTO.resize((160, 120)))
    data = CAMERAS[camera](small + as_jpeg(PHOTO))
    decoded = decode(data)
    assert (decoded.width, decoded.height, decoded.orientation) == (1200, 800, 6)
    assert decoded.rgb.shape == SIDEWAYS.shape
    assert np.abs(decoded.rgb.astype(int) - SIDEWAYS).mean() < 3
    assert decode(data, at_least=(100, 100)).rgb.shape[0] >= 100
    if camera not in ("cr3",):
        assert str(decoded.taken_at) == "2024-05-06 07:08:09"


def test_a_picture_that_says_itself_how_it_is_held_is_turned_once() -> None:
    exif = Image.Exif()
    exif[274] = 6
    for data in (
        tiff_like(b"II*\0", as_jpeg(PHOTO, exif=exif)),
        b"FUJIFILMCCD-RAW 0201" + bytes(200) + as_jpeg(PHOTO, exif=exif),
    ):
        decoded = decode(data)
        assert decoded.orientation == 6
        assert np.abs(decoded.rgb.astype(int) - SIDEWAYS).mean() < 3


def test_without_a_large_picture_it_is_developed_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    data = tiff_like(b"II*\0", as_jpeg(PHOTO.resize((160, 120))))
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(
        PhotoProblem, match=r"no picture that is large enough \(160 x 120 pixels\).* pip install 'cdul\[raw\]'"
    ):
        decode(data)
    # For a tile of the gallery it is enough.
    assert decode(data, at_least=(100, 100)).rgb.shape == (160, 120, 3)


def dng() -> bytes:
    """A DNG of 64 x 64 pixels of a sensor, the upper half brighter, without any picture in it."""
    side = 64
    sensor = np.full((side, side), 1000, "<u2")
    sensor[: side // 2] = 12000
    entries = {
        254: (4, 1, 0), 256: (4, 1, side), 257: (4, 1, side), 258: (3, 1, 16), 259: (3, 1, 1), 262: (3, 1, 32803),
        273: (4, 1, 600), 274: (3, 1, 1), 277: (3, 1, 1), 278: (4, 1, side), 279: (4, 1, side * side * 2),
        33421: (3, 2, 2 | 2 << 16), 33422: (1, 4, 0 | 1 << 8 | 1 << 16 | 2 << 24), 50706: (1, 4, 1 | 4 << 8),
        50708: (2, 4, struct.unpack("<I", b"Own\0")[0]), 50714: (3, 1, 0), 50717: (3, 1, 16383),
        50721: (10, 9, 400), 50728: (5, 3, 500),
    }  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, *entries[tag]) for tag in sorted(entries)
    )
    data = bytearray(600)
    data[:8] = b"II*\0" + struct.pack("<I", 8)
    data[8 : 8 + len(directory)] = directory
    data[400:472] = struct.pack("<18i", *(part for on in (1, 0, 0, 0, 1, 0, 0, 0, 1) for part in (on, 1)))
    data[500:524] = struct.pack("<6I", 1, 1, 1, 1, 1, 1)
    return bytes(data) + sensor.tobytes()


def test_a_raw_without_a_picture_is_developed() -> None:
    pytest.importorskip("rawpy", reason="The extra `raw` is not installed.")
    rgb = decode(dng()).rgb
    assert rgb.shape[2] == 3
    middle = len(rgb) // 2
    assert rgb[: middle - 4].mean() > rgb[middle + 4 :].mean() + 30


@pytest.mark.parametrize("data", [dng()[:-1000], dng()[:700]], ids=["nearly whole", "hardly begun"])
def test_a_raw_that_is_cut_off_is_damaged_and_not_black(data: bytes) -> None:
    pytest.importorskip("rawpy", reason="The extra `raw` is not installed.")
    with pytest.raises(PhotoProblem, match=r"damaged \(it is cut off\)"):
        decode(data)


def test_one_whose_pixels_were_taken_out_is_damaged() -> None:
    pytest.importorskip("rawpy", reason="The extra `raw` is not installed.")
    emptied = dng().replace(struct.pack("<HHII", 279, 4, 1, 8192), struct.pack("<HHII", 279, 4, 1, 16))
    with pytest.raises(PhotoProblem, match="damaged"):
        decode(emptied)


def test_what_libraw_says_is_said_as_text() -> None:
    pytest.importorskip("rawpy", reason="The extra `raw` is not installed.")
    with pytest.raises(PhotoProblem, match=r"damaged \([A-Z][^'\n]+\)"):
        decode(b"FUJIFILMCCD-RAW 0201" + bytes(5000))


REAL = [file.path for folder in [os.environ.get("CDUL_RAW", "")] if folder for file in find_photos(Path(folder))]


@pytest.mark.skipif(not REAL, reason="No cameras' files are at hand; CDUL_RAW names a folder of them.")
@pytest.mark.parametrize("name", REAL)
def test_real_files_of_cameras_are_shown_or_said_to_be_damaged(name: str) -> None:
    data = (Path(os.environ["CDUL_RAW"]) / name).read_bytes()
    with suppress(PhotoProblem):  # of one that was pruned; others are held to what they show
        whole, small = decode(data), decode(data, at_least=(224, 224))
        assert whole.taken_at is not None
        assert max(whole.rgb.shape) >= 1000
        assert min(small.rgb.shape[:2]) >= 200
        assert whole.rgb.std() > 5
        assert (whole.rgb.shape[0] > whole.rgb.shape[1]) == (small.rgb.shape[0] > small.rgb.shape[1])


def test_jpeg_xl_is_read_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pillow_jxl", None)
        with pytest.raises(PhotoProblem, match=r"JPEG XL is read by a package that is not installed. .*cdul\[raw\]"):
            decode(b"\xff\x0a" + bytes(100))
    pytest.importorskip("pillow_jxl", reason="The extra `raw` is not installed.")
    file = io.BytesIO()
    PHOTO.save(file, "JXL", quality=90)
    assert np.abs(decode(file.getvalue()).rgb.astype(int) - np.asarray(PHOTO)).mean() < 5


def test_they_are_found_among_the_photos(tmp_path: Path) -> None:
    names = [f"a.{suffix}" for suffix in ("NEF", "cr2", "CR3", "arw", "dng", "RAF", "orf", "rw2", "pef", "srw", "jxl")]
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    assert [found.path for found in find_photos(tmp_path)] == sorted(names)


@pytest.mark.parametrize("kind", [{}, {"progressive": True}, {"restart_marker_blocks": 8}], ids=str)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_without_its_end_is_whole(mode: str, kind: dict[str, object]) -> None:
    whole = as_jpeg(PHOTO.convert(mode), **kind)
    for lacking in (whole[:-2], whole[:-1], whole[:-2] + bytes(500)):
        np.testing.assert_array_equal(decode(lacking).rgb, decode(whole).rgb)


@pytest.mark.parametrize("lost", [20, 2000, 20_000])
def test_one_that_lacks_pixels_is_damaged(lost: int) -> None:
    data = as_jpeg(PHOTO)
    assert with_end(data[:-lost]) is None
    with pytest.raises(PhotoProblem, match="damaged"):
        decode(data[:-lost])


def saved(values: np.ndarray, kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(values).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_sensors_bits_in_sixteen(kind: str, bits: int) -> None:
    grey = np.asarray(PHOTO.convert("L").resize((60, 40))).astype(np.uint16)
    grey.flat[0] = 255
    values = (grey.astype(float) / 255 * (2**bits - 1)).round().astype(np.uint16)
    assert np.abs(decode(saved(values, kind)).rgb[..., 0].astype(int) - grey).max() <= 1


def tiff(values: np.ndarray, samples: int = 1, photometric: int = 1, **more: object) -> bytes:
    from tifffile import imwrite

    file = io.BytesIO()
    imwrite(file, values, photometric={0: "miniswhite", 1: "minisblack", 2: "rgb"}[photometric], **more)
    return file.getvalue()


RAMP = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
COLOURS = np.stack([RAMP, RAMP[::-1], np.full_like(RAMP, 0.5)], -1)
LEVELS = np.arange(256).reshape(16, 16)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((RAMP * 3000 - 1000).astype(np.int16), LEVELS),
        ((RAMP * 3000 - 1000).astype(np.int32), LEVELS),
        ((RAMP * 1e6).astype(np.uint32), LEVELS),
        (RAMP, LEVELS),
        (RAMP.astype(np.float64) * 80 - 5, LEVELS),
    ],
    ids=["signed 16", "signed 32", "unsigned 32", "from 0 to 1", "degrees"],
)
def test_other_numbers_of_grey(values: np.ndarray, expected: np.ndarray) -> None:
    assert np.abs(decode(tiff(values)).rgb[..., 0].astype(int) - expected).max() <= 1


@pytest.mark.parametrize(
    "values",
    [COLOURS, (COLOURS * 4095).astype(np.uint16), (COLOURS * 65535).astype(np.uint16), COLOURS.astype(np.float64)],
    ids=["float", "12 bits", "16 bits", "double"],
)
@pytest.mark.parametrize("planes", ["contig", "separate"])
def test_many_bits_a_colour(planes: str, values: np.ndarray) -> None:
    stored = values if planes == "contig" else np.ascontiguousarray(np.moveaxis(values, -1, 0))
    rgb = decode(tiff(stored, photometric=2, planarconfig=planes)).rgb
    assert np.abs(rgb.astype(int) - COLOURS * 255).max() <= 1.5


def test_where_nought_is_white() -> None:
    values = (RAMP * 65535).astype(np.uint16)
    assert np.abs(decode(tiff(values, photometric=0)).rgb[..., 0].astype(int) - LEVELS[::-1, ::-1]).max() <= 1


def test_what_was_not_measured_is_black() -> None:
    values = (RAMP * 100).astype(np.float32)
    values[0, 0] = -9999
    data = tiff(values, extratags=[(42113, "s", 0, "-9999", True)])
    assert np.abs(decode(data).rgb[1:, :, 0].astype(int) - LEVELS[1:]).max() <= 1


def test_the_largest_page_is_the_photo() -> None:
    photo = Image.fromarray(np.asarray(PHOTO))
    for pages in ([photo.resize((32, 24)), photo], [photo, photo.resize((32, 24))]):
        file = io.BytesIO()
        pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
        np.testing.assert_array_equal(decode(file.getvalue()).rgb, np.asarray(PHOTO))


def png(values: np.ndarray, *before_the_pixels: tuple[bytes, bytes]) -> bytes:
    """A PNG of 16 bits with 2 (grey and transparency), 3 or 4 numbers a pixel, which Pillow does not write."""
    height, width, numbers = values.shape

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 16, {2: 4, 3: 2, 4: 6}[numbers], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = [(b"IHDR", header), *before_the_pixels, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("kind", ["colour", "with transparency", "grey with transparency"])
def test_a_sensors_bits_in_a_png_of_sixteen_bits_a_colour(kind: str, bits: int) -> None:
    values = (COLOURS * (2**bits - 1)).astype(np.uint16)
    if kind == "grey with transparency":
        values = values[..., :1]
    if kind != "colour":
        values = np.concatenate([values, np.full((16, 16, 1), 2**bits - 1, np.uint16)], -1)
    expected = COLOURS[..., :1] if kind.startswith("grey") else COLOURS
    assert np.abs(decode(png(values)).rgb.astype(int) - expected * 255).max() <= 1.5


def test_a_png_that_says_how_many_bits_have_a_meaning_is_believed() -> None:
    values = (COLOURS * 4095).astype(np.uint16)
    believed = decode(png(values >> 1, (b"sBIT", bytes([12, 12, 12])))).rgb
    assert np.abs(believed.astype(int) - COLOURS * 127).max() <= 1.5
    dark = decode(png(values, (b"sBIT", bytes([16, 16, 16])))).rgb
    assert dark.max() == 15
    grey = decode(png(np.concatenate([values[..., :1], values[..., :1] * 0 + 65535], -1), (b"sBIT", bytes([16, 16]))))
    assert grey.rgb.max() == 15

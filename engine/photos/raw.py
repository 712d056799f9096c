"""Camera RAW: the picture that the camera made of it, which lies in the file as a JPEG; else what LibRaw makes of it.

Nearly every camera puts one of full size or half of it there, so that a RAW needs no developing to be labelled and
shown. It is found by looking for JPEGs, wherever a maker keeps them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

_FUJI, _CANON_3 = b"FUJIFILMCCD-RAW", b"ftypcrx "
_OWN_TIFFS = (b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
"""How files of Olympus and Panasonic begin, which are TIFFs but for that."""

_TIFFS = (b"II*\0", b"MM\0*")
_SENSOR, _LINEAR = 32803, 34892
"""TIFF's photometric interpretations for what a sensor saw, with and without its mosaic."""
_PACKED = (32767, 34713, 65535, 32770)
"""Compressions of Sony, Nikon, Pentax and Samsung."""

_COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _DNG_VERSION = 259, 262, 330, 50706
_WIDTH, _HEIGHT, _PANASONICS_STRIP = 256, 257, 280
_PARTS = ((273, 279), (324, 325))
"""Tags for where the strips or tiles of pixels begin, and for how many bytes they have."""
_LISTS = (_SUB_IFDS, *(tag for part in _PARTS for tag in part))
"""Tags of which all numbers are read."""
_MOST_NUMBERS = 10_000
_LEAST_BYTES = 1 / 64
"""Of a pixel: one that is packed without loss has at least one bit in eight."""
_MOST_IFDS, _MOST_ENTRIES, _MOST_JPEGS = 50, 500, 200
_HEAD = 4 * 2**20
"""Bytes in which what a file says of itself lies."""

LARGE_ENOUGH = 1000
"""Pixels of the longer side from which on a picture stands for the whole photo."""


class Preview(NamedTuple):
    """A JPEG in the file: its size in pixels, and where it begins."""

    width: int
    height: int
    start: int


class NotInstalled(Exception):
    """The library that develops RAW files is missing."""


def is_raw(data: bytes) -> bool:
    """Whether a file is a camera's RAW, by what it holds."""
    if data.startswith((_FUJI, *_OWN_TIFFS)) or data[4:12] == _CANON_3:
        return True
    if not data.startswith(_TIFFS):
        return False
    return data[8:10] == b"CR" or any(
        entries.get(_PHOTOMETRIC) in (_SENSOR, _LINEAR)
        or entries.get(_COMPRESSION) in _PACKED
        or _DNG_VERSION in entries
        for entries in _ifds(data)
    )


def previews(data: bytes) -> list[Preview]:
    """The pictures in a RAW, the largest first."""
    found: list[Preview] = []
    start = data.find(b"\xff\xd8\xff")
    while start >= 0 and len(found) < _MOST_JPEGS:
        size, end = _size_of_jpeg(data, start)
        if size is not None:
            found.append(Preview(*size, start))
        # Beyond its head, in which there may be a thumbnail of it.
        start = data.find(b"\xff\xd8\xff", max(end, start + 3))
    return sorted(found, key=lambda one: one.width * one.height, reverse=True)


def exif_of(data: bytes) -> Image.Exif:
    """What a RAW says of itself; empty where that is not found."""
    head = data[:_HEAD]
    exif = Image.Exif()
    if head[4:12] == _CANON_3:
        for box in (b"CMT2", b"CMT1"):  # when it was taken, and how it was held
            at = head.find(box)
            if at >= 0:
                other = Image.Exif()
                other.load(b"Exif\0\0" + head[at + 4 :])
                exif.update(dict(other))
    elif head.startswith((*_TIFFS, *_OWN_TIFFS)):
        plain = b"II*\0" if head.startswith(b"II") else b"MM\0*"
        exif.load(b"Exif\0\0" + plain + head[4:])
    return exif


def orientation_of(exif: Image.Exif) -> int:
    """1 to 8; 1 where nothing is said."""
    stored = exif.get(ExifTags.Base.Orientation)
    return stored if isinstance(stored, int) and 1 <= stored <= 8 else 1


def develop(data: bytes, most_pixels: int, *, half: bool) -> npt.NDArray[np.uint8]:
    """What LibRaw makes of a RAW: height x width x 3, upright.

    Args:
        half: at half of its size, in a quarter of the time.

    Raises:
        NotInstalled: without rawpy.
        ValueError: larger than is held in memory, damaged, or cut off, of which LibRaw makes black pixels.
    """
    try:
        import rawpy
    except ImportError as error:
        raise NotInstalled from error
    if _lacks_pixels(data):
        raise ValueError("it is cut off")
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            if raw.sizes.width * raw.sizes.height > most_pixels * (4 if half else 1):
                raise ValueError("it is too large")
            pixels: npt.NDArray[np.uint8] = raw.postprocess(half_size=half, use_camera_wb=True, output_bps=8)
            return pixels
    except rawpy.LibRawError as error:
        why = error.args[0] if error.args else "LibRaw cannot read it"
        raise ValueError(why.decode("utf-8", "replace") if isinstance(why, bytes) else why) from error


def _lacks_pixels(data: bytes) -> bool:
    """Whether some of what a sensor saw, as a file like a TIFF has it, lies beyond its end, or is hardly anything."""
    for entries in _ifds(data) if data.startswith((*_TIFFS, *_OWN_TIFFS)) else ():
        pixels = entries.get(_WIDTH, 0) * entries.get(_HEIGHT, 0) * (entries.get(_PHOTOMETRIC) in (_SENSOR, _LINEAR))
        for begins, sizes in _PARTS:
            lengths = entries.get(sizes, ())
            starts = (entries[_PANASONICS_STRIP],) if _PANASONICS_STRIP in entries else entries.get(begins, ())
            if any(start + length > len(data) for start, length in zip(starts, lengths, strict=False)):
                return True
            if lengths and sum(lengths) < pixels * _LEAST_BYTES:
                return True
    return False


def _size_of_jpeg(data: bytes, start: int) -> tuple[tuple[int, int] | None, int]:
    """Width and height of a JPEG, None where it is none that shows something, and where its pixels begin."""
    at = start + 2
    size = None
    for _ in range(200):
        if at + 4 > len(data) or data[at] != 0xFF:
            return None, at
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xDA:
            return size, at
        if marker in (0xC0, 0xC1, 0xC2) and length >= 11 and at + 10 <= len(data):
            bits, height, width, colours = struct.unpack(">BHHB", data[at + 4 : at + 10])
            if bits == 8 and colours in (1, 3) and width and height:
                size = (width, height)
        if length < 2:
            return None, at
        at += 2 + length
    return None, at


def _ifds(data: bytes) -> Iterator[dict[int, Any]]:
    """The directories of a TIFF, and those below them: tag to its first number, of `_LISTS` to all of them."""
    order = "<" if data.startswith(b"II") else ">"
    waiting, seen = list(struct.unpack_from(f"{order}I", data, 4)) if len(data) >= 8 else [], set[int]()
    while waiting and len(seen) < _MOST_IFDS:
        at = waiting.pop(0)
        if at in seen or not 8 <= at <= len(data) - 2:
            continue
        seen.add(at)
        count = min(struct.unpack_from(f"{order}H", data, at)[0], _MOST_ENTRIES)
        entries: dict[int, Any] = {}
        for entry in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
            tag, kind = struct.unpack_from(f"{order}HH", data, entry)
            entries[tag] = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, entry + 8)[0]
            if tag in _LISTS:
                entries[tag] = _numbers(data, order, entry)
        waiting.extend(entries.get(_SUB_IFDS, ())[:_MOST_IFDS])
        after = at + 2 + 12 * count
        if after + 4 <= len(data):
            waiting.extend(struct.unpack_from(f"{order}I", data, after))
        yield entries


def _numbers(data: bytes, order: str, entry: int) -> tuple[int, ...]:
    """All whole numbers of a directory's entry, which stand in it or, where they have no room there, elsewhere."""
    kind, count = struct.unpack_from(f"{order}HI", data, entry + 2)
    count = min(count, _MOST_NUMBERS)
    letter, size = ("H", 2) if kind == 3 else ("I", 4)
    place = entry + 8 if count * size <= 4 else struct.unpack_from(f"{order}I", data, entry + 8)[0]
    return struct.unpack_from(f"{order}{count}{letter}", data, place) if place + count * size <= len(data) else ()

"""How a JPEG XL is held: its pixels have a turn of their own, which its decoder obeys (ISO/IEC 18181-1, headers)."""

from __future__ import annotations

from collections.abc import Iterator

BEGINS = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")
"""How its pixels begin alone, and within a container."""

_MOST_BOXES = 1000
_SIZES = (9, 13, 18, 30)
"""Bits of a side, by the two bits before it."""


def is_upright(data: bytes) -> bool:
    """Whether the decoder turns the photo by itself, so that what its EXIF says is done already.

    What was a JPEG, and is made that JPEG again, has the turn in its EXIF alone.
    """
    pixels = _pixels(data)
    if not pixels.startswith(BEGINS[0]) or any(kind == b"jbrd" for kind, _ in _boxes(data)):
        return False
    bits = _Bits(pixels[2:64])
    is_small = bits.take(1)
    bits.take(5 if is_small else _SIZES[bits.take(2)])
    if bits.take(3) == 0:  # no ratio, but a width
        bits.take(5 if is_small else _SIZES[bits.take(2)])
    is_plain = bits.take(1)
    has_more = not is_plain and bits.take(1)
    return bool(has_more) and bits.take(3) != 0


class _Bits:
    """The bits of a header, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._number, self._at = int.from_bytes(data, "little"), 0

    def take(self, count: int) -> int:
        found = self._number >> self._at & ((1 << count) - 1)
        self._at += count
        return found


def _pixels(data: bytes) -> bytes:
    """How the pixels begin, which may lie in several boxes, each of them with a number before it."""
    if data.startswith(BEGINS[0]):
        return data[:128]
    parts = [content[4 if kind == b"jxlp" else 0 :] for kind, content in _boxes(data) if kind in (b"jxlc", b"jxlp")]
    return b"".join(parts)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a container, each with the beginning of its content."""
    at = 0
    for _ in range(_MOST_BOXES if data.startswith(BEGINS[1]) else 0):
        if at + 8 > len(data):
            return
        length, begins = int.from_bytes(data[at : at + 4]), at + 8
        if length == 1:
            length, begins = int.from_bytes(data[at + 8 : at + 16]), at + 16
        end = at + length if length else len(data)
        yield data[at + 4 : at + 8], data[begins : min(end, begins + 128)]
        if length < 8:  # to the end
            return
        at += length

"""Brightness of more than 8 bits, as cameras for science, scanners and instruments write it, to 8 bits.

Which number is white, a file seldom says: a PNG may, in how many bits its numbers have a meaning. Whole numbers are
taken for those of a sensor of 8, 10, 12, 14 or 16 bits, the fewest that hold the brightest pixel; other numbers by the
range that occurs.
"""

from __future__ import annotations

import io
import logging
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_SENSORS = (8, 10, 12, 14, 16)
"""Bits of those there are."""

_DIM = 0.25
"""A float photo whose brightest pixel is below this is not one from 0 to 1."""

_GREY, _INVERTED, _COLOUR = 1, 0, 2
"""What TIFF calls them."""

_NO_DATA = 42113
"""TIFF's tag, GDAL's, for the number that stands for no measurement."""

_MOST_PAGES = 64

# It tells of every odd tag of a file, on the terminal.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


_LOWER = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L", "LA;16B": "RGBA"}
"""How Pillow is to unpack a PNG of 16 bits a colour to keep the lower 8 of them, by how it does to keep the upper;
grey with transparency both, one after the other."""


def to_eight_bits(
    values: npt.NDArray[Any], *, inverted: bool = False, no_data: float | None = None, bits: int | None = None
) -> npt.NDArray[np.uint8]:
    """Numbers of any kind to brightness from 0 to 255, in the same shape.

    Args:
        inverted: whether 0 is white.
        no_data: the number of pixels that were not measured, which become black.
        bits: of a whole number of 16 bits, how many have a meaning, where the file says so.
    """
    numbers = values.astype(np.float32)
    measured = np.isfinite(numbers)
    if no_data is not None:
        measured &= numbers != np.float32(no_data)
    low, high = _range_of(numbers[measured], (bits, 16) if bits else _SENSORS, whole=values.dtype.kind in "ui")
    scaled = np.clip((np.where(measured, numbers, low) - low) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)
    return 255 - scaled if inverted else scaled


def _range_of(numbers: npt.NDArray[np.float32], sensors: tuple[int, ...], *, whole: bool) -> tuple[float, float]:
    """Which numbers are black and white."""
    if not numbers.size:
        return 0.0, 1.0
    least, most = float(numbers.min()), float(numbers.max())
    if whole and least >= 0 and most < 2 ** sensors[-1]:
        return 0.0, next(2.0**bits - 1 for bits in sensors if most < 2**bits)
    if not whole and least >= 0 and _DIM < most <= 1:
        return 0.0, 1.0
    return least, most


def significant_bits(png: bytes) -> int | None:
    """How many bits of its colours' numbers a PNG says to have a meaning; None where it does not."""
    at = 8
    while at + 12 <= len(png) and png[at + 4 : at + 8] not in (b"PLTE", b"IDAT"):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"sBIT":
            # Grey, or red, green and blue; what may follow is that of transparency.
            said = max(png[at + 8 : at + 8 + (length if length in (1, 3) else length - 1)], default=0)
            return said if 8 <= said <= 16 else None
        at += 12 + length
    return None


def is_deep_png(photo: Image.Image) -> bool:
    """Whether a PNG that is not loaded yet has 16 bits a colour, of which Pillow keeps the upper 8."""
    tiles: list[Any] = getattr(photo, "tile", [])
    return photo.format == "PNG" and len(tiles) == 1 and tiles[0].args in _LOWER


def brightened_png(upper: Image.Image, data: bytes) -> Image.Image:
    """A PNG of 16 bits a colour whose numbers are those of a sensor of fewer, which is nearly black in the upper 8.

    Args:
        upper: as Pillow has loaded it, RGB or RGBA.
        data: of the whole file.

    Returns:
        What `upper` is, as it should be; the same where its numbers take all 16 bits.
    """
    colours = np.asarray(upper)[..., :3]
    if colours.size and colours.max() >= 2 ** (_SENSORS[-2] - 8):
        return upper
    with Image.open(io.BytesIO(data), formats=("PNG",)) as lower:
        [tile] = lower.tile
        lower.tile = [tile._replace(args=_LOWER[str(tile.args)])]
        lower.load()
        low = np.asarray(lower)
    if tile.args == "LA;16B":
        low = low[..., [1, 1, 1, 3]]
    values = np.asarray(upper).astype(np.uint16) << 8 | low
    bits = significant_bits(data)
    parts = [to_eight_bits(values[..., :3], bits=bits)]
    if upper.mode == "RGBA":
        parts.append(to_eight_bits(values[..., 3:], bits=bits))
    made = Image.fromarray(np.concatenate(parts, axis=-1))
    made.info["icc_profile"] = upper.info.get("icc_profile")
    return made


def no_data_of(tags: Any) -> float | None:
    """The number of pixels that were not measured, where a TIFF's tags say one."""
    try:
        return float(str(tags.get(_NO_DATA)).strip("\0 "))
    except (TypeError, ValueError):
        return None


def read_tiff(data: bytes, most_pixels: int) -> tuple[npt.NDArray[np.uint8], int] | None:
    """The largest page of a TIFF that Pillow does not read whole: floats in colour, more than 8 bits a colour.

    Returns:
        height x width x 3, and the orientation, 1 to 8; None where it is of another kind.

    Raises:
        ValueError: of any kind, for what is damaged.
    """
    from tifffile import TiffFile  # only the few who have such files wait for it

    with TiffFile(io.BytesIO(data)) as tiff:
        pages = [page.aspage() for page in islice(tiff.pages, _MOST_PAGES)]
        pages = [page for page in pages if page.imagewidth * page.imagelength <= most_pixels]
        page: Any = max(pages, key=lambda page: page.imagewidth * page.imagelength, default=None)
        if page is None or int(page.photometric) not in (_GREY, _INVERTED, _COLOUR):
            return None
        values = np.asarray(page.asarray())
        if page.planarconfig == 2 and values.ndim == 3:
            values = np.moveaxis(values, 0, -1)
        if values.ndim == 2:
            values = values[..., None]
        if values.ndim != 3 or values.dtype.kind not in "uif":
            return None
        colours = values[..., :3] if values.shape[-1] >= 3 else values[..., :1].repeat(3, axis=-1)
        tags = {tag.code: tag.value for tag in page.tags.values()}
        rgb = to_eight_bits(colours, inverted=int(page.photometric) == _INVERTED, no_data=no_data_of(tags))
        orientation = tags.get(274, 1)
        return rgb, orientation if orientation in range(1, 9) else 1

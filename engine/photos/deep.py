"""Brightness of more than 8 bits, as cameras for science, scanners and instruments write it, to 8 bits.

Which number is white, a file seldom says. Whole numbers are taken for those of a sensor of 8, 10, 12, 14 or 16 bits,
the fewest that hold the brightest pixel; other numbers by the range that occurs.
"""

from __future__ import annotations

import io
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

_SENSORS = (8, 10, 12, 14, 16)
"""Bits of those there are."""

_DIM = 0.25
"""A float photo whose brightest pixel is below this is not one from 0 to 1."""

_GREY, _INVERTED, _COLOUR = 1, 0, 2
"""What TIFF calls them."""

_NO_DATA = 42113
"""TIFF's tag, GDAL's, for the number that stands for no measurement."""

_MOST_PAGES = 64


def to_eight_bits(
    values: npt.NDArray[Any], *, inverted: bool = False, no_data: float | None = None
) -> npt.NDArray[np.uint8]:
    """Numbers of any kind to brightness from 0 to 255, in the same shape.

    Args:
        inverted: whether 0 is white.
        no_data: the number of pixels that were not measured, which become black.
    """
    numbers = values.astype(np.float32)
    measured = np.isfinite(numbers)
    if no_data is not None:
        measured &= numbers != np.float32(no_data)
    low, high = _range_of(numbers[measured], whole=values.dtype.kind in "ui")
    scaled = np.clip((np.where(measured, numbers, low) - low) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)
    return 255 - scaled if inverted else scaled


def _range_of(numbers: npt.NDArray[np.float32], *, whole: bool) -> tuple[float, float]:
    """Which numbers are black and white."""
    if not numbers.size:
        return 0.0, 1.0
    least, most = float(numbers.min()), float(numbers.max())
    if whole and least >= 0 and most < 2 ** _SENSORS[-1]:
        return 0.0, next(2.0**bits - 1 for bits in _SENSORS if most < 2**bits)
    if not whole and least >= 0 and _DIM < most <= 1:
        return 0.0, 1.0
    return least, most


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

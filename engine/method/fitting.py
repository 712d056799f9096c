"""A photo fitted whole into a square, for networks that look at squares: where it lies there, and the way back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.snippets import Box

Floats = npt.NDArray[np.floating]


def place_in_square(width: int, height: int, side: int) -> Box:
    """Where a photo lies in a square, in its middle and as large as can be: pixels of the square.

    Args:
        width: of the photo; only its ratio to `height` counts.
        side: of the square, pixels.
    """
    if width < 1 or height < 1 or side < 1:
        raise ValueError(f"Expected arguments from 1, but got width {width}, height {height} and side {side}.")
    longer = max(width, height)
    across, down = (max(1, round(side * length / longer)) for length in (width, height))
    left, top = (side - across) // 2, (side - down) // 2
    return Box(left, top, left + across, top + down)


def boxes_in_photo(boxes: Floats, width: int, height: int, side: int) -> Floats:
    """Boxes in the square as boxes in the photo; what lies beside the photo is cut off.

    Args:
        boxes: … x 4: left, top, right, bottom, from 0 to 1 of the square.
        width: as for `place_in_square`.

    Returns:
        … x 4, from 0 to 1 of the photo's width and height.
    """
    place = place_in_square(width, height, side)
    start = np.array([place.left, place.top, place.left, place.top])
    size = np.array([place.right - place.left, place.bottom - place.top] * 2)
    return ((boxes * side - start) / size).clip(0, 1)

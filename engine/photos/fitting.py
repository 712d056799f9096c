"""A photo fitted whole into a square, as a detector looks at it: resized in proportion, with bars beside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.method.fitting import place_in_square

_BARS = (124, 116, 104)
"""The mean of ImageNet's photos, which networks take for nothing; with black or grey they find as much."""


def fit_into_square(picture: Image.Image, side: int) -> npt.NDArray[np.uint8]:
    """A photo in the middle of a square: side x side x 3, RGB, 0 to 255; see `engine.method.fitting`."""
    place = place_in_square(picture.width, picture.height, side)
    square = Image.new("RGB", (side, side), _BARS)
    size = (place.right - place.left, place.bottom - place.top)
    square.paste(picture.convert("RGB").resize(size, Image.Resampling.BICUBIC), (place.left, place.top))
    return np.asarray(square)

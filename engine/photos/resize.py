"""Pixels to another size: bicubic with antialiasing, equal to Pillow's to a step of brightness or two.

torch does it many times as fast as Pillow. It takes a second and more to load, though, so where nobody has loaded it
the same is computed by NumPy: the same integers, in the same order of rounding, and so the same pixels to the bit.
"""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

MANY = 40
"""Photos from which on loading torch takes less time than resizing by NumPy."""

_REACH = 2.0
"""Of the cubic to each side, in pixels of the smaller one of both sizes."""


def resize(parts: Pixels, into: Pixels) -> None:
    """Resize n x height x width x 3 to the size of `into`, n x other height x other width x 3."""
    if "torch" not in sys.modules:
        across = _along(parts, into.shape[2], axis=2)
        into[:] = _along(across, into.shape[1], axis=1)
        return
    from torch import from_numpy, ops  # waits where it is being loaded

    # What `interpolate` calls, which has no way to say where the result is to be: room that is new each time costs
    # as much as the resizing. The colours of a pixel lie together, and are left so.
    source, target = (from_numpy(pixels).permute(0, 3, 1, 2) for pixels in (parts, into))
    ops.aten._upsample_bicubic2d_aa.out(source, list(into.shape[1:3]), False, None, None, out=target)


def _along(pixels: Pixels, size: int, axis: int) -> Pixels:
    """Resized along one axis, in whole numbers."""
    if pixels.shape[axis] == size:
        return pixels
    first, weights, digits = _weights(pixels.shape[axis], size)
    shape = [-1 if each == axis else 1 for each in range(pixels.ndim)]
    total: Any = np.int32(1 << digits - 1)
    for tap, weight in enumerate(weights.T):
        places = np.minimum(first + tap, pixels.shape[axis] - 1)
        total = total + pixels.take(places, axis) * weight.reshape(shape)
    return (total >> digits).clip(0, 255).astype(np.uint8)


@lru_cache(maxsize=64)
def _weights(length: int, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], int]:
    """Where the pixels of each new one begin, how much each counts (new x taps), and the binary digits of that."""
    scale = length / size
    stretch = max(scale, 1.0)
    support = _REACH * stretch
    taps = math.ceil(support) * 2 + 1
    middles = scale * (np.arange(size) + 0.5)
    first = np.maximum((middles - support + 0.5).astype(np.int64), 0)
    counts = np.minimum((middles + support + 0.5).astype(np.int64), length) - first
    places = np.arange(taps)
    weights = _cubic((places + first[:, None] - middles[:, None] + 0.5) / stretch)
    weights[places >= counts[:, None]] = 0
    weights /= weights.sum(axis=1, keepdims=True)
    digits = 0  # as many as 16 bits take
    while digits < 22 and int(0.5 + weights.max() * (1 << digits + 1)) < 1 << 15:
        digits += 1
    scaled = weights * (1 << digits)
    return first, np.trunc(scaled + np.where(scaled < 0, -0.5, 0.5)).astype(np.int32), digits


def _cubic(at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """R. Keys' cubic with a = -1/2 (Cubic convolution interpolation for digital image processing, 1981)."""
    far = np.abs(at)
    near_part = (1.5 * far - 2.5) * far * far + 1
    far_part = ((-0.5 * far + 2.5) * far - 4) * far + 2
    return np.where(far < 1, near_part, np.where(far < _REACH, far_part, 0.0))

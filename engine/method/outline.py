"""Which points of a plane lie within an outline that was drawn by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def points_within(points: npt.NDArray[np.floating], outline: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Which points a closed outline encloses, by the even-odd rule.

    Args:
        points: n x 2.
        outline: corners x 2; the last is joined to the first.
    """
    within = np.zeros(len(points), bool)
    if len(outline) < 3:
        return within
    # What lies beyond the outline's box needs no look at its corners.
    low, high = outline.min(axis=0), outline.max(axis=0)
    near = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
    x, y = points[near].T
    inside = np.zeros(len(near), bool)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    within[near] = inside
    return within

"""Where the snippets of a photo lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle of pixels: left and top inclusive, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int


def grid_boxes(width: int, height: int, grid: int) -> list[Box]:
    """Boxes of a grid x grid split of a photo, row by row.

    Every pixel lies in at least one box and no box is empty, also where the grid does not divide the photo
    (neighbours then share a line of pixels) or has more cells than the photo has pixels.

    >>> grid_boxes(4, 2, 2)[1]
    Box(left=2, top=0, right=4, bottom=1)
    """
    for name, value in (("width", width), ("height", height), ("grid", grid)):
        if value < 1:
            raise ValueError(f"Expected argument `{name}` to be at least 1, but got {value}.")

    def spans(length: int) -> list[tuple[int, int]]:
        return [(i * length // grid, -(-(i + 1) * length // grid)) for i in range(grid)]

    return [Box(left, top, right, bottom) for top, bottom in spans(height) for left, right in spans(width)]


def check_grids(grids: Sequence[int]) -> tuple[int, ...]:
    """The grids in ascending order, once each; ValueError unless they are whole numbers from 2 to 8.

    >>> check_grids([3, 2, 3])
    (2, 3)
    """
    unique = tuple(sorted(set(grids)))
    if not unique or unique[0] < 2 or unique[-1] > 8:
        raise ValueError(f"Expected argument `grids` to be whole numbers from 2 to 8, but got {tuple(grids)}.")
    return unique

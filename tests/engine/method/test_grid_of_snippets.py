"""Where the snippets of a photo lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.method import check_grids, grid_boxes

sides = st.integers(1, 40)


@given(width=sides, height=sides, grid=st.integers(1, 8))
def test_every_pixel_is_covered_and_no_snippet_is_empty(width: int, height: int, grid: int) -> None:
    covered = np.zeros((height, width), int)
    boxes = grid_boxes(width, height, grid)
    assert len(boxes) == grid * grid
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        covered[top:bottom, left:right] += 1
    assert covered.min() >= 1
    if width % grid == 0 and height % grid == 0:
        assert covered.max() == 1


def test_snippets_run_row_by_row() -> None:
    assert grid_boxes(90, 60, 3)[:4] == [(0, 0, 30, 20), (30, 0, 60, 20), (60, 0, 90, 20), (0, 20, 30, 40)]


def test_a_grid_that_does_not_divide_the_photo_shares_lines() -> None:
    assert [(box.left, box.right) for box in grid_boxes(10, 3, 3)[:3]] == [(0, 4), (3, 7), (6, 10)]


def test_a_photo_of_one_pixel_is_all_of_its_snippets() -> None:
    assert grid_boxes(1, 1, 3) == [(0, 0, 1, 1)] * 9


@pytest.mark.parametrize(("arguments", "named"), [((0, 5, 3), "width"), ((5, -1, 3), "height"), ((5, 5, 0), "grid")])
def test_what_cannot_be_split_is_named(arguments: tuple[int, int, int], named: str) -> None:
    with pytest.raises(ValueError, match=rf"`{named}` to be at least 1, but got {min(arguments)}"):
        grid_boxes(*arguments)


def test_grids_are_in_order_once_each() -> None:
    assert check_grids([3, 2, 3]) == (2, 3)


@pytest.mark.parametrize("grids", [[], [1], [0, 3], [3, 9]])
def test_grids_out_of_range_are_named(grids: list[int]) -> None:
    with pytest.raises(ValueError, match="`grids` to be whole numbers from 2 to 8, but got"):
        check_grids(grids)

"""Where the tiles of the gallery are, compared with placing them one after the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdul_gui.gallery.grid import Grid

TILE = (100, 80)
HEADER, MARGIN = 30, 6


def place_one_by_one(count: int, columns: int, starts: list[int], header: int) -> list[tuple[int, int]]:
    """Left and top of each tile, and the bottom of the whole as the last."""
    places, top, column = [], MARGIN, 0
    for place in range(count):
        if place in starts:
            if column:
                top, column = top + TILE[1], 0
            top += header
        places.append((MARGIN + column * TILE[0], top))
        column += 1
        if column == columns:
            top, column = top + TILE[1], 0
    return [*places, (0, top + (TILE[1] if column else 0) + MARGIN)]


@st.composite
def grids(draw: st.DrawFn) -> tuple[Grid, list[tuple[int, int]]]:
    count, columns = draw(st.integers(1, 60)), draw(st.integers(1, 7))
    starts = sorted({0, *draw(st.lists(st.integers(0, count - 1), max_size=6))})
    header = draw(st.sampled_from((0, HEADER)))
    grid = Grid(count, columns=columns, tile=TILE, starts=starts, header=header, margin=MARGIN)
    return grid, place_one_by_one(count, columns, starts, header)


@given(grids())
def test_tiles_stand_where_counting_puts_them(made: tuple[Grid, list[tuple[int, int]]]) -> None:
    grid, expected = made
    assert [grid.rect(place) for place in range(grid.count)] == [(*corner, *TILE) for corner in expected[:-1]]
    assert grid.height == expected[-1][1]


@given(grids())
def test_each_tile_is_found_under_its_corners_and_nothing_beside_it(made: tuple[Grid, list[tuple[int, int]]]) -> None:
    grid, expected = made
    for place, (left, top) in enumerate(expected[:-1]):
        assert grid.place_at(left, top) == place
        assert grid.place_at(left + TILE[0] - 1, top + TILE[1] - 1) == place
    assert grid.place_at(MARGIN - 1, MARGIN + HEADER) is None
    assert grid.place_at(MARGIN, grid.height) is None


@given(grids(), st.integers(-50, 3000), st.integers(0, 900))
def test_visible_are_the_tiles_that_reach_into_the_stripe(
    made: tuple[Grid, list[tuple[int, int]]], top: int, height: int
) -> None:
    grid, expected = made
    seen = [p for p, (_, y) in enumerate(expected[:-1]) if y <= top + height and y + TILE[1] - 1 >= top]
    assert list(grid.visible(top, top + height)) == seen


@given(grids(), st.integers(0, 700), st.integers(0, 900), st.integers(0, 400), st.integers(0, 500))
def test_a_band_holds_what_it_touches(
    made: tuple[Grid, list[tuple[int, int]]], left: int, top: int, width: int, height: int
) -> None:
    grid, expected = made
    touched = [
        place
        for place, (x, y) in enumerate(expected[:-1])
        if x <= left + width and x + TILE[0] - 1 >= left and y <= top + height and y + TILE[1] - 1 >= top
    ]
    band = grid.band(left, top, left + width, top + height)
    assert [place for span in band for place in span] == touched


@pytest.mark.parametrize(
    ("place", "lines", "expected"),
    [(1, 1, 4), (4, -1, 1), (2, 1, 4), (4, 1, 6), (6, -1, 4), (3, 2, 8), (8, 9, 8), (1, -9, 1)],
    ids=[
        "down",
        "up",
        "down to a shorter line",
        "into the next group",
        "back",
        "two lines",
        "at the end",
        "at the top",
    ],
)
def test_up_and_down_keep_the_column_where_they_can(place: int, lines: int, expected: int) -> None:
    # 0 1 2
    # 3 4
    # -----
    # 5 6 7
    # 8
    grid = Grid(9, columns=3, tile=TILE, starts=[0, 5], header=HEADER, margin=MARGIN)
    assert grid.beside(place, lines) == expected

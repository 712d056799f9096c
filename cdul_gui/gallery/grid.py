"""Where the tiles of the gallery are: arithmetic alone, so that any number of photos is laid out at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate


class Grid:
    """Tiles of one size in lines, from left to right, each group beginning with a header and a line of its own.

    All lengths are pixels; `y` is measured from the top of the whole, not of what is visible. Places count photos
    from 0.
    """

    def __init__(
        self,
        count: int,
        *,
        columns: int,
        tile: tuple[int, int],
        starts: Sequence[int] = (0,),
        header: int = 0,
        margin: int = 0,
    ) -> None:
        """
        Args:
            count: of photos.
            tile: width and height.
            starts: the first place of each group, ascending from 0.
            header: height of a group's header.
            margin: free space around the whole.
        """
        self.count = count
        self.columns = columns
        self.tile_width, self.tile_height = tile
        self.header = header
        self.margin = margin
        self._starts = [start for start in starts if start < count]
        ends = [*self._starts[1:], count]
        lines = [-(-(end - start) // self.columns) for start, end in zip(self._starts, ends, strict=False)]
        self._tops = list(accumulate((header + each * self.tile_height for each in lines), initial=margin))
        self._ends = ends

    @property
    def height(self) -> int:
        """Of the whole."""
        return self._tops[-1] + self.margin

    def rect(self, place: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of a tile."""
        group = self._group_of(place)
        line, column = divmod(place - self._starts[group], self.columns)
        top = self._tops[group] + self.header + line * self.tile_height
        return self.margin + column * self.tile_width, top, self.tile_width, self.tile_height

    def place_at(self, x: int, y: int) -> int | None:
        """The photo under a point; None beside the tiles."""
        column = (x - self.margin) // self.tile_width
        if not 0 <= column < self.columns:
            return None
        return next((span.start + column for span in self.lines(y, y) if column < len(span)), None)

    def visible(self, top: int, bottom: int) -> range:
        """The places of the tiles that reach into a stripe."""
        spans = list(self.lines(top, bottom))
        return range(spans[0].start, spans[-1].stop) if spans else range(0)

    def lines(self, top: int, bottom: int) -> Iterator[range]:
        """The lines that reach into a stripe, both ends included, from top to bottom: their places."""
        for group in self._groups_in(top, bottom):
            first_top = self._tops[group] + self.header
            first = max(0, (top - first_top) // self.tile_height) if top > first_top else 0
            last = (bottom - first_top) // self.tile_height
            start, end = self._starts[group], self._ends[group]
            for line in range(first, last + 1):
                begin = start + line * self.columns
                if begin >= end:
                    break
                yield range(begin, min(begin + self.columns, end))

    def headers(self, top: int, bottom: int) -> Iterator[tuple[int, int]]:
        """The headers that reach into a stripe: the group and its top."""
        if self.header:
            yield from ((group, self._tops[group]) for group in self._groups_in(top, bottom))

    def group_size(self, group: int) -> int:
        """How many photos a group has."""
        return self._ends[group] - self._starts[group]

    def beside(self, place: int, lines: int) -> int:
        """The place so many lines below (above, if negative), as near to the same column as there is one."""
        left = self.rect(place)[0]
        for _ in range(abs(lines)):
            top = self.rect(place)[1]
            if lines > 0:
                bottom = top + self.tile_height
                line = next(self.lines(bottom, bottom + self.header), None)
            else:
                *_, line = (None, *self.lines(top - 1 - self.header, top - 1))
            if line is None:
                break
            place = min(line.start + (left - self.margin) // self.tile_width, line.stop - 1)
        return place

    def band(self, left: int, top: int, right: int, bottom: int) -> list[range]:
        """The places that a rectangle touches, as spans that do not meet."""
        first = max(0, (left - self.margin) // self.tile_width)
        last = min(self.columns - 1, (right - self.margin) // self.tile_width)
        spans = (range(line.start + first, min(line.start + last + 1, line.stop)) for line in self.lines(top, bottom))
        joined: list[range] = []
        for span in spans:
            if joined and span and joined[-1].stop == span.start:
                joined[-1] = range(joined[-1].start, span.stop)
            elif span:
                joined.append(span)
        return joined

    def corners_before(self, place: int) -> list[tuple[int, int]]:
        """The points of the line that parts a tile from the one before it, from left to right."""
        left, top, width, height = self.rect(place)
        right = self.margin + self.columns * width
        if left == self.margin:
            return [(left, top), (right, top)]
        return [(self.margin, top + height), (left, top + height), (left, top), (right, top)]

    def _group_of(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def _groups_in(self, top: int, bottom: int) -> range:
        first = max(0, bisect_right(self._tops, top) - 1)
        last = min(len(self._starts), bisect_right(self._tops, bottom))
        return range(first, last)

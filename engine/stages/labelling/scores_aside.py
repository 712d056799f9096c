"""The scores of a whole collection while a run makes them, in a file: a million photos take as little memory as a few.

Parts of photos go in. Parts come out again, and labels, each over all photos.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from tempfile import SpooledTemporaryFile
from threading import Lock
from types import TracebackType
from typing import Self

import numpy as np

from engine.method.stage_one import Values
from engine.project import Project

_IN_MEMORY = 64 * 2**20
"""Bytes; what takes no more never becomes a file."""


class ScoresAside(AbstractContextManager["ScoresAside"]):
    """Tables of photos x columns each, float32, which several threads write and read; gone when it is left.

    In the file each part of photos has all tables one after the other, a column's values side by side.
    """

    def __init__(self, project: Project, photos: int, widths: Mapping[str, int], at_once: int) -> None:
        """
        Args:
            widths: how many columns each table has, by its name.
            at_once: photos in a part.
        """
        self._project, self._photos, self._widths, self.at_once = project, photos, widths, at_once
        ends = np.cumsum([0, *widths.values()]).tolist()
        self._begins, self._width = dict(zip(widths, ends[:-1], strict=True)), ends[-1]
        self._file = SpooledTemporaryFile(_IN_MEMORY, dir=str(project.folder))  # noqa: SIM115 (closed in __exit__)
        self._lock = Lock()

    def __len__(self) -> int:
        """How many photos there are."""
        return self._photos

    def width(self, name: str) -> int:
        """How many columns a table has."""
        return self._widths[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def put(self, name: str, first: int, values: Values) -> None:
        """Keep photos x columns of a table.

        Args:
            first: the place of the first photo, where a part begins.
        """
        for start in range(0, len(values), self.at_once):
            self._write(name, first + start, 0, values[start : start + self.at_once])

    def photos(self, name: str, part: slice) -> Values:
        """Photos x columns of a table; `part` begins where one of the parts does."""
        rows = range(self._photos)[part]
        made = np.empty((len(rows), self._widths[name]), np.float32)
        for start in range(0, len(rows), self.at_once):
            made[start : start + self.at_once] = self._read(name, rows[start], slice(0, self._widths[name])).T
        return made

    def columns(self, name: str, some: slice) -> Values:
        """Photos x these columns of a table, each column's values side by side in memory."""
        made = np.empty((some.stop - some.start, self._photos), np.float32)
        for first in range(0, self._photos, self.at_once):
            made[:, first : first + self.at_once] = self._read(name, first, some)
        return made.T

    def put_columns(self, name: str, some: slice, values: Values) -> None:
        """Keep photos x these columns of a table."""
        for first in range(0, self._photos, self.at_once):
            self._write(name, first, some.start, values[first : first + self.at_once])

    def _place(self, name: str, first: int, column: int) -> int:
        in_part = min(self.at_once, self._photos - first)
        return 4 * (first * self._width + in_part * (self._begins[name] + column))

    def _write(self, name: str, first: int, column: int, values: Values) -> None:
        data = np.ascontiguousarray(values.T, np.float32).data
        with self._project.writing_files(), self._lock:
            self._file.seek(self._place(name, first, column))
            self._file.write(data)

    def _read(self, name: str, first: int, some: slice) -> Values:
        columns, photos = some.stop - some.start, min(self.at_once, self._photos - first)
        with self._lock:
            self._file.seek(self._place(name, first, some.start))
            data = self._file.read(4 * columns * photos)
        return np.frombuffer(data, np.float32).reshape(columns, photos)

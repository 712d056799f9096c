"""Tables as CSV: a row for each photo or label of it, the photo's name first, and no cell that could be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from engine.formats.files.reading import FormatError, in_line, in_place, opened_text
from engine.wording import Sentence

PHOTO = "file_name"
"""The column of photos' names."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would calculate (or what looks guarded already)."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


@contextmanager
def csv_rows(stream: IO[bytes]) -> Iterator[Callable[[Iterable[Any]], Any]]:
    """Writes rows of CSV (RFC 4180, UTF-8) to a stream, which stays open."""
    text = io.TextIOWrapper(stream, "utf-8", errors="surrogateescape", newline="", write_through=True)
    try:
        yield csv.writer(text, lineterminator="\r\n").writerow
    finally:
        text.detach()


@contextmanager
def csv_table(file: Path, delimiters: str = ",") -> Iterator[tuple[list[str], Iterator[tuple[int, list[str]]]]]:
    """Header and further rows of a file, each with the number of its line and as many cells; empty lines left out.

    What is wrong, in the table or by what is done with it inside, is said with the line that was read last.

    Args:
        delimiters: signs that may stand between cells; see `delimiter_in`.
    """
    with opened_text(file) as text:
        delimiter = delimiter_in(text.readline(), delimiters)
        text.seek(0)
        reader: Any = csv.reader(text, delimiter=delimiter, strict=True)
        with in_place(file, lambda: in_line(max(reader.line_num, 1))):
            header: list[str] = next(reader, [])
            yield header, _rows(reader, len(header))


def delimiter_in(line: str, delimiters: str) -> str:
    """What stands between the cells of a table with this first line."""
    # The first column is plain, so that the first of these signs stands behind it.
    return next((sign for sign in line if sign in delimiters), ",")


def _rows(reader: Any, cells: int) -> Iterator[tuple[int, list[str]]]:
    for row in reader:
        if row and len(row) != cells:
            raise FormatError(
                Sentence("Expected {wanted} cells, as in the first line, but got {found}.").format(
                    wanted=cells, found=len(row)
                )
            )
        if row:
            yield reader.line_num, row

"""Tables as CSV: a row for each photo or label of it, the photo's name first, and no cell that could be a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, Any

from engine.formats.files.reading import HEAD_LETTERS, FormatError, KnownLabelsError, in_line, in_place, opened_text
from engine.photos.find import SUFFIXES
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
def csv_table(
    file: Path, odd: Callable[[Sentence], None], delimiters: str = ","
) -> Iterator[tuple[list[str], Iterator[tuple[int, list[str]]]]]:
    """Header and further rows of a file, each with the number of its line and as many cells; empty lines left out.

    What is wrong with what is done inside is said with the line that was read last.

    Args:
        odd: is told of each row that is passed over, with its place.
        delimiters: signs that may stand between cells; see `delimiter_in`.
    """
    with opened_text(file) as text:
        start, first = 0, text.readline()
        if _SEPARATOR.fullmatch(first.strip()):  # Excel's own line, which says what stands between cells
            start, first = text.tell(), text.readline()
        delimiter = delimiter_in(first, delimiters)
        text.seek(start)
        reader: Any = csv.reader(text, delimiter=delimiter, strict=True)
        with in_place(file, lambda: in_line(max(reader.line_num, 1))):
            header: list[str] = next((row for row in reader if any(cell.strip() for cell in row)), [])
            yield header, _rows(file, reader, len(header), odd)


def delimiter_in(line: str, delimiters: str) -> str:
    """What stands between the cells of a table with this first line."""
    # The first column is plain, so that the first of these signs stands behind it.
    return next((sign for sign in line if sign in delimiters), ",")


def photo_column(header: Sequence[str], first_row: Sequence[str] = ()) -> int | None:
    """Which column names the photos: by what it is called, else by a photo's suffix in its first cell."""
    plain = ["".join(letter for letter in name.casefold() if letter.isalnum()) for name in header]
    for name in _PHOTO_NAMES:
        if name in plain:
            return plain.index(name)
    cells = enumerate(first_row[: len(header)])
    return next((at for at, cell in cells if PurePath(cell.strip()).suffix.lower() in SUFFIXES), None)


def rows_in(head: str, delimiters: str) -> list[list[str]]:
    """Header and rows of a table that begins like this, as far as they are whole; none for what is no table."""
    lines = [line for line in head.splitlines() if line.strip()]
    if lines and _SEPARATOR.fullmatch(lines[0].strip()):
        lines = lines[1:]
    if len(head) >= HEAD_LETTERS and len(lines) > 1:
        lines = lines[:-1]
    try:
        rows = list(csv.reader(lines, delimiter=delimiter_in(lines[0], delimiters) if lines else ","))
    except csv.Error:
        return []
    return [[cell.strip() for cell in row] for row in rows]


def header_of(header: Sequence[str]) -> str:
    """The names of the first columns, for a sentence."""
    names = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    return names or Sentence("an empty file")


def is_index(name: str) -> bool:
    """Whether a column is one that pandas numbers rows in."""
    return name.strip() in ("", "Unnamed: 0", "index")


def is_gap(cell: str) -> bool:
    """Whether a cell holds nothing, or one of the words for it."""
    return cell.strip().lower() in _GAPS


_GAPS = ("", "nan", "na", "n/a", "<na>", "none", "null")
_PHOTO_NAMES = (
    *("filename", "imagefilename", "filepath", "imagepath", "imgpath", "imagename", "imgname", "sourcefile"),
    *("relativepath", "photo", "image", "img", "picture", "file", "path", "fname", "imagefile", "imageid"),
    *("name", "id"),
)
"""Of columns with the names of photos, in small letters without signs between; the surest first."""
_SEPARATOR = re.compile(r'"?sep=.?"?', re.IGNORECASE)


def _rows(file: Path, reader: Any, cells: int, odd: Callable[[Sentence], None]) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            with in_place(file, lambda: in_line(max(reader.line_num, 1))):
                row = next(reader, None)
                if row and len(row) != cells:
                    raise FormatError(
                        Sentence("Expected {wanted} cells, as in the first line, but got {found}.").format(
                            wanted=cells, found=len(row)
                        )
                    )
        except KnownLabelsError as error:
            odd(error.sentence)
            continue
        if row is None:
            return
        if any(map(str.strip, row)):
            yield reader.line_num, row

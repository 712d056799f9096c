"""Tables as CSV: a row for each photo or label of it, the photo's name first, and no cell that could be a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import IO, Any

from engine.formats.files.reading import HEAD_LETTERS, FormatError, KnownLabelsError, in_line, in_place, opened_text
from engine.formats.files.strict_json import json_value
from engine.photos.find import SUFFIXES
from engine.wording import Sentence

PHOTO = "file_name"
"""The column of photos' names."""

_DELIMITERS = ",;\t|"
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
    file: Path,
    odd: Callable[[Sentence], None],
) -> Iterator[tuple[list[str], Iterator[tuple[int, list[str]]]]]:
    """Header and further rows of a file, each with the number of its line and as many cells; empty lines left out.

    What is wrong with what is done inside is said with the line that was read last.

    Args:
        odd: is told of each row that is passed over, with its place.
    """
    with opened_text(file) as text:
        start, first = 0, text.readline()
        if _SEPARATOR.fullmatch(first.strip()):  # Excel's own line, which says what stands between cells
            start, first = text.tell(), text.readline()
        text.seek(start)
        reader: Any = csv.reader(text, strict=True, **_signs_in(first))
        with in_place(file, lambda: in_line(max(reader.line_num, 1))):
            header: list[str] = next((row for row in reader if any(cell.strip() for cell in row)), [])
            if any(PurePath(cell.strip()).suffix.lower() in SUFFIXES for cell in header):
                raise FormatError(
                    Sentence(
                        "The first line names a photo and not what the columns are. Put a line above it such as "
                        "file_name,label."
                    )
                )
            yield header, _rows(file, reader, len(header), odd)


def _signs_in(line: str) -> dict[str, Any]:
    """What stands between the cells of a table with this first line, and around them."""
    # The first column is plain, so that the first of these signs stands behind it.
    delimiter = next((sign for sign in line if sign in _DELIMITERS), ",")
    return {"delimiter": delimiter, "quotechar": "'" if line.startswith("'") and f"'{delimiter}" in line else '"'}


def photo_column(header: Sequence[str], first_row: Sequence[str] = ()) -> int | None:
    """Which column names the photos: by what it is called, else by a photo's suffix in its first cell."""
    plain = ["".join(letter for letter in name.casefold() if letter.isalnum()) for name in header]
    for name in _PHOTO_NAMES:
        if name in plain:
            return plain.index(name)
    cells = enumerate(first_row[: len(header)])
    return next((at for at, cell in cells if PurePath(cell.strip()).suffix.lower() in SUFFIXES), None)


def rows_in(head: str) -> list[list[str]]:
    """Header and rows of a table that begins like this, as far as they are whole; none for what is no table."""
    lines = [line for line in head.splitlines() if line.strip()]
    if lines and _SEPARATOR.fullmatch(lines[0].strip()):
        lines = lines[1:]
    if len(head) >= HEAD_LETTERS and len(lines) > 1:
        lines = lines[:-1]
    try:
        rows = list(csv.reader(lines, **_signs_in(lines[0] if lines else "")))
    except csv.Error:
        return []
    return [[cell.strip() for cell in row] for row in rows]


def not_wide(header: Sequence[str]) -> FormatError:
    """That a table has no column of photos, or none of labels."""
    return FormatError(
        Sentence("Expected a first column {name!r} and a column for each label, but got {header}.").format(
            name=PHOTO, header=header_of(header)
        )
    )


def header_of(header: Sequence[str]) -> str:
    """The names of the first columns, for a sentence."""
    names = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    return names or Sentence("an empty file")


def is_index(name: str) -> bool:
    """Whether a column is one that pandas numbers rows in."""
    return name.strip() in ("", "Unnamed: 0", "index")


def is_about_rows(name: str) -> bool:
    """Whether a column holds what annotation programs say of themselves and of boxes, as Label Studio and VIA do."""
    return not name.strip() or "".join(letter for letter in name.casefold() if letter.isalnum()) in _ABOUT_ROWS


_ABOUT_ROWS = (
    *("id", "annotator", "annotationid", "taskid", "createdat", "updatedat", "leadtime", "regioncount", "regionid"),
    *("xmin", "xmax", "ymin", "ymax", "isoccluded", "istruncated", "isgroupof", "isdepiction", "isinside"),
)


def several(cell: str) -> list[str]:
    """The labels in a cell that may hold several: a list of JSON or of Python, or with `|`, `;` or `,` between."""
    text = cell.strip()
    if text[:1] in ("[", "{"):
        for way in (text, text.replace("'", '"')):
            with suppress(FormatError):
                found = json_value(way)
                if isinstance(found, dict):
                    found = found.get("choices")  # as Label Studio has it
                if isinstance(found, list):
                    return [one if isinstance(one, str) else str(one) for one in found]
    sign = next((sign for sign in "|;," if sign in text), None)
    return [part.strip() for part in text.split(sign)] if sign else [unguarded(text)]


def _only(header: list[str], name: str) -> int | None:
    """Where the column of this name is, None for nowhere; FormatError for two."""
    if header.count(name) > 1:
        raise FormatError(Sentence("The column {name!r} is there twice.").format(name=name))
    return header.index(name) if name in header else None


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
                if row and len(row) > cells and not any(map(str.strip, row[cells:])):
                    row = row[:cells]  # commas at its end
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

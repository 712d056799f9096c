"""CSV, and its cells that a spreadsheet must not take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

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

"""Reading labels from CSV: tidy, one row a photo and label, or wide, one column a label."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.formats.files.cells import unguarded
from engine.formats.files.reading import in_line, in_place, opened_text
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels
from engine.wording import Sentence

PHOTO, LABEL, SCORE, STATE = "file_name", "label", "score", "state"
TIDY_COLUMNS = frozenset((PHOTO, LABEL, SCORE, STATE, "source"))

SUGGESTED = None
_STATES = {
    "confirmed": PRESENT,
    "present": PRESENT,
    "yes": PRESENT,
    "true": PRESENT,
    "1": PRESENT,
    "rejected": ABSENT,
    "absent": ABSENT,
    "no": ABSENT,
    "false": ABSENT,
    "0": ABSENT,
    "-1": ABSENT,
    "ignored": IGNORED,
    "ignore": IGNORED,
    "difficult": IGNORED,
    "?": IGNORED,
    "suggested": SUGGESTED,
}
"""What is written in a cell to what it means, in small letters."""


def read_csv(file: Path) -> KnownLabels:
    """Read a tidy table: columns `file_name` and `label`, and where there are any `state` and `score`.

    A row without a state says that the photo has the label, one without a label that there is such a photo.

    Raises:
        KnownLabelsError: not to be read, too large, or not such a table; with the line.
    """
    with _table(file) as (header, rows, gathering):
        if PHOTO not in header or LABEL not in header:
            raise FormatError(
                Sentence("Expected the columns {photo!r} and {label!r}, but got {header}.").format(
                    photo=PHOTO, label=LABEL, header=_some(header)
                )
            )
        places = {name: place for place, name in enumerate(header)}
        for row in rows():
            cells = {name: unguarded(row[place]).strip() for name, place in places.items() if name != PHOTO}
            photo = gathering.photo(unguarded(row[places[PHOTO]]))
            if cells[LABEL]:
                label = gathering.label(cells[LABEL])
                _take(gathering, photo, label, cells.get(STATE) or "present", cells.get(SCORE, ""))
        return gathering.known


def read_wide_csv(file: Path) -> KnownLabels:
    """Read a wide table: a column `file_name`, and one for each label.

    A cell says yes (1) or no (0), nothing, or with a fraction how sure a machine is that suggests the label.

    Raises:
        KnownLabelsError: not to be read, too large, or not such a table; with the line.
    """
    with _table(file) as (header, rows, gathering):
        if header[:1] != [PHOTO]:
            raise FormatError(
                Sentence("Expected a first column {name!r} and a column for each label, but got {header}.").format(
                    name=PHOTO, header=_some(header)
                )
            )
        labels = [gathering.label(unguarded(cell)) for cell in header[1:]]
        for row in rows():
            photo = gathering.photo(unguarded(row[0]))
            for label, cell in zip(labels, row[1:], strict=True):
                if cell:
                    is_score = "." in cell
                    _take(gathering, photo, label, "suggested" if is_score else cell, cell if is_score else "")
        return gathering.known


def looks_tidy(head: str) -> bool:
    """Whether a text begins as a tidy table does."""
    header = _first_line(head)
    return {PHOTO, LABEL} <= set(header) <= TIDY_COLUMNS


def looks_wide(head: str) -> bool:
    """Whether a text begins as a wide table of answers does; one of scores alone is none."""
    if _first_line(head)[:1] != [PHOTO] or looks_tidy(head):
        return False
    lines = head.splitlines()[1:-1] or head.splitlines()[1:]
    with_answers = (row[1:] for row in csv.reader(lines, delimiter=_delimiter(head)))
    return any(cell.strip().lower() in _STATES for row in with_answers for cell in row)


Rows = Callable[[], Iterator[list[str]]]


@contextmanager
def _table(file: Path) -> Iterator[tuple[list[str], Rows, Gathering]]:
    """Header, further rows and where to gather them; what is wrong is said with the line that was read last."""
    with opened_text(file) as text:
        delimiter = _delimiter(text.readline())
        text.seek(0)
        reader: Any = csv.reader(text, delimiter=delimiter, strict=True)
        with in_place(file, lambda: in_line(max(reader.line_num, 1))):
            header = [cell.strip() for cell in next(reader, [])]
            name, times = Counter(header).most_common(1)[0] if header else ("", 0)
            if times > 1:
                raise FormatError(Sentence("The column {name!r} is there twice.").format(name=name))

            def rows() -> Iterator[list[str]]:
                for row in reader:
                    if row and len(row) != len(header):
                        raise FormatError(
                            Sentence("Expected {wanted} cells, as in the first line, but got {found}.").format(
                                wanted=len(header), found=len(row)
                            )
                        )
                    if row:
                        yield row

            yield header, rows, Gathering()


def _take(gathering: Gathering, photo: str, label: str, state: str, score: str) -> None:
    answer = _STATES.get(state.strip().lower(), state)
    if isinstance(answer, str):
        raise FormatError(
            Sentence(
                "Expected confirmed, rejected or suggested (1, 0 or a score) for {label!r}, but got {state!r}."
            ).format(label=label, state=state[:40])
        )
    if score or answer is SUGGESTED:
        try:
            value = float(score or 1)
        except ValueError:
            value = -1.0
        gathering.score(photo, label, value if value >= 0 else score[:40])
    if answer is not SUGGESTED:
        gathering.answer(photo, label, answer)


def _delimiter(line: str) -> str:
    # The first column is plain, so that the first of these signs stands behind it.
    return next((sign for sign in line if sign in ",;\t"), ",")


def _first_line(head: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(head.splitlines()[:1], delimiter=_delimiter(head)), [])]
    except csv.Error:
        return []


def _some(header: list[str]) -> str:
    names = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    return names or Sentence("an empty file")

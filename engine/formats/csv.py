"""Labels as CSV: tidy, one row a photo and label, or wide, one column a label."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from engine.formats.export_set import HUMAN, MAYBE, STATE_WORDS, ExportSet
from engine.formats.files.tables import PHOTO, csv_rows, csv_table, delimiter_in, guarded, unguarded
from engine.formats.format import IN_IMAGES, Format, OneFile, Reader, Takes, Writer, named_after_split
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, Gathering, KnownLabels
from engine.project.snapshot import NO, YES
from engine.wording import Sentence

TIDY_COLUMNS = PHOTO, LABEL, SCORE, STATE, _SOURCE = PHOTO, "label", "score", "state", "source"
_DELIMITERS = ",;\t"

SUGGESTED = None
_WEAK = "?"
"""Behind the score of a weak suggestion in a wide table."""
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
    "likely": SUGGESTED,
    MAYBE: SUGGESTED,
}
"""What is written in a cell to what it means, in small letters."""


def write_tidy(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `file_name,label,score,state,source`, the state a word of `STATE_WORDS` or rejected; returns labels.

    A photo of which nothing is known has one row without a label.
    """
    written = 0
    with csv_rows(stream) as write:
        write(TIDY_COLUMNS)
        labels = [guarded(label.name) for label in export.labels]
        for photo in export.photos():
            name = guarded(photo.name)
            for label in photo.labels:
                write([name, labels[label.column], f"{label.score:.6g}", STATE_WORDS[label.state], label.source])
            for column in photo.rejected:
                write([name, labels[column], "0", "rejected", HUMAN])
            if not photo.labels and not photo.rejected:
                write([name, "", "", "", ""])
            written += len(photo.labels)
    return written


def write_wide(export: ExportSet, stream: IO[bytes]) -> int:
    """Write `file_name` and a column for each label; returns the labels.

    1 is confirmed, 0 rejected, a number with a decimal point the score of a suggested label, with a question mark
    behind it that of a weak one; an empty cell is neither.
    """
    with csv_rows(stream) as write:
        write([PHOTO, *(guarded(label.name) for label in export.labels)])
        for name, decisions, suggested, maybe, scores in zip(
            export.names, export.decisions, export.suggested, export.maybe, export.scores, strict=True
        ):
            cells = np.full(len(decisions), "", object)
            cells[decisions == YES], cells[decisions == NO] = "1", "0"
            cells[suggested] = [f"{score:.6f}" for score in scores[suggested]]
            cells[maybe] += _WEAK
            write([guarded(name), *cells])
    return int(export.present.sum())


def read_csv(file: Path) -> KnownLabels:
    """Read a tidy table: columns `file_name` and `label`, and where there are any `state` and `score`.

    A row without a state says that the photo has the label, one without a label that there is such a photo.

    Raises:
        KnownLabelsError: not to be read, too large, or not such a table; with the line.
    """
    with _table(file) as (header, rows):
        if PHOTO not in header or LABEL not in header:
            raise FormatError(
                Sentence("Expected the columns {photo!r} and {label!r}, but got {header}.").format(
                    photo=PHOTO, label=LABEL, header=_some(header)
                )
            )
        gathering = Gathering()
        places = {name: place for place, name in enumerate(header)}
        for row in rows:
            cells = {name: unguarded(row[place]).strip() for name, place in places.items() if name != PHOTO}
            photo = gathering.photo(unguarded(row[places[PHOTO]]))
            if cells[LABEL]:
                label = gathering.label(cells[LABEL])
                _take(gathering, photo, label, cells.get(STATE) or "present", cells.get(SCORE, ""))
        return gathering.known


def read_wide_csv(file: Path) -> KnownLabels:
    """Read a wide table: a column `file_name`, and one for each label.

    A cell says yes (1) or no (0), nothing, or with a fraction how sure a machine is that suggests the label; a question
    mark behind it makes the suggestion a weak one.

    Raises:
        KnownLabelsError: not to be read, too large, or not such a table; with the line.
    """
    with _table(file) as (header, rows):
        if header[:1] != [PHOTO]:
            raise FormatError(
                Sentence("Expected a first column {name!r} and a column for each label, but got {header}.").format(
                    name=PHOTO, header=_some(header)
                )
            )
        gathering = Gathering()
        labels = [gathering.label(unguarded(cell)) for cell in header[1:]]
        for row in rows:
            photo = gathering.photo(unguarded(row[0]))
            for label, cell in zip(labels, row[1:], strict=True):
                if cell:
                    score = cell.removesuffix(_WEAK) if "." in cell else ""
                    state = (MAYBE if score != cell else "suggested") if score else cell
                    _take(gathering, photo, label, state, score)
        return gathering.known


def looks_tidy(_path: Path, head: str) -> bool:
    """Whether a text begins as a tidy table does."""
    header = _first_line(head)
    return {PHOTO, LABEL} <= set(header) <= set(TIDY_COLUMNS)


def looks_wide(path: Path, head: str) -> bool:
    """Whether a text begins as a wide table of answers does; one of scores alone is none."""
    if _first_line(head)[:1] != [PHOTO] or looks_tidy(path, head):
        return False
    lines = head.splitlines()[1:-1] or head.splitlines()[1:]
    with_answers = (row[1:] for row in csv.reader(lines, delimiter=delimiter_in(head, _DELIMITERS)))
    return any(cell.strip().lower() in _STATES for row in with_answers for cell in row)


@contextmanager
def _table(file: Path) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    """Header and further rows; what is wrong is said with the line that was read last."""
    with csv_table(file, _DELIMITERS) as (first, rows):
        header = [cell.strip() for cell in first]
        name, times = Counter(header).most_common(1)[0] if header else ("", 0)
        if times > 1:
            raise FormatError(Sentence("The column {name!r} is there twice.").format(name=name))
        yield header, (row for _, row in rows)


def _take(gathering: Gathering, photo: str, label: str, state: str, score: str) -> None:
    answer = _STATES.get(state.strip().lower(), state)
    if isinstance(answer, str):
        raise FormatError(
            Sentence(
                "Expected confirmed, rejected, suggested or maybe (1, 0 or a score) for {label!r}, but got {state!r}."
            ).format(label=label, state=state[:40])
        )
    if score or answer is SUGGESTED:
        try:
            value = float(score or 1)
        except ValueError:
            value = -1.0
        gathering.score(photo, label, value if value >= 0 else score[:40], weak=state.strip().lower() == MAYBE)
    if answer is not SUGGESTED:
        gathering.answer(photo, label, answer)


def _first_line(head: str) -> list[str]:
    first = head.splitlines()[:1]
    try:
        return [cell.strip() for cell in next(csv.reader(first, delimiter=delimiter_in(head, _DELIMITERS)), [])]
    except csv.Error:
        return []


def _some(header: list[str]) -> str:
    names = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    return names or Sentence("an empty file")


FORMATS = (
    Format(
        "csv",
        Reader(Sentence("CSV, a row for each photo and label"), Takes.FILE, read_csv, looks_tidy),
        Writer(
            title=Sentence("CSV, a row for each label"),
            description=Sentence("A row for each photo and label, with score, state and source"),
            files=OneFile(".csv", named_after_split("labels_{split}.csv"), write_tidy),
            photos=IN_IMAGES,
        ),
    ),
    Format(
        "csv-wide",
        Reader(Sentence("CSV, a row for each photo, a column for each label"), Takes.FILE, read_wide_csv, looks_wide),
        Writer(
            title=Sentence("CSV, a column for each label"),
            description=Sentence("A row for each photo: 1 where confirmed, 0 where rejected, a score where suggested"),
            files=OneFile(".csv", named_after_split("labels_{split}.csv"), write_wide),
            photos=IN_IMAGES,
        ),
    ),
)

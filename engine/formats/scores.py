"""Scores as a wide CSV: `file_name` and a column for each label, every photo, full precision; out and in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from engine.formats.export_set import ExportSet
from engine.formats.files.cells import csv_rows, guarded, unguarded
from engine.formats.files.reading import in_line, in_place, opened_text
from engine.formats.known_labels import FormatError
from engine.project.labels import LabelSetError, NewLabel, check_label_set
from engine.wording import Sentence

FIRST_COLUMN = "file_name"


@dataclass(frozen=True)
class ScoreTable:
    """Scores as a file has them: photos x labels, float32, from 0 to 1, nan where a cell is empty."""

    labels: tuple[str, ...]
    file_names: tuple[str, ...]
    values: npt.NDArray[np.float32]


def write_scores(export: ExportSet, stream: IO[bytes]) -> int:
    """Write the scores of the exported stage; a photo without scores gets empty cells. Returns the number of photos.

    Numbers are the shortest that read back as the same float32.
    """
    with csv_rows(stream) as write:
        write([FIRST_COLUMN, *(guarded(label.name) for label in export.labels)])
        for name, scores in zip(export.names, export.scores, strict=True):
            write([guarded(name), *("" if cell == "nan" else cell for cell in map(str, scores))])
    return len(export)


def read_scores(file: Path) -> ScoreTable:
    """Read what `write_scores` writes, or the same from another program. No file of the named ones is opened.

    Raises:
        KnownLabelsError: not to be read, too large, or not such a table; with the line.
    """
    with opened_text(file) as text:
        rows: Any = csv.reader(text, strict=True)
        with in_place(file, lambda: in_line(max(rows.line_num, 1))):
            return _read(rows)


def looks_like_scores(head: str) -> bool:
    """Whether a text begins as such a table does."""
    return head.lstrip('"').startswith((f"{FIRST_COLUMN},", f'{FIRST_COLUMN}",'))


def _read(rows: Any) -> ScoreTable:
    lines: dict[str, int] = {}
    values: list[npt.NDArray[np.float32]] = []
    header: list[str] = next(rows, [])
    labels = _labels(header)
    for row in rows:
        if not row:
            continue
        name = unguarded(row[0])
        if name in lines:
            raise FormatError(
                Sentence("The photo {name!r} is there already, in line {line}.").format(name=name, line=lines[name])
            )
        if len(row) != len(header):
            raise FormatError(
                Sentence("Expected {wanted} cells, as in the first line, but got {found}.").format(
                    wanted=len(header), found=len(row)
                )
            )
        lines[name] = rows.line_num
        values.append(np.array([_score(cell, label) for cell, label in zip(row[1:], labels, strict=True)], "f4"))
    if not values:
        raise FormatError(Sentence("There are no photos, only this line."))
    return ScoreTable(labels, tuple(lines), np.stack(values))


def _labels(header: list[str]) -> tuple[str, ...]:
    if header[:1] != [FIRST_COLUMN]:
        got = repr(header[0][:40]) if header else Sentence("an empty file")
        raise FormatError(
            Sentence("Expected a first column {name!r} and a column for each label, but got {header}.").format(
                name=FIRST_COLUMN, header=got
            )
        )
    labels = tuple(unguarded(cell) for cell in header[1:])
    try:
        check_label_set([NewLabel(label) for label in labels])
    except LabelSetError as error:
        raise FormatError(error.sentence) from error
    return labels


def _score(cell: str, label: str) -> float:
    if not cell.strip():
        return float("nan")
    try:
        score = float(cell)
    except ValueError:
        score = -1.0
    # Written so that "nan" is refused as well.
    if not 0 <= score <= 1:
        raise FormatError(
            Sentence("Expected a score from 0 to 1 for {label!r}, but got {cell!r}.").format(
                label=label, cell=cell[:40]
            )
        )
    return score

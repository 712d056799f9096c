"""Scores as a wide CSV: `file_name` and a column for each label, every photo, full precision."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from engine.formats.export_set import ExportSet
from engine.formats.files.tables import PHOTO, csv_rows, csv_table, guarded, unguarded
from engine.formats.format import IN_IMAGES, Format, OneFile, Reader, Takes, Writer, named_after_split
from engine.formats.known_labels import FormatError, ScoreTable
from engine.project.labels import LabelSetError, NewLabel, check_label_set
from engine.wording import Sentence


def write_scores(export: ExportSet, stream: IO[bytes]) -> int:
    """Write the scores of the exported stage; a photo without scores gets empty cells. Returns the number of photos.

    Numbers are the shortest that read back as the same float32.
    """
    with csv_rows(stream) as write:
        write([PHOTO, *(guarded(label.name) for label in export.labels)])
        for name, scores in zip(export.names, export.scores, strict=True):
            write([guarded(name), *("" if cell == "nan" else cell for cell in map(str, scores))])
    return len(export)


def read_scores(file: Path) -> ScoreTable:
    """Read what `write_scores` writes, or the same from another program. No file of the named ones is opened.

    Raises:
        KnownLabelsError: not to be read, too large, or not such a table; with the line.
    """
    lines: dict[str, int] = {}
    values: list[npt.NDArray[np.float32]] = []
    with csv_table(file) as (header, rows):
        labels = _labels(header)
        for line, row in rows:
            name = unguarded(row[0])
            if name in lines:
                raise FormatError(
                    Sentence("The photo {name!r} is there already, in line {line}.").format(name=name, line=lines[name])
                )
            lines[name] = line
            values.append(np.array([_score(cell, label) for cell, label in zip(row[1:], labels, strict=True)], "f4"))
        if not values:
            raise FormatError(Sentence("There are no photos, only this line."))
    return ScoreTable(labels, tuple(lines), np.stack(values))


def looks_like_scores(_path: Path, head: str) -> bool:
    """Whether a text begins as such a table does."""
    return head.lstrip('"').startswith((f"{PHOTO},", f'{PHOTO}",'))


def _labels(header: list[str]) -> tuple[str, ...]:
    if header[:1] != [PHOTO]:
        got = repr(header[0][:40]) if header else Sentence("an empty file")
        raise FormatError(
            Sentence("Expected a first column {name!r} and a column for each label, but got {header}.").format(
                name=PHOTO, header=got
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


FORMAT = Format(
    "scores",
    Reader(Sentence("CSV, scores of photos and labels"), Takes.FILE, read_scores, looks_like_scores),
    Writer(
        title=Sentence("Scores"),
        description=Sentence("A table with the score of every photo and label, whatever the thresholds"),
        files=OneFile(".csv", named_after_split("scores_{split}.csv"), write_scores),
        photos=IN_IMAGES,
        counts="photos",
    ),
)

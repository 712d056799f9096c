"""Scores as a wide CSV: `file_name` and a column for each label, every photo, full precision."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from engine.formats.export_set import ExportSet
from engine.formats.files.reading import in_line, in_place
from engine.formats.files.tables import (
    PHOTO,
    csv_rows,
    csv_table,
    guarded,
    is_about_rows,
    is_gap,
    is_index,
    not_wide,
    photo_column,
    rows_in,
    unguarded,
)
from engine.formats.format import IN_IMAGES, Format, OneFile, Reader, Takes, Writer, named_after_split
from engine.formats.known_labels import FormatError, Gathering, KnownLabelsError, ScoreTable
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

    A cell that holds no score counts as an empty one, a row that cannot be read is left out; both are counted. So is a
    column in which there is none.

    Raises:
        KnownLabelsError: not to be read, too large, or no such table.
    """
    gathering = Gathering()
    lines: dict[str, int] = {}
    values: list[npt.NDArray[np.float32]] = []
    with csv_table(file, gathering.pass_over) as (header, rows):
        first = next(rows, None)
        with in_place(file, in_line(1)):
            column = photo_column(header, first[1] if first else ())
            if column is None:
                raise not_wide(header)
            columns = {at: unguarded(name.strip()) for at, name in _labels(header, column)}
            _check_names(tuple(columns.values()))
        columns = {at: gathering.label(name) for at, name in columns.items()}
        for line, row in itertools.chain([first] if first else [], rows):
            with gathering.entry(file, in_line(line)):
                name = unguarded(row[column])
                if name in lines:
                    raise FormatError(
                        Sentence("The photo {name!r} is there already, in line {line}.").format(
                            name=name, line=lines[name]
                        )
                    )
                lines[name] = line
                values.append(_scores([row[at] for at in columns]))
                if values[-1] is _NONE:
                    values[-1] = np.full(len(columns), np.nan, np.float32)
                    for place, (at, label) in enumerate(columns.items()):
                        with gathering.entry(file, in_line(line)):
                            values[-1][place] = _score(row[at], label)
        if not values and not gathering.known.passed_over:
            raise FormatError(Sentence("There are no photos, only this line."))
    known = gathering.known
    table = np.stack(values) if values else np.empty((0, len(columns)), np.float32)
    if known.passed_over and np.isnan(table).all():
        raise KnownLabelsError(known.problems[0])
    labels = list(columns.values())
    # A column of which nothing could be read is most likely no label's.
    kept = [at for at in range(len(labels)) if not known.passed_over or not np.isnan(table[:, at]).all()]
    names = tuple(labels[at] for at in kept)
    return ScoreTable(names, tuple(lines), table[:, kept], known.problems, known.passed_over)


def looks_like_scores(_path: Path, head: str) -> bool:
    """Whether a text begins as such a table does."""
    header, first = [*rows_in(head), [], []][:2]
    return photo_column(header, first) is not None


def _labels(header: list[str], photos: int) -> list[tuple[int, str]]:
    return [
        (at, name)
        for at, name in enumerate(header)
        if not (at == photos or is_about_rows(name) or (at < photos and is_index(name)))
    ]


def _check_names(labels: tuple[str, ...]) -> None:
    try:
        check_label_set([NewLabel(label) for label in labels])
    except LabelSetError as error:
        raise FormatError(error.sentence) from error


_NONE = np.empty(0, np.float32)


def _scores(cells: list[str]) -> npt.NDArray[np.float32]:
    """The scores of a row where all of its cells are right, else `_NONE`."""
    try:
        scores = np.array([float(cell) if cell else np.nan for cell in cells], np.float32)
    except ValueError:
        return _NONE
    return scores if ((scores >= 0) & (scores <= 1) | np.isnan(scores)).all() else _NONE


def _score(cell: str, label: str) -> float:
    if is_gap(cell):
        return float("nan")
    try:
        score = float(cell.replace(",", "."))
    except ValueError:
        score = -1.0
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

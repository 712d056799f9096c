"""Hugging Face imagefolder: `metadata.jsonl` beside the photos, one JSON object a line for each photo.

Others write `metadata.csv`, which is read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from engine.formats.export_set import MAYBE, ExportSet
from engine.formats.files.reading import files_below, in_line, opened_text
from engine.formats.files.strict_json import encoded, json_value, kind_of, once
from engine.formats.files.tables import csv_table, is_gap, several
from engine.formats.format import Format, OneFile, Reader, Takes, Writer, below_split, top
from engine.formats.known_labels import ABSENT, PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.project.label_state import LabelState
from engine.wording import Sentence

FILE = "metadata.jsonl"
_TABLE = "metadata.csv"
PHOTO, LABELS, SUGGESTED, REJECTED, REVIEWED = "file_name", "labels", "suggested", "rejected", "reviewed"
_ONE_LABEL = "label"
"""As others write it, for a photo that has no more."""
_MOST_LETTERS_OF_A_LINE = 16 * 2**20


def write_huggingface(export: ExportSet, stream: IO[bytes]) -> int:
    """Write a line for each photo; returns the number of labels.

    `labels` are all that the photo has; `suggested` are those of them that nobody confirmed, `maybe` the weak ones of
    these.
    """
    written = 0
    names = [label.name for label in export.labels]
    for photo in export.photos():
        # Every line has every key, so that the columns have one type.
        line = {
            PHOTO: photo.name,
            LABELS: [names[label.column] for label in photo.labels],
            SUGGESTED: [names[label.column] for label in photo.labels if not label.confirmed],
            MAYBE: [names[label.column] for label in photo.labels if label.state == LabelState.MAYBE],
            REJECTED: [names[column] for column in photo.rejected],
            REVIEWED: photo.reviewed,
        }
        stream.write(encoded(line) + b"\n")
        written += len(photo.labels)
    return written


def read_huggingface(path: Path) -> KnownLabels:
    """Read `metadata.jsonl` or `metadata.csv`, or all of these names in a folder and those below, one for each split.

    Of each line `file_name` and `labels` count (or `label`, one text), and, as this program writes them, `rejected`,
    `reviewed`, `suggested`, those of the labels that nobody confirmed, and `maybe`, the weak ones of these. File names
    are relative to the folder of their file.

    Raises:
        KnownLabelsError: not to be read, or a line that is no such object.
    """
    gathering = Gathering()
    for prefix, file in _files(path):
        if file.suffix.lower() == ".csv":
            _take_table(gathering, prefix, file)
            continue
        with opened_text(file) as text:
            number = 0
            while line := text.readline(_MOST_LETTERS_OF_A_LINE):
                number += 1
                place = in_line(number)
                if line.strip("\ufeff \t\r\n"):
                    with gathering.entry(file, place):
                        _take(_Line(gathering, file, place), prefix, json_value(line))
    return gathering.some


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield "", path
        return
    found = [
        (name.removesuffix(file.name), file)
        for wanted in (FILE, _TABLE)
        for name, file in files_below(path, wanted)
        if file.name == wanted
    ]
    if not found:
        raise KnownLabelsError(
            Sentence("There is no file {name} in {folder}. Choose the folder that holds it.").format(
                name=FILE, folder=path
            )
        )
    yield from found


def _take_table(gathering: Gathering, prefix: str, file: Path) -> None:
    with csv_table(file, gathering.pass_over) as (header, rows):
        keys = [cell.strip() for cell in header]
        for number, row in rows:
            place = in_line(number)
            with gathering.entry(file, place):
                cells: dict[str, Any] = {key: cell for key, cell in zip(keys, row, strict=True) if not is_gap(cell)}
                for key in (LABELS, SUGGESTED, MAYBE, REJECTED):
                    if key in cells:
                        cells[key] = several(cells[key])
                _take(_Line(gathering, file, place), prefix, cells)


class _Line(NamedTuple):
    """Where a line is taken over."""

    gathering: Gathering
    file: Path
    place: str

    def labels(self, entry: dict[str, Any], *keys: str) -> list[str]:
        """The labels under some keys; those that are none are passed over."""
        found: list[str] = []
        for key in keys:
            values = entry.get(key)
            if values is not None and not isinstance(values, list):
                raise FormatError(
                    Sentence("Expected a list of labels under {key!r}, but got {kind}.").format(
                        key=key, kind=kind_of(values)
                    )
                )
            for value in values or ():
                with self.gathering.entry(self.file, self.place):
                    found.append(self.gathering.label(value))
        return found


def _take(line: _Line, prefix: str, entry: Any) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get(PHOTO), str):
        raise FormatError(Sentence("Expected an object with the name of a photo under 'file_name'."))
    once(entry, PHOTO, LABELS, _ONE_LABEL, SUGGESTED, MAYBE, REJECTED)
    gathering = line.gathering
    photo = gathering.photo(prefix + entry[PHOTO], reviewed=entry.get(REVIEWED) is True)
    weak = set(line.labels(entry, MAYBE))
    suggested = weak.union(line.labels(entry, SUGGESTED))
    one = {_ONE_LABEL: [entry[_ONE_LABEL]]} if entry.get(_ONE_LABEL) is not None else {}
    for label in [*line.labels(entry, LABELS), *line.labels(one, _ONE_LABEL)]:
        if label not in suggested:
            gathering.answer(photo, label, PRESENT)
    for label in suggested:
        gathering.score(photo, label, 0.5 if label in weak else 1.0, weak=label in weak)
    for label in line.labels(entry, REJECTED):
        with gathering.entry(line.file, line.place):
            gathering.answer(photo, label, ABSENT)


def _looks_right(path: Path, _head: str) -> bool:
    return path.suffix == ".jsonl" or any(
        next(path.glob(f"{below}{name}"), None) is not None for name in (FILE, _TABLE) for below in ("", "*/")
    )


FORMAT = Format(
    "huggingface",
    Reader(
        Sentence("Hugging Face imagefolder, metadata.jsonl"),
        Takes.FILE | Takes.FOLDER,
        read_huggingface,
        _looks_right,
    ),
    Writer(
        title=Sentence("Hugging Face"),
        description=Sentence("An imagefolder for the library datasets: metadata.jsonl, best with copied photos"),
        writes_no=True,
        files=OneFile(".jsonl", below_split(FILE), write_huggingface),
        photos=top,
    ),
)

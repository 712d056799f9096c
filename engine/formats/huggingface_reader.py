"""Reading a Hugging Face imagefolder: `metadata.jsonl`, one JSON object a line for each photo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.formats.files.reading import files_below, in_line, in_place, kind_of, opened_text, parse_json
from engine.formats.known_labels import ABSENT, PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

METADATA = "metadata.jsonl"
_MOST_LETTERS_OF_A_LINE = 16 * 2**20


def read_huggingface(path: Path) -> KnownLabels:
    """Read `metadata.jsonl`, or all of that name in a folder and those below it, one for each split.

    Of each line `file_name` and `labels` count (or `label`, one text), and, as this program writes them, `rejected`,
    `reviewed`, and `suggested`, those of the labels that nobody confirmed. File names are relative to the folder of
    their file.

    Raises:
        KnownLabelsError: not to be read, or a line that is no such object.
    """
    gathering = Gathering()
    for prefix, file in _files(path):
        with opened_text(file) as text:
            number = 0
            while line := text.readline(_MOST_LETTERS_OF_A_LINE):
                number += 1
                place = in_line(number)
                if line.strip():
                    entry = parse_json(file, line, place)
                    with in_place(file, place):
                        _take(gathering, prefix, entry)
    return gathering.known


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield "", path
        return
    found = [(name.removesuffix(METADATA), file) for name, file in files_below(path, METADATA) if file.name == METADATA]
    if not found:
        raise KnownLabelsError(
            Sentence("There is no file {name} in {folder}. Choose the folder that holds it.").format(
                name=METADATA, folder=path
            )
        )
    yield from found


def _take(gathering: Gathering, prefix: str, entry: Any) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("file_name"), str):
        raise FormatError(Sentence("Expected an object with the name of a photo under 'file_name'."))
    photo = gathering.photo(prefix + entry["file_name"], reviewed=entry.get("reviewed") is True)
    suggested = set(map(gathering.label, _labels(entry, "suggested")))
    one = [entry["label"]] if isinstance(entry.get("label"), str) else []
    for label in map(gathering.label, [*_labels(entry, "labels"), *one]):
        if label not in suggested:
            gathering.answer(photo, label, PRESENT)
    for label in suggested:
        gathering.score(photo, label, 1.0)
    for label in map(gathering.label, _labels(entry, "rejected")):
        gathering.answer(photo, label, ABSENT)


def _labels(entry: dict[str, Any], key: str) -> list[Any]:
    values = entry.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise FormatError(
            Sentence("Expected a list of labels under {key!r}, but got {kind}.").format(key=key, kind=kind_of(values))
        )
    return values

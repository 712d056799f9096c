"""Labels as Open Images publishes its own: tables of codes, a table of the codes' names, and what stands below what.

They are read as the tables that they are, see `engine.formats.csv_reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from engine.formats.export_set import ExportSet
from engine.formats.files.tables import csv_rows
from engine.formats.format import IN_IMAGES, Format, ManyFiles, Writer
from engine.project.label_state import LabelState
from engine.wording import Sentence

ANSWERS, SUGGESTIONS = "{part}annotations-human-imagelabels.csv", "{part}annotations-machine-imagelabels.csv"
NAMES, TREE = "class-descriptions.csv", "label_hierarchy.json"
_HEADER = ("ImageID", "Source", "LabelName", "Confidence")
_CODE_OF, _BELOW = "LabelName", "Subcategory"
_TOP = "/l/entity"
"""What all labels stand below, and which has no name, as in Open Images' own tree."""


def write_open_images(export: ExportSet, folder: Path) -> int:
    """Write the four files of a folder; returns labels.

    Answers have the confidence 1 or 0, suggestions their scores, in a table of their own. What follows from an answer
    has no row: the tree tells it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    codes = _codes(export)
    part = f"{export.split}-" if export.split else ""
    written = 0
    with (
        (folder / ANSWERS.format(part=part)).open("xb") as answers,
        (folder / SUGGESTIONS.format(part=part)).open("xb") as suggestions,
        csv_rows(answers) as say,
        csv_rows(suggestions) as suggest,
    ):
        say(_HEADER)
        suggest(_HEADER)
        for photo in export.photos():
            for label in photo.labels:
                code = codes[export.labels[label.column].name]
                if label.state == LabelState.CONFIRMED:
                    say([photo.stem, "verification", code, 1])
                elif label.state != LabelState.IMPLIED:
                    suggest([photo.stem, "machine", code, f"{label.score:.6f}"])
            for column in photo.rejected:
                say([photo.stem, "verification", codes[export.labels[column].name], 0])
            written += sum(label.state != LabelState.IMPLIED for label in photo.labels)
    with (folder / NAMES).open("wb") as stream, csv_rows(stream) as name:
        for each, code in codes.items():
            name([code, each])
    (folder / TREE).write_bytes(orjson.dumps(_tree(export, codes), option=orjson.OPT_INDENT_2))
    return written


def _codes(export: ExportSet) -> dict[str, str]:
    """Of each label, and of what one stands below that is not handed over itself."""
    codes = {label.name: f"/l/{label.id:05}" for label in export.labels}
    for above in _parents(export):
        for name in above:
            codes.setdefault(name, f"/p/{len(codes):05}")
    return codes


def _parents(export: ExportSet) -> Iterator[Sequence[str]]:
    return (export.parents_of(column) for column in range(len(export.labels)))


def _tree(export: ExportSet, codes: dict[str, str]) -> dict[str, Any]:
    """A label that stands below several is there below each, with all that stands below it."""
    below: dict[str, list[str]] = {}
    for label, above in zip(export.labels, _parents(export), strict=True):
        for name in above:
            below.setdefault(name, []).append(label.name)
    lower = {name for names in below.values() for name in names}

    def node(name: str) -> dict[str, Any]:
        found: dict[str, Any] = {_CODE_OF: codes[name]}
        if name in below:
            found[_BELOW] = [node(one) for one in below[name]]
        return found

    return {_CODE_OF: _TOP, _BELOW: [node(name) for name in codes if name not in lower]}


FORMAT = Format(
    "open-images",
    writer=Writer(
        title=Sentence("Open Images"),
        description=Sentence("A folder with tables of answers and of suggestions, names of the labels, and their tree"),
        writes_no=True,
        files=ManyFiles(lambda _split: "", write_open_images, "*-imagelabels.csv"),
        photos=IN_IMAGES,
        by_stem=True,
    ),
)

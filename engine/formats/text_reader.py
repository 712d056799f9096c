"""Reading a text file for each photo: its labels, separated by commas, as taggui, kohya and booru sites keep them."""

from __future__ import annotations

import csv
from pathlib import Path

from engine.formats.known_labels import PRESENT, Gathering, KnownLabels
from engine.formats.reading import MOST_BYTES_BESIDE, files_below, in_place, opened_text


def read_text(folder: Path) -> KnownLabels:
    """Read every `.txt` file of a folder and those below it; `trip/boat.txt` tells of the photo `trip/boat`.

    A label that holds a comma stands in quotation marks.

    Raises:
        KnownLabelsError: a file is not to be read, or holds what can be no label.
    """
    gathering = Gathering()
    for name, file in files_below(folder, ".txt"):
        photo = gathering.photo(name[: -len(".txt")])
        with opened_text(file, MOST_BYTES_BESIDE) as text, in_place(file):
            for number, cells in enumerate(_rows(text.read()), 1):
                with in_place(file, f"line {number}"):
                    for cell in filter(str.strip, cells):
                        gathering.answer(photo, gathering.label(cell), PRESENT)
    return gathering.known


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error

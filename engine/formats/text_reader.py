"""Reading a text file for each photo: its labels, separated by commas, as taggui, kohya and booru sites keep them."""

from __future__ import annotations

import csv
from pathlib import Path

from engine.formats.known_labels import PRESENT, KnownLabels
from engine.formats.reading import MOST_BYTES_BESIDE, PhotoLabels, files_below, opened_text, read_each


def read_text(folder: Path) -> KnownLabels:
    """Read every `.txt` file of a folder and those below it; `trip/boat.txt` tells of the photo `trip/boat`.

    A label that holds a comma stands in quotation marks. What is no list of labels is passed over.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, ".txt"), _read)


def _read(name: str, file: Path) -> PhotoLabels:
    with opened_text(file, MOST_BYTES_BESIDE) as text:
        cells = [cell for row in _rows(text.read()) for cell in row if cell.strip()]
    return PhotoLabels(name.removesuffix(Path(name).suffix), [(cell, PRESENT) for cell in cells], {})


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error

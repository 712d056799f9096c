"""Reading a text file for each photo: its labels, separated by commas, as taggui, kohya and booru sites keep them."""

from __future__ import annotations

from pathlib import Path

from engine.formats.files.reading import MOST_BYTES_BESIDE, PhotoLabels, files_below, listed_in, opened_text, read_each
from engine.formats.known_labels import PRESENT, KnownLabels


def read_text(folder: Path) -> KnownLabels:
    """Read every `.txt` file of a folder and those below it; `trip/boat.txt` tells of the photo `trip/boat`.

    A label that holds a comma stands in quotation marks. What is no list of labels is passed over.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, ".txt"), _read)


def _read(name: str, file: Path) -> PhotoLabels:
    with opened_text(file, MOST_BYTES_BESIDE) as text:
        labels = listed_in(text.read())
    return PhotoLabels(name.removesuffix(Path(name).suffix), [(label, PRESENT) for label in labels], {})

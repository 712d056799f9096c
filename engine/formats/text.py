"""A text file for each photo: its labels, separated by commas, as taggui, kohya and booru sites keep them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from pathlib import Path

from engine.formats.beside import FileBeside, MergedFile, PhotoLabels, read_each
from engine.formats.export_set import ExportedPhoto
from engine.formats.files.reading import MOST_BYTES_BESIDE, files_below, opened_text
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, holds, top
from engine.formats.known_labels import PRESENT, FormatError, KnownLabels
from engine.wording import Sentence

SUFFIX = ".txt"


def merge_text(content: bytes | None, photo: ExportedPhoto, names: Sequence[str], ours: Collection[str]) -> MergedFile:
    """A line of labels that may hold others' words as well; see `beside.Merge`."""
    before = (content or b"").decode("utf-8", "surrogateescape")
    there = _listed(before)
    keywords, added = _merged(there, [names[label.column] for label in photo.labels], ours)
    if content is not None and list(keywords) == there:
        return MergedFile(content, added)
    return MergedFile(_line(keywords).encode("utf-8", "surrogateescape"), added)


def read_text(folder: Path) -> KnownLabels:
    """Read every `.txt` file of a folder and those below it; `trip/boat.txt` tells of the photo `trip/boat`.

    A label that holds a comma stands in quotation marks. What is no list of labels is passed over.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(files_below(folder, SUFFIX), _read)


def _listed(text: str) -> list[str]:
    """What stands between the commas of all lines, without what is empty; FormatError for no such text."""
    try:
        rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise FormatError(Sentence("It is no list of labels ({why}).").format(why=error)) from error
    return [cell for row in rows for cell in row if cell.strip()]


def _merged(
    there: Sequence[str], wanted: Sequence[str], ours: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keywords of a file from now on, and those of them that are ours.

    What others wrote stays, in its order; what we wrote goes where it is no longer wanted.
    """
    others = [keyword for keyword in there if keyword not in ours]
    added = tuple(keyword for keyword in wanted if keyword not in others)
    # Ours that stay keep their place, so that a file changes no more than it must.
    kept = [keyword for keyword in there if keyword in others or keyword in added]
    return (*kept, *(keyword for keyword in added if keyword not in kept)), added


def _read(name: str, file: Path) -> PhotoLabels:
    with opened_text(file, MOST_BYTES_BESIDE) as text:
        labels = _listed(text.read())
    return PhotoLabels(name.removesuffix(Path(name).suffix), [(label, PRESENT) for label in labels], {})


def _line(labels: Sequence[str]) -> str:
    """Labels with a comma and a space between, each that holds a comma or a quotation mark in quotation marks."""
    return ", ".join(map(_quoted, labels)) + "\n" if labels else ""


def _quoted(label: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([label])
    return text.getvalue()


BESIDE = FileBeside(SUFFIX, merge_text)

FORMAT = Format(
    "text",
    Reader(
        Sentence("Text files, one for each photo, with commas between labels"),
        Takes.FOLDER,
        read_text,
        lambda path, _head: holds(path, SUFFIX),
        rank=4,
    ),
    Writer(
        title=Sentence("Text for each photo"),
        description=Sentence("A text file for each photo, commas between its labels, as taggui and kohya read it"),
        files=ManyFiles(top, BESIDE.write_each, f"*{SUFFIX}"),
        photos=top,
        by_stem=True,
        beside=BESIDE,
    ),
)

"""A text file for each photo: its labels, separated by commas, as taggui, kohya and booru sites keep them.

Others put semicolons between labels, or, with underscores for the spaces in a label, nothing but a space.

Many programs keep something else in such a file: boxes, a caption, a diary. What is no list of labels is not read, and
beside the photos nothing is changed in a file that this program did not write.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from engine.formats.beside import FileBeside, MergedFile, PhotoAtHand, PhotoLabels, read_each
from engine.formats.files.captions import are_captions
from engine.formats.files.reading import MOST_BYTES_BESIDE, files_below, head_of, opened_text
from engine.formats.files.splices import Splice, replaced
from engine.formats.format import Format, ManyFiles, Reader, Takes, Writer, most_of, top
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

SUFFIX = ".txt"
_OTHER_SUFFIX = ".caption"
"""Kohya's own, which is only read."""
_SIGNS = ",;\u3001"
"""What stands between labels, the last one in Chinese and Japanese, whose other comma is that of prose."""
_ESCAPED = re.compile(r"\\([()\[\]])")
"""As taggers write brackets that are no weights of a prompt."""
_MOST_WORDS, _MOST_LETTERS = 6, 100
"""Of one label; what is longer is prose."""
_MOST_FOUND, _MOST_OPENED = 5000, 200
"""Texts of a folder that are looked at to tell labels from captions."""
_SENTENCE = re.compile(r"[.!?](\s+\S|$)")
_CELL = re.compile(r'[ \t]*("(?:[^"]|"")*"|[^,"\r\n][^,\r\n]*?)?[ \t]*(?=,|\r|\n|$)')


def merge_text(content: bytes | None, photo: PhotoAtHand, ours: Collection[str]) -> MergedFile:
    """A line of labels that this program wrote, and that may hold others' words by now; see `beside.Merge`.

    A file of others is left alone, whatever is in it.
    """
    if content is None:
        return MergedFile((Splice(0, b"", _line(photo.labels)),), tuple(photo.labels))
    cells = _cells(content) if ours and len(content) <= MOST_BYTES_BESIDE else []
    if not any(cell.text in ours for cell in cells):
        raise FormatError(Sentence("It is no list of labels that CDUL wrote."))
    others = {cell.text for cell in cells if cell.text not in ours}
    added = tuple(label for label in photo.labels if label not in others)
    kept = [cell for cell in cells if cell.text in others or cell.text in added]
    if not kept and not added:
        return MergedFile((Splice(0, content, b""),), (), gone=True)
    there = {cell.text for cell in kept}
    new = [_quoted(label).encode("utf-8", "surrogateescape") for label in added if label not in there]
    if not kept:
        return MergedFile((replaced(content, cells[0].start, cells[-1].end, b", ".join(new)),), added)
    last = cells.index(kept[-1])
    splices = [
        replaced(content, cell.start, cells[at + 1].start, b"")
        for at, cell in enumerate(cells[:last])
        if cell not in kept
    ]
    behind = b"".join(b", " + label for label in new)
    if behind or last + 1 < len(cells):
        splices.append(replaced(content, cells[last].end, cells[-1].end, behind))
    return MergedFile(tuple(splices), added)


def read_text(folder: Path) -> KnownLabels:
    """Read every `.txt` and `.caption` of a folder and those below it; `trip/boat.txt` tells of the photo `trip/boat`.

    A label that holds a comma stands in quotation marks. What is no list of labels, as boxes or prose, is passed over.

    Raises:
        KnownLabelsError: there is no such folder, or it cannot be read.
    """
    return read_each(_files(folder), _read)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    return chain(files_below(folder, SUFFIX), files_below(folder, _OTHER_SUFFIX))


def doubt_of(folder: Path) -> Sentence | None:
    """Where the texts of a folder are captions rather than labels: what a person should know who takes them for such.

    Some of them are looked at, spread over the folder.
    """
    found = list(islice(_files(folder), _MOST_FOUND))
    texts: dict[str, list[str]] = {}
    for name, file in found[:: max(len(found) // _MOST_OPENED, 1)]:
        with suppress(KnownLabelsError, FormatError):
            labels = _listed(head_of(file))
            _check(labels)
            texts[name] = [label.strip() for label in labels]
    if not are_captions([*texts.values()]):
        return None
    # The longest part of a text that has several: it shows best what is meant.
    name = max(texts, key=lambda one: (len(texts[one]) > 1, max(map(len, texts[one]), default=0)))
    return Sentence(
        "The texts in {folder} look like captions and not like labels, as {text!r} in {file}. If they are labels all "
        "the same, choose the format text."
    ).format(folder=folder, text=", ".join(texts[name])[:_MOST_LETTERS], file=name)


def looks_like_labels(head: str) -> bool:
    """Whether a text begins as a list of labels."""
    try:
        _check(_listed(head))
    except FormatError:
        return False
    return True


class _Cell(NamedTuple):
    """A label and where it stands, in bytes."""

    text: str
    start: int
    end: int


def _cells(content: bytes) -> list[_Cell]:
    """The labels of a line as this program writes it, and others may have added to; none for anything else."""
    text = content.decode("utf-8", "surrogateescape")
    found: list[_Cell] = []
    at = bytes_before = 0
    while at <= len(text):
        cell = _CELL.match(text, at)
        if cell is None:
            return []
        if cell[1]:
            start = bytes_before + _bytes(text[at : cell.start(1)])
            quoted = cell[1].startswith('"')
            label = cell[1][1:-1].replace('""', '"') if quoted else cell[1]
            found.append(_Cell(label, start, start + _bytes(cell[1])))
        bytes_before += _bytes(text[at : cell.end() + 1])
        at = cell.end() + 1
    return found


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _listed(text: str) -> list[str]:
    """What stands between the commas of all lines, without what is empty; FormatError for no such text."""
    sign = next((sign for sign in _SIGNS if sign in text), None)
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=sign or ",", skipinitialspace=True))
    except csv.Error as error:
        raise FormatError(Sentence("It is no list of labels ({why}).").format(why=error)) from error
    cells = [cell for row in rows for cell in row if cell.strip()]
    if sign is None:
        cells = [word for cell in cells for word in (cell.split() if "_" in cell else [cell])]
    return [_ESCAPED.sub(r"\1", cell) for cell in cells]


def _check(labels: Sequence[str]) -> None:
    """Raise FormatError for what is no list of labels."""
    nothing_else = bool(labels) and all(map(_is_number, labels))
    for label in labels:
        words_of_label = label.split()
        # A box: its class, by its number or its name, and where it is.
        numbers = sum(map(_is_number, words_of_label))
        if nothing_else or (numbers > 1 and numbers >= len(words_of_label) - (numbers > 3)):
            raise FormatError(
                Sentence("It holds numbers, as {numbers!r}, and no labels. Is it YOLO?").format(numbers=label[:60])
            )
        words = len(words_of_label)
        if words > _MOST_WORDS or len(label) > _MOST_LETTERS or (words > 2 and _SENTENCE.search(label)):
            raise FormatError(
                Sentence("It holds prose, as {text!r}, and no labels between commas.").format(text=f"{label[:60]}…")
            )


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _read(name: str, file: Path, _gathering: Gathering) -> PhotoLabels:
    with opened_text(file, MOST_BYTES_BESIDE) as text:
        labels = _listed(text.read())
    _check(labels)
    return PhotoLabels(name.removesuffix(Path(name).suffix), [(label, PRESENT) for label in labels], {})


def _line(labels: Sequence[str]) -> bytes:
    """Labels with a comma and a space between, each that holds a comma or a quotation mark in quotation marks."""
    line = ", ".join(map(_quoted, labels)) + "\n" if labels else ""
    return line.encode("utf-8", "surrogateescape")


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
        lambda path, _head: most_of(path, SUFFIX, looks_like_labels) or most_of(path, _OTHER_SUFFIX, looks_like_labels),
        rank=2,
        doubt=doubt_of,
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

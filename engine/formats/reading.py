"""Files of other programs, read within limits: what is wrong is one sentence with the file and the place in it."""

from __future__ import annotations

import codecs
import csv
import json
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from engine.formats.known_labels import MOST_BYTES, Gathering, KnownLabels, KnownLabelsError, label_name

MOST_BYTES_BESIDE = 16 * 2**20
"""Of a file that tells of one photo alone."""
_HEAD_BYTES = 2**16


@contextmanager
def in_place(file: Path, place: str = "") -> Iterator[None]:
    """Say where it was, when what is read inside is wrong (ValueError)."""
    try:
        yield
    except ValueError as error:
        where = f"{file}, {place}" if place else str(file)
        raise KnownLabelsError(f"{where}: {str(error).rstrip('.')}.") from error


def check_file(file: Path, most_bytes: int = MOST_BYTES) -> None:
    """Raise KnownLabelsError unless it is a plain file (no pipe, no device) that is not too large."""
    with _readable(file):
        found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise KnownLabelsError(f"{file} cannot be read (it is no file). Choose a file.")
    if found.st_size > most_bytes:
        raise KnownLabelsError(f"{file} is larger than {most_bytes >> 20:,} MB. Is it the right file?")


def read_bytes(file: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """All of a file."""
    check_file(file, most_bytes)
    with _readable(file):
        return file.read_bytes()


@contextmanager
def opened_text(file: Path, most_bytes: int = MOST_BYTES) -> Iterator[TextIO]:
    """A text file, its line endings as they are: UTF-8, or UTF-16 where its first bytes say so.

    Bytes that are not UTF-8 become lone surrogates, as in the names of photos.
    """
    check_file(file, most_bytes)
    with _readable(file):
        with file.open("rb") as stream:
            utf_16 = stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        encoding, errors = ("utf-16", "strict") if utf_16 else ("utf-8-sig", "surrogateescape")
        with in_place(file), file.open(encoding=encoding, errors=errors, newline="") as text:
            yield text


def head_of(file: Path) -> str:
    """The beginning of a text file, to tell what it is; empty for a folder or what cannot be read."""
    try:
        if not file.is_file():
            return ""
        with opened_text(file) as text:
            return text.read(_HEAD_BYTES)
    except KnownLabelsError:
        return ""


def read_json(file: Path, most_bytes: int = MOST_BYTES) -> Any:
    """The value of a JSON file. Keys that are there twice and numbers that are none are refused."""
    return parse_json(file, read_bytes(file, most_bytes))


def parse_json(file: Path, data: bytes | str, place: str = "") -> Any:
    """The value of JSON that stands in a file; see `read_json`."""
    with in_place(file, place):
        return json_value(data)


def json_value(data: bytes | str) -> Any:
    """The value of JSON; ValueError for what is none, see `read_json`."""
    try:
        return json.loads(data, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("it is not JSON that a program would write: too deeply nested") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error})") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not JSON ({error.reason} at byte {error.start})") from error


def listed_in(text: str) -> list[str]:
    """What stands between the commas of all lines, without what is empty; ValueError for no such text."""
    try:
        rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return [cell for row in rows for cell in row if cell.strip()]


def files_below(folder: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """The files of a folder and the folders below it that end in a suffix: path relative to it with `/`, and the file.

    Links are passed over, as they may lead out of the folder, and so is what is hidden.
    """
    if not folder.is_dir():
        raise KnownLabelsError(f"There is no folder {folder}. Choose the folder that holds the {suffix} files.")
    below = [(os.fspath(folder), "")]
    while below:
        path, prefix = below.pop()
        with _readable(Path(path)):
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append((entry.path, f"{prefix}{entry.name}/"))
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(suffix):
                yield prefix + entry.name, Path(entry.path)


class PhotoLabels(NamedTuple):
    """What a file says of the one photo that it is about: labels with their answers, and supercategories of some."""

    photo: str
    answers: list[tuple[str, int]]
    supercategories: dict[str, str]


def read_each(files: Iterable[tuple[str, Path]], read: Callable[[str, Path], PhotoLabels]) -> KnownLabels:
    """Read files that are about one photo each, given as path in their folder and file; see `files_below`.

    A file that is damaged, or another thing altogether, is passed over as a whole and told among the problems.
    """
    gathering = Gathering()
    for name, file in files:
        try:
            with in_place(file):
                found = read(name, file)
                answers = [(label_name(label), answer) for label, answer in found.answers]
        except KnownLabelsError as error:
            gathering.problem(str(error))
            continue
        with in_place(file):
            photo = gathering.photo(found.photo)
            for label, answer in answers:
                gathering.answer(photo, gathering.label(label, found.supercategories.get(label)), answer)
    return gathering.known


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnownLabelsError(f"{file} cannot be read ({error.strerror}).") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} is there twice in one object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")

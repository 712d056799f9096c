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

from engine.formats.known_labels import MOST_BYTES, FormatError, Gathering, KnownLabels, KnownLabelsError, label_name
from engine.wording import Sentence

MOST_BYTES_BESIDE = 16 * 2**20
"""Of a file that tells of one photo alone."""
_HEAD_BYTES = 2**16

Place = str | Callable[[], str]
"""Where in a file something stands, or what tells it once it is wrong; empty for nowhere in particular."""


@contextmanager
def in_place(file: Path, place: Place = "") -> Iterator[None]:
    """Say where it was, when what is read inside is wrong (FormatError, or what Python's own readers raise)."""
    try:
        yield
    except (FormatError, ValueError, csv.Error) as error:
        why = reason(error)
        if not (where := place() if callable(place) else place):
            raise KnownLabelsError(Sentence("{file}: {why}").format(file=file, why=why)) from error
        raise KnownLabelsError(Sentence("{file}, {place}: {why}").format(file=file, place=where, why=why)) from error


def reason(error: Exception) -> Sentence:
    """What was wrong, also where Python's own readers, or the system, refused."""
    if isinstance(error, FormatError):
        return error.sentence
    why = error.strerror if isinstance(error, OSError) else error
    return Sentence("This cannot be read ({why}).").format(why=why)


def in_line(number: int) -> Sentence:
    """A place in a text file."""
    return Sentence("line {number}").format(number=number)


def check_file(file: Path, most_bytes: int = MOST_BYTES) -> None:
    """Raise KnownLabelsError unless it is a plain file (no pipe, no device) that is not too large."""
    with _readable(file):
        found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise KnownLabelsError(Sentence("{file} is not a file that can be read. Choose another one.").format(file=file))
    if found.st_size > most_bytes:
        raise KnownLabelsError(
            Sentence("{file} is larger than {most:,} MB. Is it the right file?").format(
                file=file, most=most_bytes >> 20
            )
        )


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


def parse_json(file: Path, data: bytes | str, place: Place = "") -> Any:
    """The value of JSON that stands in a file; see `read_json`."""
    with in_place(file, place):
        return json_value(data)


def json_value(data: bytes | str) -> Any:
    """The value of JSON; FormatError for what is none, see `read_json`."""
    try:
        return json.loads(data, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise FormatError(Sentence("It is JSON, but too deeply nested.")) from error
    except json.JSONDecodeError as error:
        raise FormatError(Sentence("It is not JSON ({why}).").format(why=error)) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            Sentence("It is not JSON ({reason} at byte {start}).").format(reason=error.reason, start=error.start)
        ) from error


def listed_in(text: str) -> list[str]:
    """What stands between the commas of all lines, without what is empty; FormatError for no such text."""
    try:
        rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise FormatError(Sentence("It is no list of labels ({why}).").format(why=error)) from error
    return [cell for row in rows for cell in row if cell.strip()]


def kind_of(value: Any) -> Sentence:
    """What a value of JSON is, in words."""
    return _KINDS.get(type(value), Sentence("a number"))


_KINDS = {
    dict: Sentence("an object"),
    list: Sentence("a list"),
    str: Sentence("text"),
    bool: Sentence("true or false"),
    type(None): Sentence("nothing"),
}


def files_below(folder: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """The files of a folder and the folders below it that end in a suffix: path relative to it with `/`, and the file.

    Links are passed over, as they may lead out of the folder, and so is what is hidden.
    """
    if not folder.is_dir():
        raise KnownLabelsError(
            Sentence("There is no folder {folder}. Choose the folder that holds the {suffix} files.").format(
                folder=folder, suffix=suffix
            )
        )
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
            gathering.problem(error.sentence)
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
        raise KnownLabelsError(
            Sentence("{file} cannot be read ({why}).").format(file=file, why=error.strerror)
        ) from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise FormatError(Sentence("The key {key!r} is there twice in one object.").format(key=twice))
    return found


def _refuse_constant(name: str) -> None:
    raise FormatError(Sentence("{name} is not a number in JSON.").format(name=name))

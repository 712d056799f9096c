"""Files of other programs, read within limits: what is wrong is one sentence with the file and the place in it."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from engine.errors import UserError
from engine.ordinary_file import open_ordinary
from engine.wording import Sentence

MOST_BYTES = 2 * 2**30
"""Of a file that is read whole; a larger one is refused."""
MOST_BYTES_BESIDE = 16 * 2**20
"""Of a file that tells of one photo alone."""
HEAD_LETTERS = 2**16
"""How much of a text is looked at to tell what it is."""

Place = str | Callable[[], str]
"""Where in a file something stands, or what tells it once it is wrong; empty for nowhere in particular."""


class KnownLabelsError(UserError):
    """Known labels cannot be read; the sentence names the file and the place in it."""


class FormatError(UserError):
    """What was read is not as its format has it; who reads the file adds its name and the place in it."""


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
        if stat.S_ISDIR(found.st_mode):
            os.scandir(file).close()  # where it cannot be read, that is what is wrong
    if not stat.S_ISREG(found.st_mode):
        raise KnownLabelsError(Sentence("{file} is not a file that can be read. Choose another one.").format(file=file))
    if found.st_size > most_bytes:
        raise _too_large(file, most_bytes)


def _too_large(file: Path, most_bytes: int) -> KnownLabelsError:
    return KnownLabelsError(
        Sentence("{file} is larger than {most:,} MB. Is it the right file?").format(file=file, most=most_bytes >> 20)
    )


def read_bytes(file: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """All of a file."""
    check_file(file, most_bytes)
    with _readable(file), open_ordinary(file) as stream:
        data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:  # it has grown since
        raise _too_large(file, most_bytes)
    return data


@contextmanager
def opened_text(file: Path, most_bytes: int = MOST_BYTES) -> Iterator[TextIO]:
    """A text file, its line endings as they are: UTF-8, or UTF-16 or UTF-32 where its first bytes say so.

    Bytes that are not UTF-8 become lone surrogates, as in the names of photos.
    """
    check_file(file, most_bytes)
    with _readable(file), open_ordinary(file) as stream:
        encoding = _encoding_of(stream.read(4))
        stream.seek(0)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
        with in_place(file), io.TextIOWrapper(stream, encoding, errors, newline="") as text:
            yield text


def _encoding_of(head: bytes) -> str:
    """How a text is encoded that begins with these bytes and, without a mark, with a letter of ASCII."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if len(head) > 1 and bool(head[0]) != bool(head[1]):
        return "utf-16-le" if head[0] else "utf-16-be"
    return "utf-8-sig"


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_without(file: Path, key: str, most_bytes: int = MOST_BYTES_BESIDE) -> bytes:
    """A JSON file with the text under a key left out, wherever the key stands, e.g. a photo that was put into it.

    The file may be as large as `MOST_BYTES`; what is left of it, `most_bytes`. The text itself is never held in memory.
    """
    check_file(file)
    begins = re.compile(rb'"' + re.escape(key.encode()) + rb'"\s*:\s*"')
    # Within a text of JSON such a key would have its quotation marks escaped.
    kept, pending, inside = bytearray(), b"", False
    with _readable(file), open_ordinary(file) as stream:
        while part := stream.read(_AT_ONCE):
            pending += part
            while True:
                if inside:
                    end = _END_OF_TEXT.match(pending)
                    if end is None:
                        # An escape is not cut in two.
                        pending = pending[len(pending) - (len(pending) - len(pending.rstrip(b"\\"))) % 2 :]
                        break
                    pending, inside = pending[end.end() - 1 :], False
                found = begins.search(pending)
                if found is None:
                    whole = max(len(pending) - _LONGEST_KEY, 0)
                    kept += pending[:whole]
                    pending = pending[whole:]
                    break
                kept += pending[: found.end()]
                pending, inside = pending[found.end() :], True
            if len(kept) > most_bytes:
                raise _too_large(file, most_bytes)
    return bytes(kept + (b"" if inside else pending))


_END_OF_TEXT = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_AT_ONCE = 2**20
_LONGEST_KEY = 200
"""Of a key with the white space around it, so that it is found where two parts of a file meet."""


def head_of(file: Path) -> str:
    """The beginning of a text file, to tell what it is; empty for a folder or what cannot be read."""
    try:
        if not file.is_file():
            return ""
        with opened_text(file) as text:
            return text.read(HEAD_LETTERS)
    except KnownLabelsError:
        return ""


def files_below(folder: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """The files of a folder and the folders below it that end in a suffix: path relative to it with `/`, and the file.

    Links are passed over, as they may lead out of the folder, and so is what is hidden. A folder below it that cannot
    be read comes as a file of its name, so that whoever reads that says so.
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
        try:
            with _readable(Path(path)), os.scandir(path) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except KnownLabelsError:
            if not prefix:
                raise
            yield prefix.removesuffix("/"), Path(path)
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append((entry.path, f"{prefix}{entry.name}/"))
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(suffix):
                yield prefix + entry.name, Path(entry.path)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnownLabelsError(
            Sentence("{file} cannot be read ({why}).").format(file=file, why=error.strerror)
        ) from error

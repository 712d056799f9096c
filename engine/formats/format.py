"""A format: its name, what reads it and what writes it, and what people are told of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from itertools import islice
from pathlib import Path
from typing import IO, ClassVar, Literal

from engine.formats.beside import FileBeside
from engine.formats.export_set import ExportSet
from engine.formats.files.reading import files_below, head_of
from engine.formats.known_labels import KnownLabels, ScoreTable
from engine.wording import Sentence


class Takes(Flag):
    """What a reader is given."""

    FILE = auto()
    FOLDER = auto()


@dataclass(frozen=True)
class Reader:
    """What reads a format: what it is, for people, what it takes, and what it looks like."""

    description: Sentence
    takes: Takes
    read: Callable[[Path], KnownLabels | ScoreTable]
    fits: Callable[[Path, str], int] = lambda _path, _head: False
    """Whether a path looks like it, given the beginning of the text in it, empty for a folder; of files in a folder how
    many of them do."""
    rank: int = 0
    """What looks like several formats is taken for that of the lowest rank, and among equals for the one that most
    files look like."""
    doubt: Callable[[Path], Sentence | None] = lambda _path: None
    """Why a person should choose the format and not its looks, though a path looks like it."""
    read_difficult_as_absent: Callable[[Path], KnownLabels] | None = None
    """Reads as well, and takes a label for absent of which all objects are difficult; for a format that knows these."""


Place = Callable[[str], str]
"""Where something goes in an exported folder, for train, val or test, and for "" where photos are not split."""


@dataclass(frozen=True)
class OneFile:
    """A format that keeps everything in one file; `write` returns how many labels or photos it wrote."""

    suffix: str
    place: Place
    write: Callable[[ExportSet, IO[bytes]], int]
    example: ClassVar[str] = "*"

    def write_into(self, part: ExportSet, folder: Path) -> int:
        """Write the file to its place in an exported folder."""
        file = folder / self.place(part.split)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            return self.write(part, stream)


@dataclass(frozen=True)
class ManyFiles:
    """A format that keeps a file for each photo or label; `write` returns how many labels it wrote."""

    place: Place
    write: Callable[[ExportSet, Path], int]
    example: str
    """Pattern of the files that show best what is written."""
    suffix: ClassVar[str] = ""

    def write_into(self, part: ExportSet, folder: Path) -> int:
        """Write the files to their place in an exported folder."""
        return self.write(part, folder / self.place(part.split))


@dataclass(frozen=True, kw_only=True)
class Writer:
    """What writes a format: its name and what it is, for people, its files, and where photos go."""

    title: Sentence
    description: Sentence
    files: OneFile | ManyFiles
    photos: Place
    counts: str = "labels"
    """What is counted as written: labels or photos."""
    writes_no: bool = False
    """Whether labels that a person rejected go in, as such."""
    by_stem: bool = False
    """Whether the format knows photos by their names without suffix."""
    escapes: str = ""
    """Characters of photos' names that it cannot hold."""
    beside: FileBeside | Literal["xmp"] | None = None
    """What it writes beside the photos themselves, where it can; XMP has a stage of its own."""

    @property
    def suffix(self) -> str:
        """Of the one file; empty for a format of many files."""
        return self.files.suffix


@dataclass(frozen=True)
class Format:
    """A row of the table of formats: what people call it on the command line, and how it comes in and goes out."""

    name: str
    reader: Reader | None = None
    writer: Writer | None = None


def top(split: str) -> str:
    """The place of what lies in the folder of its split."""
    return split


def below_split(name: str) -> Place:
    """The place of what has this name in the folder of its split."""
    return lambda split: f"{split}/{name}" if split else name


def named_after_split(name: str) -> Place:
    """The place of what has its split in its name, `labels_{split}.csv`."""
    return lambda split: name.format(split=split or "all")


IN_IMAGES = named_after_split("images/{split}")
"""Where photos go beside what is named after the split."""


def most_of(folder: Path, suffix: str, looks_right: Callable[[str], bool] = lambda _head: True) -> int:
    """How many of the files with a suffix in a folder look right, if that is half of those that are looked at, else 0.

    A few of them are opened, spread over those that are found first.
    """
    found = list(islice((file for _, file in files_below(folder, suffix)), _MOST_FOUND))
    if not found:
        return 0
    few = found[:: max(len(found) // _MOST_OPENED, 1)][:_MOST_OPENED]
    heads = [head for file in few if (head := head_of(file)).strip()]  # an empty file looks like anything
    right = sum(map(looks_right, heads))
    return len(found) * right // len(heads) if right and 2 * right >= len(heads) else 0


_MOST_FOUND, _MOST_OPENED = 1000, 20

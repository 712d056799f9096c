"""What formats of a small file for each photo share: reading them all, writing them, merging with what others wrote."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from engine.formats.export_set import ExportedPhoto, ExportSet
from engine.formats.files.portable_names import most_bytes_of_a_name
from engine.formats.files.splices import Splice, spliced
from engine.formats.known_labels import Gathering, KnownLabels
from engine.wording import Sentence


@dataclass(frozen=True)
class MergedFile:
    """What is to be changed in a file, and which keywords in it are ours then. Every other byte stays."""

    splices: tuple[Splice, ...]
    keywords: tuple[str, ...]
    gone: bool = False
    """Whether it was ours alone and nothing is left in it, so that it goes."""


@dataclass(frozen=True)
class PhotoAtHand:
    """A photo that a file beside it is written for, and the names of all labels."""

    photo: ExportedPhoto
    names: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """What the photo has."""
        return [self.names[label.column] for label in self.photo.labels]

    @property
    def rejected(self) -> list[str]:
        """What it has not."""
        return [self.names[column] for column in self.photo.rejected]


Merge = Callable[[bytes | None, PhotoAtHand, Collection[str]], MergedFile]
"""Content of the file (None where there is none), a photo, and the keywords in the file that are ours, to what is to
be changed in it. FormatError, or ValueError, where the file is another program's own affair."""


@dataclass(frozen=True)
class FileBeside:
    """A file beside each photo: the photo's name without suffix, with this one."""

    suffix: str
    merge: Merge

    def write_each(self, export: ExportSet, folder: Path) -> int:
        """Write a file for each photo into a new folder; returns the number of labels."""
        written = 0
        names = tuple(label.name for label in export.labels)
        for photo in export.photos():
            merged = self.merge(None, PhotoAtHand(photo, names), ())
            if write_new(export, folder, photo.stem + self.suffix, spliced(b"", merged.splices)):
                written += len(photo.labels)
        return written


def write_new(export: ExportSet, folder: Path, name: str, content: bytes) -> bool:
    """Write a photo's file into a new folder; one whose name is too long for the disk is left out and told."""
    file = folder / name
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        export.left_out.append(left_out_for_its_name(file.name, folder))
        return False
    return True


def left_out_for_its_name(name: str, place: Path) -> Sentence:
    """Why nothing was written for a photo, by the name that it would have had in a folder."""
    return Sentence(
        "{file} was not written: its name is too long for this disk, which takes {most} bytes. Shorten the photo's "
        "name."
    ).format(file=name, most=most_bytes_of_a_name(place))


class PhotoLabels(NamedTuple):
    """What a file says of the one photo that it is about: labels with their answers, and supercategories of some."""

    photo: str
    answers: list[tuple[str, int]]
    supercategories: dict[str, str]


def read_each(files: Iterable[tuple[str, Path]], read: Callable[[str, Path, Gathering], PhotoLabels]) -> KnownLabels:
    """Read files that are about one photo each, given as path in their folder and file; see `files_below`.

    A file that is damaged, or another thing altogether, is passed over as a whole, and what is odd in one by itself.
    """
    gathering = Gathering()
    for name, file in files:
        with gathering.entry(file):
            found = read(name, file, gathering)
            photo = gathering.photo(found.photo)
            for label, answer in found.answers:
                with gathering.entry(file):
                    gathering.answer(photo, gathering.label(label, found.supercategories.get(label)), answer)
    return gathering.known

"""What formats of a small file for each photo share: reading them all, writing them, merging with what others wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from engine.formats.export_set import ExportedPhoto, ExportSet
from engine.formats.files.reading import KnownLabelsError, in_place
from engine.formats.known_labels import Gathering, KnownLabels, label_name


@dataclass(frozen=True)
class MergedFile:
    """What a file should hold from now on, and which keywords in it are ours."""

    content: bytes
    keywords: tuple[str, ...]


Merge = Callable[[bytes | None, ExportedPhoto, Sequence[str], Collection[str]], MergedFile]
"""Content of the file (None where there is none), a photo, the names of the labels, and the keywords in the file that
are ours, to what it should hold. FormatError, or ValueError, where the file is another program's own affair."""


@dataclass(frozen=True)
class FileBeside:
    """A file beside each photo: the photo's name without suffix, with this one."""

    suffix: str
    merge: Merge

    def write_each(self, export: ExportSet, folder: Path) -> int:
        """Write a file for each photo into a new folder; returns the number of labels."""
        written = 0
        names = [label.name for label in export.labels]
        for photo in export.photos():
            file = folder / (photo.stem + self.suffix)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.merge(None, photo, names, ()).content)
            written += len(photo.labels)
        return written


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

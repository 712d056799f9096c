"""Files beside the photos that other programs write as well: merged, never replaced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from engine.formats.export_set import ExportedPhoto


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


def merged_keywords(
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

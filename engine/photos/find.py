"""Which photos a folder holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_RAW = (".nef", ".nrw", ".cr2", ".cr3", ".arw", ".sr2", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw")
_PICTURES = (
    ".jpg",
    ".jpeg",
    ".jpe",
    ".jfif",
    ".png",
    ".webp",
    ".tif",
    ".tiff",
    ".bmp",
    ".gif",
    ".heic",
    ".heif",
    ".avif",
)
SUFFIXES = frozenset((*_PICTURES, ".jxl", *_RAW))


class PhotoFile(NamedTuple):
    """A photo file: path relative to the photo folder with `/`, size in bytes, time of change in nanoseconds."""

    path: str
    size: int
    modified_ns: int


def find_photos(folder: Path, found: Callable[[int], None] | None = None) -> list[PhotoFile]:
    """All photos in a folder and the folders below it, by path.

    Hidden files and folders are passed over (a project's own `.cdul` is one), and so are links to folders, which
    could lead in circles, and folders that cannot be read.

    Args:
        found: told after each folder how many photos it held; may raise to stop the search.
    """
    photos: list[PhotoFile] = []
    below = [(os.fspath(folder), "")]
    while below:
        path, prefix = below.pop()
        before = len(photos)
        try:
            entries = list(os.scandir(path))
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    below.append((entry.path, f"{prefix}{entry.name}/"))
                elif os.path.splitext(entry.name)[1].lower() in SUFFIXES and entry.is_file():  # noqa: PTH122
                    stat = entry.stat()
                    photos.append(PhotoFile(prefix + entry.name, stat.st_size, stat.st_mtime_ns))
            except OSError:
                continue
        if found is not None:
            found(len(photos) - before)
    return sorted(photos)

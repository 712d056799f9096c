"""Which photos a folder holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from engine.remote import AnyFolder, RemoteFolder

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


def find_photos(folder: AnyFolder, found: Callable[[int], None] | None = None) -> list[PhotoFile]:
    """All photos in a folder and the folders below it, by path.

    Hidden files and folders are passed over (a project's own `.cdul` is one), and so are links to folders, which
    could lead in circles, and folders that cannot be read.

    Args:
        found: told after each folder how many photos it held; may raise to stop the search.

    Raises:
        StoreUnreachable: the photos are in a store that does not answer.
    """
    if isinstance(folder, RemoteFolder):
        photos = sorted(PhotoFile(*file) for file in folder.files() if _is_photo_path(file[0]))
        if found is not None:
            found(len(photos))
        return photos
    photos = []
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
                elif _has_suffix_of_photos(entry.name) and entry.is_file():
                    stat = entry.stat()
                    photos.append(PhotoFile(prefix + entry.name, stat.st_size, stat.st_mtime_ns))
            except OSError:
                continue
        if found is not None:
            found(len(photos) - before)
    return sorted(photos)


def _is_photo_path(path: str) -> bool:
    """Whether a file of a store is one that a folder would be asked for."""
    parts = path.split("/")
    return _has_suffix_of_photos(path) and not any(part.startswith(".") or not part for part in parts)


def _has_suffix_of_photos(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122

"""What is said to be written is on the disk: files, and the folders that know their names."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

_NOT_OF_FOLDERS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems say that sync no folders, as some on a network."""
_AT_ONCE = 8
"""Files whose syncing waits together: the disk writes them in one go."""


def sync_file(descriptor: int, *, to_the_platter: bool = True) -> None:
    """Wait until an open file is on the disk.

    Args:
        to_the_platter: on macOS, whether the disk's own memory is emptied as well, which does so for all files before.
    """
    if sys.platform == "darwin" and to_the_platter:
        import fcntl

        with suppress(OSError):  # of a file system that cannot
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folders(folders: Iterable[Path]) -> None:
    """Wait until the names of what was made, moved or deleted in folders are on the disk."""
    if sys.platform == "win32":  # where the file system itself keeps names in order
        return
    for folder in dict.fromkeys(folders):
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except PermissionError:
            continue
        try:
            sync_file(descriptor)
        except OSError as error:
            if error.errno not in _NOT_OF_FOLDERS:
                raise
        finally:
            os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and what is missing above it; when this ends their names are on the disk."""
    missing = [at for at in (folder, *folder.parents) if not at.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    sync_folders(made.parent for made in missing)


def write_synced(place: Path, data: bytes) -> None:
    """Write a file whole or not at all; when this ends it is on the disk, with its name."""
    # A name of its own, so that nobody's file is written over that happens to be called like it.
    descriptor, beside = tempfile.mkstemp(prefix=f".{place.name[:100]}.", suffix=".partial", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        # mkstemp lets only the owner read.
        umask = os.umask(0)
        os.umask(umask)
        Path(beside).chmod(0o666 & ~umask)
        move_synced(Path(beside), place)
    finally:
        Path(beside).unlink(missing_ok=True)


def move_synced(beside: Path, place: Path) -> None:
    """Put a file that was written beside its place there, when all of it is on the disk; then its name is, too."""
    _sync(os.fspath(beside), to_the_platter=True)
    beside.replace(place)
    sync_folders([place.parent])


def sync_tree(folder: Path) -> None:
    """Wait until all that is in a folder is on the disk, each file once; links are not followed."""
    files: list[str] = []
    folders: list[Path] = []
    for path, _, names in os.walk(folder):
        folders.append(Path(path))
        files += (file for name in names if not os.path.islink(file := f"{path}{os.sep}{name}"))  # noqa: PTH114
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_sync, files))
    sync_folders(reversed(folders))


def _sync(file: str, *, to_the_platter: bool = False) -> None:
    descriptor = os.open(file, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        sync_file(descriptor, to_the_platter=to_the_platter)
    finally:
        os.close(descriptor)

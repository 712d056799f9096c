"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from engine.errors import UserError, WrongUsage
from engine.formats.files.partials import PARTIAL, beginning
from engine.photos.find import SUFFIXES
from engine.project.folder import CACHE_FILE, PROJECT_FILE, PROJECT_FOLDER
from engine.synced import make_folder, sync_file, sync_folders
from engine.wording import Sentence


class WriteError(UserError):
    """A file cannot be written; the message says why."""


@contextmanager
def whole_file(file: Path, *, name_synced: bool = True) -> Iterator[IO[bytes]]:
    """Write a file beside its place and move it there when all of it is on the disk.

    Whatever happens on the way, an older file of that name stays as it was.

    Args:
        name_synced: whether its name is on the disk as well when this ends; else the caller sees to the folder.

    Raises:
        WriteError: no such folder, no room, no permission, a device or pipe, or a file of a project.
    """
    check_is_ordinary(file)
    try:
        make_folder(file.parent)
        descriptor, partial = tempfile.mkstemp(prefix=beginning(file), suffix=PARTIAL, dir=file.parent)
    except OSError as error:
        raise _cannot_be_written(file, error) from error
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            yield stream
            stream.flush()
            sync_file(stream.fileno(), to_the_platter=name_synced)
        # mkstemp lets only the owner read; what is handed over is readable as any new file is.
        umask = os.umask(0)
        os.umask(umask)
        Path(partial).chmod(0o666 & ~umask)
        Path(partial).replace(file)
        if name_synced:
            sync_folders([file.parent])
    except OSError as error:
        raise WriteError(
            Sentence("{file} could not be written ({why}); nothing was changed there.").format(
                file=file, why=error.strerror
            )
        ) from error
    finally:
        Path(partial).unlink(missing_ok=True)


def check_is_ordinary(file: Path) -> None:
    """Raise WriteError where a file must not be put: in the place of a device or a pipe, or of what a project keeps."""
    try:
        kind = file.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _cannot_be_written(file, error) from error
    if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
        # Like /dev/stdout: moving a file there would put it in its place.
        raise WriteError(
            Sentence("{file} is a device or a pipe, and would be replaced by a file. Choose another place.").format(
                file=file
            )
        )
    place = file.resolve()
    if place.name in (PROJECT_FILE, CACHE_FILE) or place.parent.name == PROJECT_FOLDER:
        raise WriteError(
            Sentence("{file} belongs to a project, and holds what was decided there. Choose another place.").format(
                file=file
            )
        )


def check_is_no_photo(file: Path) -> None:
    """Raise WrongUsage for a photo that is there: nothing but another photo may ever take its place."""
    if file.suffix.lower() in SUFFIXES and file.is_file():
        raise WrongUsage(
            Sentence("{file} is a photo, and photos are only read. Choose another place.").format(file=file)
        )


def _cannot_be_written(file: Path, error: OSError) -> WriteError:
    return WriteError(
        Sentence("{file} cannot be written ({why}). Choose another place.").format(file=file, why=error.strerror)
    )

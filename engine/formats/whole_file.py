"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from engine.errors import UserError
from engine.formats.partials import PARTIAL, beginning
from engine.wording import Sentence


class WriteError(UserError):
    """A file cannot be written; the message says why."""


@contextmanager
def whole_file(file: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its place and move it there when all of it is on the disk.

    Whatever happens on the way, an older file of that name stays as it was.

    Raises:
        WriteError: no such folder, no room, no permission, or a device or pipe.
    """
    check_is_ordinary(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(prefix=beginning(file), suffix=PARTIAL, dir=file.parent)
    except OSError as error:
        raise WriteError(
            Sentence("{file} cannot be written ({why}). Choose another place.").format(file=file, why=error.strerror)
        ) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp lets only the owner read; what is handed over is readable as any new file is.
        umask = os.umask(0)
        os.umask(umask)
        Path(partial).chmod(0o666 & ~umask)
        Path(partial).replace(file)
    except OSError as error:
        raise WriteError(
            Sentence("{file} could not be written ({why}); nothing was changed there.").format(
                file=file, why=error.strerror
            )
        ) from error
    finally:
        Path(partial).unlink(missing_ok=True)


def check_is_ordinary(file: Path) -> None:
    """Raise WriteError for a device or a pipe, like /dev/stdout: moving a file there would put it in its place."""
    if file.exists() and not file.is_file() and not file.is_dir():
        raise WriteError(
            Sentence("{file} is a device or a pipe, and would be replaced by a file. Choose another place.").format(
                file=file
            )
        )

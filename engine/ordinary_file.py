"""Files that are files: reading a pipe never ends, nor does reading a device, and both may come under any name."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import IO


def open_ordinary(file: Path) -> IO[bytes]:
    """Open a file; OSError (EINVAL) at once where it is a pipe, a device or a socket, which is not waited for."""
    # Between a look at a name and the opening of it another thing may take its place: so it is opened first.
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no file but a device, a pipe or a folder", os.fspath(file))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_ordinary(file: Path, most_bytes: int) -> bytes:
    """The bytes of a file; ValueError where it has more than so many, of which no more are read."""
    with open_ordinary(file) as stream:
        data = stream.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise ValueError(f"it has more than {most_bytes >> 20} MB")
    return data

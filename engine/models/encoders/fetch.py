"""Fetching one file over the network, going on where an earlier try stopped, and keeping only what was published."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.failures import Cause, DownloadFailed
from engine.models.encoders.line import read_from
from engine.wording import Sentence

SPARE = 200_000_000
"""Bytes that a download leaves free on the disk, for everything else that is written meanwhile."""

_READ_AT_ONCE = 1 << 22


def partial_of(place: Path) -> Path:
    """Where a file lies that has not come in full."""
    return place.with_name(f"{place.name}.partial")


def fetch(
    address: str,
    place: Path,
    *,
    size: int | None,
    published: str | None,
    headers: dict[str, str] | None = None,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
) -> None:
    """Fetch a file to its place. What came is kept beside it until all is there, also when the program is killed.

    Args:
        size: in bytes, None where nobody tells.
        published: the SHA-256 in hexadecimal digits, or its beginning; None where none is published.
        headers: what the server wants to be told.
        progress: counts bytes in the task under way; those that were here already as well.

    Raises:
        DownloadFailed: no room, no network, not what was published, or another program fetches it just now.
        Cancelled: within a fraction of a second; what came stays.
    """
    from filelock import FileLock, Timeout  # takes long to load

    partial = partial_of(place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{partial}.lock", timeout=0):
            with partial.open("ab") as stream:
                if size is not None and stream.tell() > size:
                    _empty(stream)
                progress.skip(stream.tell())
                _fetch_on(address, stream, size, headers or {}, progress, cancellation)
                stream.flush()
                os.fsync(stream.fileno())
            if published is not None:
                _check(address, partial, published, cancellation)
            partial.replace(place)
    except Timeout as error:
        raise DownloadFailed(
            Cause.BUSY,
            Sentence("Another program is fetching {address} just now. Wait until it is done.").format(address=address),
        ) from error
    except OSError as error:
        raise _not_written(place.parent, error) from error
    Path(f"{partial}.lock").unlink(missing_ok=True)


def _check(address: str, file: Path, published: str, cancellation: Cancellation) -> None:
    digest = sha256(file, cancellation)
    if digest.startswith(published):
        return
    file.unlink()
    raise DownloadFailed(
        Cause.DAMAGED,
        Sentence(
            "What came from {host} is not what was published (checksum {digest} in place of {published}): it was "
            "changed on the way, and was deleted."
        ).format(host=urlsplit(address).netloc, digest=f"{digest[:12]}…", published=f"{published[:12]}…"),
    )


def make_sure_of_room(folder: Path, wanted: int) -> None:
    """Say how much room is missing before anything is fetched; `wanted` in bytes.

    Raises:
        DownloadFailed: too little is free.
    """
    free = shutil.disk_usage(folder).free
    if wanted > 0 and free < wanted + SPARE:
        raise DownloadFailed(
            Cause.NO_ROOM,
            Sentence("{wanted} MB are still to come, but only {free} MB are free in {folder}.").format(
                wanted=f"{wanted / 1e6:,.0f}", free=f"{free / 1e6:,.0f}", folder=folder
            ),
        )


def _not_written(folder: Path, error: OSError) -> DownloadFailed:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        said = Sentence("The disk with {folder} is full.").format(folder=folder)
    else:
        said = Sentence("{folder} cannot be written to ({reason}).").format(folder=folder, reason=error.strerror)
    return DownloadFailed(Cause.NO_ROOM, said)


def _fetch_on(
    address: str,
    stream: BinaryIO,
    size: int | None,
    headers: dict[str, str],
    progress: Progress,
    cancellation: Cancellation,
) -> None:
    """Fetch what is missing at the end of a file, taken up again as long as more comes each time."""
    while size is None or stream.tell() < size:
        there = stream.tell()
        try:
            for part in read_from(address, there, headers, cancellation):
                stream.write(part)
                stream.flush()  # a kill loses nothing that came
                progress.advance(len(part))
            if size is None:
                return
            if stream.tell() == there:
                raise DownloadFailed(Cause.NO_NETWORK, Sentence("The server ended the connection."))
        except DownloadFailed as failure:
            if failure.cause == Cause.RESTART and there:
                progress.skip(-stream.tell())
                _empty(stream)
            elif stream.tell() == there:
                raise


def _empty(stream: BinaryIO) -> None:
    stream.truncate(0)
    stream.seek(0)


def sha256(file: Path, cancellation: Cancellation = NEVER) -> str:
    """A file's SHA-256, in hexadecimal digits."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while part := stream.read(_READ_AT_ONCE):
            digest.update(part)
            cancellation.check()
    return digest.hexdigest()

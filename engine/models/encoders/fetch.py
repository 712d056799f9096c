"""Fetching one file over the network, going on where an earlier try stopped, and keeping only what was published."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from engine.models.encoders.encoder import EncoderUnavailable
from engine.wording import Sentence


def fetch(address: str, place: Path, *, size: int | None, published: str | None, headers: dict[str, str]) -> None:
    """Fetch a file to its place. What came is kept beside it until all is there, also when the program is killed.

    Args:
        size: in bytes, None where nobody tells.
        published: the SHA-256 in hexadecimal digits, or its beginning; None where none is published.
        headers: what the server wants to be told.

    Raises:
        EncoderUnavailable: it is not what was published, or another program fetches it just now.
        Exception: what the hub's client raises where the network fails.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f"{place.name}.partial")
    try:
        with FileLock(f"{partial}.lock", timeout=0), partial.open("ab") as stream:
            if size is not None and stream.tell() > size:
                stream.truncate(0)
            _fetch_on(address, stream, size, headers)
    except Timeout as error:
        raise EncoderUnavailable(
            Sentence("Another program is fetching {address} just now. Wait until it is done.").format(address=address)
        ) from error
    digest = sha256(partial)
    if published is not None and not digest.startswith(published):
        partial.unlink()
        raise EncoderUnavailable(
            Sentence(
                "What came has the checksum {digest}, but {published} was published: it was changed on the way, and "
                "was deleted. Try again, or from another network."
            ).format(digest=digest, published=published)
        )
    partial.replace(place)


def _fetch_on(address: str, stream: BinaryIO, size: int | None, headers: dict[str, str]) -> None:
    """Fetch what is missing at the end of a file, taken up again as long as more comes each time."""
    from huggingface_hub.file_download import http_get

    while True:
        there = stream.tell()
        try:
            http_get(address, stream, resume_size=there, headers=headers, expected_size=size)
            return
        except Exception:  # what a broken connection raises differs from release to release
            if stream.tell() == there:
                raise


def sha256(file: Path) -> str:
    """A file's SHA-256, in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

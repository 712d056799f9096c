"""Photos in an object store, by an address such as s3://bucket/photos: listed and read by fsspec, never written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from engine.errors import UserError, WrongUsage
from engine.wording import Sentence

STORES = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs", "memory": "fsspec"}
"""How addresses begin, and the package that reads there. The last one is of this process alone, to try things out."""

_CHANGED = ("LastModified", "last_modified", "updated", "mtime", "created")
"""What stores call the time of a file's last change."""


class StoreUnreachable(UserError):
    """A store does not answer or does not let one in, which says nothing about the photos there."""


class RemoteFolder:
    """A folder of an object store. The store is asked for nothing until somebody looks into it."""

    def __init__(self, address: str) -> None:
        """Raises WrongUsage where the address is of no store that is known."""
        store, _, place = address.partition("://")
        if store not in STORES or not place.strip("/") or "::" in address:
            raise WrongUsage(
                Sentence("Expected a folder or an address such as s3://bucket/photos, but got {address!r}.").format(
                    address=address
                )
            )
        self.address = f"{store}://{place.rstrip('/')}"

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.address.rpartition("/")[2]

    @property
    def parents(self) -> list[RemoteFolder]:
        """The folders that it is in, the nearest first, up to the bucket."""
        store, _, place = self.address.partition("://")
        return [RemoteFolder(f"{store}://{above}") for above in map(str, PurePosixPath(place).parents) if above != "."]

    def path_of(self, other: RemoteFolder) -> str | None:
        """The path of what lies in it; None for anything else."""
        inside = other.address.removeprefix(f"{self.address}/")
        return None if inside == other.address else inside

    def __str__(self) -> str:
        return self.address

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemoteFolder) and self.address == other.address

    def __hash__(self) -> int:
        return hash(self.address)

    def __reduce__(self) -> tuple[type[RemoteFolder], tuple[str]]:
        return RemoteFolder, (self.address,)  # a connection stays where it was made

    def __truediv__(self, path: str | PurePath) -> RemoteFile:
        return RemoteFile(self, path.as_posix() if isinstance(path, PurePath) else path)

    def is_there(self) -> bool:
        """Whether there is anything.

        Raises:
            StoreUnreachable: it is not known.
        """
        try:
            return bool(self._files.ls(self._root, detail=False))
        except FileNotFoundError:
            return False
        except Exception as error:  # each store has errors of its own
            raise self._unreachable(error) from error

    def files(self) -> Iterator[tuple[str, int, int]]:
        """Path below the folder, size in bytes and time of change in nanoseconds of all that is there, in any order.

        Raises:
            StoreUnreachable: what is there is not known.
        """
        try:
            found = self._files.find(self._root, detail=True)
        except Exception as error:
            raise self._unreachable(error) from error
        for place, told in found.items():
            yield place.removeprefix(self._root).lstrip("/"), int(told.get("size") or 0), _changed_at(told)

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file, at most so many.

        Raises:
            OSError: it is gone, or cannot be read; anything else is one, too.
        """
        try:
            data: bytes = self._files.cat_file(f"{self._root}/{path}", start=0, end=most)
            return data
        except OSError:
            raise
        except Exception as error:
            raise OSError(0, _reason(error)) from error

    def stamp(self, path: str) -> str:
        """Size and time of change of a file, as one text; another one where it is gone."""
        try:
            told = self._files.info(f"{self._root}/{path}")
        except Exception:  # noqa: BLE001 (gone or not, whoever reads it is told)
            return "gone"
        return f"{told.get('size')}\0{_changed_at(told)}"

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        package = STORES[self.address.partition("://")[0]]
        try:
            from fsspec.core import url_to_fs

            files, root = url_to_fs(self.address, use_listings_cache=False)
        except ImportError as error:
            raise StoreUnreachable(
                Sentence(
                    "Photos in {address} are read by a package that is not installed. Install it with: pip install "
                    "{package}"
                ).format(address=self.address, package=package)
            ) from error
        except Exception as error:
            raise self._unreachable(error) from error
        return files, str(root).rstrip("/")

    @property
    def _files(self) -> Any:
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1]

    def _unreachable(self, error: Exception) -> StoreUnreachable:
        if isinstance(error, StoreUnreachable):
            return error
        return StoreUnreachable(
            Sentence(
                "The photos in {address} cannot be reached ({why}). Check the connection and your right to read there."
            ).format(address=self.address, why=_reason(error))
        )


@dataclass(frozen=True)
class RemoteFile:
    """A file of such a folder, by its path below it, with `/`."""

    folder: RemoteFolder
    path: str

    @property
    def name(self) -> str:
        """Without the folders it is in."""
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        """As `Path` has it."""
        return PurePosixPath(self.path).suffix

    def __str__(self) -> str:
        return f"{self.folder}/{self.path}"

    def as_posix(self) -> str:
        """As `Path` has it."""
        return str(self)

    @property
    def key(self) -> bytes:
        """Names what is there now: its address, size and time of change. 16 bytes."""
        told = self.folder.stamp(self.path)
        return hashlib.blake2b(f"{self}\0{told}".encode("utf-8", "surrogateescape"), digest_size=16).digest()

    def read(self, most: int) -> bytes:
        """At most so many bytes; raises as `RemoteFolder.read` does."""
        return self.folder.read(self.path, most)


AnyFolder = Path | RemoteFolder
AnyFile = Path | RemoteFile
"""On this computer or in a store."""


def folder_at(place: AnyFolder | str) -> AnyFolder:
    """A photo folder as a person names it: a path, or an address with `://`.

    Raises:
        WrongUsage: an address of no store that is known.
    """
    if isinstance(place, RemoteFolder):
        return place
    if isinstance(place, str) and "://" in place:
        return RemoteFolder(place)
    # Path's own fails where `~` is of nobody here: a folder that is not there, as whoever opens it says.
    return Path(os.path.expanduser(place)).absolute()  # noqa: PTH111


def _changed_at(told: dict[str, Any]) -> int:
    when = next((told[name] for name in _CHANGED if told.get(name)), 0)
    if isinstance(when, str):
        when = datetime.fromisoformat(when)
    seconds = when.timestamp() if isinstance(when, datetime) else float(when)
    return round(seconds * 1e6) * 1000


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0].strip() or type(error).__name__

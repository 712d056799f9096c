"""A place for Parquet files: a folder, or whatever fsspec knows, like s3://bucket/parts. What is there is whole."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import IO

from engine.errors import UserError
from engine.remote import STORES
from engine.synced import make_folder, write_synced
from engine.wording import Sentence


class Store:
    """Files below an address, by their paths there."""

    def __init__(self, address: str) -> None:
        """Raises UserError where the address cannot be used, or what reads it is not installed."""
        try:
            import pyarrow as _  # noqa: F401
            from fsspec.core import url_to_fs
            from fsspec.implementations.local import LocalFileSystem

            self._files, place = url_to_fs(address)
            self._is_folder = isinstance(self._files, LocalFileSystem)
        except ImportError as error:
            needed = STORES.get(address.partition("://")[0]) if find_spec("pyarrow") and find_spec("fsspec") else None
            raise UserError(
                Sentence(
                    "Parts in {address} are read and written by packages that are not installed. Install them with: "
                    "pip install {packages}"
                ).format(address=address, packages=needed or "'cdul[cluster]'")
            ) from error
        except ValueError as error:
            raise _unusable(address, error) from error
        self._address, self._place = address, place.rstrip("/")

    def write(self, path: str, data: bytes) -> None:
        """Write a file whole or not at all.

        Raises:
            UserError: it cannot be written there.
        """
        place = f"{self._place}/{path}"
        try:
            if self._is_folder:
                make_folder(Path(place).parent)
                write_synced(Path(place), data)
            else:  # an object store shows what was written when it is whole
                self._files.pipe_file(place, data)
        except Exception as error:  # each store has errors of its own
            raise _unusable(self._address, error) from error

    def names(self, folder: str) -> list[str]:
        """The files of a folder there, sorted; none where there is no such folder.

        Raises:
            UserError: what is there cannot be listed.
        """
        place = f"{self._place}/{folder}"
        try:
            self._files.invalidate_cache()
            found = self._files.ls(place, detail=False) if self._files.exists(place) else []
        except Exception as error:  # each store has errors of its own
            raise _unusable(self._address, error) from error
        return sorted(str(one).rpartition("/")[2] for one in found)

    def open(self, path: str) -> IO[bytes]:
        """A file to read from; raises OSError where it is not there."""
        file: IO[bytes] = self._files.open(f"{self._place}/{path}", "rb")
        return file

    def remove(self, path: str) -> None:
        """Delete a file of ours.

        Raises:
            UserError: it cannot be deleted.
        """
        try:
            self._files.rm_file(f"{self._place}/{path}")
        except Exception as error:  # each store has errors of its own
            raise _unusable(self._address, error) from error


def _unusable(address: str, error: Exception) -> UserError:
    why = " ".join(str(error).split()) or type(error).__name__
    return UserError(Sentence("Nothing can be kept at {address} ({why}).").format(address=address, why=why))

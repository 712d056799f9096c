"""What a search looks at first, in files beside the databases: made once, added to, and deleted without harm."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from io import BufferedReader
from pathlib import Path
from threading import Lock
from zipfile import BadZipFile

import numpy as np

from engine.errors import UserError
from engine.method.search import Bits, ShortVectors, Sketch
from engine.wording import Sentence

_CONTENT_BYTES = 16
_BYTES_AT_ONCE = 2**22


class SearchFiles:
    """`vectors` are photos x vectors x length in bfloat16, `contents` says whose, `sketch.npz` how they were made.

    Photos are only ever added. A photo's content is written after its vectors have reached the disk: what a killed
    program left behind beyond that is written over.
    """

    def __init__(self, folder: Path, key: str, vectors: int, length: int) -> None:
        """Look at the files in a folder; files with another key are as good as none.

        Args:
            key: names all that the vectors depend on beside the photos.
            vectors: of a photo.
            length: of a vector.
        """
        self._folder, self._key, self._shape = folder, key, (vectors, length)
        self._bytes = 2 * vectors * length
        self.sketch: Sketch | None = None
        """How the vectors were made; None before `begin`."""
        self.made_for = 0
        """How many photos there were when the sketch was made."""
        self.rows: dict[bytes, int] = {}
        """Content of each photo, to its row in `vectors`."""
        try:
            with np.load(folder / "sketch.npz", allow_pickle=False) as kept:
                if str(kept["key"]) == key and kept["axes"].shape[1] == length:
                    self.sketch, self.made_for = Sketch(kept["mean"], kept["axes"]), int(kept["photos"])
                    self.rows = self._rows()
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            pass  # not there, or damaged: it is made anew

    def serve(self, photos: int) -> bool:
        """Whether what is there is still worth adding to in a project of so many photos.

        A collection that has grown differs along other axes, and what has left it is in the way.
        """
        return 0 < photos < 2 * self.made_for and len(self.rows) <= 2 * photos

    def begin(self, sketch: Sketch, photos: int) -> None:
        """Start anew with a sketch, made where there are so many photos."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = self._folder / "sketch.npz.part"
            for old in (self._folder / "sketch.npz", beside, self._folder / "vectors", self._folder / "contents"):
                old.unlink(missing_ok=True)
            with beside.open("wb") as file:
                np.savez(file, key=np.array(self._key), mean=sketch.mean, axes=sketch.axes, photos=np.array(photos))
            beside.replace(self._folder / "sketch.npz")
        except OSError as error:
            raise self._cannot_be_written(error) from error
        self.sketch, self.made_for, self.rows = sketch, photos, {}

    def add(self, contents: Sequence[bytes], bits: Bits) -> None:
        """Take in more photos: their contents, and photos x vectors x length."""
        there = len(self.rows)
        try:
            self._write("vectors", there * self._bytes, np.ascontiguousarray(bits, "<u2").tobytes())
            self._write("contents", there * _CONTENT_BYTES, b"".join(contents))
        except OSError as error:
            raise self._cannot_be_written(error) from error
        self.rows.update(zip(contents, range(there, there + len(contents)), strict=True))

    def vectors(self, *, in_memory: bool) -> ShortVectors:
        """All that is there.

        Args:
            in_memory: because the file will not stay; else it is read anew for each query, out of the system's cache.
        """
        if not self.rows:
            return ShortVectors(lambda: ())
        # Kept open, so that it can be read even when it is deleted.
        parts = partial(_parts, (self._folder / "vectors").open("rb"), Lock(), len(self.rows), self._shape)
        if not in_memory:
            return ShortVectors(parts)
        everything = [part.copy() for part in parts()]
        return ShortVectors(lambda: everything)

    def _rows(self) -> dict[bytes, int]:
        data = (self._folder / "contents").read_bytes()
        photos = min(len(data) // _CONTENT_BYTES, (self._folder / "vectors").stat().st_size // self._bytes)
        rows = {data[row * _CONTENT_BYTES : (row + 1) * _CONTENT_BYTES]: row for row in range(photos)}
        if len(rows) < photos:
            raise ValueError("Expected each content once.")
        return rows

    def _write(self, name: str, place: int, data: bytes) -> None:
        file = self._folder / name
        with file.open("r+b" if file.exists() else "wb") as stream:
            stream.seek(place)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def _cannot_be_written(self, error: OSError) -> UserError:
        return UserError(
            Sentence(
                "What a search needs cannot be written to {folder} ({why}). Check that the disk has room and the "
                "folder is still there."
            ).format(folder=self._folder, why=error.strerror)
        )


def _parts(stream: BufferedReader, lock: Lock, photos: int, shape: tuple[int, int]) -> Iterator[Bits]:
    """All vectors, part by part, each in the memory of the one before: getting memory takes longer than reading."""
    vectors, length = shape
    part = np.empty((max(1, _BYTES_AT_ONCE // (2 * vectors * length)), vectors, length), "<u2")
    with lock:
        stream.seek(0)
        for start in range(0, photos, len(part)):
            some = part[: photos - start]
            stream.readinto(some.data)
            yield some

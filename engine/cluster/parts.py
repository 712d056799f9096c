"""Parts: some hundred encoded photos in one Parquet file, in a folder or an object store that all workers reach.

A part is written whole or not at all, by the worker that made it, so that nothing is lost with whoever asked for it.
It says for each photo which file it was, by path, size and time, and who looked at it: whoever labels the same files
with the same networks takes it from there, however the photos were shared out before.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import SEEK_END
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.cluster.store import Store
from engine.models.encoders.encoder import embeddings_id
from engine.project.embeddings import Half
from engine.read_photo import ReadPhoto
from engine.remote import AnyFile, RemoteFile
from engine.stages.labelling.encode_files import EncodedPhoto, Networks
from engine.wording import Sentence

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

SUFFIX = ".parquet"
_MOST_BYTES = 2**30
"""Of a part; one of a thousand photos has some 30 million."""
_ROWS_AT_ONCE = 256
"""Of a part, so that one with much in it is not in memory as a whole."""


@dataclass(frozen=True)
class Looked:
    """Who looked at the photos of a part, and how: what two workers must have in common."""

    kept_as: str
    """Of `embeddings_id`."""
    dimension: int
    grids: tuple[int, ...]
    onlooker: str | None
    onlooker_dimension: int

    @classmethod
    def by(cls, networks: Networks) -> Looked:
        onlooker = networks.onlooker.network if networks.onlooker else None
        return cls(
            embeddings_id(networks.encoder, crop=networks.crop),
            networks.encoder.dimension,
            networks.grids,
            onlooker.id if onlooker else None,
            onlooker.dimension if onlooker else 0,
        )

    @cached_property
    def digest(self) -> str:
        """Names the folder of their parts."""
        told = json.dumps([self.kept_as, self.dimension, self.grids, self.onlooker, self.onlooker_dimension])
        return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()

    @property
    def snippets(self) -> int:
        return sum(grid * grid for grid in self.grids)


def key_of(file: AnyFile) -> bytes:
    """Names a photo file by its path, size and time of change; another one where it was changed. 16 bytes."""
    if isinstance(file, RemoteFile):
        return file.key
    try:
        stat = file.stat()
        told = f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}"
    except OSError:
        told = f"{file}\0gone"
    return hashlib.blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16).digest()


class PartStore:
    """The parts of some networks below an address: a folder, or whatever fsspec knows, like s3://bucket/parts."""

    def __init__(self, address: str, looked: Looked) -> None:
        """Raises UserError where the address cannot be used, or what reads it is not installed."""
        self.looked = looked
        self._store = Store(address)

    def write(self, keys: Sequence[bytes], photos: Sequence[EncodedPhoto]) -> str:
        """Keep a part; returns its name, which its photos make. The same part twice is the same file.

        Raises:
            UserError: it cannot be written there.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        name, made = hashlib.blake2b(b"".join(keys), digest_size=16).hexdigest(), pa.BufferOutputStream()
        pq.write_table(_table(keys, photos), made, compression="none")
        self._store.write(self._place(name), made.getvalue().to_pybytes())
        return name

    def names(self) -> list[str]:
        """The parts that are there.

        Raises:
            UserError: what is there cannot be listed.
        """
        names = self._store.names(self.looked.digest)
        return [name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)]

    def keys(self, name: str) -> list[bytes]:
        """Which photo files a part has; none where it cannot be read."""
        import pyarrow as pa

        try:
            with self._open(name) as part:
                return part.read(columns=["key"])["key"].to_pylist()
        except (OSError, pa.ArrowException, KeyError):
            return []

    def read(self, name: str, photo_ids: Mapping[bytes, int]) -> Iterator[list[EncodedPhoto]]:
        """The photos of a part that are asked for (by key, with the ids they have here), some at a time.

        What is not sound is passed over, as if it had not been made.
        """
        import pyarrow as pa

        try:
            with self._open(name) as part:
                for batch in part.iter_batches(_ROWS_AT_ONCE):
                    rows = [row for row in batch.to_pylist() if row["key"] in photo_ids]
                    found = (_photo(photo_ids[row["key"]], row, self.looked) for row in rows)
                    yield [photo for photo in found if photo is not None]
        except (OSError, pa.ArrowException, KeyError, TypeError, ValueError):
            return

    def parts_with(self, wanted: Collection[bytes]) -> Iterator[str]:
        """The parts that have any of the wanted files that none before has."""
        missing = set(wanted)
        for name in self.names():
            before = len(missing)
            missing.difference_update(self.keys(name))
            if len(missing) < before:
                yield name

    @contextmanager
    def _open(self, name: str) -> Iterator[pq.ParquetFile]:
        import pyarrow.parquet as pq

        with self._store.open(self._place(name)) as file:
            if file.seek(0, SEEK_END) > _MOST_BYTES:
                raise OSError(errno.EFBIG, "it is no part of ours")
            yield pq.ParquetFile(file)

    def _place(self, name: str) -> str:
        return f"{self.looked.digest}/{name}{SUFFIX}"


def _table(keys: Sequence[bytes], photos: Sequence[EncodedPhoto]) -> pa.Table:
    import pyarrow as pa

    reads = [photo.read for photo in photos]
    return pa.table(
        {
            "key": pa.array(keys, pa.binary()),
            "content": pa.array([read.content for read in reads], pa.binary()),
            "width": pa.array([read.width for read in reads], pa.int32()),
            "height": pa.array([read.height for read in reads], pa.int32()),
            "orientation": pa.array([read.orientation for read in reads], pa.int8()),
            "taken_at": pa.array([read.taken_at and read.taken_at.isoformat() for read in reads], pa.string()),
            "problem": pa.array([read.problem and read.problem.kept for read in reads], pa.string()),
            "snippets": pa.array([_bytes(photo.snippets) for photo in photos], pa.large_binary()),
            "whole": pa.array([_bytes(photo.whole) for photo in photos], pa.large_binary()),
        }
    )


def _bytes(vectors: Half | None) -> bytes | None:
    return None if vectors is None else vectors.astype("<f2").tobytes()


def _photo(photo_id: int, row: Mapping[str, Any], looked: Looked) -> EncodedPhoto | None:
    """What a row says, None where it cannot be so."""
    problem = row["problem"] and Sentence.of_kept(row["problem"])
    taken_at = row["taken_at"] and datetime.fromisoformat(row["taken_at"])
    read = ReadPhoto(
        photo_id, row["content"], row["width"], row["height"], row["orientation"] or 1, taken_at, problem or None
    )
    if problem:
        return EncodedPhoto(read, None, None)
    if not isinstance(read.content, bytes) or len(read.content) != 16:
        return None
    snippets = _vectors(row["snippets"], looked.snippets, looked.dimension)
    whole = _vectors(row["whole"], 1, looked.onlooker_dimension)
    is_whole = (snippets is not None or not looked.grids) and (whole is not None or looked.onlooker is None)
    return EncodedPhoto(read, snippets, whole) if is_whole else None


def _vectors(data: bytes | None, rows: int, dimension: int) -> Half | None:
    if not isinstance(data, bytes) or not data or len(data) != 2 * rows * dimension:
        return None
    vectors = np.frombuffer(data, "<f2").reshape(rows, dimension)
    return vectors if np.isfinite(vectors).all() else None

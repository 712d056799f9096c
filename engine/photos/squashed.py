"""Photos squashed to squares once and read from one file from then on, as a training does that goes over them often."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from engine.photos.decode import decode_file
from engine.photos.loader import cores, cut_into, load_batches
from engine.remote import AnyFile

_SHARE_OF_DISK = 0.5
"""Of the free disk that the file may take."""

_AT_ONCE = 16
_WHOLE = (1,)


class SquashedPhotos:
    """Photos as a classifier takes them: side x side x 3 each, RGB, 0 to 255.

    They lie in a file without a name that the system takes away with this object, also when the program is killed.
    Where the disk has not enough room for all, the others are read from their own files each time.
    """

    def __init__(self, folder: Path, side: int) -> None:
        """`folder`: has room for the file. `side`: pixels."""
        self._folder, self._side = folder, side
        self._files: list[AnyFile] = []
        self._kept: npt.NDArray[np.uint8] = np.zeros((0, side, side, 3), np.uint8)
        """The first of them."""

    def add(
        self,
        photos: Iterable[tuple[int, AnyFile]],
        looked_at: Callable[[int], None] = lambda count: None,
        check: Callable[[], None] = lambda: None,
    ) -> list[int]:
        """Read photos (id and file), once for each object; returns the ids of those that can be read, in order.

        Args:
            looked_at: told how many more were.
            check: may raise to stop.
        """
        files = dict(photos)
        ids: list[int] = []
        room = self._room()
        file, written = self._new_file(), 0
        loaded = load_batches(
            files.items(),
            grids=_WHOLE,
            side=self._side,
            is_encoded=lambda content: False,
            at_once=lambda: _AT_ONCE,
            enough=1.0,
        )
        with closing(loaded):
            for batch in loaded:
                check()
                ids.extend(photo.read.photo_id for photo in batch.photos if photo.snippets is not None)
                more = batch.snippets[: max(0, room - written)]
                if file is not None and len(more) and not _write(file, more):
                    file = None  # what was written before is not whole
                if file is not None:
                    written += len(more)
                batch.release()
                looked_at(len(batch.photos))
        self._files = [files[photo] for photo in ids]
        if file is not None and written:
            self._kept = np.memmap(file, np.uint8, "r", shape=(written, self._side, self._side, 3))
        return ids

    def __call__(self, places: Sequence[int]) -> npt.NDArray[np.uint8]:
        """The photos at these places among those that `add` returned: n x side x side x 3.

        Raises:
            PhotoProblem: one that is not kept cannot be read any more.
        """
        wanted = np.asarray(places, np.int64)
        pixels = np.empty((len(wanted), self._side, self._side, 3), np.uint8)
        kept = wanted < len(self._kept)
        pixels[kept] = self._kept[wanted[kept]]
        others = np.flatnonzero(~kept)
        if len(others):

            def read(place: int) -> None:
                photo = decode_file(self._files[wanted[place]], at_least=(self._side, self._side))
                cut_into(pixels[place : place + 1], photo.rgb, _WHOLE)

            with ThreadPoolExecutor(cores(), "read photos") as pool:
                list(pool.map(read, others))
        return pixels

    @property
    def kept(self) -> int:
        """How many are in the file."""
        return len(self._kept)

    def _room(self) -> int:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return 0
        return int(_SHARE_OF_DISK * free) // (3 * self._side * self._side)

    def _new_file(self) -> IO[bytes] | None:
        try:
            return tempfile.TemporaryFile(dir=self._folder, prefix="photos-", suffix=".partial")
        except OSError:
            return None


def _write(file: IO[bytes], pixels: npt.NDArray[np.uint8]) -> bool:
    """Whether there was room."""
    try:
        file.write(pixels.data)
        file.flush()
    except OSError:
        return False
    return True

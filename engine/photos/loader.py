"""Photos to snippets in parallel, ahead of the encoder that waits for them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.method.snippets import grid_boxes
from engine.photos.decode import PhotoProblem, content_digest, decode, read_file
from engine.photos.fitting import fit_into_square
from engine.photos.resize import resize
from engine.read_photo import ReadPhoto
from engine.remote import AnyFile

# A JPEG's next smaller scale is taken when it is nearly as large as the snippets need: enlarging by a quarter
# costs no accuracy that could be measured, decoding four times the pixels costs time.
_ENOUGH = 0.8


Snippets = npt.NDArray[np.uint8]
"""snippets x side x side x 3, RGB, grid after grid, row by row."""


Room = Callable[[tuple[int, ...]], npt.NDArray[np.uint8]]
"""Makes room for pixels of this shape."""


def _new_room(shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    return np.empty(shape, np.uint8)


class LoadedPhoto(NamedTuple):
    """What was read of a photo, and its pixels for whoever asked; None for whom it is known, or has a problem."""

    read: ReadPhoto
    snippets: Snippets | None
    fitted: npt.NDArray[np.uint8] | None
    """The whole photo in a square: side x side x 3, see `fit_into_square`."""


class FittedPhotos(NamedTuple):
    """The wish for whole photos fitted into squares of this side, of contents that are not known."""

    side: int
    is_known: Callable[[bytes], bool]


@dataclass(frozen=True)
class PhotoBatch:
    """Photos that were loaded together, and their pixels without a gap.

    `snippets`: of those that are `cut`, one after the other. `fitted`: likewise of those that are fitted, photos x
    side x side x 3. `release`: says that nobody reads these arrays any more; the next batch may take their place.
    """

    photos: list[LoadedPhoto]
    snippets: Snippets
    fitted: npt.NDArray[np.uint8]
    release: Callable[[], None]


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cut_snippets(picture: Image.Image, grids: Sequence[int], side: int, *, crop: bool = False) -> Snippets:
    """Cut a photo into the snippets of each grid (1 for the whole photo), each resized to side x side.

    Args:
        crop: take the square in the middle of each, as CLIP was trained; else the whole of it, squashed.
    """
    snippets = np.empty((count_of(grids), side, side, 3), np.uint8)
    cut_into(snippets, np.asarray(picture), grids, crop=crop)
    return snippets


def count_of(grids: Sequence[int]) -> int:
    """How many snippets a photo has."""
    return sum(grid * grid for grid in grids)


def cut_into(snippets: Snippets, photo: npt.NDArray[np.uint8], grids: Sequence[int], *, crop: bool = False) -> None:
    """Cut a photo, height x width x 3, into the snippets of each grid, each resized; see `cut_snippets`.

    Those of one size that follow each other are resized at once: half of the time.
    """
    height, width, _ = photo.shape
    boxes = [box for grid in grids for box in grid_boxes(width, height, grid)]
    if crop:
        for snippet, box in zip(snippets, boxes, strict=True):
            snippet[:] = _middle(photo[box.top : box.bottom, box.left : box.right], len(snippet))
        return
    start = 0
    for _, alike in groupby(boxes, key=lambda box: (box.bottom - box.top, box.right - box.left)):
        cut = [photo[box.top : box.bottom, box.left : box.right] for box in alike]
        # NumPy makes the copies: torch would share them out among threads that are busy with other photos.
        parts = photo[np.newaxis] if cut[0].shape == photo.shape and photo.flags.writeable else np.stack(cut)
        resize(parts, snippets[start : start + len(parts)])
        start += len(parts)


_LONGEST = 8
"""How many times as long as wide a snippet is resized at most, to cut out its middle: a bound for the memory."""


def _middle(pixels: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """The shorter side resized to `side` and the middle cut out, rounded as torchvision does it for CLIP."""
    most = _LONGEST * min(pixels.shape[:2])
    above, beside = (max(0, length - most) // 2 for length in pixels.shape[:2])
    pixels = pixels[above : above + most, beside : beside + most]
    shorter = min(pixels.shape[:2])
    height, width = (side * length // shorter for length in pixels.shape[:2])
    top, left = round((height - side) / 2), round((width - side) / 2)
    resized = np.empty((1, height, width, 3), np.uint8)
    resize(np.array(pixels)[np.newaxis], resized)
    return resized[0, top : top + side, left : left + side]


def load_batches(
    photos: Iterable[tuple[int, AnyFile]],
    *,
    grids: Sequence[int],
    side: int,
    is_encoded: Callable[[bytes], bool],
    fitted: FittedPhotos | None = None,
    crop: bool = False,
    threads: int | None = None,
    at_once: Callable[[], int] = lambda: 1,
    ahead: int = 32,
    enough: float = _ENOUGH,
    room: Room = _new_room,
) -> Generator[PhotoBatch, None, None]:
    """Read, decode and cut photos (id and file) in threads, in their order. Each is decoded once at most.

    Args:
        grids: 1 for the whole photo, n for n x n snippets; in the order in which snippets are wanted.
        side: of a snippet, pixels.
        is_encoded: whether the embeddings of a content are there, so that no snippets are needed.
        fitted: whether whole photos are wanted as well.
        crop: see `cut_snippets`.
        threads: that decode; by default one for each core. Decoders work outside Python's lock.
        at_once: photos in a batch; asked before each.
        ahead: photos that are loaded before they are asked for, but at least a batch; bounds the memory.
        enough: the share of what the snippets need that a JPEG may be decoded at.
        room: where pixels come to lie.
    """
    load = partial(
        _load,
        grids=grids,
        needed=round(max(grids, default=0) * side * enough),
        is_encoded=is_encoded,
        fitted=fitted,
        crop=crop,
    )
    shape = (count_of(grids), side, side, 3)
    shape_fitted = (fitted.side, fitted.side, 3) if fitted else (0, 0, 3)
    rooms = _Rooms(room)
    remaining = iter(photos)
    with ThreadPoolExecutor(threads or cores(), "load photos") as pool:
        loading: deque[_Loading] = deque()
        try:
            while True:
                while len(loading) < 2 or sum(len(batch.photos) for batch in loading) < ahead:
                    some = list(islice(remaining, max(1, at_once())))
                    if not some:
                        break
                    cut = rooms.take((len(some), *shape))
                    whole = rooms.take((len(some) if fitted else 0, *shape_fitted))
                    each_whole: Iterable[npt.NDArray[np.uint8] | None] = whole if fitted else [None] * len(some)
                    futures = [
                        pool.submit(load, *photo, room, room_fitted)
                        for photo, room, room_fitted in zip(some, cut, each_whole, strict=True)
                    ]
                    loading.append(_Loading(futures, cut, whole))
                if not loading:
                    return
                yield loading.popleft().loaded(rooms)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _load(
    photo_id: int,
    file: AnyFile,
    room: Snippets,
    room_fitted: npt.NDArray[np.uint8] | None,
    *,
    grids: Sequence[int],
    needed: int,
    is_encoded: Callable[[bytes], bool],
    fitted: FittedPhotos | None,
    crop: bool,
) -> LoadedPhoto:
    content = None
    try:
        data = read_file(file)
        content = content_digest(data)
        to_cut, to_fit = not is_encoded(content), fitted is not None and not fitted.is_known(content)
        enough = max(1, needed * to_cut, round(fitted.side * _ENOUGH) * to_fit if fitted else 0)
        photo = decode(data, at_least=(enough, enough))
    except PhotoProblem as problem:
        return LoadedPhoto(ReadPhoto(photo_id, content, problem=problem.sentence), None, None)
    if to_cut:
        cut_into(room, photo.rgb, grids, crop=crop)
    if to_fit and room_fitted is not None:
        room_fitted[:] = fit_into_square(photo.picture, len(room_fitted))
    return LoadedPhoto(
        ReadPhoto(photo_id, content, photo.width, photo.height, photo.orientation, photo.taken_at),
        room if to_cut else None,
        room_fitted if to_fit else None,
    )


class _Loading(NamedTuple):
    """A batch that threads are at work on, and the room for all pixels that its photos may have."""

    photos: list[Future[LoadedPhoto]]
    snippets: npt.NDArray[np.uint8]
    """photos x snippets x side x side x 3."""
    fitted: npt.NDArray[np.uint8]

    def loaded(self, rooms: _Rooms) -> PhotoBatch:
        """Wait for it."""
        photos = [future.result() for future in self.photos]
        snippets = _without_gaps(self.snippets, [photo.snippets is not None for photo in photos])
        fitted = self.fitted
        if len(fitted):
            fitted = _without_gaps(fitted, [photo.fitted is not None for photo in photos])
        return PhotoBatch(
            photos,
            snippets.reshape(-1, *self.snippets.shape[2:]),
            fitted,
            lambda: rooms.give_back(self.snippets, self.fitted),
        )


def _without_gaps(pixels: npt.NDArray[np.uint8], there: Sequence[bool]) -> npt.NDArray[np.uint8]:
    """The rows that are there, moved together."""
    places = np.flatnonzero(there)
    for place, row in enumerate(places):
        if place != row:
            pixels[place] = pixels[row]
    return pixels[: len(places)]


class _Rooms:
    """Arrays that are used again: new memory costs more time than what is written into it."""

    def __init__(self, make: Room) -> None:
        self._make = make
        self._free: dict[tuple[int, ...], list[npt.NDArray[np.uint8]]] = {}
        """By the shape of a photo's part in them."""

    def take(self, shape: tuple[int, ...]) -> npt.NDArray[np.uint8]:
        free = self._free.setdefault(shape[1:], [])
        while free:
            room = free.pop()
            if room.shape == shape:
                return room
        return self._make(shape)

    def give_back(self, *rooms: npt.NDArray[np.uint8]) -> None:
        for room in rooms:
            self._free.setdefault(room.shape[1:], []).append(room)

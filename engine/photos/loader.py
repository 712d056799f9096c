"""Photos to snippets in parallel, ahead of the encoder that waits for them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.method.snippets import centre_square, grid_boxes
from engine.photos.decode import PhotoProblem, content_digest, decode, read_file
from engine.photos.fitting import fit_into_square
from engine.read_photo import ReadPhoto

# A JPEG's next smaller scale is taken when it is nearly as large as the snippets need: enlarging by a quarter
# costs no accuracy that could be measured, decoding four times the pixels costs time.
_ENOUGH = 0.8


Snippets = npt.NDArray[np.uint8]
"""snippets x side x side x 3, RGB, grid after grid, row by row."""


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


def cut_snippets(picture: Image.Image, grids: Sequence[int], side: int, *, crop: bool = False) -> Snippets:
    """Cut a photo into the snippets of each grid (1 for the whole photo), each resized to side x side.

    Args:
        crop: take the square in the middle of each, as CLIP was trained; else the whole of it, squashed.
    """
    photo = np.asarray(picture)
    boxes = [box for grid in grids for box in grid_boxes(picture.width, picture.height, grid)]
    if crop:
        boxes = [centre_square(box) for box in boxes]
    snippets = np.empty((len(boxes), side, side, 3), np.uint8)
    for snippet, box in zip(snippets, boxes, strict=True):
        snippet[:] = _resized(photo[box.top : box.bottom, box.left : box.right], side)
    return snippets


def _resized(pixels: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Bicubic with antialiasing, equal to Pillow's to a step of brightness or two and several times as fast."""
    from torch import from_numpy  # takes long to import
    from torch.nn.functional import interpolate

    # NumPy makes the copy: torch would share it out among threads that are busy with other photos. Only `unsqueeze`
    # leaves the strides by which torch knows that the colours of a pixel lie together, and leaves them so.
    colours_first = from_numpy(np.array(pixels)).unsqueeze(0).permute(0, 3, 1, 2)
    resized = interpolate(colours_first, (side, side), mode="bicubic", antialias=True)
    return resized[0].permute(1, 2, 0).numpy()


def load_photos(
    photos: Iterable[tuple[int, Path]],
    *,
    grids: Sequence[int],
    side: int,
    is_encoded: Callable[[bytes], bool],
    fitted: FittedPhotos | None = None,
    crop: bool = False,
    threads: int | None = None,
    ahead: int = 32,
) -> Generator[LoadedPhoto, None, None]:
    """Read, decode and cut photos (id and file) in threads, in their order. Each is decoded once at most.

    Args:
        grids: 1 for the whole photo, n for n x n snippets; in the order in which snippets are wanted.
        side: of a snippet, pixels.
        is_encoded: whether the embeddings of a content are there, so that no snippets are needed.
        fitted: whether whole photos are wanted as well.
        crop: see `cut_snippets`.
        threads: that decode; by default one for each core, at most 8. Pillow works outside Python's lock.
        ahead: photos that are loaded before they are asked for; bounds the memory.

    Yields:
        What was read of each photo, its snippets and, where that is wanted, the whole of it.
    """
    for_snippets = round(max(grids, default=0) * side * _ENOUGH)

    def load(photo_id: int, file: Path) -> LoadedPhoto:
        content = None
        try:
            data = read_file(file)
            content = content_digest(data)
            to_cut, to_fit = not is_encoded(content), fitted is not None and not fitted.is_known(content)
            needed = max(1, for_snippets * to_cut, round(fitted.side * _ENOUGH) * to_fit if fitted else 0)
            photo = decode(data, at_least=(needed, needed))
        except PhotoProblem as problem:
            return LoadedPhoto(ReadPhoto(photo_id, content, problem=problem.sentence), None, None)
        return LoadedPhoto(
            ReadPhoto(photo_id, content, photo.width, photo.height, photo.orientation, photo.taken_at),
            cut_snippets(photo.picture, grids, side, crop=crop) if to_cut else None,
            fit_into_square(photo.picture, fitted.side) if fitted and to_fit else None,
        )

    remaining = iter(photos)
    with ThreadPoolExecutor(threads or min(8, os.cpu_count() or 1), "load photos") as pool:
        loading: deque[Future[LoadedPhoto]] = deque(pool.submit(load, *photo) for photo in islice(remaining, ahead))
        try:
            while loading:
                yield loading.popleft().result()
                loading.extend(pool.submit(load, *photo) for photo in islice(remaining, 1))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

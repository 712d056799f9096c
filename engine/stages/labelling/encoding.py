"""Photos to embeddings in the cache: the one slow part of labelling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.jobs import Cancellation, Progress
from engine.models.encoders.batches import Batches
from engine.models.encoders.encoder import SnippetEncoder, embeddings_id
from engine.photos.loader import FittedPhotos, LoadedPhoto, load_photos
from engine.project import Project
from engine.project.embeddings import WHOLE, Half, contents_with_embeddings, store_embeddings
from engine.project.photos import ReadablePhoto, readable_photos, record_read
from engine.read_photo import ReadPhoto

_SNIPPETS_IN_A_BATCH = 40
_SECONDS_BETWEEN_COMMITS = 2.0


@dataclass(frozen=True)
class Onlooker:
    """A second network, which looks at the same photos, whole and fitted into a square."""

    network: SnippetEncoder
    seen: set[bytes]
    """Contents whose vectors of it are there; grows."""


def encode_photos(
    project: Project,
    encoder: SnippetEncoder,
    photos: Sequence[tuple[int, str]],
    grids: Sequence[int],
    encoded: set[bytes],
    progress: Progress,
    cancellation: Cancellation,
    committed: Callable[[Sequence[ReadPhoto]], None],
    onlooker: Onlooker | None = None,
    *,
    crop: bool = False,
) -> int:
    """Encode photos (id and path) and commit their embeddings, every two seconds and when cancelled.

    Args:
        grids: to encode, 1 for the whole photo among them.
        encoded: contents whose embeddings are there; grows.
        committed: called after each commit with its photos, the unreadable ones too.
        onlooker: looks at the photos that it has not seen; they are read once for both.
        crop: see `engine.photos.loader.cut_snippets`.

    Raises:
        ProjectError: the photo folder is gone; what was encoded until then is kept.

    Returns:
        How many photos were looked at: those whose content was there already were not.
    """
    kept_as = embeddings_id(encoder, crop=crop)
    batches = Batches(encoder, _SNIPPETS_IN_A_BATCH)
    whole = Batches(onlooker.network, _SNIPPETS_IN_A_BATCH) if onlooker else None
    loaded = load_photos(
        ((photo_id, project.file_of(path)) for photo_id, path in photos),
        grids=grids,
        side=encoder.input_size,
        is_encoded=encoded.__contains__,
        fitted=FittedPhotos(onlooker.network.input_size, onlooker.seen.__contains__) if onlooker else None,
        crop=crop,
    )
    waiting: list[_Encoded] = []
    committed_at = time.monotonic()
    looked_at = 0

    def commit() -> None:
        of_snippets = {each.content: _by_grid(each.snippets, grids) for each in waiting if each.snippets is not None}
        store_embeddings(project, kept_as, of_snippets)
        readable = [each.read.content for each in waiting if each.read.content and each.read.problem is None]
        encoded.update(readable)
        if onlooker:
            seen = {each.content: {WHOLE: each.whole} for each in waiting if each.whole is not None}
            store_embeddings(project, onlooker.network.id, seen)
            onlooker.seen.update(readable)
        read = [each.read for each in waiting]
        record_read(project, read)
        committed(read)
        waiting.clear()

    try:
        for group in _groups(loaded, batches.size):
            cancellation.check()
            if any(photo.read.problem for photo in group):
                # A drive that vanished says nothing about its photos.
                project.check_photos_are_there()
            waiting.extend(_encode(group, batches, whole))
            looked_at += sum(photo.snippets is not None or photo.fitted is not None for photo in group)
            progress.advance(len(group))
            if time.monotonic() - committed_at > _SECONDS_BETWEEN_COMMITS:
                commit()
                committed_at = time.monotonic()
    finally:
        loaded.close()
        commit()
    return looked_at


def encode_missing(
    project: Project,
    encoder: SnippetEncoder,
    grids: Sequence[int],
    encoded: set[bytes],
    progress: Progress,
    cancellation: Cancellation,
    committed: Callable[[Sequence[ReadPhoto]], None],
    onlooker: Onlooker | None = None,
    *,
    crop: bool = False,
) -> int:
    """`encode_photos` for all readable photos whose content is not `encoded` on all grids, in the order of paths.

    And for those that the onlooker has not seen.
    """
    missing = [
        photo
        for photo in readable_photos(project)
        if photo.content not in encoded or (onlooker is not None and photo.content not in onlooker.seen)
    ]
    progress.start("Labelling photos", total=len(missing))
    by_path = sorted(((photo.id, photo.path) for photo in missing), key=lambda photo: photo[1])
    lacking = _grids_that_some_lack(project, embeddings_id(encoder, crop=crop), grids, missing)
    return encode_photos(
        project, encoder, by_path, lacking, encoded, progress, cancellation, committed, onlooker, crop=crop
    )


def _grids_that_some_lack(
    project: Project, kept_as: str, grids: Sequence[int], photos: Sequence[ReadablePhoto]
) -> Sequence[int]:
    """What is there for all photos is not encoded again."""
    known = {photo.content for photo in photos if photo.content}
    if len(known) < len(photos):
        return grids
    return [grid for grid in grids if known - contents_with_embeddings(project, kept_as, [grid])]


@dataclass(frozen=True)
class _Encoded:
    """A photo's embeddings of its snippets, and the onlooker's of the whole; None where there was nothing to do."""

    read: ReadPhoto
    snippets: Half | None
    whole: Half | None

    @property
    def content(self) -> bytes:
        return self.read.content or b""


def _groups(photos: Iterable[LoadedPhoto], size: int) -> Iterator[list[LoadedPhoto]]:
    """Photos whose snippets, and whole photos for the onlooker, together make a full batch."""
    group: list[LoadedPhoto] = []
    count = 0
    for photo in photos:
        group.append(photo)
        count += (0 if photo.snippets is None else len(photo.snippets)) or (photo.fitted is not None)
        # Photos with nothing to encode are passed on too, so that progress and cancelling go on.
        if count >= size or len(group) >= 64:
            yield group
            group, count = [], 0
    if group:
        yield group


def _encode(group: Sequence[LoadedPhoto], batches: Batches, whole: Batches | None) -> Iterator[_Encoded]:
    of_snippets = _in_batches([photo.snippets for photo in group], batches)
    fitted = [None if photo.fitted is None else photo.fitted[None] for photo in group]
    of_whole = _in_batches(fitted, whole) if whole else [None] * len(group)
    return map(_Encoded, [photo.read for photo in group], of_snippets, of_whole)


def _in_batches(pixels: Sequence[npt.NDArray[np.uint8] | None], batches: Batches) -> list[Half | None]:
    """The embeddings of each photo's pixels; None where there are none."""
    stacked = [each for each in pixels if each is not None]
    if not stacked:
        return [None] * len(pixels)
    encoded = batches.encode(np.concatenate(stacked)).astype(np.float16)
    parts = iter(np.split(encoded, np.cumsum([len(each) for each in stacked])[:-1]))
    return [None if each is None else next(parts) for each in pixels]


def _by_grid(vectors: Half, grids: Sequence[int]) -> dict[int, Half]:
    ends = np.cumsum([0, *(grid * grid for grid in grids)])
    return {grid: vectors[start:end] for grid, (start, end) in zip(grids, pairwise(ends), strict=True)}

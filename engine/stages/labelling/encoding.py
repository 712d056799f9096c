"""Photos to embeddings in the cache: the one slow part of labelling."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise

import numpy as np

from engine.ahead import Ahead
from engine.jobs import Cancellation, Progress
from engine.models.encoders.batches import Batches
from engine.models.encoders.encoder import FloatArray, SnippetEncoder, embeddings_id
from engine.photos.loader import FittedPhotos, PhotoBatch, count_of, load_batches
from engine.photos.resize import MANY
from engine.project import Project
from engine.project.embeddings import WHOLE, Half, contents_with_embeddings, store_embeddings
from engine.project.photos import ReadablePhoto, readable_photos, record_read
from engine.read_photo import ReadPhoto

_SECONDS_BETWEEN_COMMITS = 2.0
_BATCHES_TO_KEEP = 32
"""That may wait while the disk is slow."""


@dataclass(frozen=True)
class Committed:
    """Photos whose embeddings are kept now, the unreadable ones among them."""

    photos: list[ReadPhoto]
    looked_at: int
    """By a network: those whose content was there already were not."""


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
    onlooker: Onlooker | None = None,
    *,
    crop: bool = False,
) -> Generator[Committed, None, None]:
    """Encode photos (id and path) and commit their embeddings, every two seconds and when cancelled.

    Args:
        grids: to encode, 1 for the whole photo among them.
        encoded: contents whose embeddings are there; grows.
        onlooker: looks at the photos that it has not seen; they are read once for both.
        crop: see `engine.photos.loader.cut_snippets`.

    Yields:
        What was just committed; where work ends early, what was encoded until then, before the reason is raised.

    Raises:
        ProjectError: the photo folder is gone; what was encoded until then is kept.
    """
    kept_as = embeddings_id(encoder, crop=crop)
    if len(photos) >= MANY:
        import_module("torch")  # resizes many times as fast
    batches = Batches(encoder)
    whole = Batches(onlooker.network) if onlooker else None
    loaded = load_batches(
        ((photo_id, project.file_of(path)) for photo_id, path in photos),
        grids=grids,
        side=encoder.input_size,
        is_encoded=encoded.__contains__,
        fitted=FittedPhotos(onlooker.network.input_size, onlooker.seen.__contains__) if onlooker else None,
        crop=crop,
        at_once=lambda: batches.size // count_of(grids) if grids else whole.size if whole else 1,
        room=batches.room,
    )
    waiting: list[_Encoded] = []
    committed_at = time.monotonic()

    def commit() -> Committed:
        of_snippets = {each.content: _by_grid(each.snippets, grids) for each in waiting if each.snippets is not None}
        store_embeddings(project, kept_as, of_snippets)
        readable = [each.read.content for each in waiting if each.read.content and each.read.problem is None]
        encoded.update(readable)
        if onlooker:
            seen = {each.content: _by_grid(each.whole, [WHOLE]) for each in waiting if each.whole is not None}
            store_embeddings(project, onlooker.network.id, seen)
            onlooker.seen.update(readable)
        photos = [each.read for each in waiting]
        record_read(project, photos)
        looked_at = sum(each.snippets is not None or each.whole is not None for each in waiting)
        waiting.clear()
        return Committed(photos, looked_at)

    # Networks compute in a thread of their own and never wait for the disk; this one keeps what they found.
    ahead = Ahead(_encode_all(loaded, batches, whole, cancellation.check), _BATCHES_TO_KEEP, cancellation.check)
    is_wanted = True
    try:
        for group in ahead:
            cancellation.check()
            if any(photo.read.problem for photo in group):
                # A drive that vanished says nothing about its photos.
                project.check_photos_are_there()
            waiting.extend(group)
            progress.advance(len(group))
            if time.monotonic() - committed_at > _SECONDS_BETWEEN_COMMITS:
                yield commit()
                committed_at = time.monotonic()
    except GeneratorExit:
        is_wanted = False
        raise
    finally:
        waiting.extend(photo for group in ahead.end() for photo in group if not photo.read.problem)
        last = commit()
        if is_wanted:
            yield last


def encode_missing(
    project: Project,
    encoder: SnippetEncoder,
    grids: Sequence[int],
    encoded: set[bytes],
    progress: Progress,
    cancellation: Cancellation,
    onlooker: Onlooker | None = None,
    *,
    crop: bool = False,
) -> Generator[Committed, None, None]:
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
    return encode_photos(project, encoder, by_path, lacking, encoded, progress, cancellation, onlooker, crop=crop)


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
    snippets: FloatArray | None
    whole: FloatArray | None

    @property
    def content(self) -> bytes:
        return self.read.content or b""


def _encode_all(
    loaded: Generator[PhotoBatch, None, None], batches: Batches, whole: Batches | None, check: Callable[[], None]
) -> Generator[list[_Encoded], None, None]:
    """What the networks make of the photos, batch by batch.

    The next batch waits where one is computed, so that no network waits for it. Beside a card two are computed at a
    time: the pixels of one travel meanwhile.
    """

    def encode(batch: PhotoBatch) -> list[_Encoded]:
        check()
        of_snippets = batches.encode(batch.snippets)
        of_whole = whole.encode(batch.fitted) if whole else None
        batch.release()
        parts = _by_photo(of_snippets, [photo.snippets is not None for photo in batch.photos])
        squares = _by_photo(of_whole, [photo.fitted is not None for photo in batch.photos])
        return list(map(_Encoded, [photo.read for photo in batch.photos], parts, squares))

    encoding: deque[Future[list[_Encoded]]] = deque()
    with closing(loaded), ThreadPoolExecutor(batches.threads, "encode") as pool:
        try:
            for batch in loaded:
                encoding.append(pool.submit(encode, batch))
                if len(encoding) > batches.threads:
                    yield encoding.popleft().result()
            while encoding:
                yield encoding.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _by_photo(vectors: FloatArray | None, there: Sequence[bool]) -> list[FloatArray | None]:
    """As many vectors for each photo that has some; None for the others."""
    if vectors is None or not any(there):
        return [None] * len(there)
    parts = iter(vectors.reshape(sum(there), -1, vectors.shape[-1]))
    return [next(parts) if is_there else None for is_there in there]


def _by_grid(vectors: FloatArray, grids: Sequence[int]) -> dict[int, Half]:
    halves = vectors.astype(np.float16)
    ends = np.cumsum([0, *(grid * grid for grid in grids)])
    return {grid: halves[start:end] for grid, (start, end) in zip(grids, pairwise(ends), strict=True)}

"""Photos to embeddings in the cache: the one slow part of labelling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from engine.jobs import Cancellation, Progress
from engine.models.encoders.batches import Batches
from engine.models.encoders.encoder import SnippetEncoder
from engine.photos.loader import Snippets, load_photos
from engine.project import Project
from engine.project.embeddings import contents_with_embeddings, store_embeddings
from engine.project.photos import ReadablePhoto, readable_photos, record_read
from engine.read_photo import ReadPhoto

_SNIPPETS_IN_A_BATCH = 40
_SECONDS_BETWEEN_COMMITS = 2.0


def encode_photos(
    project: Project,
    encoder: SnippetEncoder,
    photos: Sequence[tuple[int, str]],
    grids: Sequence[int],
    encoded: set[bytes],
    progress: Progress,
    cancellation: Cancellation,
    committed: Callable[[Sequence[ReadPhoto]], None],
) -> int:
    """Encode photos (id and path) and commit their embeddings, every two seconds and when cancelled.

    Args:
        grids: to encode, 1 for the whole photo among them.
        encoded: contents whose embeddings are there; grows.
        committed: called after each commit with its photos, the unreadable ones too.

    Raises:
        ProjectError: the photo folder is gone; what was encoded until then is kept.

    Returns:
        How many photos went through the encoder: those whose content was there already did not.
    """
    batches = Batches(encoder, _SNIPPETS_IN_A_BATCH)
    loaded = load_photos(
        ((photo_id, project.file_of(path)) for photo_id, path in photos),
        grids=grids,
        side=encoder.input_size,
        is_encoded=encoded.__contains__,
    )
    waiting: list[tuple[ReadPhoto, np.ndarray | None]] = []
    committed_at = time.monotonic()
    through_the_encoder = 0

    def commit() -> None:
        store_embeddings(
            project,
            encoder.id,
            {
                photo.content: _by_grid(vectors, grids)
                for photo, vectors in waiting
                if photo.content is not None and vectors is not None
            },
        )
        encoded.update(photo.content for photo, _ in waiting if photo.content is not None and photo.problem is None)
        read = [photo for photo, _ in waiting]
        record_read(project, read)
        committed(read)
        waiting.clear()

    try:
        for group in _groups(loaded, batches):
            cancellation.check()
            if any(photo.problem for photo, _ in group):
                # A drive that vanished says nothing about its photos.
                project.check_photos_are_there()
            waiting.extend(_encode(group, batches))
            through_the_encoder += sum(snippets is not None for _, snippets in group)
            progress.advance(len(group))
            if time.monotonic() - committed_at > _SECONDS_BETWEEN_COMMITS:
                commit()
                committed_at = time.monotonic()
    finally:
        loaded.close()
        commit()
    return through_the_encoder


def encode_missing(
    project: Project,
    encoder: SnippetEncoder,
    grids: Sequence[int],
    encoded: set[bytes],
    progress: Progress,
    cancellation: Cancellation,
    committed: Callable[[Sequence[ReadPhoto]], None],
) -> int:
    """`encode_photos` for all readable photos whose content is not `encoded` on all grids, in the order of paths."""
    missing = [photo for photo in readable_photos(project) if photo.content not in encoded]
    progress.start("Labelling photos", total=len(missing))
    by_path = sorted(((photo.id, photo.path) for photo in missing), key=lambda photo: photo[1])
    lacking = _grids_that_some_lack(project, encoder, grids, missing)
    return encode_photos(project, encoder, by_path, lacking, encoded, progress, cancellation, committed)


def _grids_that_some_lack(
    project: Project, encoder: SnippetEncoder, grids: Sequence[int], photos: Sequence[ReadablePhoto]
) -> Sequence[int]:
    """What is there for all photos is not encoded again."""
    known = {photo.content for photo in photos if photo.content}
    if len(known) < len(photos):
        return grids
    return [grid for grid in grids if known - contents_with_embeddings(project, encoder.id, [grid])]


_Loaded = tuple[ReadPhoto, Snippets | None]


def _groups(photos: Iterable[_Loaded], batches: Batches) -> Iterator[list[_Loaded]]:
    """Photos whose snippets together make a full batch."""
    group: list[_Loaded] = []
    count = 0
    for photo, snippets in photos:
        group.append((photo, snippets))
        count += 0 if snippets is None else len(snippets)
        # Photos with nothing to encode are passed on too, so that progress and cancelling go on.
        if count >= batches.size or len(group) >= 64:
            yield group
            group, count = [], 0
    if group:
        yield group


def _encode(group: Sequence[_Loaded], batches: Batches) -> Iterator[tuple[ReadPhoto, np.ndarray | None]]:
    stacked = [snippets for _, snippets in group if snippets is not None]
    encoded = batches.encode(np.concatenate(stacked)).astype(np.float16) if stacked else np.empty(0)
    start = 0
    for photo, snippets in group:
        vectors = None
        if snippets is not None:
            vectors = encoded[start : start + len(snippets)]
            start += len(snippets)
        yield photo, vectors


def _by_grid(vectors: np.ndarray, grids: Sequence[int]) -> dict[int, np.ndarray]:
    ends = np.cumsum([0, *(grid * grid for grid in grids)])
    return {grid: vectors[start:end] for grid, (start, end) in zip(grids, pairwise(ends), strict=True)}

"""Photos to embeddings in the cache: the one slow part of labelling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.jobs import Cancellation, Progress
from engine.models.encoders.batches import Batches
from engine.models.encoders.encoder import SnippetEncoder
from engine.photos.loader import LoadedPhoto, load_photos
from engine.project import Project
from engine.project.embeddings import store_embeddings
from engine.project.photos import ReadPhoto, record_read

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
    committed: Callable[[Sequence[LoadedPhoto]], None],
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
    waiting: list[tuple[LoadedPhoto, np.ndarray | None]] = []
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
        record_read(project, [_as_read(photo) for photo, _ in waiting])
        committed([photo for photo, _ in waiting])
        waiting.clear()

    try:
        for group in _groups(loaded, batches):
            cancellation.check()
            if any(photo.problem for photo in group):
                # A drive that vanished says nothing about its photos.
                project.check_photos_are_there()
            waiting.extend(_encode(group, batches))
            through_the_encoder += sum(photo.snippets is not None for photo in group)
            progress.advance(len(group))
            if time.monotonic() - committed_at > _SECONDS_BETWEEN_COMMITS:
                commit()
                committed_at = time.monotonic()
    finally:
        loaded.close()
        commit()
    return through_the_encoder


def _groups(photos: Iterable[LoadedPhoto], batches: Batches) -> Iterator[list[LoadedPhoto]]:
    """Photos whose snippets together make a full batch."""
    group: list[LoadedPhoto] = []
    snippets = 0
    for photo in photos:
        group.append(photo)
        snippets += 0 if photo.snippets is None else len(photo.snippets)
        # Photos with nothing to encode are passed on too, so that progress and cancelling go on.
        if snippets >= batches.size or len(group) >= 64:
            yield group
            group, snippets = [], 0
    if group:
        yield group


def _encode(group: Sequence[LoadedPhoto], batches: Batches) -> Iterator[tuple[LoadedPhoto, np.ndarray | None]]:
    stacked = [photo.snippets for photo in group if photo.snippets is not None]
    encoded = batches.encode(np.concatenate(stacked)).astype(np.float16) if stacked else np.empty(0)
    start = 0
    for photo in group:
        vectors = None
        if photo.snippets is not None:
            vectors = encoded[start : start + len(photo.snippets)]
            start += len(photo.snippets)
        # The pixels are of no more use, and large.
        yield replace(photo, snippets=None), vectors


def _by_grid(vectors: np.ndarray, grids: Sequence[int]) -> dict[int, np.ndarray]:
    ends = np.cumsum([0, *(grid * grid for grid in grids)])
    return {grid: vectors[start:end] for grid, (start, end) in zip(grids, pairwise(ends), strict=True)}


def _as_read(photo: LoadedPhoto) -> ReadPhoto:
    return ReadPhoto(
        photo.photo_id,
        photo.content,
        photo.width,
        photo.height,
        photo.orientation,
        photo.taken_at,
        photo.problem,
    )

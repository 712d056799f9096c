"""Photos to embeddings in the cache: the one slow part of labelling."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain, islice, pairwise

import numpy as np

from engine.ahead import Ahead
from engine.jobs import Cancellation, Progress
from engine.models.encoders.encoder import SnippetEncoder, embeddings_id
from engine.photos.resize import MANY
from engine.project import Project
from engine.project.contents import Contents, PhotoContents
from engine.project.embeddings import WHOLE, Half, contents_with_embeddings, store_embeddings
from engine.project.photos import readable_contents, readable_paths, record_read
from engine.read_photo import ReadPhoto
from engine.stages.labelling.encode_files import (
    EncodedPhoto,
    EncodeFiles,
    Networks,
    Onlooker,
    encode_files,
)

_SECONDS_BETWEEN_COMMITS = 2.0
_BATCHES_TO_KEEP = 32
"""That may wait while the disk is slow."""


@dataclass(frozen=True)
class Committed:
    """Photos whose embeddings are kept now, the unreadable ones among them."""

    photos: list[ReadPhoto]
    looked_at: int
    """By a network, just now: those whose content was there already were not."""
    from_store: int = 0
    """Whose vectors lay ready in a store."""


def encode_photos(
    project: Project,
    encoder: SnippetEncoder,
    photos: Iterable[tuple[int, str]],
    grids: Sequence[int],
    encoded: Contents | set[bytes],
    progress: Progress,
    cancellation: Cancellation,
    onlooker: Onlooker | None = None,
    *,
    crop: bool = False,
    encode: EncodeFiles = encode_files,
) -> Generator[Committed, None, None]:
    """Encode photos (id and path) and commit their embeddings, every two seconds and when cancelled.

    Args:
        grids: to encode, 1 for the whole photo among them.
        encoded: contents whose embeddings are there; grows.
        onlooker: looks at the photos that it has not seen; they are read once for both.
        crop: see `engine.photos.loader.cut_snippets`.
        encode: where and how.

    Yields:
        What was just committed; where work ends early, what was encoded until then, before the reason is raised.

    Raises:
        ProjectError: the photo folder is gone; what was encoded until then is kept.
    """
    kept_as = embeddings_id(encoder, crop=crop)
    remaining = iter(photos)
    first = [*islice(remaining, MANY)]
    if len(first) == MANY:
        import_module("torch")  # resizes many times as fast
    networks = Networks(encoder, tuple(grids), encoded, onlooker, crop)
    files = ((photo_id, project.file_of(path)) for photo_id, path in chain(first, remaining))
    waiting: list[EncodedPhoto] = []
    committed_at = time.monotonic()

    def commit() -> Committed:
        of_snippets = {
            each.read.content or b"": _by_grid(each.snippets, grids) for each in waiting if each.snippets is not None
        }
        store_embeddings(project, kept_as, of_snippets)
        readable = [each.read.content for each in waiting if each.read.content and each.read.problem is None]
        encoded.update(readable)
        if onlooker:
            seen = {
                each.read.content or b"": _by_grid(each.whole, [WHOLE]) for each in waiting if each.whole is not None
            }
            store_embeddings(project, onlooker.network.id, seen)
            onlooker.seen.update(readable)
        photos = [each.read for each in waiting]
        record_read(project, photos)
        from_store = sum(each.from_store for each in waiting)
        looked_at = sum(each.snippets is not None or each.whole is not None for each in waiting) - from_store
        waiting.clear()
        return Committed(photos, looked_at, from_store)

    # Networks compute in a thread of their own and never wait for the disk; this one keeps what they found.
    ahead = Ahead(encode(files, networks, cancellation.check), _BATCHES_TO_KEEP, cancellation.check)
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
    encoded: Contents,
    progress: Progress,
    cancellation: Cancellation,
    onlooker: Onlooker | None = None,
    *,
    crop: bool = False,
    encode: EncodeFiles = encode_files,
) -> Generator[Committed, None, None]:
    """`encode_photos` for all readable photos whose content is not `encoded` on all grids, in the order of paths.

    And for those that the onlooker has not seen.
    """
    known = [encoded] if onlooker is None else [encoded, onlooker.seen]
    missing = readable_contents(project).among(*known, lacking=True)
    progress.start("Labelling photos", total=len(missing))
    lacking = _grids_that_some_lack(project, embeddings_id(encoder, crop=crop), grids, missing)
    by_path = readable_paths(project, missing.ids)
    return encode_photos(
        project, encoder, by_path, lacking, encoded, progress, cancellation, onlooker, crop=crop, encode=encode
    )


def _grids_that_some_lack(project: Project, kept_as: str, grids: Sequence[int], photos: PhotoContents) -> Sequence[int]:
    """What is there for all photos is not encoded again."""
    if not photos.all_read():
        return grids
    there = (contents_with_embeddings(project, kept_as, [grid]) for grid in grids)
    return [grid for grid, known in zip(grids, there, strict=True) if len(photos.among(known, lacking=True))]


def _by_grid(vectors: Half, grids: Sequence[int]) -> dict[int, Half]:
    ends = np.cumsum([0, *(grid * grid for grid in grids)])
    return {grid: vectors[start:end] for grid, (start, end) in zip(grids, pairwise(ends), strict=True)}

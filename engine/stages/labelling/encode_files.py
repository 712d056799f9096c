"""What networks make of photo files: the pure part of labelling, which knows no project and may run anywhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.models.encoders.batches import Batches
from engine.models.encoders.encoder import FloatArray, SnippetEncoder
from engine.photos.loader import FittedPhotos, PhotoBatch, count_of, load_batches
from engine.project.contents import Contents
from engine.project.embeddings import Half
from engine.read_photo import ReadPhoto
from engine.remote import AnyFile


@dataclass(frozen=True)
class Onlooker:
    """A second network, which looks at the same photos, whole and fitted into a square."""

    network: SnippetEncoder
    seen: Contents
    """Contents whose vectors of it are there; grows."""


@dataclass(frozen=True)
class EncodedPhoto:
    """What was read of a photo, and its vectors; None where there was nothing to do, or it could not be read."""

    read: ReadPhoto
    snippets: Half | None
    """Grid after grid, snippets x dimension."""
    whole: Half | None
    """The onlooker's, 1 x its own dimension."""
    from_store: bool = False
    """Whether networks looked at it another time, and it lay ready."""


@dataclass(frozen=True)
class Networks:
    """What looks at photos, and how: `grids` to cut them into (1 for the whole photo among them), `crop` as of
    `cut_snippets`, `encoded` the contents whose snippets the encoder has seen."""

    encoder: SnippetEncoder
    grids: tuple[int, ...]
    encoded: Collection[bytes]
    onlooker: Onlooker | None = None
    crop: bool = False


class EncodeFiles(Protocol):
    """Where and how photo files are encoded: by this machine (`encode_files`), or by others."""

    def __call__(
        self, photos: Iterable[tuple[int, AnyFile]], networks: Networks, check: Callable[[], None]
    ) -> Generator[list[EncodedPhoto], None, None]:
        """Photos (id and file) to what the networks make of them, some at a time and each once, in any order.

        Args:
            check: asked before more is begun; raises to end it.
        """
        ...


def encode_files(
    photos: Iterable[tuple[int, AnyFile]], networks: Networks, check: Callable[[], None]
) -> Generator[list[EncodedPhoto], None, None]:
    """On this machine, in the order of the photos; see `EncodeFiles`.

    The next batch waits where one is computed, so that no network waits for it. Beside a card two are computed at a
    time: the pixels of one travel meanwhile.
    """
    encoder, grids, onlooker = networks.encoder, networks.grids, networks.onlooker
    batches = Batches(encoder)
    whole = Batches(onlooker.network) if onlooker else None
    loaded = load_batches(
        photos,
        grids=grids,
        side=encoder.input_size,
        is_encoded=networks.encoded.__contains__,
        fitted=FittedPhotos(onlooker.network.input_size, onlooker.seen.__contains__) if onlooker else None,
        crop=networks.crop,
        at_once=lambda: batches.size // count_of(grids) if grids else whole.size if whole else 1,
        room=batches.room,
    )

    def encode(batch: PhotoBatch) -> list[EncodedPhoto]:
        check()
        of_snippets = batches.encode(batch.snippets)
        of_whole = whole.encode(batch.fitted) if whole else None
        batch.release()
        parts = _by_photo(of_snippets, [photo.snippets is not None for photo in batch.photos])
        squares = _by_photo(of_whole, [photo.fitted is not None for photo in batch.photos])
        return list(map(EncodedPhoto, [photo.read for photo in batch.photos], parts, squares))

    encoding: deque[Future[list[EncodedPhoto]]] = deque()
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


def _by_photo(vectors: FloatArray | None, there: Sequence[bool]) -> list[Half | None]:
    """As many vectors for each photo that has some; None for the others."""
    if vectors is None or not any(there):
        return [None] * len(there)
    parts = iter(vectors.astype(np.float16).reshape(sum(there), -1, vectors.shape[-1]))
    return [next(parts) if is_there else None for is_there in there]

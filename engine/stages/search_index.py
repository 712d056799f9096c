"""The embeddings of a project made ready for searching: read from the cache once, then in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import Control, Progress
from engine.method.search import ShortVectors, Sketch
from engine.project import Project
from engine.project.embeddings import WHOLE, Half, load_embeddings
from engine.project.photos import readable_photos
from engine.project.runs import INITIAL, newest_run_with
from engine.wording import Sentence

_LENGTH = 192
"""Of a short vector: 384 MB for 100,000 photos of ten."""

_SAMPLE = 1000
"""Photos that the axes are taken from."""

_AT_ONCE = 1000


@dataclass(frozen=True)
class Embeddings:
    """Where a project's embeddings are found in its cache."""

    encoder: str
    """Its name, to open it."""
    encoder_id: str
    dimension: int
    features: int
    """How many of an embedding's values, from the first, are compared by cosine."""
    grids: tuple[int, ...]
    """1 for the whole photo, then n for n x n snippets."""

    @classmethod
    def of(cls, project: Project) -> Embeddings:
        """Those of the newest labelling.

        Raises:
            UserError: nothing was labelled by an encoder yet.
        """
        run = newest_run_with(project, INITIAL)
        if run is None or "encoder_id" not in run.settings:
            raise UserError(
                Sentence("There is nothing to search in yet. Label the photos first: that looks at every photo.")
            )
        kept = run.settings
        return cls(
            kept["encoder"], kept["encoder_id"], kept["dimension"], kept["feature_count"], (WHOLE, *kept["grids"])
        )

    def load(self, project: Project, contents: list[bytes]) -> tuple[npt.NDArray[np.bool_], Half]:
        """Which contents have embeddings, and those: found x (1 + snippets) x dimension, the whole photo first."""
        return load_embeddings(project, self.encoder_id, contents, self.grids, self.dimension)


@dataclass(frozen=True)
class SearchIndex:
    """What a search looks at first. It knows the photos that were there when it was loaded."""

    embeddings: Embeddings
    photo_ids: npt.NDArray[np.int64]
    contents: list[bytes]
    sketch: Sketch
    vectors: ShortVectors

    @classmethod
    def load(cls, project: Project, progress: Progress, control: Control) -> SearchIndex:
        """Read all embeddings from the cache.

        Raises:
            UserError: there are none yet.
        """
        embeddings = Embeddings.of(project)
        photos = [(photo.id, photo.content) for photo in readable_photos(project) if photo.content is not None]
        progress.start("Reading what the encoder saw", total=len(photos))
        some = photos[:: -(-len(photos) // _SAMPLE) or 1]
        _, sample = embeddings.load(project, [content for _, content in some])
        if not len(sample):
            raise UserError(Sentence("What the encoder saw is not in the cache any more. Label the photos again."))
        features = embeddings.features
        sketch = Sketch.of(sample[..., :features].reshape(-1, features), min(_LENGTH, features))
        vectors = ShortVectors(len(photos), sample.shape[1], sketch.axes.shape[1])
        known: list[tuple[int, bytes]] = []
        for start in range(0, len(photos), _AT_ONCE):
            control.check()
            part = photos[start : start + _AT_ONCE]
            found, vectors_of_part = embeddings.load(project, [content for _, content in part])
            known.extend(photo for photo, is_there in zip(part, found, strict=True) if is_there)
            vectors.add(sketch.short(vectors_of_part[..., :features]))
            progress.advance(len(part))
        ids = np.array([photo for photo, _ in known], np.int64)
        return cls(embeddings, ids, [content for _, content in known], sketch, vectors)

    def is_current(self, project: Project) -> bool:
        """Whether it would be the same if it were loaded now."""
        if Embeddings.of(project) != self.embeddings:
            return False
        there = [(photo.id, photo.content) for photo in readable_photos(project) if photo.content is not None]
        return there == list(zip(self.photo_ids.tolist(), self.contents, strict=True))

    def __len__(self) -> int:
        return len(self.photo_ids)

"""The embeddings of a project made ready for searching: read from the cache once, then in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import Control, Progress
from engine.method.search import ShortVectors, Sketch
from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.photo_embeddings import KeptEmbeddings
from engine.wording import Sentence

_LENGTH = 192
"""Of a short vector: 384 MB for 100,000 photos of ten."""

_SAMPLE = 1000
"""Photos that the axes are taken from."""

_AT_ONCE = 1000


@dataclass(frozen=True)
class SearchIndex:
    """What a search looks at first. It knows the photos that were there when it was loaded."""

    embeddings: KeptEmbeddings
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
        embeddings = KeptEmbeddings.of(project)
        if embeddings is None:
            raise UserError(
                Sentence("There is nothing to search in yet. Label the photos first: that looks at every photo.")
            )
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
        if KeptEmbeddings.of(project) != self.embeddings:
            return False
        there = [(photo.id, photo.content) for photo in readable_photos(project) if photo.content is not None]
        return there == list(zip(self.photo_ids.tolist(), self.contents, strict=True))

    def __len__(self) -> int:
        return len(self.photo_ids)

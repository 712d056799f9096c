"""What the encoder in force left of the photos in the cache.

While another labelling is under way, or was left half-way, that is the encoder of the one before: it knows all photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.project import Project
from engine.project.embeddings import WHOLE, Half, load_embeddings
from engine.project.runs import INITIAL, newest_finished_run_with
from engine.project.storage.schema import Photo

_AT_ONCE = 20_000


@dataclass(frozen=True)
class KeptEmbeddings:
    """Where the embeddings of the newest labelling that came to its end are found in the cache."""

    encoder: str
    """Its name, to open it."""
    encoder_id: str
    dimension: int
    features: int
    """How many of an embedding's values, from the first, are compared by cosine."""
    grids: tuple[int, ...]
    """1 for the whole photo, then n for n x n snippets."""

    @classmethod
    def of(cls, project: Project) -> KeptEmbeddings | None:
        """None where no encoder has labelled the photos yet."""
        run = newest_finished_run_with(project, INITIAL)
        if run is None or "encoder_id" not in run.settings:
            return None
        kept = run.settings
        return cls(
            kept["encoder"], kept["encoder_id"], kept["dimension"], kept["feature_count"], (WHOLE, *kept["grids"])
        )

    def load(
        self, project: Project, contents: Sequence[bytes], grids: Sequence[int] | None = None
    ) -> tuple[npt.NDArray[np.bool_], Half]:
        """Which contents have embeddings, and those: found x (1 + snippets) x dimension, the whole photo first.

        Args:
            grids: only these of `grids`; by default all.
        """
        return load_embeddings(project, self.encoder_id, contents, grids or self.grids, self.dimension)


def whole_photo_embeddings(
    project: Project, photo_ids: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float16]]:
    """Which of these photos have an embedding from the encoder in force, and those embeddings.

    Only the values that a linear classifier could be trained on, so that a cosine of two means something.

    Returns:
        One truth value for each photo, and (those that are true) x features.
    """
    kept = KeptEmbeddings.of(project)
    if kept is None:
        return np.zeros(len(photo_ids), bool), np.zeros((0, 1), np.float16)
    return kept_of_whole_photos(
        project, kept.encoder_id, contents_of(project, photo_ids), kept.dimension, kept.features
    )


def kept_of_whole_photos(
    project: Project, encoder_id: str, contents: Sequence[bytes], dimension: int, features: int | None = None
) -> tuple[npt.NDArray[np.bool_], Half]:
    """Which of these contents have an embedding of the whole photo, and those, read in parts that bound the memory.

    Args:
        features: so many values of each, from the first; by default all.

    Returns:
        One truth value for each content, and (those that are true) x features.
    """
    known = np.zeros(len(contents), bool)
    vectors = [np.zeros((0, features or dimension), np.float16)]
    for start in range(0, len(contents), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        known[part], whole = load_embeddings(project, encoder_id, contents[part], [WHOLE], dimension)
        vectors.append(whole[:, 0, :features])
    return known, np.concatenate(vectors)


def contents_of(project: Project, photo_ids: npt.NDArray[np.int64]) -> list[bytes]:
    """Digest of each photo's content, empty while it was never read."""
    with project.reading() as connection:
        found = {row.id: row.content or b"" for row in connection.execute(select(Photo.id, Photo.content))}
    return [found.get(int(photo), b"") for photo in photo_ids]

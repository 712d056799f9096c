"""Embeddings of whole photos, as the encoder in force left them in the cache."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.project import Project
from engine.project.embeddings import WHOLE, load_embeddings
from engine.project.runs import INITIAL, newest_run_with
from engine.project.schema import Photo

_AT_ONCE = 20_000


def whole_photo_embeddings(
    project: Project, photo_ids: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float16]]:
    """Which of these photos have an embedding from the encoder in force, and those embeddings.

    Only the values that a linear classifier could be trained on, so that a cosine of two means something.

    Returns:
        One truth value for each photo, and (those that are true) x features.
    """
    run = newest_run_with(project, INITIAL)
    if run is None or "encoder_id" not in run.settings:
        return np.zeros(len(photo_ids), bool), np.zeros((0, 1), np.float16)
    contents = contents_of(project, photo_ids)
    dimension, features = run.settings["dimension"], run.settings["feature_count"]
    known = np.zeros(len(contents), bool)
    vectors = []
    for start in range(0, len(contents), _AT_ONCE):
        part = contents[start : start + _AT_ONCE]
        found, whole = load_embeddings(project, run.settings["encoder_id"], part, [WHOLE], dimension)
        known[start : start + _AT_ONCE] = found
        vectors.append(whole[:, 0, :features])
    return known, np.concatenate(vectors) if vectors else np.zeros((0, features), np.float16)


def contents_of(project: Project, photo_ids: npt.NDArray[np.int64]) -> list[bytes]:
    """Digest of each photo's content, empty while it was never read."""
    with project.reading() as connection:
        found = {row.id: row.content or b"" for row in connection.execute(select(Photo.id, Photo.content))}
    return [found.get(int(photo), b"") for photo in photo_ids]

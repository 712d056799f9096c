"""The similarity of every snippet of every photo to every label, as stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import and_, func, select

from engine.project.labels import LabelRow
from engine.project.project import Project
from engine.project.schema import Photo, Similarity

Matrix = npt.NDArray[np.float32]


def basis_of(encoder: str, grids: Sequence[int], labels: Sequence[LabelRow]) -> str:
    """A digest of all that similarities depend on besides the photo."""
    depends_on = json.dumps([encoder, list(grids), [[label.id, *label.texts] for label in labels]])
    return hashlib.blake2b(depends_on.encode(), digest_size=12).hexdigest()


def photos_without_similarities(project: Project, basis: str) -> list[tuple[int, str, bytes | None]]:
    """Id, path and content of the readable photos whose similarities of this basis are missing, by path."""
    known = and_(Similarity.photo_id == Photo.id, Similarity.basis == basis, Similarity.content == Photo.content)
    with project.reading() as connection:
        rows = connection.execute(
            select(Photo.id, Photo.path, Photo.content)
            .where(Photo.problem.is_(None), ~select(Similarity.photo_id).where(known).exists())
            .order_by(Photo.path)
        )
        return [(row.id, row.path, row.content) for row in rows]


def store_similarities(
    project: Project, basis: str, photos: Sequence[tuple[int, bytes]], matrices: npt.NDArray[np.float32]
) -> None:
    """Keep the similarities of photos (id and content): photos x snippets x labels, float32."""
    rows = [
        (photo_id, basis, content, matrix.tobytes())
        for (photo_id, content), matrix in zip(photos, matrices.astype("<f4"), strict=True)
    ]
    if rows:
        with project.writing() as connection:
            # Straight to the driver, as in `store_scores_of_stages`.
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO similarity (photo_id, basis, content, matrix) VALUES (?, ?, ?, ?)", rows
            )


def similarities_in_chunks(
    project: Project, basis: str, labels: int, photos_at_once: int = 1000
) -> Iterator[tuple[npt.NDArray[np.int64], Matrix]]:
    """The readable photos' ids and similarities (photos x snippets x labels) of one basis, by id, part by part."""
    statement = (
        select(Similarity.photo_id, Similarity.matrix)
        .join(Photo, Photo.id == Similarity.photo_id)
        .where(Similarity.basis == basis, Photo.problem.is_(None))
        .order_by(Similarity.photo_id)
        .limit(photos_at_once)
    )
    after = 0
    while True:
        with project.reading() as connection:
            rows = connection.execute(statement.where(Similarity.photo_id > after)).all()
        if not rows:
            return
        photo_ids = np.array([row[0] for row in rows], dtype=np.int64)
        values = np.frombuffer(b"".join(row[1] for row in rows), "<f4")
        yield photo_ids, values.reshape(len(rows), -1, labels)
        after = int(photo_ids[-1])


def count_similarities(project: Project, basis: str) -> int:
    """How many readable photos have similarities of this basis."""
    with project.reading() as connection:
        return (
            connection.scalar(
                select(func.count())
                .select_from(Similarity)
                .join(Photo, Photo.id == Similarity.photo_id)
                .where(Similarity.basis == basis, Photo.problem.is_(None))
            )
            or 0
        )


def similarities_of(project: Project, photo_id: int, basis: str, labels: int) -> Matrix | None:
    """One photo's similarities, snippets x labels, the whole photo first; None if they are not there."""
    with project.reading() as connection:
        matrix = connection.scalar(
            select(Similarity.matrix).where(Similarity.photo_id == photo_id, Similarity.basis == basis)
        )
    return None if matrix is None else np.frombuffer(matrix, "<f4").reshape(-1, labels)

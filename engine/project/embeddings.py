"""Embeddings of photos in the cache, by content, so that no photo is encoded twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert, select

from engine.project.cache_schema import embedding
from engine.project.project import Project

WHOLE = 1
"""The grid of one snippet, the whole photo."""

Half = npt.NDArray[np.float16]

# SQLite allows some 32,000 parameters a statement; this many keeps each answer small as well.
_AT_ONCE = 500


def store_embeddings(project: Project, encoder: str, by_content: Mapping[bytes, Mapping[int, Half]]) -> None:
    """Keep embeddings: for each photo's content, for each grid, snippets x dimension, float16."""
    rows = [
        {"content": content, "encoder": encoder, "grid": grid, "vectors": vectors.astype("<f2").tobytes()}
        for content, grids in by_content.items()
        for grid, vectors in grids.items()
    ]
    if rows:
        with project.writing_cache() as connection:
            connection.execute(insert(embedding).prefix_with("OR REPLACE"), rows)


def contents_with_embeddings(project: Project, encoder: str, grids: Iterable[int]) -> set[bytes]:
    """The contents for which every one of these grids is there."""
    found: set[bytes] | None = None
    with project.reading_cache() as connection:
        for grid in grids:
            statement = select(embedding.c.content).where(embedding.c.encoder == encoder, embedding.c.grid == grid)
            contents = set(connection.scalars(statement).all())
            found = contents if found is None else found & contents
    return found or set()


def load_embeddings(
    project: Project, encoder: str, contents: Sequence[bytes], grids: Sequence[int], dimension: int
) -> tuple[npt.NDArray[np.bool_], Half]:
    """Embeddings of these contents, the given grids one after the other.

    Returns:
        Which contents have embeddings of all these grids, and theirs, in order: found x snippets x dimension.
    """
    rows: dict[bytes, list[int]] = {}
    for row, content in enumerate(contents):
        rows.setdefault(content, []).append(row)
    starts = dict(zip(grids, np.cumsum([0, *(grid * grid for grid in grids)]).tolist(), strict=False))
    vectors = np.empty((len(contents), sum(grid * grid for grid in grids), dimension), "<f2")
    grids_found = np.zeros(len(contents), np.int64)
    distinct = list(rows)
    with project.reading_cache() as connection:
        for start in range(0, len(distinct), _AT_ONCE):
            part = distinct[start : start + _AT_ONCE]
            # Straight to the driver and all at once: SQLAlchemy's parameters and rows cost as much as SQLite.
            stored = connection.exec_driver_sql(
                "SELECT content, grid, vectors FROM embedding WHERE encoder = ? "  # noqa: S608 (question marks only)
                f"AND content IN ({_marks(part)}) AND grid IN ({_marks(grids)})",
                (encoder, *part, *grids),
            ).all()
            for content, grid, data in stored:
                values = np.frombuffer(data, "<f2")
                if values.size == grid * grid * dimension:
                    for row in rows[content]:
                        vectors[row, starts[grid] : starts[grid] + grid * grid] = values.reshape(-1, dimension)
                        grids_found[row] += 1
    found = grids_found == len(grids)
    return found, vectors if found.all() else vectors[found]


def _marks(parameters: Sequence[object]) -> str:
    return ", ".join("?" * len(parameters))

"""Embeddings of photos in the cache, by content, so that no photo is encoded twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, insert, select

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
            rows = connection.execute(
                select(embedding.c.content).where(embedding.c.encoder == encoder, embedding.c.grid == grid)
            )
            contents = {row.content for row in rows}
            found = contents if found is None else found & contents
    return found or set()


def load_embeddings(
    project: Project, encoder: str, contents: Sequence[bytes], grids: Sequence[int], dimension: int
) -> dict[bytes, Half]:
    """Embeddings of these contents, the given grids one after the other: snippets x dimension, float16.

    Contents that lack one of the grids are left out.
    """
    parts: dict[bytes, dict[int, Half]] = {}
    statement = select(embedding.c.content, embedding.c.grid, embedding.c.vectors).where(
        embedding.c.content.in_(bindparam("contents", expanding=True)),
        embedding.c.encoder == encoder,
        embedding.c.grid.in_(list(grids)),
    )
    with project.reading_cache() as connection:
        for start in range(0, len(contents), _AT_ONCE):
            for row in connection.execute(statement, {"contents": list(contents[start : start + _AT_ONCE])}):
                vectors = np.frombuffer(row.vectors, "<f2")
                if vectors.size == row.grid**2 * dimension:
                    parts.setdefault(row.content, {})[row.grid] = vectors.reshape(-1, dimension)
    return {
        content: np.concatenate([by_grid[grid] for grid in grids])
        for content, by_grid in parts.items()
        if all(grid in by_grid for grid in grids)
    }

"""Embeddings of photos in the cache, by content, so that no photo is encoded twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, compress

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, select

from engine.project.contents import Contents
from engine.project.project import Project
from engine.project.storage.cache_schema import embedding

WHOLE = 1
"""The grid of one snippet, the whole photo."""

OF_NO_PHOTO = b""
"""In place of a photo's content: what was made of all photos together."""

Half = npt.NDArray[np.float16]

# SQLite allows some 32,000 parameters a statement; this many keeps each answer small as well.
_AT_ONCE = 500
_ROWS_AT_ONCE = 10_000


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


def contents_with_embeddings(project: Project, encoder: str, grids: Iterable[int]) -> Contents:
    """The contents for which every one of these grids is there."""
    wanted = set(grids)
    statement = (
        select(embedding.c.content)
        .where(embedding.c.encoder == encoder, embedding.c.grid.in_(wanted))
        .group_by(embedding.c.content)
        .having(func.count() == len(wanted))
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    with project.reading_cache() as connection:
        return Contents(connection.scalars(statement))


def load_embeddings(
    project: Project, encoder: str, contents: Sequence[bytes], grids: Sequence[int], dimension: int
) -> tuple[npt.NDArray[np.bool_], Half]:
    """Embeddings of these contents, the given grids one after the other.

    Returns:
        Which contents have embeddings of all these grids, and theirs, in order: found x snippets x dimension.
    """
    distinct = list(dict.fromkeys(contents))
    lengths = {grid: 2 * grid * grid * dimension for grid in grids}
    there: dict[int, dict[bytes, bytes]] = {grid: {} for grid in grids}
    with project.reading_cache() as connection:
        for start in range(0, len(distinct), _AT_ONCE):
            part = distinct[start : start + _AT_ONCE]
            for grid, of_grid in there.items():
                # Straight to the driver and all at once: SQLAlchemy's parameters and rows cost as much as SQLite, and
                # what Python looks at one by one as much again.
                stored = connection.exec_driver_sql(
                    "SELECT content, vectors FROM embedding WHERE encoder = ? AND grid = ? "  # noqa: S608 (marks only)
                    f"AND content IN ({_marks(part)})",
                    (encoder, grid, *part),
                )
                of_grid.update(stored.cursor.fetchall())
                stored.close()
    for grid, of_grid in there.items():
        if set(map(type, of_grid.values())) - {bytes}:
            there[grid] = {content: data for content, data in of_grid.items() if type(data) is bytes}
    broken = {
        (content, grid)
        for grid, of_grid in there.items()
        if set(map(len, of_grid.values())) - {lengths[grid]}
        for content, data in of_grid.items()
        if len(data) != lengths[grid]
    }
    found, vectors = _joined([there[grid] for grid in grids], contents, broken)
    if not _is_finite(vectors):
        broken |= {
            (content, grid)
            for grid, of_grid in there.items()
            for content, data in of_grid.items()
            if len(data) == lengths[grid] and not _is_finite(data)
        }
        # What is there of the others is read once more.
        found, vectors = _joined([there[grid] for grid in grids], contents, broken)
    if broken and not project.read_only:
        _forget_some(project, encoder, broken)  # so that they are made again
    snippets = sum(grid * grid for grid in grids)
    return np.array(found, bool), np.frombuffer(vectors, "<f2").reshape(-1, snippets, dimension)


def _joined(
    there: Sequence[Mapping[bytes, bytes]], contents: Sequence[bytes], broken: set[tuple[bytes, int]]
) -> tuple[list[bool], bytearray]:
    """Which contents have all that is asked for, and none of it broken; and theirs, one after the other.

    Joined at once: an assignment for each of a hundred thousand photos takes longer than reading them.

    Args:
        there: of each grid, by content.
    """
    complete = set(there[0]).intersection(*there[1:]) - {content for content, _grid in broken}
    found = [content in complete for content in contents]
    whole = [*compress(contents, found)]
    by_grid = (map(of_grid.__getitem__, whole) for of_grid in there)
    return found, bytearray().join(chain.from_iterable(zip(*by_grid, strict=True)))


def store_common(project: Project, name: str, values: npt.NDArray[np.float32]) -> None:
    """Keep what was made of all photos together under the name of an encoder: rows x columns."""
    row = {"content": OF_NO_PHOTO, "encoder": name, "grid": WHOLE, "vectors": values.astype("<f4").tobytes()}
    with project.writing_cache() as connection:
        connection.execute(insert(embedding).prefix_with("OR REPLACE"), [row])


def load_common(project: Project, name: str, rows: int) -> npt.NDArray[np.float32] | None:
    """What `store_common` kept, if it has so many rows; None if there is none."""
    statement = select(embedding.c.vectors).where(embedding.c.content == OF_NO_PHOTO, embedding.c.encoder == name)
    with project.reading_cache() as connection:
        data = connection.scalar(statement)
    if not data or len(data) % (4 * rows):
        return None
    values = np.frombuffer(data, "<f4").reshape(rows, -1)
    return values if np.isfinite(values).all() else None


def forget_embeddings(project: Project, encoder: str) -> None:
    """Delete all that is kept under the name of an encoder."""
    with project.writing_cache() as connection:
        connection.execute(delete(embedding).where(embedding.c.encoder == encoder))


def _is_finite(data: bytes | bytearray) -> bool:
    """Whether all of these float16 are finite. Compared as whole numbers, which is several times as fast."""
    # Those that are not have all bits of the exponent: they are the largest of their sign.
    return not data or bool(np.frombuffer(data, "<i2").max() < 0x7C00 and np.frombuffer(data, "<u2").max() < 0xFC00)


def _forget_some(project: Project, encoder: str, keys: Iterable[tuple[bytes, int]]) -> None:
    with project.writing_cache() as connection:
        for content, grid in keys:
            of_one = (embedding.c.content == content) & (embedding.c.encoder == encoder) & (embedding.c.grid == grid)
            connection.execute(delete(embedding).where(of_one))


def _marks(parameters: Sequence[object]) -> str:
    return ", ".join("?" * len(parameters))

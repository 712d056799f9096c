"""What each photo looks like in some hundred numbers (`engine.method.principal_axes`), kept in the cache.

Made from the embeddings that a labelling left there: once, then only for new photos. The axes are found anew when the
collection has doubled, since what photos have in common may be another thing then. Like all of the cache they may be
deleted at any time.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.principal_axes import SAMPLE, PrincipalAxes, find_axes
from engine.models.encoders.descriptions import describe
from engine.project import Project
from engine.project.embeddings import (
    WHOLE,
    Half,
    forget_embeddings,
    load_common,
    load_embeddings,
    store_common,
    store_embeddings,
)
from engine.stages.photo_embeddings import KeptEmbeddings, contents_of

Coordinates = npt.NDArray[np.float32]

_AT_ONCE = 250  # photos, few, because several such parts are in memory
_KEPT_AT_ONCE = 20  # times as many: each part is a transaction


@dataclass(frozen=True)
class _KeptAxes:
    axes: PrincipalAxes
    photos: int
    """Different ones of the collection when these axes were found."""


def coordinates_of(
    project: Project,
    photo_ids: npt.NDArray[np.int64],
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    make: bool = True,
) -> Coordinates | None:
    """Where photos lie on the principal axes of their collection: photos x axes, 0 for a photo without embeddings.

    What is not there yet is made and, where the project may be written, kept. Cancelled, it goes on from there.

    Args:
        make: False takes only what is there, within a second for 100,000 photos.

    Returns:
        None where no encoder has looked at the photos, what it saw is not in the cache any more, or all are alike.

    Raises:
        Cancelled: what was kept so far stays.
    """
    embeddings = KeptEmbeddings.of(project)
    if embeddings is None:
        return None
    contents = contents_of(project, photo_ids)
    distinct = [content for content in dict.fromkeys(contents) if content]
    kept = _kept_axes(project, embeddings)
    if make and (kept is None or len(distinct) >= 2 * kept.photos):
        kept = _find_axes(project, embeddings, distinct)
    if kept is None or not kept.axes.count:
        return None  # of a single photo nothing can be said
    name, count = _name(embeddings), kept.axes.count
    found, there = load_embeddings(project, name, distinct, [WHOLE], count)
    of_content = dict(zip((c for c, known in zip(distinct, found, strict=True) if known), there[:, 0], strict=True))
    missing = [content for content, known in zip(distinct, found, strict=True) if not known]
    if make and missing:
        of_content |= _project(project, embeddings, kept.axes, missing, progress, cancellation)
    nowhere = np.zeros(count, np.float16)
    rows = [of_content.get(content, nowhere) for content in contents]
    return np.array(rows, np.float32).reshape(len(rows), count)


def _find_axes(project: Project, embeddings: KeptEmbeddings, contents: list[bytes]) -> _KeptAxes | None:
    """Find the axes and forget what was made with those before; None without any embedding."""
    _, sample = embeddings.load(project, contents[:: max(1, len(contents) // SAMPLE)])
    if not len(sample):
        return None
    from engine.models.threads import numpy_in_one_thread

    with numpy_in_one_thread():
        kept = _KeptAxes(find_axes(describe(sample, embeddings.features)), len(contents))
    if not project.read_only:
        forget_embeddings(project, _name(embeddings))
        store_common(project, _name(embeddings), _rows_of(kept))
    return kept


def _project(
    project: Project,
    embeddings: KeptEmbeddings,
    axes: PrincipalAxes,
    contents: list[bytes],
    progress: Progress,
    cancellation: Cancellation,
) -> dict[bytes, Half]:
    """Find and keep the coordinates of photos that have none yet, as far as they have embeddings."""
    from engine.models.threads import map_in_threads

    def load(start: int) -> tuple[list[bytes], Half]:
        part = contents[start : start + _AT_ONCE]
        known, vectors = embeddings.load(project, part)
        return [content for content, is_there in zip(part, known, strict=True) if is_there], vectors

    def project_part(loaded: tuple[list[bytes], Half]) -> dict[bytes, Half]:
        some, vectors = loaded
        if not some:
            return {}
        # Rounded before anything is made of them: what is read again is the same.
        return dict(zip(some, axes.coordinates(describe(vectors, embeddings.features)).astype("<f2"), strict=True))

    made: dict[bytes, Half] = {}
    waiting: dict[bytes, Half] = {}
    progress.start("Comparing how photos look", total=len(contents))
    try:
        with closing(map_in_threads(project_part, map(load, range(0, len(contents), _AT_ONCE)))) as parts:
            for number, part in enumerate(parts, 1):
                cancellation.check()
                made |= part
                waiting |= part
                progress.advance(min(_AT_ONCE, len(contents) - (number - 1) * _AT_ONCE))
                if len(waiting) >= _AT_ONCE * _KEPT_AT_ONCE:
                    _keep(project, embeddings, waiting)
    finally:
        _keep(project, embeddings, waiting)
    return made


def _keep(project: Project, embeddings: KeptEmbeddings, coordinates: dict[bytes, Half]) -> None:
    if not project.read_only:
        by_content = {content: {WHOLE: vector[None]} for content, vector in coordinates.items()}
        store_embeddings(project, _name(embeddings), by_content)
    coordinates.clear()


def _name(embeddings: KeptEmbeddings) -> str:
    """Under which the axes and the coordinates are kept, as if they were another encoder's."""
    return f"axes of {embeddings.encoder_id}, grids {' '.join(map(str, embeddings.grids))}"


def _rows_of(kept: _KeptAxes) -> npt.NDArray[np.float32]:
    """Everything in one matrix: how many photos; then of each description its mean and its axes."""
    first = np.zeros((1, 1 + kept.axes.count), np.float32)
    first[0, 0] = kept.photos
    both = [np.column_stack([mean, axes]) for mean, axes in zip(kept.axes.means, kept.axes.axes, strict=True)]
    return np.concatenate([first, *both]).astype("<f4")


def _kept_axes(project: Project, embeddings: KeptEmbeddings) -> _KeptAxes | None:
    nothing = np.zeros((1, sum(grid * grid for grid in embeddings.grids), embeddings.dimension), np.float16)
    lengths = [each.shape[1] for each in describe(nothing, embeddings.features)]
    rows = load_common(project, _name(embeddings), 1 + sum(lengths))
    if rows is None or rows.shape[1] < 2 or not np.isfinite(rows).all():
        return None
    of_each = np.split(rows[1:], np.cumsum(lengths)[:-1])
    axes = PrincipalAxes(
        tuple(each[:, 0].copy() for each in of_each), tuple(np.ascontiguousarray(each[:, 1:]) for each in of_each)
    )
    return _KeptAxes(axes, int(rows[0, 0]))

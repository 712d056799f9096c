"""Near-duplicates among the photos of a project, and which of a group is best. Nothing is ever deleted."""

from __future__ import annotations

from itertools import compress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method import near_duplicates
from engine.models.encoders.fingerprint import SIDE, Fingerprint
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings
from engine.project.snapshot import Snapshot
from engine.project.storage.schema import Photo
from engine.stages.labelling.encoding import encode_photos
from engine.stages.photo_embeddings import contents_of, kept_of_whole_photos, whole_photo_embeddings

Groups = npt.NDArray[np.int64]

_AS_GOOD = 0.1
"""By so much less in the logarithm of pixels times sharpness a photo is as good as the best of its group."""


class _Fingerprints(NamedTuple):
    rows: dict[bytes, int]
    """By content."""
    values: npt.NDArray[np.float16]
    """Rows x values: brightness, and last the sharpness."""


def near_duplicate_groups(
    project: Project,
    snapshot: Snapshot,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    among: npt.NDArray[np.int64] | None = None,
) -> Groups:
    """A number for each row of the snapshot, the same for near-duplicates; a photo alone has one of its own.

    Photos are compared by their fingerprints, which are taken and kept when they are first needed, and by their
    embeddings where there are some. A photo that cannot be read is alone.

    Args:
        among: compare these rows only, as far as their fingerprints were taken before: nothing is decoded then.

    Returns:
        photos: the row of the first photo of its group.

    Raises:
        Cancelled: the fingerprints that were taken are kept.
    """
    if among is None:
        contents, fingerprints = _fingerprints(project, snapshot, progress, cancellation)
    else:
        contents = contents_of(project, snapshot.photo_ids)
        fingerprints = _kept_fingerprints(project, [contents[row] for row in among])
    # Copies are compared once: a row of each content.
    first: dict[bytes, int] = {}
    for row, content in enumerate(contents):
        if content in fingerprints.rows and snapshot.problems[row] is None:
            first.setdefault(content, row)
    rows = np.array(list(first.values()), np.int64)
    groups = np.arange(len(snapshot), dtype=np.int64)
    if not len(rows):
        return groups
    of_rows = [fingerprints.rows[content] for content in first]
    brightness = fingerprints.values[of_rows, :-1].reshape(-1, SIDE, SIDE)
    known, vectors = whole_photo_embeddings(project, snapshot.photo_ids[rows])
    embeddings = np.zeros((len(rows), vectors.shape[1]), np.float16)
    embeddings[known] = vectors
    progress.start("Comparing photos", total=len(rows))

    def compared(photos: int) -> None:
        progress.advance(photos)
        cancellation.check()

    firsts = rows[near_duplicates.near_duplicate_groups(brightness, embeddings if known.any() else None, compared)]
    by_content = dict(zip(first, firsts, strict=True))
    for row, content in enumerate(contents):
        if content in by_content and snapshot.problems[row] is None:
            groups[row] = by_content[content]
    return groups


def best_of_groups(project: Project, snapshot: Snapshot, groups: Groups) -> npt.NDArray[np.bool_]:
    """Which photos are suggested as the best of their group of two or more: many pixels, and sharp.

    Of those that are about as good as the best the largest file is, then the first by path.

    Returns:
        photos: true for one of each group, false for all that are alone.
    """
    contents = contents_of(project, snapshot.photo_ids)
    fingerprints = _kept_fingerprints(project, contents)
    sharpness = np.zeros(len(contents))
    known = [content in fingerprints.rows for content in contents]
    sharpness[known] = fingerprints.values[[fingerprints.rows[content] for content in compress(contents, known)], -1]
    pixels = _pixels(project, snapshot.photo_ids)
    quality = np.log(np.maximum(pixels * sharpness, 1e-9))
    highest = np.full(len(snapshot), -np.inf)
    np.maximum.at(highest, groups, quality)
    # Saving a photo once more moves its sharpness by some hundredths, in either direction.
    is_worse = quality < highest[groups] - _AS_GOOD
    order = np.lexsort((np.arange(len(snapshot)), -snapshot.file_sizes, is_worse, groups))
    counts = np.bincount(groups, minlength=len(snapshot))
    starts = np.concatenate([[True], groups[order][1:] != groups[order][:-1]]) if len(order) else np.zeros(0, bool)
    best = np.zeros(len(snapshot), bool)
    best[order[starts]] = True
    return best & (counts[groups] > 1)


def _pixels(project: Project, photo_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """How many each photo has: as it is known by now, and not when the snapshot was taken; taking fingerprints reads
    photos that are new. 0 where it is not known.
    """
    with project.reading() as connection:
        rows = connection.execute(select(Photo.id, Photo.width, Photo.height).where(Photo.width.is_not(None)))
        known = {row.id: float(row.width * row.height) for row in rows}
    return np.array([known.get(photo, 0.0) for photo in photo_ids.tolist()], np.float64)


def _fingerprints(
    project: Project, snapshot: Snapshot, progress: Progress, cancellation: Cancellation
) -> tuple[list[bytes], _Fingerprints]:
    """Content and fingerprint of each photo that can be read; those that are missing are taken."""
    contents = contents_of(project, snapshot.photo_ids)
    there = contents_with_embeddings(project, Fingerprint.id, [WHOLE])
    missing = [
        (int(photo), path)
        for photo, path, problem, content in zip(
            snapshot.photo_ids, snapshot.paths, snapshot.problems, contents, strict=True
        )
        if problem is None and content not in there
    ]
    if missing and not project.read_only:
        progress.start("Taking fingerprints", total=len(missing))
        for _ in encode_photos(project, Fingerprint(), missing, (WHOLE,), there, progress, cancellation):
            pass
        contents = contents_of(project, snapshot.photo_ids)
    return contents, _kept_fingerprints(project, contents)


def _kept_fingerprints(project: Project, contents: list[bytes]) -> _Fingerprints:
    distinct = sorted(set(contents) - {b""})
    found, values = kept_of_whole_photos(project, Fingerprint.id, distinct, Fingerprint.dimension)
    return _Fingerprints({content: row for row, content in enumerate(compress(distinct, found))}, values)

"""The photos of a project: what is on disk now, and what was read of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, bindparam, func, insert, select, update

from engine.project.contents import PhotoContents
from engine.project.moved_photos import DigestOf, KnownPhoto, match_photos
from engine.project.project import Project
from engine.project.storage.schema import Decision, Photo, Setting
from engine.read_photo import ReadPhoto
from engine.wording import Sentence

_ROWS_AT_ONCE = 10_000
"""Of many photos, so that no list of all of them is in memory."""

GONE = Sentence("The file is no longer there.")

NEWCOMERS_AFTER = "newcomers after"
"""Name of the setting that holds the id of the last photo that was there from the beginning."""

_LOST = ".lost/"
"""Begins the path of a photo that is gone while another one has its place; then its id, and the path that it had.

No photo of the folder has such a path, as hidden folders are passed over.
"""


@dataclass(frozen=True)
class FoundPhoto:
    """A photo file as the folder lists it: path relative to the photo folder, bytes, time of change."""

    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True)
class ReadablePhoto:
    """A photo's id, its path relative to the photo folder, and its content's digest, None until it was first read."""

    id: int
    path: str
    content: bytes | None


@dataclass(frozen=True)
class FolderChange:
    """How many photos a look at the folder added, found changed, moved and gone, and how many there are now."""

    added: int
    changed: int
    moved: int
    gone: int
    total: int
    missing: int = 0
    """Photos that the project keeps and the folder does not have, of now and of before."""
    unlisted: tuple[str, ...] = ()
    """Names of the project's list of photos, where it has one, that are no photo of the folder."""

    @property
    def any(self) -> bool:
        """Whether the project's photos are others than before."""
        return bool(self.added or self.changed or self.moved or self.gone)


def record_folder(
    project: Project,
    found: Sequence[FoundPhoto],
    digest_of: DigestOf | None = None,
    *,
    missing_are_gone: bool = True,
) -> FolderChange:
    """Bring the project's photos in line with what the folder lists.

    New photos are added; changed ones (other size or time) are read again later, and so are those whose bytes could
    not be read; those that are gone keep their row and decisions and get a problem. A file with the bytes of a photo
    that is no longer in its place is that photo, see `match_photos`. A photo that was edited keeps its name, and its
    decisions with it.

    Args:
        digest_of: tells a found photo's content digest, to recognise moved photos; without it none are.
        missing_are_gone: else those that are not among the found ones stay as they are.
    """
    now_there = {photo.path: photo for photo in found}
    with project.writing() as connection:
        rows = connection.execute(
            select(Photo.id, Photo.path, Photo.size, Photo.modified_ns, Photo.content, Photo.problem)
        ).all()
        known = [
            KnownPhoto(
                row.id, path_when_last_seen(row.path), row.size, row.modified_ns, row.content, row.problem == GONE
            )
            for row in rows
        ]
        matches = match_photos(known, now_there, digest_of)
        places = {match.photo_id: path for path, match in matches.items()}
        added = [photo for path, photo in now_there.items() if path not in matches]
        newly_gone = [row.id for row in rows if missing_are_gone and row.id not in places and row.problem != GONE]
        # A photo that is gone keeps its path, unless another one is there now.
        paths = {row.id: places.get(row.id) or _path_of_lost(row, now_there) for row in rows}
        same, edited = [], []
        moved = changed = 0
        for row, photo in zip(rows, known, strict=True):
            if (path := places.get(row.id)) is None:
                continue
            there = now_there[path]
            unread = row.problem is not None and row.content is None and there.size > 0
            if matches[path].has_changed or unread:
                edited.append({"photo": row.id, **_stamp_columns(there), "content": None, "problem": None})
            elif path != photo.path or photo.is_lost or there.modified_ns != row.modified_ns:
                same.append({"photo": row.id, **_stamp_columns(there), "problem": None})
            else:
                continue
            moved += path != photo.path
            changed += path == photo.path
        # Paths are unique at every moment, also while photos exchange theirs; none of the folder begins with a slash.
        renamed = {row.id: paths[row.id] for row in rows if paths[row.id] != row.path}
        _update(connection, [{"photo": photo_id, "path": f"/{photo_id}"} for photo_id in renamed])
        _update(connection, [{"photo": photo_id, "path": path} for photo_id, path in renamed.items()])
        _update(connection, same)
        _update(connection, edited)
        _update(connection, [{"photo": photo_id, "problem": GONE} for photo_id in newly_gone])
        if added:
            if rows:
                # Ids grow as photos are added.
                last = connection.execute(select(func.max(Photo.id))).scalar_one()
                if connection.scalar(select(Setting.name).where(Setting.name == NEWCOMERS_AFTER)) is None:
                    connection.execute(insert(Setting).values(name=NEWCOMERS_AFTER, value=last))
            connection.execute(
                insert(Photo),
                [
                    {"path": photo.path, **_stamp_columns(photo), "orientation": 1}
                    for photo in sorted(added, key=lambda photo: photo.path)
                ],
            )
    return FolderChange(len(added), changed, moved, len(newly_gone), len(found), len(rows) - len(places))


def path_when_last_seen(path: str) -> str:
    """Where a photo was, by its path in the project; of one that is there that path."""
    return path.split("/", 2)[2] if path.startswith(_LOST) else path


def _path_of_lost(row: Any, now_there: Mapping[str, FoundPhoto]) -> str:
    return f"{_LOST}{row.id}/{row.path}" if row.path in now_there else row.path


def _stamp_columns(photo: FoundPhoto) -> dict[str, Any]:
    return {"size": photo.size, "modified_ns": photo.modified_ns}


def record_read(project: Project, photos: Iterable[ReadPhoto]) -> None:
    """Keep what reading the photos' files told, where who opened the project may."""
    if not project.lists_photos:
        return
    rows = [
        {
            "photo": photo.photo_id,
            "content": photo.content,
            "width": photo.width,
            "height": photo.height,
            "orientation": photo.orientation,
            "taken_at": photo.taken_at,
            "problem": photo.problem and photo.problem.kept,
        }
        for photo in photos
    ]
    if rows:
        with project.writing() as connection:
            _update(connection, rows)


def _update(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Change photos, each named by `photo`, its id; all rows have the same columns."""
    if rows:
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "photo"}
        connection.execute(update(Photo).where(Photo.id == bindparam("photo")).values(columns), rows)


def unreadable_photos(project: Project) -> list[tuple[str, Sentence]]:
    """Path and problem of each photo that cannot be read, by path."""
    with project.reading() as connection:
        rows = project.rows(
            connection, select(Photo.path, Photo.problem).where(Photo.problem.is_not(None)).order_by(Photo.path)
        )
        return [(path_when_last_seen(row.path), Sentence.of_kept(row.problem)) for row in rows]


def photo_files(project: Project) -> list[tuple[str, int, int, bool]]:
    """Of each photo its path, size in bytes and time of change when last seen, and whether it was there."""
    with project.reading() as connection:
        rows = project.rows(connection, select(Photo.path, Photo.size, Photo.modified_ns, Photo.problem))
        return [(row.path, row.size, row.modified_ns, row.problem != GONE) for row in rows]


def photos_after(project: Project, photo_id: int) -> list[int]:
    """The ids of the photos that were added after one and can be read, in the order in which they were."""
    with project.reading() as connection:
        later = select(Photo.id).where(Photo.id > photo_id, Photo.problem.is_(None)).order_by(Photo.id)
        return [row.id for row in project.rows(connection, later)]


def last_photo(project: Project) -> int:
    """The id of the photo that was added last; 0 where there is none."""
    with project.reading() as connection:
        return connection.scalar(select(func.max(Photo.id))) or 0


def has_answers(project: Project) -> bool:
    """Whether anybody has answered for a label of any photo, or called one reviewed."""
    with project.reading() as connection:
        asked = (select(Decision.photo_id), select(Photo.id).where(Photo.reviewed_at.is_not(None)))
        return any(connection.scalar(one.limit(1)) is not None for one in asked)


def photos_never_read(project: Project) -> list[tuple[int, str]]:
    """Id and path of the photos whose dimensions are not known yet."""
    with project.reading() as connection:
        unread = select(Photo.id, Photo.path).where(Photo.problem.is_(None), Photo.width.is_(None))
        rows = project.rows(connection, unread.order_by(Photo.path))
        return [(row.id, row.path) for row in rows]


def readable_photos(project: Project) -> list[ReadablePhoto]:
    """The photos that can be read as far as is known, by id."""
    with project.reading() as connection:
        readable = select(Photo.id, Photo.path, Photo.content).where(Photo.problem.is_(None)).order_by(Photo.id)
        return [ReadablePhoto(*row) for row in project.rows(connection, readable)]


def readable_contents(project: Project) -> PhotoContents:
    """Id and content's digest (None until it was first read) of the photos that can be read, by id."""
    with project.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(Photo).where(Photo.problem.is_(None))) or 0
        return PhotoContents.joined(_parts_of_contents(project, connection), count)


def _parts_of_contents(project: Project, connection: Connection) -> Iterator[PhotoContents]:
    after = 0
    while True:
        following = select(Photo.id).where(Photo.problem.is_(None), Photo.id > after).order_by(Photo.id)
        end = connection.scalar(select(func.max(following.limit(_ROWS_AT_ONCE).subquery().c.id)))
        if end is None:
            return
        of_these = select(Photo.id, Photo.content).where(Photo.problem.is_(None), Photo.id > after, Photo.id <= end)
        yield PhotoContents.of(project.rows(connection, of_these.order_by(Photo.id)))
        after = end


def readable_paths(project: Project, wanted: npt.NDArray[np.int64]) -> Iterator[tuple[int, str]]:
    """Id and path of those of these photos (by id, ascending) that can be read now, by path.

    So many at a time, each time anew: nothing is held open while work is done between them.
    """
    after = ""
    while True:
        with project.reading() as connection:
            statement = (
                select(Photo.id, Photo.path)
                .where(Photo.problem.is_(None), Photo.path > after)
                .order_by(Photo.path)
                .limit(_ROWS_AT_ONCE)
            )
            rows = project.rows(connection, statement)
        if not rows:
            return
        after = rows[-1].path
        ids = np.fromiter((row.id for row in rows), np.int64, len(rows))
        yield from ((row.id, row.path) for row, is_wanted in zip(rows, np.isin(ids, wanted), strict=True) if is_wanted)


def photos_by_content(project: Project) -> dict[tuple[int, bytes], int]:
    """Size in bytes and content digest to photo id; of equal photos the first that is there."""
    with project.reading() as connection:
        rows = connection.execute(
            select(Photo.size, Photo.content, Photo.id)
            .where(Photo.content.is_not(None))
            .order_by(Photo.problem.is_not_distinct_from(GONE).desc(), Photo.id.desc())
        )
        return {(row.size, row.content): row.id for row in rows}

"""The photos of a project: what is on disk now, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.project.project import Project
from engine.project.schema import Photo
from engine.wording import Sentence

GONE = Sentence("The file is no longer there.")

DigestOf = Callable[[str], bytes | None]


@dataclass(frozen=True)
class FoundPhoto:
    """A photo file as the folder lists it: path relative to the photo folder, bytes, time of change."""

    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True)
class ReadPhoto:
    """What reading a photo's file told: its content's digest and dimensions, or the problem with it."""

    photo_id: int
    content: bytes | None = None
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    taken_at: datetime | None = None
    problem: Sentence | None = None


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


def record_folder(project: Project, found: Sequence[FoundPhoto], digest_of: DigestOf | None = None) -> FolderChange:
    """Bring the project's photos in line with what the folder lists.

    New photos are added; changed ones (other size or time) are read again later, and so are those whose bytes could
    not be read; those that are gone keep their row and decisions and get a problem. A new file with the bytes of one
    that is gone is that photo, moved.

    Args:
        digest_of: tells a found photo's content digest, to recognise moved photos; without it none are.
    """
    now_there = {photo.path: photo for photo in found}
    with project.writing() as connection:
        known = {
            row.path: row
            for row in connection.execute(
                select(Photo.id, Photo.path, Photo.size, Photo.modified_ns, Photo.content, Photo.problem)
            )
        }
        added = [photo for path, photo in now_there.items() if path not in known]
        missing = [row for path, row in known.items() if path not in now_there]

        moved = _moved(added, missing, digest_of)
        added = [photo for photo in added if photo.path not in moved]
        missing = [row for row in missing if row.id not in moved.values()]
        newly_gone = [row for row in missing if row.problem != GONE]

        fresh = {"content": None, "problem": None}
        changed = [
            {"photo": row.id, "size": photo.size, "modified_ns": photo.modified_ns, **fresh}
            for path, row in known.items()
            if (photo := now_there.get(path)) is not None
            and (
                (photo.size, photo.modified_ns) != (row.size, row.modified_ns)
                or row.problem == GONE
                or (row.problem is not None and row.content is None and photo.size > 0)
            )
        ]
        moves = [
            {
                "photo": photo_id,
                "path": path,
                "size": now_there[path].size,
                "modified_ns": now_there[path].modified_ns,
                "problem": None,
            }
            for path, photo_id in moved.items()
        ]
        _update(connection, moves)
        _update(connection, changed)
        _update(connection, [{"photo": row.id, "problem": GONE} for row in newly_gone])
        if added:
            connection.execute(
                insert(Photo),
                [
                    {"path": p.path, "size": p.size, "modified_ns": p.modified_ns, "orientation": 1}
                    for p in sorted(added, key=lambda photo: photo.path)
                ],
            )
    return FolderChange(len(added), len(changed), len(moved), len(newly_gone), len(found))


def _moved(added: Sequence[FoundPhoto], missing: Sequence, digest_of: DigestOf | None) -> dict[str, int]:
    """New path to photo id, for the new files that are photos that went missing elsewhere."""
    if digest_of is None:
        return {}
    lost = {(row.size, row.content): row.id for row in missing if row.content is not None}
    sizes = {size for size, _ in lost}
    moved: dict[str, int] = {}
    for photo in added:
        if photo.size in sizes and (photo_id := lost.pop((photo.size, digest_of(photo.path)), None)):
            moved[photo.path] = photo_id
    return moved


def record_read(project: Project, photos: Iterable[ReadPhoto]) -> None:
    """Keep what reading the photos' files told."""
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
        rows = connection.execute(
            select(Photo.path, Photo.problem).where(Photo.problem.is_not(None)).order_by(Photo.path)
        )
        return [(row.path, Sentence.of_kept(row.problem)) for row in rows]


def photos_never_read(project: Project) -> list[tuple[int, str]]:
    """Id and path of the photos whose dimensions are not known yet."""
    with project.reading() as connection:
        rows = connection.execute(
            select(Photo.id, Photo.path).where(Photo.problem.is_(None), Photo.width.is_(None)).order_by(Photo.path)
        )
        return [(row.id, row.path) for row in rows]


def readable_photos(project: Project) -> list[ReadablePhoto]:
    """The photos that can be read as far as is known, by id."""
    with project.reading() as connection:
        rows = connection.execute(
            select(Photo.id, Photo.path, Photo.content).where(Photo.problem.is_(None)).order_by(Photo.id)
        )
        return [ReadablePhoto(*row) for row in rows.all()]


def readable_contents(project: Project) -> list[tuple[int, bytes | None]]:
    """Id and content's digest (None until it was first read) of the photos that can be read, by id."""
    with project.reading() as connection:
        statement = select(Photo.id, Photo.content).where(Photo.problem.is_(None)).order_by(Photo.id)
        return [(photo_id, content) for photo_id, content in connection.execute(statement).all()]


def photos_by_content(project: Project) -> dict[tuple[int, bytes], int]:
    """Size in bytes and content digest to photo id; of equal photos the one that came first."""
    with project.reading() as connection:
        rows = connection.execute(
            select(Photo.size, Photo.content, Photo.id).where(Photo.content.is_not(None)).order_by(Photo.id.desc())
        )
        return {(row.size, row.content): row.id for row in rows}

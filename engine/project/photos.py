"""The photos of a project: what is on disk now, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.project.project import Project
from engine.project.storage.schema import Photo
from engine.read_photo import ReadPhoto
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
    unlisted: tuple[str, ...] = ()
    """Names of the project's list of photos, where it has one, that are no photo of the folder."""


def record_folder(project: Project, found: Sequence[FoundPhoto], digest_of: DigestOf | None = None) -> FolderChange:
    """Bring the project's photos in line with what the folder lists.

    New photos are added; changed ones (other size or time) are read again later, and so are those whose bytes could
    not be read; those that are gone keep their row and decisions and get a problem. A new file with the bytes of one
    that is gone is that photo, moved; so is a file whose name was another photo's, where names were exchanged or
    shifted. A photo that was edited keeps its name, and its decisions with it.

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
        moved = _moved(known, now_there, digest_of) if digest_of is not None else {}
        new_paths = _new_paths(known, now_there, moved)
        expected = {new_paths.get(row.id, path): row for path, row in known.items()}
        added = [photo for path, photo in now_there.items() if path not in expected]
        newly_gone = [row for path, row in expected.items() if path not in now_there and row.problem != GONE]
        changed = [
            {"photo": row.id, **_stamp_columns(photo), "content": None, "problem": None}
            for path, row in expected.items()
            if path not in moved
            and (photo := now_there.get(path)) is not None
            and (
                _stamp(photo) != _stamp(row)
                or row.problem == GONE
                or (row.problem is not None and row.content is None and photo.size > 0)
            )
        ]
        # Paths are unique at every moment, also while photos exchange theirs; none of the folder begins with a slash.
        _update(connection, [{"photo": photo_id, "path": f"/{photo_id}"} for photo_id in new_paths])
        _update(connection, [{"photo": photo_id, "path": path} for photo_id, path in new_paths.items()])
        _update(
            connection,
            [
                {"photo": photo_id, **_stamp_columns(now_there[path]), "problem": None}
                for path, photo_id in moved.items()
            ],
        )
        _update(connection, changed)
        _update(connection, [{"photo": row.id, "problem": GONE} for row in newly_gone])
        if added:
            connection.execute(
                insert(Photo),
                [
                    {"path": photo.path, **_stamp_columns(photo), "orientation": 1}
                    for photo in sorted(added, key=lambda photo: photo.path)
                ],
            )
    return FolderChange(len(added), len(changed), len(moved), len(newly_gone), len(found))


def _moved(known: Mapping[str, Any], now_there: Mapping[str, FoundPhoto], digest_of: DigestOf) -> dict[str, int]:
    """New path to photo id, for the photos that are no longer at their path and whose bytes are at another one."""
    missing = [row for path, row in known.items() if path not in now_there]
    changed = {path: row for path, row in known.items() if path in now_there and _stamp(now_there[path]) != _stamp(row)}
    moved: dict[str, int] = {}

    # Another photo's path: renaming leaves size and time as they are, so that files edited in place need no reading.
    lost = {(*_stamp(row), row.content): row.id for row in (*missing, *changed.values()) if row.content is not None}
    stamps = {(size, modified_ns) for size, modified_ns, _content in lost}
    for path in changed:
        stamp = _stamp(now_there[path])
        if stamp in stamps and (photo_id := lost.pop((*stamp, digest_of(path)), None)):
            moved[path] = photo_id

    # A new path: by size alone, since copying to another drive may change the time.
    pushed_out = [changed[path] for path in moved]
    settled = set(moved.values())
    at_large = {
        (row.size, row.content): row.id
        for row in (*missing, *pushed_out)
        if row.content is not None and row.id not in settled
    }
    sizes = {size for size, _content in at_large}
    for path, photo in now_there.items():
        if path in known or photo.size not in sizes:
            continue
        if photo_id := at_large.pop((photo.size, digest_of(path)), None):
            moved[path] = photo_id
    return moved


def _new_paths(
    known: Mapping[str, Any], now_there: Mapping[str, FoundPhoto], moved: Mapping[str, int]
) -> dict[int, str]:
    """The path of each photo that gets another one: those that moved, and those whose path was taken by one of them.

    Those pushed out are nowhere in the folder. They get paths that were left, of which there are always enough.
    """
    new_paths = {photo_id: path for path, photo_id in moved.items()}
    pushed_out = [known[path].id for path in moved if path in known and known[path].id not in new_paths]
    left = [path for path, row in known.items() if row.id in new_paths and path not in moved]
    # Where there is no file now, if possible: a photo that is gone must not pass for a new one.
    left.sort(key=now_there.__contains__)
    return new_paths | dict(zip(pushed_out, left, strict=False))


def _stamp(photo: Any) -> tuple[int, int]:
    """What tells without reading whether a file changed; of a row or of a `FoundPhoto`."""
    return photo.size, photo.modified_ns


def _stamp_columns(photo: FoundPhoto) -> dict[str, Any]:
    return {"size": photo.size, "modified_ns": photo.modified_ns}


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

"""Photos of which each person has a copy of their own, while what is known of them is on a server.

A copy has the bytes of the original and seldom its time of change. That time tells one machine whether to read a file
again; what others know by their own times would be taken for changed, and theirs again by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert, select

from engine.project.moved_photos import DigestOf
from engine.project.photos import FoundPhoto
from engine.project.project import Project
from engine.project.storage.cache_schema import file_content, thumbnail_key
from engine.project.storage.schema import Photo


def as_others_have_them(project: Project, found: Sequence[FoundPhoto], digest_of: DigestOf) -> list[FoundPhoto]:
    """The photos that were found; of those whose bytes are the ones that are known, with the time that is known.

    A file is read once on each machine, and outside of any transaction, so that nobody waits for it.
    """
    with project.reading() as connection:
        statement = select(Photo.path, Photo.size, Photo.modified_ns, Photo.content)
        known = {row.path: row for row in project.rows(connection, statement)}
    copies = [
        photo
        for photo in found
        if (row := known.get(photo.path)) is not None
        and row.size == photo.size
        and row.modified_ns != photo.modified_ns
    ]
    if not copies:
        return list(found)
    contents = _contents(project, copies, digest_of)
    same = {
        path: known[path].modified_ns
        for path, content in contents.items()
        if known[path].content is None or known[path].content == content
    }
    return [replace(photo, modified_ns=same.get(photo.path, photo.modified_ns)) for photo in found]


def _contents(project: Project, photos: Sequence[FoundPhoto], digest_of: DigestOf) -> dict[str, bytes | None]:
    keys = {photo.path: thumbnail_key(photo.path, photo.size, photo.modified_ns) for photo in photos}
    with project.reading_cache() as connection:
        rows = connection.execute(select(file_content.c.key, file_content.c.content))
        kept = {row.key: row.content for row in rows}
    contents: dict[str, bytes | None] = {path: kept.get(key) for path, key in keys.items()}
    new = []
    try:
        for path, content in contents.items():
            if content is None and (read := digest_of(path)) is not None:
                contents[path] = read
                new.append({"key": keys[path], "content": read})
    finally:
        # Also of what was stopped: it goes on from there the next time.
        if new:
            with project.writing_cache() as connection:
                connection.execute(insert(file_content).prefix_with("OR REPLACE"), new)
    return contents

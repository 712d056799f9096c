"""`cache.sqlite`: what can be made again from the photos. It may be deleted at any time."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, String, Table, select, text
from sqlalchemy.exc import DatabaseError

from engine.project.storage.database import is_damage, open_database

VERSION = 1

_PAGE_BYTES = 16384
"""Embeddings and thumbnails have many kilobytes each, and are read a fifth faster than from pages of 4 KB.

Taken up when the file is made; an older one keeps its own.
"""

metadata = MetaData()

embedding = Table(
    "embedding",
    metadata,
    Column("content", LargeBinary, primary_key=True),  # digest of the photo's bytes: survives moves and renames
    Column("encoder", String, primary_key=True),
    Column("grid", Integer, primary_key=True),  # 1: the whole photo; n: its n x n snippets
    Column("vectors", LargeBinary, nullable=False),  # snippets x dimension, float16
)
"""Embeddings of a photo's snippets."""

thumbnail = Table(
    "thumbnail",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # of path, size and time of the file
    Column("side", Integer, primary_key=True),  # longest side, pixels
    Column("jpeg", LargeBinary, nullable=False),
)
"""Small pictures for the gallery, upright."""


def thumbnail_key(path: str, size: int, modified_ns: int) -> bytes:
    """16 bytes that name the thumbnail of a photo's file as it is now: another size or time, another key."""
    return hashlib.blake2b(b"%b\0%d\0%d" % (os.fsencode(path), size, modified_ns), digest_size=16).digest()


def open_cache(file: Path, *, read_only: bool) -> Engine:
    """Open the cache, empty if there is none, or it is of another version or damaged."""
    if read_only:
        return open_database(file, durable=False, read_only=True) if file.is_file() else _empty_cache()
    if file.exists() and not _is_usable(file):
        for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
            part.unlink(missing_ok=True)
    engine = open_database(file, durable=False, page_bytes=_PAGE_BYTES)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        metadata.create_all(connection)
        connection.execute(text(f"PRAGMA user_version = {VERSION}"))
    return engine


def _empty_cache() -> Engine:
    engine = open_database(Path(":memory:"), durable=False)
    metadata.create_all(engine)
    return engine


def _is_usable(file: Path) -> bool:
    engine = open_database(file, durable=False)
    try:
        with engine.connect() as connection:
            if connection.execute(text("PRAGMA user_version")).scalar_one() != VERSION:
                return False
            for table in metadata.sorted_tables:
                connection.execute(select(table).limit(1)).all()
            return True
    except DatabaseError as error:
        if not (isinstance(error.orig, sqlite3.Error) and is_damage(error.orig)):
            raise  # held by another program, or on a disk that is gone: not to be made anew
        return False
    finally:
        engine.dispose()

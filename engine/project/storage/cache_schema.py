"""`cache.sqlite`: what can be made again from the photos. It may be deleted at any time."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, Table, text

from engine.project.storage.columns import Bytes, Text, Unsound, Whole
from engine.project.storage.sqlite import PATIENCE, is_damage, open_file, read_only_address
from engine.project.storage.structure import check_structure

VERSION = 1

PROGRAM = int.from_bytes(b"CDUL")
"""What SQLite keeps in a file as the program whose it is."""


_PAGE_BYTES = 16384
"""Embeddings and thumbnails have many kilobytes each, and are read a fifth faster than from pages of 4 KB.

Taken up when the file is made; an older one keeps its own.
"""

metadata = MetaData()

embedding = Table(
    "embedding",
    metadata,
    Column("content", Bytes(), primary_key=True),  # digest of the photo's bytes: survives moves and renames
    Column("encoder", Text(), primary_key=True),
    Column("grid", Whole(), primary_key=True),  # 1: the whole photo; n: its n x n snippets
    Column("vectors", Bytes(), nullable=False),  # snippets x dimension, float16
)
"""Embeddings of a photo's snippets."""

thumbnail = Table(
    "thumbnail",
    metadata,
    Column("key", Bytes(), primary_key=True),  # of path, size and time of the file
    Column("side", Whole(), primary_key=True),  # longest side, pixels
    Column("jpeg", Bytes(), nullable=False),
)
"""Small pictures for the gallery, upright."""

file_description = Table(
    "file_description",
    metadata,
    Column("key", Bytes(), primary_key=True),  # as of a thumbnail
    Column("said", Text(), nullable=False),  # JSON: camera, then places
)
"""What photos' files say of themselves, for rules. Caches of older programs have no such table."""

file_content = Table(
    "file_content",
    metadata,
    Column("key", Bytes(), primary_key=True),  # as of a thumbnail
    Column("content", Bytes(), nullable=False),  # digest
)
"""What was in photos' files here that have another time elsewhere. Caches of older programs have no such table."""


def thumbnail_key(path: str, size: int, modified_ns: int) -> bytes:
    """16 bytes that name the thumbnail of a photo's file as it is now: another size or time, another key."""
    return hashlib.blake2b(b"%b\0%d\0%d" % (os.fsencode(path), size, modified_ns), digest_size=16).digest()


def is_anothers(file: Path, *, has_project: bool) -> bool:
    """Whether another program made a file, which this one would make anew.

    Args:
        has_project: whether a project is beside it, so that a file that can no longer be read is ours.
    """
    if not file.is_file() or file.stat().st_size == 0:
        return False
    with file.open("rb") as stream:
        header = stream.read(100)
    program = int.from_bytes(header[68:72])
    if header[:16] != b"SQLite format 3\0":
        return not has_project  # what is left of a file is no database
    if program != 0:
        return program != PROGRAM
    try:
        with closing(sqlite3.connect(read_only_address(file), uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master LIMIT 1000")}
        return bool(tables) and not {embedding.name, thumbnail.name} <= tables
    except sqlite3.DatabaseError:
        return not has_project


def open_cache(file: Path, *, read_only: bool) -> Engine:
    """Open the cache, empty if there is none, or it is of another version or damaged."""
    is_usable = file.is_file() and _is_usable(file)
    if read_only:
        return open_file(file, durable=False, read_only=True) if is_usable else _empty_cache()
    if file.exists() and not is_usable:
        for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
            part.unlink(missing_ok=True)
    engine = open_file(file, durable=False, page_bytes=_PAGE_BYTES)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        metadata.create_all(connection)
        connection.execute(text(f"PRAGMA user_version = {VERSION}"))
        connection.execute(text(f"PRAGMA application_id = {PROGRAM}"))
    return engine


def _empty_cache() -> Engine:
    engine = open_file(Path(":memory:"), durable=False)
    metadata.create_all(engine)
    return engine


def _is_usable(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(read_only_address(file), uri=True, timeout=PATIENCE)) as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (VERSION,):
                return False
            check_structure(connection, metadata)
            for table in metadata.tables.keys() - {file_description.name, file_content.name}:
                connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchall()  # noqa: S608 (two names of ours)
            return True
    except Unsound:
        return False
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise  # held by another program, or on a disk that is gone: not to be made anew
        return False

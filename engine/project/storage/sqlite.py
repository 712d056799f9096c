"""SQLite through SQLAlchemy, set up so that nothing is lost and readers never wait for the writer."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from engine.project.failures import ProjectError
from engine.project.folder import CACHE_FILE
from engine.project.storage.columns import Unsound
from engine.project.storage.database import Doing
from engine.wording import Sentence

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""Error codes of a file that is not what it was. The last is that of tables that are missing, and of what a stranger's
triggers and views may not do."""

PATIENCE = 15.0
"""Seconds that another program's writing is waited for."""

MOST_SECONDS = 300.0
"""That reading may take; what takes longer never ends. Writing has no limit: a migration may take long."""

_MOST_BYTES = 256 * 2**20
"""Of one row or value, so that a forged length does not take all memory."""

_STEPS = 1_000_000
"""Of SQLite's machine between two looks at the clock, some tens of milliseconds."""


def open_file(file: Path, *, durable: bool, read_only: bool = False, page_bytes: int | None = None) -> Engine:
    """An engine on a SQLite file: write-ahead log, foreign keys on, patience with another writer.

    Args:
        durable: each commit reaches the disk before it returns (for what cannot be made again).
        read_only: open without writing a byte; the file must exist.
        page_bytes: of the pages of a file that is new, a power of two from 512 to 65536; None for SQLite's own.
    """
    url = make_url("sqlite://").set(database=os.fspath(file))
    if read_only:
        address, _, query = read_only_address(file).partition("?")
        url = url.set(database=address, query={**dict(parse_qsl(query)), "uri": "true"})
    engine = create_engine(url, connect_args={"timeout": PATIENCE, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        # The driver's own transactions begin too late (after the first read); SQLAlchemy's begin below do not.
        connection.isolation_level = None
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        record.info["until"] = inf
        connection.set_progress_handler(lambda: monotonic() > record.info["until"], _STEPS)
        if not read_only:
            if page_bytes is not None:
                connection.execute(f"PRAGMA page_size = {page_bytes:d}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            # On a Mac only this reaches the disk itself; elsewhere it changes nothing.
            connection.execute(f"PRAGMA fullfsync = {'ON' if durable else 'OFF'}")
        connection.execute("PRAGMA foreign_keys = ON")
        # A stranger's file may hold views and triggers; they get no functions that could do anything.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.info["until"] = inf if writes else monotonic() + MOST_SECONDS
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "checkout")
    def _without_haste(_connection: Any, record: Any, _proxy: Any) -> None:
        record.info["until"] = inf

    return engine


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault; not the disk that is full or gone, nor another program that holds it."""
    if isinstance(error, sqlite3.DataError | sqlite3.IntegrityError):
        return True  # a value that is longer than any of ours, or rows that do not belong to each other
    # Text that is none has no code.
    code = getattr(error, "sqlite_errorcode", None)
    return "decode" in str(error) if code is None else code & 0xFF in _DAMAGE


def read_only_address(file: Path) -> str:
    """What SQLite opens a file by so that it writes nothing.

    Where nothing can be written, as on a backup or another's disk, SQLite must be told so: it cannot make the files
    there by which readers and writers agree. With a log beside it the file is not whole, and is refused.
    """
    quoted = os.fspath(file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    log = file.with_name(file.name + "-wal")
    never_changes = not os.access(file.parent, os.W_OK) and not log.exists()
    return f"file:{quoted}?mode=ro" + ("&immutable=1" if never_changes else "")


def compact(engine: Engine) -> None:
    """Give the room of what was deleted back to the disk, if nobody else is using the file."""
    # Without room for a second copy, or while another program reads, the room is used again later.
    with suppress(sqlite3.OperationalError), closing(engine.raw_connection()) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_FAILED = {
    Doing.OPENING: Sentence(
        "The project in {folder} cannot be opened ({why}). Check that the disk has room, the folder is still there and "
        "no other program holds its files; what is in them is unharmed."
    ),
    Doing.READING: Sentence(
        "Nothing could be read from {folder} ({why}). Check that the folder is still there and no other program holds "
        "its files; what is in them is unharmed."
    ),
    Doing.WRITING: Sentence(
        "Nothing could be written to {folder} ({why}). Check that the disk has room and the folder is still there; "
        "what was there before is unharmed."
    ),
}


def not_done(doing: Doing, file: Path, why: object) -> ProjectError:
    """What is said where something is in the way of a file."""
    return ProjectError(_FAILED[doing].format(folder=file.parent, why=why))


@contextmanager
def failure_said(file: Path, doing: Doing) -> Iterator[None]:
    """Say what is the matter with a file: that it is damaged, or what is in the way."""
    try:
        yield
    except (Unsound, UnicodeDecodeError) as error:  # of a table's name
        raise _damaged(file, error) from error
    except (DatabaseError, sqlite3.Error) as error:
        why = error.orig if isinstance(error, DatabaseError) else error
        if isinstance(why, sqlite3.Error) and is_damage(why):
            raise _damaged(file, why) from error
        if not isinstance(why, sqlite3.OperationalError):
            raise
        raise not_done(doing, file, why) from error
    except OSError as error:
        if doing is not Doing.OPENING:
            raise
        raise not_done(doing, file, error.strerror) from error


def _damaged(file: Path, why: object) -> ProjectError:
    """What is said of a file that is not what it was, or never was what it should be."""
    way_out = (
        Sentence("Delete it: it is made again.")
        if file.name == CACHE_FILE
        else Sentence("Put back a backup copy, or move it away to begin anew.")
    )
    return ProjectError(Sentence("{file} is damaged ({why}). {way_out}").format(file=file, why=why, way_out=way_out))

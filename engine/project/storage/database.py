"""SQLite through SQLAlchemy, set up so that nothing is lost and readers never wait for the writer."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Engine, LargeBinary, String, create_engine, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.types import TypeDecorator, UserDefinedType

PROJECT_FILE, CACHE_FILE = "project.sqlite", "cache.sqlite"
"""What cannot be made again, and what can."""

# Bytes of a file name that are not UTF-8 reach Python as lone surrogates, which SQLite cannot keep as text.
# They are kept in a plane that is private to each program, so that every name comes back byte for byte.
_SURROGATES = range(0xDC80, 0xDD00)
_TO_PRIVATE = {code: code + 0x100000 for code in _SURROGATES}
_FROM_PRIVATE = {code + 0x100000: code for code in _SURROGATES}


class PhotoPath(TypeDecorator[str]):
    """A photo's path relative to the photo folder, with `/`, whatever bytes its name is made of."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or value.isascii() else value.translate(_TO_PRIVATE)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return value if value is None or value.isascii() else value.translate(_FROM_PRIVATE)


class Json(UserDefinedType[Any]):
    """Anything that JSON can hold. Numbers are SQLite's own, exact and small; None is NULL."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "JSON"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return as_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return lambda kept: json.loads(kept) if isinstance(kept, str) else kept


def as_json(value: Any) -> Any:
    """A value as a column of `Json` keeps it."""
    return value if value is None or isinstance(value, int | float) else json.dumps(value)


Vector = LargeBinary
"""Little-endian float32 (scores) or float16 (embeddings), read with `numpy.frombuffer`."""


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""Error codes of a file that is not what it was. The last is that of tables that are missing, and of what a stranger's
triggers and views may not do."""

PATIENCE = 15.0
"""Seconds that another program's writing is waited for."""


def open_database(file: Path, *, durable: bool, read_only: bool = False, page_bytes: int | None = None) -> Engine:
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
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin too late (after the first read); SQLAlchemy's begin below do not.
        connection.isolation_level = None
        if not read_only:
            if page_bytes is not None:
                connection.execute(f"PRAGMA page_size = {page_bytes:d}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys = ON")
        # A stranger's file may hold views and triggers; they get no functions that could do anything.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault; not the disk that is full or gone, nor another program that holds it."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def read_only_address(file: Path) -> str:
    """What SQLite opens a file by so that it writes nothing.

    Where nothing can be written, as on a backup or another's disk, SQLite must be told so: it cannot make the files
    there by which readers and writers agree. With a log beside it the file is not whole, and is refused.
    """
    quoted = os.fspath(file).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    log = file.with_name(file.name + "-wal")
    never_changes = not os.access(file.parent, os.W_OK) and not log.exists()
    return f"file:{quoted}?mode=ro" + ("&immutable=1" if never_changes else "")

"""A project in a SQLite file in a folder: one process writes, others may look."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import cast

from filelock import FileLock
from sqlalchemy import Connection, Engine

from engine.errors import UserError
from engine.project.failures import ProjectError
from engine.project.folder import PROJECT_FILE, lock_folder
from engine.project.storage import migration
from engine.project.storage.database import Database, Doing, Wait
from engine.project.storage.schema import Base
from engine.project.storage.sqlite import PATIENCE, failure_said, open_file, read_only_address
from engine.project.storage.structure import check_structure
from engine.synced import move_synced
from engine.wording import Sentence


class SqliteProject(Database):
    """`project.sqlite`. Whoever writes holds the folder's lock."""

    only_to_read = Sentence(
        "This project is open for reading only, because another window or command writes to it, or nobody may write to "
        "its folder."
    )

    def __init__(self, file: Path, engine: Engine, lock: FileLock | None, *, is_new: bool) -> None:
        self.engine, self.place, self.folder, self.name = engine, file.parent, file.parent, str(file)
        self.read_only = self.others_write = lock is None
        self.is_new = is_new
        self._file, self._lock = file, lock

    @classmethod
    def open(cls, folder: Path, *, read_only: bool) -> SqliteProject:
        """Open the file in a folder; to write, make it or bring it up to date, after a backup copy.

        Raises:
            ProjectInUse: another process writes to it.
            ProjectNotWritable: nothing can be written there.
            NewerProject: a newer program wrote it.
            ProjectError: it cannot be opened.
        """
        file, is_new = folder / PROJECT_FILE, not folder.exists()
        lock = None if read_only else lock_folder(folder)
        try:
            with failure_said(file, Doing.OPENING):
                if lock is not None:
                    _bring_up_to_date(file)
                else:
                    migration.check_newest(str(file), _version(file, read_only=True))
                engine = open_file(file, durable=True, read_only=read_only)
                with closing(engine.raw_connection()) as connection:
                    check_structure(cast(sqlite3.Connection, connection.driver_connection), Base.metadata)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return cls(file, engine, lock, is_new=is_new)

    def failure_said(self, doing: Doing) -> AbstractContextManager[None]:
        return failure_said(self._file, doing)

    @contextmanager
    def changes_of_others(self) -> Iterator[Wait]:
        # SQLite tells nobody, so it is asked. Who writes is alone.
        with self.failure_said(Doing.READING), closing(self.engine.raw_connection()) as connection:

            def version() -> object:
                return connection.cursor().execute("PRAGMA data_version").fetchone()

            seen = version()

            def wait(seconds: float) -> bool:
                nonlocal seen
                sleep(seconds)
                before, seen = seen, version()
                return self.read_only and seen != before

            yield wait

    def rows_were_put(self, connection: Connection) -> None:
        """The next ids follow on those that are there."""

    def check_is_there(self) -> None:
        # SQLite would go on writing to a file that was deleted, and all of it would be lost with the last connection.
        if not self._file.exists():
            raise ProjectError(
                Sentence(
                    "{file} was deleted or moved while it was open. Nothing more is written: close the project, put "
                    "the file back, and open it again."
                ).format(file=self._file)
            )

    def close(self) -> None:
        self.engine.dispose()
        if self._lock is None:
            return
        if self.goes:
            for one in (*self.folder.glob("*.sqlite*"), Path(self._lock.lock_file)):
                with suppress(OSError):  # Windows keeps a file that is locked
                    one.unlink()
        self._lock.release()
        if self.goes:
            with suppress(OSError):  # what is not the program's stays
                self.folder.rmdir()


def _bring_up_to_date(file: Path) -> None:
    """Make the file, or migrate it to the newest version; before a migration a copy is kept beside it."""
    version = _version(file)
    if version == migration.NEWEST:
        return
    migration.check_known(str(file), version)
    if version is not None:
        _back_up(file, version)
    engine = open_file(file, durable=True)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if version is None:
                migration.make_newest(connection)
            else:
                migration.migrate(connection)
    finally:
        engine.dispose()


def _version(file: Path, *, read_only: bool = False) -> str | None:
    """The revision of a project file; None for a file that is not there or empty."""
    if not file.exists() or file.stat().st_size == 0:
        return None
    address = read_only_address(file) if read_only else file
    with closing(sqlite3.connect(address, timeout=PATIENCE, uri=read_only)) as connection:
        parts = connection.execute("SELECT name FROM sqlite_master LIMIT 1000").fetchall()
        if not parts:
            return None
        if ("alembic_version",) not in parts:
            raise UserError(
                Sentence("{file} is a database, but not of this program. Choose another project folder.").format(
                    file=file
                )
            )
        # Before anything of it is asked, which could have no end.
        check_structure(connection)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return migration.check_version(row[0]) if row else None


def _back_up(file: Path, version: str) -> None:
    # SQLite's own backup takes what is still in the write-ahead log along; a copy of the file would not.
    place = file.with_name(f"{file.stem}-before-{migration.NEWEST}-from-{version}.sqlite")
    partial = place.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    move_synced(partial, place)

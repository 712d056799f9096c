"""A project: the photo folder, its two databases, and transactions on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any, cast

from filelock import FileLock
from sqlalchemy import Connection, Engine, Select
from sqlalchemy.orm import Session

from engine.project.failures import NOT_READ, NOT_WRITTEN, ProjectError, failure_said, opening_failure_said
from engine.project.folder import can_be_read, check_folder, default_folder, lock_folder
from engine.project.storage import cache_schema, migration
from engine.project.storage.columns import Unsound
from engine.project.storage.database import CACHE_FILE, PROJECT_FILE, open_database
from engine.project.storage.place import with_row
from engine.project.storage.schema import Base
from engine.project.storage.sound_rows import sound_rows
from engine.project.storage.structure import check_structure
from engine.wording import Sentence


class Project:
    """What is kept of one photo folder.

    Open with `Project.open`, use as a context manager or `close` it. One process writes at a time; others may open
    it with `read_only`. May be used from several threads: each call of `reading`, `writing` or `session` is a
    transaction of its own.
    """

    def __init__(self, photos: Path, folder: Path, *, engine: Engine, cache: Engine, lock: FileLock | None) -> None:
        self.photos = photos
        """The photo folder; only ever read."""
        self.folder = folder
        """Where the databases are."""
        self.read_only = lock is None
        self.left_out: dict[str, Sentence] = {}
        """What is damaged in the project and was left out when it was read, by its place."""
        self._engine, self._cache, self._lock = engine, cache, lock

    @classmethod
    def open(
        cls,
        photos: Path | str,
        folder: Path | str | None = None,
        *,
        read_only: bool = False,
        must_exist: bool = False,
    ) -> Project:
        """Open the project of a photo folder, making it where there is none.

        Args:
            photos: the photo folder.
            folder: where the project is kept; by default `default_folder(photos)`.
            read_only: leave every file as it is; the project must exist.
            must_exist: make no project where there is none.

        Raises:
            ProjectInUse: another process writes to it (open it `read_only` instead).
            ProjectNotWritable: nothing can be written there (open it `read_only` instead, if it exists).
            ProjectError: there is no such photo folder, or the project cannot be read or written.
        """
        photos = Path(photos).expanduser().absolute()
        if not can_be_read(photos):
            raise ProjectError(
                Sentence("There is no folder {photos}. Choose the folder that holds your photos.").format(photos=photos)
            )
        folder = Path(folder).expanduser().absolute() if folder is not None else default_folder(photos)
        file = folder / PROJECT_FILE
        if (read_only or must_exist) and not file.is_file():
            raise ProjectError(
                Sentence("There is no project in {folder} yet. Label the photos first.").format(folder=folder)
            )
        check_folder(folder, read_only=read_only)
        if not read_only:
            _check_cache_is_ours(folder / CACHE_FILE, has_project=file.is_file())
        lock = None if read_only else lock_folder(folder)
        try:
            with opening_failure_said(file):
                if lock is not None:
                    migration.bring_up_to_date(file)
                else:
                    migration.check_version(file)
                engine = open_database(file, durable=True, read_only=read_only)
                with closing(engine.raw_connection()) as connection:
                    check_structure(cast(sqlite3.Connection, connection.driver_connection), Base.metadata)
            with opening_failure_said(folder / CACHE_FILE):
                cache = cache_schema.open_cache(folder / CACHE_FILE, read_only=read_only)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return cls(photos, folder, engine=engine, cache=cache, lock=lock)

    def close(self) -> None:
        """Let go of the files."""
        self._engine.dispose()
        self._cache.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to `project.sqlite` that sees one state of it."""
        with (
            failure_said(self.folder / PROJECT_FILE, NOT_READ),
            self._engine.connect() as connection,
            connection.begin(),
            _row_said(connection),
        ):
            yield connection

    def rows(self, connection: Connection, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """The rows that a statement finds in `project.sqlite`; those that are damaged are left out, see `left_out`."""
        return sound_rows(connection, statement, self.leave_out)

    def leave_out(self, unsound: Unsound) -> None:
        """Keep in mind that something is damaged and was left out, for whoever tells people."""
        self.left_out.setdefault(
            unsound.place,
            Sentence(
                "{file} is damaged ({why}). That was left out; all else is there. Put back a backup copy if you have "
                "one."
            ).format(file=self.folder / PROJECT_FILE, why=unsound),
        )

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction on `project.sqlite`: all of it is kept, or nothing."""
        self._check_file_is_there()
        with _writing(self._engine, self.folder / PROJECT_FILE, self.read_only) as connection:
            yield connection

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The same as `writing`, for work on the mapped objects."""
        with self.writing() as connection, Session(connection) as session:
            yield session
            session.flush()

    @contextmanager
    def reading_cache(self) -> Iterator[Connection]:
        """A connection to `cache.sqlite` that sees one state of it."""
        with (
            failure_said(self.folder / CACHE_FILE, NOT_READ),
            self._cache.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing_cache(self) -> Iterator[Connection]:
        """A transaction on `cache.sqlite`."""
        with _writing(self._cache, self.folder / CACHE_FILE, self.read_only) as connection:
            yield connection

    @contextmanager
    def writing_files(self) -> Iterator[None]:
        """While files beside the databases are written: what keeps them from it is said as for `writing`."""
        try:
            yield
        except OSError as error:
            raise ProjectError(NOT_WRITTEN.format(folder=self.folder, why=error.strerror or error)) from error

    def compact_cache(self) -> None:
        """Give the room of what was deleted from `cache.sqlite` back to the disk, if nobody else is using it."""
        # Without room for a second copy, or while another program reads, the room is used again later.
        with suppress(sqlite3.OperationalError), closing(self._cache.raw_connection()) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def file_of(self, path: str) -> Path:
        """The file of a photo, by its path in the project.

        Raises:
            ProjectError: the path leads out of the photo folder, as only a forged project's would.
        """
        inside = PurePath(path)
        if inside.is_absolute() or inside.drive or ".." in inside.parts:
            raise ProjectError(
                Sentence("The project names a photo outside of its folder ({path}). It is not opened.").format(
                    path=path
                )
            )
        return self.photos / inside

    def check_paths(self, paths: Iterable[str]) -> None:
        """Raise ProjectError where one of many photos' paths leads out of the photo folder, as `file_of` does."""
        for path in paths:
            # Most need no closer look, which for a hundred thousand takes a second.
            if ".." in path or ":" in path or path.startswith(("/", "\\")):
                self.file_of(path)

    def _check_file_is_there(self) -> None:
        # SQLite would go on writing to a file that was deleted, and all of it would be lost with the last connection.
        file = self.folder / PROJECT_FILE
        if not file.exists():
            raise ProjectError(
                Sentence(
                    "{file} was deleted or moved while it was open. Nothing more is written: close the project, put "
                    "the file back, and open it again."
                ).format(file=file)
            )

    def check_photos_are_there(self) -> None:
        """Raise ProjectError where the photo folder is gone, e.g. with its drive, or can no longer be read."""
        if not can_be_read(self.photos):
            raise ProjectError(
                Sentence(
                    "The photo folder {photos} is not there. Is its drive connected? "
                    "Nothing was changed; the labels are kept."
                ).format(photos=self.photos)
            )


def _check_cache_is_ours(cache: Path, *, has_project: bool) -> None:
    with opening_failure_said(cache):
        if not cache_schema.is_anothers(cache, has_project=has_project):
            return
    raise ProjectError(
        Sentence(
            "{file} was not made by this program, which keeps a file of that name in its project folder. Choose "
            "another folder for the project."
        ).format(file=cache)
    )


@contextmanager
def _writing(engine: Engine, file: Path, read_only: bool) -> Iterator[Connection]:
    if read_only:
        raise ProjectError(
            Sentence(
                "This project is open for reading only, because another window or command writes to it, or nobody may "
                "write to its folder."
            )
        )
    with (
        failure_said(file, NOT_WRITTEN),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
        _row_said(connection),
    ):
        yield connection


@contextmanager
def _row_said(connection: Connection) -> Iterator[None]:
    """Where a value is no good, say in which row it is."""
    try:
        yield
    except Unsound as unsound:
        raise with_row(connection, unsound) from unsound

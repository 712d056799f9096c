"""A project: the photo folder, where its databases are, and the right to write to them."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePath

from filelock import FileLock, Timeout
from platformdirs import user_data_path
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from engine.errors import UserError
from engine.project.storage import cache_schema, migration
from engine.project.storage.database import is_damage, open_database
from engine.wording import Sentence

PROJECT_FOLDER = ".cdul"
PROJECT_FILE, CACHE_FILE = "project.sqlite", "cache.sqlite"


class ProjectError(UserError):
    """A project cannot be opened or written; the message says why and what to do."""


class ProjectInUse(ProjectError):
    """Another process has the project open for writing."""


class ProjectNotWritable(ProjectError):
    """Nothing can be written where the project is."""


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
        if not _can_be_read(photos):
            raise ProjectError(
                Sentence("There is no folder {photos}. Choose the folder that holds your photos.").format(photos=photos)
            )
        folder = Path(folder).expanduser().absolute() if folder is not None else default_folder(photos)
        file = folder / PROJECT_FILE
        if (read_only or must_exist) and not file.is_file():
            raise ProjectError(
                Sentence("There is no project in {folder} yet. Label the photos first.").format(folder=folder)
            )
        if not read_only:
            _check_no_link_leads_out(folder)
        lock = None if read_only else _lock(folder)
        try:
            with _opening_failure_said(file):
                if lock is not None:
                    migration.bring_up_to_date(file)
                else:
                    migration.check_version(file)
                engine = open_database(file, durable=True, read_only=read_only)
            with _opening_failure_said(folder / CACHE_FILE):
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
            _failure_said(self.folder / PROJECT_FILE, _NOT_READ),
            self._engine.connect() as connection,
            connection.begin(),
        ):
            yield connection

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
            _failure_said(self.folder / CACHE_FILE, _NOT_READ),
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
            raise ProjectError(_NOT_WRITTEN.format(folder=self.folder, why=error.strerror or error)) from error

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
        if not _can_be_read(self.photos):
            raise ProjectError(
                Sentence(
                    "The photo folder {photos} is not there. Is its drive connected? "
                    "Nothing was changed; the labels are kept."
                ).format(photos=self.photos)
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
        _failure_said(file, _NOT_WRITTEN),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


_NOT_OPENED = Sentence(
    "The project in {folder} cannot be opened ({why}). Check that the disk has room, the folder is still there and no "
    "other program holds its files; what is in them is unharmed."
)
_NOT_READ = Sentence(
    "Nothing could be read from {folder} ({why}). Check that the folder is still there and no other program holds its "
    "files; what is in them is unharmed."
)
_NOT_WRITTEN = Sentence(
    "Nothing could be written to {folder} ({why}). Check that the disk has room and the folder is still there; what "
    "was there before is unharmed."
)


@contextmanager
def _failure_said(file: Path, otherwise: Sentence) -> Iterator[None]:
    """Say what is the matter with a database: that its file is damaged, or `otherwise` what is in the way."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        why = error.orig if isinstance(error, DatabaseError) else error
        if isinstance(why, sqlite3.Error) and is_damage(why):
            way_out = (
                Sentence("Delete it: it is made again.")
                if file.name == CACHE_FILE
                else Sentence("Put back a backup copy, or move it away to begin anew.")
            )
            raise ProjectError(
                Sentence("{file} is damaged ({why}). {way_out}").format(file=file, why=why, way_out=way_out)
            ) from error
        if not isinstance(why, sqlite3.OperationalError):
            raise
        raise ProjectError(otherwise.format(folder=file.parent, why=why)) from error


@contextmanager
def _opening_failure_said(file: Path) -> Iterator[None]:
    try:
        with _failure_said(file, _NOT_OPENED):
            yield
    except OSError as error:
        raise ProjectError(_NOT_OPENED.format(folder=file.parent, why=error.strerror)) from error


def default_folder(photos: Path) -> Path:
    """`PHOTOS/.cdul` where the photo folder can be written, else a folder of its own in the user's data folder."""
    beside = photos / PROJECT_FOLDER
    if beside.is_dir() or _can_write(photos):
        return beside
    digest = hashlib.blake2b(os.fsencode(photos), digest_size=6).hexdigest()
    return user_data_path("cdul", appauthor=False) / "projects" / f"{photos.name}-{digest}"


def current_user() -> str:
    """Who decides: the name of the person at the machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def _can_be_read(photos: Path) -> bool:
    """Whether there is such a folder; ProjectError if there is, but nobody may look into it."""
    try:
        with os.scandir(photos) as entries:
            next(entries, None)
        # A folder may be listed and yet not be entered.
        photos.joinpath(PROJECT_FOLDER).exists()
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ProjectError(
            Sentence(
                "The folder {photos} cannot be read ({why}). Give yourself the right to read it, or choose another one."
            ).format(photos=photos, why=error.strerror)
        ) from error


def _can_write(folder: Path) -> bool:
    # Permission bits do not tell for administrators and network drives; trying does.
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_WRITTEN = re.compile(r".*\.sqlite.*|writer\.lock|similarities-.*|training|classifiers")
"""What is written in a project's folder."""


def _check_no_link_leads_out(folder: Path) -> None:
    """Raise ProjectError for a link by which a stranger's project would have files elsewhere written."""
    inside = folder.resolve()
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        ours = [Path(entry) for entry in entries if _WRITTEN.fullmatch(entry.name)]
        for file in (below for one in ours for below in (one, *one.rglob("*"))):
            if file.is_symlink() and not file.resolve().is_relative_to(inside):
                raise ProjectError(
                    Sentence(
                        "{link} is a link that leads out of the project, where nothing is written. Put what it leads "
                        "to in its place."
                    ).format(link=file)
                )


def _lock(folder: Path) -> FileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "writer.lock", thread_local=False, is_singleton=False)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ProjectInUse(
            Sentence(
                "The project in {folder} is open in another window or command. Close that one, or open it for reading "
                "only."
            ).format(folder=folder)
        ) from error
    except OSError as error:
        raise ProjectNotWritable(
            Sentence(
                "The project folder {folder} cannot be written ({why}). Choose another place for the project, or free "
                "some room."
            ).format(folder=folder, why=error.strerror)
        ) from error
    return lock

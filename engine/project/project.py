"""A project: the photo folder, the two databases, and transactions on them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path, PurePath
from typing import Any

from sqlalchemy import URL, Connection, Engine, Select, select
from sqlalchemy.orm import Session

from engine.errors import UserError
from engine.person import be_by_default
from engine.project.failures import PhotosNotThere, ProjectError
from engine.project.folder import CACHE_FILE, PROJECT_FILE, can_be_read, check_folder, default_folder, opening_lock
from engine.project.storage import cache_schema, sqlite
from engine.project.storage.address import Place, folder_of, place_of
from engine.project.storage.columns import Unsound
from engine.project.storage.database import Database, Doing, Wait
from engine.project.storage.place import with_row
from engine.project.storage.schema import Base, Photo, Setting
from engine.project.storage.sound_rows import sound_rows
from engine.project.storage.sqlite_project import SqliteProject
from engine.remote import AnyFile, AnyFolder, RemoteFolder, folder_at
from engine.synced import make_folder
from engine.wording import Sentence


class Project:
    """What is kept of one photo folder.

    Open with `Project.open`, use as a context manager or `close` it. To a project in a folder one process writes at a
    time, others may open it with `read_only`; to one on a server many write. May be used from several threads: each
    call of `reading`, `writing` or `session` is a transaction of its own.
    """

    def __init__(self, photos: AnyFolder, database: Database, cache: Engine) -> None:
        self.photos = photos
        """The photo folder, on this computer or in a store; only ever read."""
        self.folder = database.folder
        """Where the cache and all other files of the project are."""
        self.place = database.place
        """What opens it again beside the photos' folder: a folder, or an address."""
        self.name = str(self.place) if isinstance(self.place, Path) else database.name
        """Its place, for people: without a password."""
        self.read_only = database.read_only
        self.others_write = database.others_write
        """Whether other programs may write to it while it is open here."""
        self.lists_photos = database.lists_photos
        """Whether who opened it may say which photos there are; who only reviews on a server may not."""
        self.left_out: dict[str, Sentence] = {}
        """What is damaged in the project and was left out when it was read, by its place."""
        self._database, self._cache = database, cache

    @classmethod
    def open(
        cls,
        photos: AnyFolder | str,
        place: Place | str | None = None,
        *,
        read_only: bool = False,
        must_exist: bool = False,
    ) -> Project:
        """Open the project of a photo folder, making it where there is none.

        Args:
            photos: the photo folder, or its address in a store, such as s3://bucket/photos.
            place: where the project is kept: a folder, by default `default_folder(photos)`, or a database on a server.
            read_only: leave every file as it is; the project must exist.
            must_exist: make no project where there is none.

        Raises:
            ProjectInUse: another process writes to it (open it `read_only` instead).
            ProjectNotWritable: nothing can be written there (open it `read_only` instead, if it exists).
            ProjectError: there is no such photo folder, or the project cannot be read or written.
        """
        photos = folder_at(photos)
        if not can_be_read(photos):
            raise ProjectError(
                Sentence("There is no folder {photos}. Choose the folder that holds your photos.").format(photos=photos)
            )
        place = default_folder(photos) if place is None else place_of(place)
        database = open_database(place, read_only=read_only, must_exist=must_exist)
        folder = database.folder
        try:
            # Of a project on a server several programs of one person may make the cache at once.
            alone = nullcontext() if isinstance(place, Path) else opening_lock(folder)
            with sqlite.failure_said(folder / CACHE_FILE, Doing.OPENING), alone:
                cache = cache_schema.open_cache(folder / CACHE_FILE, read_only=read_only)
        except BaseException:
            database.close()
            raise
        be_by_default(database.person)
        return cls(photos, database, cache)

    def close(self) -> None:
        """Let go of the files."""
        self._cache.dispose()
        self._database.close()

    def leave_nothing(self) -> None:
        """Have the project go once it is closed, if opening it made it and it says nothing but which photos there are.

        For work that was refused, which is to leave no trace.
        """
        if not self._database.is_new:
            return
        said = [table for table in Base.metadata.sorted_tables if table not in (Photo.__table__, Setting.__table__)]
        with self.reading() as connection:
            self._database.goes = not any(connection.execute(select(table).limit(1)).first() for table in said)

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the project's database that sees one state of it."""
        with self._database.reading() as connection, self._row_said(connection):
            yield connection

    def rows(self, connection: Connection, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """The rows that a statement finds in the database; those that are damaged are left out, see `left_out`."""
        return sound_rows(connection, statement, self.leave_out)

    def leave_out(self, unsound: Unsound) -> None:
        """Keep in mind that something is damaged and was left out, for whoever tells people."""
        self.left_out.setdefault(
            unsound.place,
            Sentence(
                "{file} is damaged ({why}). That was left out; all else is there. Put back a backup copy if you have "
                "one."
            ).format(file=self._database.name, why=unsound),
        )

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction on the project's database: all of it is kept, or nothing."""
        self._check_may_write()
        with self._database.writing() as connection, self._row_said(connection):
            yield connection

    def changes_of_others(self) -> AbstractContextManager[Wait]:
        """Learn of what other programs write to the project, from now on."""
        return self._database.changes_of_others()

    def working(self) -> AbstractContextManager[None]:
        """While long work writes runs: no other program does, where several may write.

        Raises:
            ProjectInUse: another one does.
        """
        return self._database.alone()

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
            sqlite.failure_said(self.folder / CACHE_FILE, Doing.READING),
            self._cache.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing_cache(self) -> Iterator[Connection]:
        """A transaction on `cache.sqlite`."""
        self._check_may_write()
        with (
            sqlite.failure_said(self.folder / CACHE_FILE, Doing.WRITING),
            self._cache.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing_files(self) -> Iterator[None]:
        """While files beside the cache are written: what keeps them from it is said as for `writing`."""
        try:
            yield
        except OSError as error:
            raise sqlite.not_done(Doing.WRITING, self.folder / CACHE_FILE, error.strerror or error) from error

    def compact_cache(self) -> None:
        """Give the room of what was deleted from `cache.sqlite` back to the disk, if nobody else is using it."""
        sqlite.compact(self._cache)

    def file_of(self, path: str) -> AnyFile:
        """The file of a photo, by its path in the project.

        Raises:
            ProjectError: the path leads out of the photo folder, as only a forged project's would.
        """
        return self.photos / self._inside(path)

    def file_on_disk(self, path: str) -> Path:
        """The same, for what can be done with a file of this computer alone; see `folder_on_disk`."""
        return self.folder_on_disk() / self._inside(path)

    def _inside(self, path: str) -> PurePath:
        inside = PurePath(path)
        if inside.is_absolute() or inside.drive or ".." in inside.parts:
            raise ProjectError(
                Sentence("The project names a photo outside of its folder ({path}). It is not opened.").format(
                    path=path
                )
            )
        return inside

    def folder_on_disk(self) -> Path:
        """The photo folder, for what can be done on this computer alone; UserError where the photos are in a store."""
        if isinstance(self.photos, RemoteFolder):
            raise UserError(
                Sentence("The photos are in {photos}. That can be done with photos in a folder alone.").format(
                    photos=self.photos
                )
            )
        return self.photos

    def check_paths(self, paths: Iterable[str]) -> None:
        """Raise ProjectError where one of many photos' paths leads out of the photo folder, as `file_of` does."""
        for path in paths:
            # Most need no closer look, which for a hundred thousand takes a second.
            if ".." in path or ":" in path or path.startswith(("/", "\\")):
                self.file_of(path)

    def check_photos_are_there(self) -> None:
        """Raise PhotosNotThere where the photo folder is gone, e.g. with its drive, or can no longer be read."""
        try:
            there = can_be_read(self.photos)
        except ProjectError as error:
            raise PhotosNotThere(error.sentence) from error
        if not there:
            raise PhotosNotThere(
                Sentence(
                    "The photo folder {photos} is not there. Is its drive connected? "
                    "Nothing was changed; the labels are kept."
                ).format(photos=self.photos)
            )

    @contextmanager
    def _row_said(self, connection: Connection) -> Iterator[None]:
        """Where a value is no good, say in which row it is."""
        try:
            yield
        except Unsound as unsound:
            raise with_row(connection, unsound) from unsound

    def _check_may_write(self) -> None:
        if self.read_only:
            raise ProjectError(self._database.only_to_read)


def open_database(place: Place, *, read_only: bool, must_exist: bool) -> Database:
    """Open what a project keeps for good, as `Project.open` does."""
    if isinstance(place, Path):
        # Path's own fails where `~` is of nobody here.
        folder = Path(os.path.expanduser(place)).absolute()  # noqa: PTH111
        return _open_folder(folder, read_only=read_only, must_exist=must_exist)
    return _open_server(place, read_only=read_only, must_exist=must_exist)


def _open_folder(folder: Path, *, read_only: bool, must_exist: bool) -> Database:
    file = folder / PROJECT_FILE
    if (read_only or must_exist) and not file.is_file():
        raise ProjectError(
            Sentence("There is no project in {folder} yet. Label the photos first.").format(folder=folder)
        )
    check_folder(folder, read_only=read_only)
    if not read_only:
        _check_cache_is_ours(folder / CACHE_FILE, has_project=file.is_file())
    return SqliteProject.open(folder, read_only=read_only)


def _open_server(url: URL, *, read_only: bool, must_exist: bool) -> Database:
    from engine.project.storage.postgresql import PostgresqlProject

    folder = folder_of(url)
    check_folder(folder, read_only=False)
    database = PostgresqlProject.open(url, folder, read_only=read_only, must_exist=must_exist)
    try:
        make_folder(folder)
    except OSError as error:
        database.close()
        raise sqlite.not_done(Doing.OPENING, folder / CACHE_FILE, error.strerror) from error
    return database


def _check_cache_is_ours(cache: Path, *, has_project: bool) -> None:
    with sqlite.failure_said(cache, Doing.OPENING):
        if not cache_schema.is_anothers(cache, has_project=has_project):
            return
    raise ProjectError(
        Sentence(
            "{file} was not made by this program, which keeps a file of that name in its project folder. Choose "
            "another folder for the project."
        ).format(file=cache)
    )

"""A project in a PostgreSQL database on a server, which many people write to at once.

Each writing transaction takes one lock first and sees what is in force from there on, so that the history has one order
whoever writes; readers see one state and wait for nobody.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from engine.errors import UserError
from engine.person import user_of_the_system
from engine.project.failures import ProjectError, ProjectInUse, ProjectNotWritable
from engine.project.storage import migration
from engine.project.storage.address import name_of
from engine.project.storage.columns import Unsound
from engine.project.storage.database import Database, Doing, Wait
from engine.project.storage.schema import Base
from engine.wording import Sentence

PATIENCE = 15.0
"""Seconds that another's writing is waited for."""

for _table in Base.metadata.tables.values():
    for _index in _table.indexes:
        if (_where := _index.dialect_options["sqlite"]["where"]) is not None:
            # Told where the tables are named, it would open all of SQLAlchemy's PostgreSQL for every project.
            _index.dialect_options["postgresql"]["where"] = _where

_CHANNEL = "cdul"
"""Where it is said that a transaction changed something, and by whom."""

_CONNECTING = 10
"""Seconds that a server may take to answer."""

_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds without a word until the other side is asked whether it is still there, between two askings, and how often:
who is gone is found out within a minute, by both sides, and nobody waits for the lock of a machine that lost its power.
"""

_LOCK, _ALONE = int.from_bytes(b"CDUL"), int.from_bytes(b"CDULjob")
"""Of writing transactions, and of long work that only one program at a time may do."""


class PostgresqlProject(Database):
    """One database of a server holds one project."""

    others_write = True
    only_to_read = Sentence(
        "This project is open for reading only. Ask whoever looks after its database to let you write."
    )
    to_read: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def __init__(self, url: URL, folder: Path, *, read_only: bool) -> None:
        self.place, self.name, self.folder, self.read_only = url, name_of(url), folder, read_only
        self.engine = _engine(url)
        self.person = url.username or ""
        self.sender = secrets.token_hex(8)
        """Who changed something, to tell own changes from those of others."""
        self._url = url

    @classmethod
    def open(cls, url: URL, folder: Path, *, read_only: bool, must_exist: bool) -> PostgresqlProject:
        """Open the project in a database; to write, make its tables or bring them up to date.

        Args:
            folder: for all that is kept on this machine.
            must_exist: make none where there is none.

        Raises:
            ProjectNotWritable: the role may only read.
            NewerProject: a newer program wrote it.
            ProjectError: the server is out of reach, lets nobody in, has no such database, or another program's.
        """
        opened = cls(url, folder, read_only=read_only)
        try:
            with opened.failure_said(Doing.OPENING):
                opened._prepare(make=not (read_only or must_exist))
        except BaseException:
            opened.close()
            raise
        return opened

    def _prepare(self, *, make: bool) -> None:
        with self.engine.connect() as connection:
            encoding, role = connection.exec_driver_sql("SELECT current_setting('server_encoding'), session_user").one()
            self.person = role
            version = self._version(connection)
            may_write = True
            if version is not None:
                may_write, self.lists_photos = connection.exec_driver_sql(
                    "SELECT has_table_privilege('edit', 'INSERT') AND NOT pg_is_in_recovery(), "
                    "has_table_privilege('photo', 'INSERT')"
                ).one()
        if encoding != "UTF8":
            raise ProjectError(
                Sentence(
                    "The database {name} keeps texts as {encoding}, which not every name fits into. Have it made with "
                    "UTF8: createdb -E UTF8 -T template0 NAME."
                ).format(name=self.name, encoding=encoding)
            )
        if version is None and not make:
            raise ProjectError(
                Sentence("There is no project in {folder} yet. Label the photos first.").format(folder=self.name)
            )
        if self.read_only:
            migration.check_newest(self.name, version)
            return
        if not may_write:
            raise ProjectNotWritable(
                Sentence(
                    "The role {role} may only look at {name}. Ask whoever looks after it to let you write."
                ).format(role=role, name=self.name)
            )
        if version != migration.NEWEST:
            self._bring_up_to_date()

    def _version(self, connection: Connection) -> str | None:
        # Asked of the catalogue: what PostgreSQL keeps in mind of names may be older than the lock that was waited for.
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if tables:
                raise UserError(
                    Sentence("{file} is a database, but not of this program. Choose another database.").format(
                        file=self.name
                    )
                )
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").one_or_none()
        return None if row is None else migration.check_version(row[0])

    def _bring_up_to_date(self) -> None:
        """All or nothing, as changes of tables are part of a transaction here; backups are the server's affair."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            # Somebody else may have done it while the lock was waited for.
            version = self._version(connection)
            migration.check_known(self.name, version)
            if version is None:
                migration.make_newest(connection)
            elif version != migration.NEWEST:
                migration.migrate(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
            # Told to whoever listens once all of it is kept, and only if anything is.
            connection.exec_driver_sql(
                "SELECT pg_notify(%s, %s) WHERE pg_current_xact_id_if_assigned() IS NOT NULL", (_CHANNEL, self.sender)
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self.failure_said(Doing.WRITING), self.engine.connect() as connection:
            # Of the connection, not of a transaction: the work has many. It ends with the program, however that ends.
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_ALONE})").scalar_one():
                raise ProjectInUse(
                    Sentence(
                        "Somebody else labels or trains in {name} just now. Wait until that is done; meanwhile "
                        "answers can be given."
                    ).format(name=self.name)
                )
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_ALONE})")

    @contextmanager
    def changes_of_others(self) -> Iterator[Wait]:
        with self.failure_said(Doing.READING), self.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(f"LISTEN {_CHANNEL}")
            driver: Any = connection.connection.driver_connection
            # What was listened to is not to be told to whoever has the connection next.
            connection.detach()

            def wait(seconds: float) -> bool:
                heard = driver.notifies(timeout=seconds, stop_after=1)
                return any(one.payload != self.sender for one in heard)

            yield wait

    def rows_were_put(self, connection: Connection) -> None:
        # So that the next ids follow on those that are there.
        for table in Base.metadata.sorted_tables:
            if (ids := table.autoincrement_column) is not None:
                quoted = connection.dialect.identifier_preparer.quote(table.name)
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), max({ids.name})) FROM {quoted} "  # noqa: S608 (ours)
                    f"HAVING max({ids.name}) IS NOT NULL",
                    (quoted, ids.name),
                )

    def check_is_there(self) -> None:
        """Whether the server is there is known once it is asked."""

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def failure_said(self, doing: Doing) -> Iterator[None]:
        try:
            yield
        except Unsound as error:
            raise self._damaged(error) from error
        except DBAPIError as error:
            raise self._said(error, doing) from error

    def _said(self, error: DBAPIError, doing: Doing) -> Exception:
        from psycopg import errors

        why, reason = error.orig, _reason(error, self._url)
        if isinstance(why, errors.InsufficientPrivilege | errors.InvalidSchemaName):
            return ProjectNotWritable(_not_allowed(reason).format(role=self.person, name=self.name, why=reason))
        if isinstance(why, errors.ReadOnlySqlTransaction):
            return ProjectNotWritable(_COPY.format(name=self.name))
        if isinstance(why, errors.LockNotAvailable):
            return ProjectError(_BUSY.format(name=self.name, seconds=PATIENCE))
        if isinstance(why, errors.DataError | errors.IntegrityError | errors.UndefinedTable | errors.UndefinedColumn):
            return self._damaged(reason)
        if doing is Doing.OPENING and isinstance(why, errors.Error) and why.sqlstate is None:
            return ProjectError(_why_not_in(reason).format(name=self.name, why=reason, **_parts(self._url)))
        if isinstance(why, errors.OperationalError):
            return ProjectError(_FAILED[doing].format(name=self.name, why=reason))
        return error

    def _damaged(self, why: object) -> ProjectError:
        return ProjectError(
            Sentence(
                "{file} is damaged ({why}). Have a backup put back, or give the project a database of its own."
            ).format(file=self.name, why=why)
        )


_FAILED = {
    Doing.OPENING: Sentence("The project {name} cannot be opened ({why}). What is in it is unharmed; try again later."),
    Doing.READING: Sentence(
        "Nothing could be read from {name} ({why}). Check that its server runs and your network is there; what is in "
        "it is unharmed."
    ),
    Doing.WRITING: Sentence(
        "Nothing could be written to {name} ({why}). Check that its server runs and your network is there; what was "
        "there before is unharmed."
    ),
}
_NOT_ALLOWED = Sentence(
    "The role {role} may not do this in {name} ({why}). Ask whoever looks after the database for the right to."
)
_LABELS_ARE_FIXED = Sentence(
    "The role {role} may answer in {name}, but not change the label set ({why}). Ask whoever looks after the database "
    "for the right to."
)
_LABELLING_IS_ANOTHERS = Sentence(
    "The role {role} may answer in {name}, but not label or train ({why}). Ask whoever looks after the database for "
    "the right to."
)
_COPY = Sentence("{name} is a copy that can only be looked at. Name the server that it is copied from.")
_BUSY = Sentence("Somebody else has been writing to {name} for more than {seconds:.0f} seconds. Try again.")
_REFUSALS = {
    "password authentication failed": Sentence(
        "The server refused the password of {role} for {name}. Put the right one into the file ~/.pgpass or the "
        "variable PGPASSWORD."
    ),
    "no password supplied": Sentence(
        "The server wants a password of {role} for {name}. Put it into the file ~/.pgpass or the variable PGPASSWORD."
    ),
    r'database ".*" does not exist': Sentence(
        "The server has no database {database}. Have it made: createdb {database}"
    ),
    r'role ".*" does not exist': Sentence(
        "The server knows no role {role}. Name one of its roles: postgresql://ROLE@HOST/{database}"
    ),
    r"database system is (starting up|shutting down|in recovery mode|not yet accepting connections)": Sentence(
        "The server of {name} is just starting or stopping. Try again in a minute."
    ),
}
"""By what a server says of it."""
_REFUSED = Sentence("The server does not let you into {name} ({why}). Ask whoever looks after it.")
_OUT_OF_REACH = Sentence(
    "The server of {name} cannot be reached ({why}). Check the address, that the server runs, and your network."
)


def _not_allowed(reason: str) -> Sentence:
    """What is said where a role may look, but not do what was wished."""
    table = re.search(r"for (?:table|sequence) (\w+?)(?:_id_seq)?$", reason)
    if table and table[1] == "label":
        return _LABELS_ARE_FIXED
    if table and table[1] in ("run", "score"):
        return _LABELLING_IS_ANOTHERS
    return _NOT_ALLOWED


def _why_not_in(reason: str) -> Sentence:
    """What is said where no connection was made. A server that answers says how grave it is first."""
    for said, sentence in _REFUSALS.items():
        if re.search(said, reason):
            return sentence
    return _REFUSED if reason.isupper() or "FATAL" in reason else _OUT_OF_REACH


def _reason(error: DBAPIError, url: URL) -> str:
    """What the driver says, in one line and without a password."""
    said = str(error.orig).strip() or type(error.orig).__name__
    # Of where it was tried, and what else it could be, people are told in words of our own.
    said = " ".join(said.splitlines()[0].split()).rpartition(" failed: ")[2]
    for secret in (url.password, url.query.get("password")):
        if secret:
            said = said.replace(str(secret), "***")
    return said.rstrip(".")


def _parts(url: URL) -> dict[str, object]:
    return {"database": url.database, "role": url.username or os.environ.get("PGUSER") or user_of_the_system()}


def _engine(url: URL) -> Engine:
    try:
        from psycopg import Connection as DriverConnection
        from psycopg import Cursor
        from psycopg.pq import Format
    except ImportError as error:
        raise ProjectError(
            Sentence(
                "Projects on a server need psycopg, which is not installed. Install it with: pip install 'cdul[server]'"
            )
        ) from error

    # What fails is told in words of our own, see `_said`.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)

    class BinaryCursor(Cursor[Any]):
        """Values as the server has them, not as text: scores in half of the bytes, dates that need no reading."""

        def __init__(self, connection: DriverConnection[Any], **more: Any) -> None:
            super().__init__(connection, **more)
            self.format = Format.BINARY

    engine = create_engine(
        url,
        connect_args={
            "connect_timeout": _CONNECTING,
            **_ALIVE,
            "application_name": "cdul",
            "cursor_factory": BinaryCursor,
        },
        pool_pre_ping=True,
        use_native_hstore=False,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.autocommit = True
        settings = {"lock_timeout": PATIENCE * 1000, **{f"tcp_{name}": value for name, value in _ALIVE.items()}}
        for name, value in settings.items():
            connection.execute(f"SET {name} = {value:.0f}")
        connection.autocommit = False

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine

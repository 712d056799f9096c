"""Bringing a project file of an older version up to date, after a backup copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

from engine.errors import UserError
from engine.project.storage.columns import Unsound
from engine.project.storage.database import PATIENCE, open_database, read_only_address
from engine.project.storage.schema import Base
from engine.project.storage.structure import check_structure
from engine.synced import move_synced
from engine.wording import Sentence

NEWEST = "0006"
"""The newest revision in `migrations/versions`."""


_LONGEST = 32
"""Characters of the name of a version."""

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(_LONGEST), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Where Alembic looks for a project's version."""


class NewerProject(UserError):
    """The project file was written by a newer version of the program."""


def check_version(file: Path) -> None:
    """Raise unless the file is of the newest version (for reading without migrating)."""
    version = _version(file, read_only=True)
    if version != NEWEST:
        _refuse_newer(file, version)
        raise UserError(
            Sentence(
                "The project {file} is of an older version. Open it once for writing to bring it up to date."
            ).format(file=file)
        )


def bring_up_to_date(file: Path) -> None:
    """Create the file or migrate it to the newest version; before a migration a copy is kept beside it.

    Raises:
        NewerProject: the file is of a version that this program does not know.
    """
    version = _version(file)
    if version == NEWEST:
        return
    _refuse_newer(file, version)
    if version is not None:
        _back_up(file, version)

    engine = open_database(file, durable=True)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if version is None:
                _make_newest(connection)
            else:
                _migrate(connection)
    finally:
        engine.dispose()


def _make_newest(connection: Connection) -> None:
    """The tables of the newest version, which the migrations lead to as well."""
    Base.metadata.create_all(connection)
    _VERSION.metadata.create_all(connection)
    connection.execute(_VERSION.insert().values(version_num=NEWEST))


def _migrate(connection: Connection) -> None:
    # Alembic is imported only when there is something to migrate: it costs more than opening a project.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known_versions() -> set[str]:
    return {file.name.partition("_")[0] for file in (Path(__file__).parent / "migrations" / "versions").glob("0*.py")}


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
    if row is not None and not (isinstance(row[0], str) and len(row[0]) <= _LONGEST):
        raise Unsound("alembic_version.version_num", "the name of a version", row[0])
    return row[0] if row else None


def _refuse_newer(file: Path, version: str | None) -> None:
    if version is not None and version not in _known_versions():
        raise NewerProject(
            Sentence(
                "The project {file} was written by a newer version of CDUL (its format is {version}, this program "
                "knows up to {newest}). Update CDUL to open it; the file was left as it is."
            ).format(file=file, version=version, newest=NEWEST)
        )


def _back_up(file: Path, version: str) -> None:
    # SQLite's own backup takes what is still in the write-ahead log along; a copy of the file would not.
    place = file.with_name(f"{file.stem}-before-{NEWEST}-from-{version}.sqlite")
    partial = place.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    move_synced(partial, place)

"""The versions of a project's tables: making the newest, and bringing older ones up to date."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

from engine.errors import UserError
from engine.project.storage.columns import Unsound
from engine.project.storage.schema import Base
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


def check_known(name: str, version: str | None) -> None:
    """Raise NewerProject where a project is of a version that this program does not know."""
    if version is not None and version not in _known_versions():
        raise NewerProject(
            Sentence(
                "The project {file} was written by a newer version of CDUL (its format is {version}, this program "
                "knows up to {newest}). Update CDUL to open it; it was left as it is."
            ).format(file=name, version=version, newest=NEWEST)
        )


def check_newest(name: str, version: str | None) -> None:
    """Raise unless a project is of the newest version (for reading without migrating)."""
    if version != NEWEST:
        check_known(name, version)
        raise UserError(
            Sentence(
                "The project {file} is of an older version. Open it once for writing to bring it up to date."
            ).format(file=name)
        )


def check_version(version: object) -> str:
    """A version as it was read.

    Raises:
        Unsound: it is none.
    """
    if not (isinstance(version, str) and len(version) <= _LONGEST):
        raise Unsound("alembic_version.version_num", "the name of a version", version)
    return version


def make_newest(connection: Connection) -> None:
    """The tables of the newest version, which the migrations lead to as well."""
    Base.metadata.create_all(connection)
    _VERSION.metadata.create_all(connection)
    connection.execute(_VERSION.insert().values(version_num=NEWEST))


def migrate(connection: Connection) -> None:
    """Bring the tables of an older version up to date."""
    # Alembic is imported only when there is something to migrate: it costs more than opening a project.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _known_versions() -> set[str]:
    return {file.name.partition("_")[0] for file in (Path(__file__).parent / "migrations" / "versions").glob("0*.py")}

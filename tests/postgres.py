"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket there, gone with them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_DATABASE = "photos"
_UNPRIVILEGED = "postgres"
"""Whom the server runs as where the tests are run by the administrator, as whom it refuses to."""


def why_none() -> str | None:
    """Why no server can be started here; None where one can."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed (pip install 'cdul[server]')"
    if sys.platform == "win32" or _programs() is None:
        return "PostgreSQL is not installed (apt-get install postgresql)"
    if os.geteuid() == 0 and not _is_user(_UNPRIVILEGED):
        return f"PostgreSQL refuses to run as the administrator, and there is no user {_UNPRIVILEGED}"
    return None


def _is_user(name: str) -> bool:
    import pwd

    return any(one.pw_name == name for one in pwd.getpwall())


def _programs() -> Path | None:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


class Server:
    """A server that is running; its administrator needs no password."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self._programs = folder, programs

    def address(self, database: str, role: str = "cdul", password: str = "") -> str:
        """Where a database is, as a person types it."""
        who = f"{role}:{password}" if password else role
        return f"postgresql://{who}@/{database}?host={self.folder}"

    def empty_database(self) -> str:
        """The name of a database without tables, the same each time; its sorting is not that of code points."""
        anew = [
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public AUTHORIZATION cdul",
            "GRANT USAGE ON SCHEMA public TO public",
        ]
        self.sql(*anew, database=_DATABASE)
        return _DATABASE

    def sql(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Do something as the administrator; the rows of the last statement."""
        import psycopg

        address = f"host={self.folder} dbname={database} user=admin"
        rows: list[tuple[object, ...]] = []
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                found = connection.execute(statement)  # type: ignore[call-overload]
                rows = found.fetchall() if found.description else []
        return rows

    def stop(self) -> None:
        """As when the machine goes down: connections break."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=40"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-w", "-o", options, "start")

    def make(self) -> None:
        """A cluster with a role `cdul` that owns databases."""
        sorting = ["--locale-provider=icu", "--icu-locale=en"]
        made = ["initdb", "-D", str(self.folder / "data"), "-U", "admin", "-A", "trust", "-N", "-E", "UTF8"]
        try:
            self._run(*made, "--locale=C", *sorting)
        except subprocess.CalledProcessError:  # before PostgreSQL 15
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            self._run(*made)
        self.start()
        self.sql("CREATE ROLE cdul LOGIN", f"CREATE DATABASE {_DATABASE} OWNER cdul")

    def _run(self, program: str, *arguments: str) -> None:
        who = {"user": _UNPRIVILEGED, "group": _UNPRIVILEGED, "extra_groups": ()} if os.geteuid() == 0 else {}
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=self.folder,
            **who,  # type: ignore[arg-type]
        )


@contextmanager
def let_in_by_the_guide(server: Server, name: str) -> Iterator[str]:
    """The address of the project on a server for a role of the guide: `ben`, who may label, or `cora`, who reviews."""
    guide = (Path(__file__).parents[1] / "docs" / "guide" / "server.md").read_text("utf-8")
    server.sql(f"CREATE ROLE {name} LOGIN")
    server.sql(*re.findall(rf'psql photos -c "(GRANT .* TO {name})"', guide), database=_DATABASE)
    try:
        yield server.address(_DATABASE, name)
    finally:
        server.sql(f"DROP OWNED BY {name}", database=_DATABASE)
        server.sql(f"DROP ROLE {name}")


@contextmanager
def running_server() -> Iterator[Server]:
    """A new server, in a folder whose name is short enough for a socket."""
    programs = _programs()
    assert programs is not None
    in_memory = Path("/dev/shm")  # noqa: S108 (a folder of our own is made there)
    folder = Path(tempfile.mkdtemp(prefix="cdulpg", dir=in_memory if in_memory.is_dir() else None))
    if os.geteuid() == 0:
        shutil.chown(folder, _UNPRIVILEGED, _UNPRIVILEGED)
    folder.chmod(0o755)  # the socket is for whoever runs the tests
    server = Server(folder, programs)
    try:
        server.make()
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)

"""Project files of every version become one of the newest."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.errors import UserError
from engine.project import Project
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.storage import migration
from engine.project.storage.schema import Base
from engine.project.storage.sqlite import open_file

VERSIONS = Path(migration.__file__).parent / "migrations" / "versions"


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    """A project file that all migrations made, from the first on."""
    file = tmp_path / "migrated.sqlite"
    engine = open_file(file, durable=True)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        migration.migrate(connection)
    engine.dispose()
    return file


def structure(file: Path) -> dict[str, list[str]]:
    """What each table and index is made of, whatever the order of its parts."""
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_master").fetchall()
        version = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    found = {name: _parts("".join(sql.replace('"', " ").split())) for name, sql in made}
    return found | {"version": version}


def _parts(sql: str) -> list[str]:
    head, _, rest = sql.partition("(")
    body, _, tail = rest.rpartition(")")
    return [head, tail, *sorted(re.split(r",(?![^(]*\))", body))]


def test_a_new_project_is_made_as_the_migrations_make_it(project: Project, migrated: Path) -> None:
    made = structure(project.folder / "project.sqlite")
    assert len(made) > 20
    assert made == structure(migrated)


def test_migrations_make_the_schema_that_the_program_uses(project: Project) -> None:
    with project.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_cascades_are_in_the_file(project: Project) -> None:
    with project.reading() as connection:
        created = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'decision'").scalar_one()
    assert "CHECK (value IN (0, 1))" in created
    assert created.count("ON DELETE CASCADE") == 2
    assert "WITHOUT ROWID" in created


def test_the_newest_version_is_the_last_of_the_migrations() -> None:
    assert max(file.name.partition("_")[0] for file in VERSIONS.glob("0*.py")) == migration.NEWEST


def test_an_older_project_is_brought_up_to_date_after_a_backup(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_label_set(project, [NewLabel("cat")])
    project.close()
    # The program of tomorrow, with one more migration.
    tomorrow = tmp_path / "program"
    shutil.copytree(VERSIONS.parent, tomorrow / "migrations")
    (tomorrow / "migrations" / "versions" / f"{int(migration.NEWEST) + 1:04}_more.py").write_text(
        f"from alembic import op\nrevision = '{int(migration.NEWEST) + 1:04}'\ndown_revision = '{migration.NEWEST}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE more (id INTEGER PRIMARY KEY)')\n"
    )
    old = migration.NEWEST
    monkeypatch.setattr(migration, "__file__", str(tomorrow / "migration.py"))
    monkeypatch.setattr(migration, "NEWEST", f"{int(old) + 1:04}")

    with pytest.raises(UserError, match=r"older version. Open it once for writing"):
        Project.open(project.photos, read_only=True)
    with Project.open(project.photos) as opened:
        assert [label.name for label in label_set(opened)] == ["cat"]
        with opened.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM more").scalar_one() == 0
    [backup] = project.folder.glob("project-before-*.sqlite")
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (old,)
        assert copy.execute("SELECT name FROM label").fetchall() == [("cat",)]


def test_a_failing_migration_leaves_the_project_as_it_was(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_label_set(project, [NewLabel("cat")])
    project.close()
    tomorrow = tmp_path / "program"
    shutil.copytree(VERSIONS.parent, tomorrow / "migrations")
    new = f"{int(migration.NEWEST) + 1:04}"
    (tomorrow / "migrations" / "versions" / f"{new}_bad.py").write_text(
        f"from alembic import op\nrevision = '{new}'\ndown_revision = '{migration.NEWEST}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (id INTEGER)')\n    raise RuntimeError('power cut')\n"
    )
    with monkeypatch.context() as patched:
        patched.setattr(migration, "__file__", str(tomorrow / "migration.py"))
        patched.setattr(migration, "NEWEST", new)
        with pytest.raises(RuntimeError, match="power cut"):
            Project.open(project.photos)
    with Project.open(project.photos) as opened, opened.reading() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
        assert "half" not in tables
        assert [label.name for label in label_set(opened)] == ["cat"]

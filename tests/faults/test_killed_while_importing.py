"""Labels of others are taken over whole or not at all, beside a window that edits and is killed, or by themselves."""

from __future__ import annotations

import random
from pathlib import Path

import paths
from killing import Killer, check_files, kills, run, running
from sqlalchemy import Connection, select
from test_killed_while_reviewing import decisions, replayed

from engine.project import Project
from engine.project.storage.schema import Edit

KILLS = kills(2)
UNTOUCHED = 8
"""The photo that nobody decides but the imports."""


def test_import_beside_a_window_killed_at_random_moments(labelled: Project, tmp_path: Path) -> None:
    with labelled.reading() as connection:
        path = connection.exec_driver_sql("SELECT path FROM photo WHERE id = ?", (UNTOUCHED,)).scalar_one()
    labelled.close()
    tables = tmp_path / "tables"
    tables.mkdir()
    for name, value in (("no", 0), ("yes", 1)):
        (tables / f"{name}.csv").write_text(f"file_name,cat,dog,boat\n{path},{value},{value},{value}\n")
    photos, told, acknowledged = labelled.photos, tmp_path / "told", tmp_path / "acknowledged"
    _, seconds = run(paths.import_once, photos, tables / "no.csv", told)
    moments, alone = random.Random(9), Killer(paths.import_once, seconds, seed=10)
    beside = first = 0
    while beside + alone.kills < KILLS:
        with running(paths.edit_and_import, photos, tables, told, acknowledged, first):
            # Another program that imports is refused while the window has the project; it may be killed as well.
            run(paths.import_once, photos, tables / "yes.csv", told, kill_after=moments.uniform(0, 2 * seconds))
        beside, first = beside + 1, first + 1000
        check(photos, told, acknowledged, beside + alone.kills)
        alone.strike(photos, tables / ("yes.csv" if beside % 2 else "no.csv"), told)
        check(photos, told, acknowledged, beside + alone.kills)


def check(photos: Path, told: Path, acknowledged: Path, killed: int) -> None:
    check_files(photos / ".cdul")
    with Project.open(photos) as project, project.reading() as connection:
        lines = told.read_text().splitlines()
        refused = [line for line in lines if not line.startswith("import ")]
        assert all("is open in another window or command" in line for line in refused)
        taken = {int(line.removeprefix("import ")) for line in lines if line not in refused}
        assert taken <= {*connection.scalars(select(Edit.id))}
        kept = [f"edit {title}" for title in connection.scalars(select(Edit.title).where(Edit.title.like("step %")))]
        said = acknowledged.read_text().splitlines() if acknowledged.exists() else []
        assert {*said} <= {*kept}
        assert len(kept) - len(said) <= killed
        assert decisions(connection) == replayed(connection)
        assert len({*of_the_untouched(connection)}) <= 1  # all of an import, or nothing


def of_the_untouched(connection: Connection) -> list[int]:
    found = [value for (photo, label), value in decisions(connection).items() if photo == UNTOUCHED and label]
    assert len(found) in (0, 3)
    return found

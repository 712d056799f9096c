"""Bringing an old project up to date can be killed at any moment: the next start finds it old and whole, or new."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import paths
from killing import Killer, check_files, kills, run

from engine.project import Project
from engine.project.label_state import UNDECIDED, YES
from engine.project.storage import migration
from engine.project.take_snapshot import take_snapshot

KILLS = kills(8)
OLD = Path(__file__).parent.parent / "project_files" / "0001.sqlite"


def old_project(folder: Path) -> Path:
    (folder / ".cdul").mkdir(parents=True)
    shutil.copy(OLD, folder / ".cdul" / "project.sqlite")
    return folder


def test_migration_killed_at_random_moments(tmp_path: Path) -> None:
    _, seconds = run(paths.migrate, old_project(tmp_path / "undisturbed"))
    killer = Killer(paths.migrate, seconds, seed=5)
    rounds = 0
    while killer.kills < KILLS:
        photos = old_project(tmp_path / f"round {rounds}")
        rounds += 1
        killer.strike(photos)
        check_files(photos / ".cdul")
        with Project.open(photos) as project:
            assert take_snapshot(project).decisions.tolist()[0] == [YES, UNDECIDED]
        backup = photos / ".cdul" / f"project-before-{migration.NEWEST}-from-0001.sqlite"
        with closing(sqlite3.connect(backup)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM decision").fetchone() == (1,)

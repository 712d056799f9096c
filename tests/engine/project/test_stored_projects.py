"""A project that somebody made with an earlier version opens with everything in it, and a copy is kept first."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine.project import Project, migration
from engine.project.history.history import can_undo_redo, redo
from engine.project.labels import label_set
from engine.project.runs import INITIAL, load_scores
from engine.project.snapshot import NO, UNDECIDED, YES, take_snapshot
from engine.project.storage.schema import Base
from engine.project.thresholds import ThresholdSource

STORED = sorted((Path(__file__).parents[2] / "project_files").glob("*.sqlite"))


def version(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


def test_there_is_a_stored_project_of_every_version_before_this_one() -> None:
    versions = [f"{number:04}" for number in range(1, int(migration.NEWEST))]
    assert [file.stem for file in STORED] == versions
    assert [version(file) for file in STORED] == versions


@pytest.mark.parametrize("stored", STORED, ids=lambda file: file.stem)
def test_everything_in_an_old_project_is_there_after_opening_it(stored: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos" / ".cdul"
    folder.mkdir(parents=True)
    shutil.copy(stored, folder / "project.sqlite")
    with Project.open(tmp_path / "photos") as project:
        snapshot = take_snapshot(project)
        assert snapshot.paths == ["beach.jpg", "trip/boat.jpg", "trip/dög.jpg"]
        assert [(label.name, label.prompts) for label in label_set(project)] == [
            ("cat", ()),
            ("dog", ("a photo of a dog", "a puppy")),
        ]
        assert snapshot.decisions.tolist() == [[YES, UNDECIDED], [UNDECIDED, UNDECIDED], [UNDECIDED, UNDECIDED]]
        assert snapshot.reviewed.tolist() == [True, False, False]
        scored = load_scores(project, INITIAL)
        assert scored is not None
        assert np.allclose(scored.values, [[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])
        assert snapshot.thresholds == pytest.approx([0.4, 0.7])
        assert snapshot.threshold_sources == [ThresholdSource.FROM_SCORES, ThresholdSource.BY_HAND]
        assert can_undo_redo(project) == ("confirmed cat on 1 photo", "rejected dog on 1 photo")
        redo(project)
        assert take_snapshot(project).decisions[1].tolist() == [UNDECIDED, NO]
    with closing(sqlite3.connect(folder / "project.sqlite")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert set(Base.metadata.tables) <= tables
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert version(folder / f"project-before-{migration.NEWEST}-from-{stored.stem}.sqlite") == stored.stem

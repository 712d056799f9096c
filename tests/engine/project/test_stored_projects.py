"""A project that somebody made with an earlier version opens with everything in it, and a copy is kept first."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine.project import Project
from engine.project.history.history import Outcome, can_undo_redo, redo, undo, withdraw_run
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.labels import label_set
from engine.project.runs import INITIAL, load_scores, runs
from engine.project.storage import migration
from engine.project.storage.schema import Base
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ThresholdSource, threshold_for_all

STORED = sorted((Path(__file__).parents[2] / "project_files").glob("*.sqlite"))


def version(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


@pytest.fixture(autouse=True)
def who_made_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo is one's own."""
    monkeypatch.setenv("CDUL_USER", "root")


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


CAT, DOG = "cat #ff8800 C", "dog a photo of a dog a puppy D"
WALK = [
    ("confirmed cat on 1 photo", [CAT, DOG], {}, [0.4, 0.7]),
    ("horse removed from the label set", [CAT, DOG, "horse"], {}, [0.4, 0.7, 0.2]),
    ("horse withdrawn", [CAT, DOG, "horse"], {("beach.jpg", "horse"): YES}, [0.4, 0.7, 0.2]),
    ("took over 1 decision on 1 photo from a.csv", [CAT, DOG], {}, [0.4, 0.7]),
    ("boat removed from the label set", [CAT, DOG, "boat"], {}, [0.4, 0.7, 0.2]),
    ("dog undecided again", [CAT, DOG, "boat"], {("trip/dög.jpg", "dog"): YES}, [0.4, 0.7, 0.2]),
    ("dog confirmed, tree left", [CAT, DOG, "tree", "boat"], {}, [0.4, 0.7, 0.2, 0.2]),
    ("order of labels changed", [DOG, CAT, "tree", "boat"], {}, [0.7, 0.4, 0.2, 0.2]),
    ("keys of 2 labels changed", [DOG[:-2], CAT[:-2], "tree", "boat"], {}, [0.7, 0.4, 0.2, 0.2]),
    ("colour of cat changed", [DOG[:-2], "cat", "tree", "boat"], {}, [0.7, 0.4, 0.2, 0.2]),
    ("prompts of dog changed", ["dog", "cat", "tree", "boat"], {}, [0.7, 0.4, 0.2, 0.2]),
    ("kitten renamed to cat", ["dog", "kitten", "tree", "boat"], {}, [0.7, 0.4, 0.2, 0.2]),
    ("one threshold for all labels taken back", ["dog", "kitten", "tree", "boat"], {}, [0.7, 0.6, 0.6, 0.6]),
    ("thresholds set: dog 0.7; taken back: cat", ["dog", "kitten", "tree", "boat"], {}, [0.3, 0.1, 0.6, 0.6]),
    ("one threshold for all labels set to 0.6", ["dog", "kitten", "tree", "boat"], {}, [0.3, 0.1, 0.2, 0.2]),
    ("thresholds set: dog 0.3, cat 0.1", ["dog", "kitten", "tree", "boat"], {}, [0.45, 0.4, 0.2, 0.2]),
]
"""What the program that wrote `0003.sqlite` said when it undid all of it: title, labels, decisions, thresholds."""


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[Project]:
    """A project of the version that kept its history in two tables and in settings, with edits of every kind."""
    (tmp_path / ".cdul").mkdir()
    shutil.copy(STORED[2], tmp_path / ".cdul" / "project.sqlite")
    with Project.open(tmp_path) as project:
        yield project


def test_all_that_an_older_version_kept_is_undone_and_done_again(edited: Project) -> None:
    def told(outcome: Outcome | None) -> tuple[str, list[str], dict[tuple[str, str], int], list[float]]:
        assert outcome is not None
        assert outcome.left == 0
        snapshot = take_snapshot(edited)
        labels = [
            " ".join(part for part in (label.name, *label.prompts, label.colour, label.key) if part)
            for label in snapshot.labels
        ]
        decided = zip(*np.nonzero(snapshot.decisions), strict=True)
        decisions = {
            (snapshot.paths[row], snapshot.labels[column].name): int(snapshot.decisions[row, column])
            for row, column in decided
        }
        return str(outcome.title), labels, decisions, [round(float(value), 3) for value in snapshot.thresholds]

    assert [told(undo(edited)) for _ in WALK] == WALK
    assert undo(edited) is None
    # What is in force before an edit is what undoing it shows; the last is in force at the end.
    for (title, *_), after in zip(reversed(WALK), reversed(WALK[:-1]), strict=False):
        assert told(redo(edited)) == (title, *after[1:])
    redo(edited)
    redo(edited)
    assert take_snapshot(edited).decisions.tolist() == [[YES, UNDECIDED], [UNDECIDED, NO], [UNDECIDED, UNDECIDED]]


def test_a_run_that_an_older_version_kept_brings_its_label_back(edited: Project) -> None:
    imported = runs(edited)[0]
    assert imported.withdrawn_at is not None
    withdraw_run(edited, imported.id, withdrawn=False)
    assert [label.name for label in label_set(edited)] == ["cat", "dog", "cow"]
    withdraw_run(edited, imported.id)
    assert [label.name for label in label_set(edited)] == ["cat", "dog"]


def test_every_change_went_over_into_the_one_table(edited: Project) -> None:
    with edited.reading() as connection:
        assert connection.exec_driver_sql("SELECT name FROM setting").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        changes = connection.exec_driver_sql("SELECT field, count(*) FROM change WHERE run_id IS NULL GROUP BY field")
        assert dict(changes.all()) == {
            "decision": 11,
            "reviewed": 3,
            "threshold": 6,
            "name": 1,
            "prompts": 1,
            "colour": 1,
            "key": 2,
            "position": 6,
            "joined": 1,
        }


def test_the_one_threshold_for_all_that_an_older_version_kept_is_in_force(tmp_path: Path) -> None:
    (tmp_path / ".cdul").mkdir()
    shutil.copy(STORED[2], file := tmp_path / ".cdul" / "project.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE setting SET value = '0.25' WHERE name = 'threshold'")
        connection.commit()
    with Project.open(tmp_path) as project:
        assert take_snapshot(project).thresholds == pytest.approx([0.25, 0.7])
        assert threshold_for_all(project) == 0.25

"""What is no value of its column is said to be damage, with its place; what does not depend on it can still be used."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from making import make_photo
from stored import read_everything

from engine.errors import UserError
from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.embeddings import contents_with_embeddings, load_embeddings
from engine.project.history.history import answer, history, undo
from engine.project.label_state import YES
from engine.project.labels import LabelSetError, NewLabel, label_set, read_label_set, use_label_set
from engine.project.runs import INITIAL, load_scores, newest_run_with
from engine.project.settings import setting
from engine.project.similarities import SimilarityFile
from engine.project.storage.cache_schema import PROGRAM
from engine.project.take_snapshot import take_snapshot
from engine.project.truths import TruthTable, keep_truth, load_truth, truths


@pytest.fixture
def closed(labelled: Project) -> Path:
    """The photo folder of a project with an answer, a truth and a threshold, which nobody has open."""
    answer(labelled, "first", [Answer(1, 1, True)])
    table = TruthTable("known", ("cat", "dog"), (1, 2), np.array([1, 2]), np.zeros((2, 2), np.int8))
    keep_truth(labelled, table, source="a file", format_name="coco")
    labelled.close()
    return labelled.photos


def forge(photos: Path, statement: str, *values: object, file: str = "project.sqlite") -> None:
    with closing(sqlite3.connect(photos / ".cdul" / file)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement, values)


LEFT_OUT = {
    "a label's name that is bytes": ("UPDATE label SET name = ? WHERE id = 1", b"\xff\0"),
    "a label's name of 10 MB": ("UPDATE label SET name = ? WHERE id = 1", "x" * 10_000_000),
    "a label's place that is text": ("UPDATE label SET position = 'first' WHERE id = 1",),
    "a label's prompts that are no list": ("UPDATE label SET prompts = '{\"a\": 1}' WHERE id = 1",),
    "a label's prompts that are no JSON": ("UPDATE label SET prompts = '[' WHERE id = 1",),
    "a label's colour that is a number": ("UPDATE label SET colour = ? WHERE id = 1", b"red"),
    "a photo's size that is text": ("UPDATE photo SET size = 'large' WHERE id = 1",),
    "a photo's width of 2^40": ("UPDATE photo SET width = ? WHERE id = 1", 2**40),
    "a photo turned nine times": ("UPDATE photo SET orientation = 9 WHERE id = 1",),
    "a photo's date in a month that is none": ("UPDATE photo SET taken_at = '2024-13-01 00:00:00' WHERE id = 1",),
    "a photo's path that is bytes": ("UPDATE photo SET path = ? WHERE id = 1", b"beach.jpg"),
    "a photo's id of 2^63": ("UPDATE photo SET id = ? WHERE id = 8", 2**63 - 1),
    "a decision of a photo that is none": ("UPDATE decision SET photo_id = 'one'",),
    "a decision that is neither yes nor no": ("UPDATE decision SET value = 7",),
    "a vector that is short": ("UPDATE score SET vector = ? WHERE photo_id = 1 AND stage = 'initial'", b"123"),
    "a vector that is text": ("UPDATE score SET vector = 'yes' WHERE photo_id = 1 AND stage = 'initial'",),
    "a vector of other numbers": (
        "UPDATE score SET vector = ? WHERE photo_id = 1 AND stage = 'initial'",
        np.full(3, np.inf, "<f4").tobytes(),
    ),
    "a run whose labels are no list": ("UPDATE run SET label_ids = '\"cat\"'",),
    "a run of other labels than its vectors": ("UPDATE run SET label_ids = '[1]'",),
    "a run whose settings are no JSON": ("UPDATE run SET settings = 'none'",),
    "a run whose thresholds are words": ("UPDATE run SET settings = ?", json.dumps({"thresholds": {"initial": "no"}})),
    "a run of snippets that nobody cuts": ("UPDATE run SET settings = json_set(settings, '$.grids', json('[9]'))",),
    "a run that began never": ("UPDATE run SET started_at = 'never'",),
    "an edit at no time": ("UPDATE edit SET at = 20240101",),
    "an edit whose title is bytes": ("UPDATE edit SET title = ?", b"\x80"),
    "a truth of other labels": ("UPDATE truth SET label_ids = '[1, 2, 3]'",),
    "a truth's answers that are short": ("UPDATE truth_answers SET answers = ? WHERE photo_id = 1", b""),
    "a setting that is no JSON": ("INSERT INTO setting VALUES ('wanted precision', '{')",),
    "a setting of another kind": ("INSERT INTO setting VALUES ('wanted precision', '\"high\"')",),
    "a threshold that is text": ("INSERT INTO threshold VALUES (1, 1, 'initial', 'low')",),
    "a threshold that is no number": ("INSERT INTO threshold VALUES (1, 1, 'initial', 9e999)",),
}


@pytest.mark.parametrize("forged", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_damaged_is_said_and_the_rest_can_be_used(forged: tuple[str, ...], closed: Path) -> None:
    forge(closed, *forged)
    with Project.open(closed) as project:
        snapshot = take_snapshot(project)
        assert len(snapshot) >= 7
        assert len(snapshot.labels) >= 2
        truths(project), history(project), setting(project, "wanted precision")
        for truth in truths(project):
            load_truth(project, truth)
        [said] = {text.partition(" (")[0] for text in project.left_out.values()}
        assert said.endswith("project.sqlite is damaged")
        # Answers are kept all the same, of photos and labels that are whole.
        assert answer(project, "second", [Answer(2, 2, True)]) is not None
    assert read_everything(closed) <= {"damaged"}


def test_one_forged_vector_takes_only_its_photo_out(closed: Path) -> None:
    forge(closed, "UPDATE score SET vector = x'00' WHERE photo_id = 3 AND stage = 'initial'")
    with Project.open(closed) as project:
        scores = take_snapshot(project).scores
        assert np.isnan(scores).all(axis=1).sum() == 1
        assert list(project.left_out) == ["score.vector of run 1, initial, photo 3"]


def test_the_place_is_named(closed: Path) -> None:
    forge(closed, "UPDATE label SET name = ? WHERE id = 2", b"\0")
    with (
        Project.open(closed) as project,
        pytest.raises(ProjectError, match=r"damaged \(label.name of 2: expected text of at most .* got b'.x00'\)"),
    ):
        use_label_set(project, [NewLabel("cow")])


@pytest.mark.parametrize(
    ("field", "old", "new"), [("name", "1", "2"), ("decision", '"yes"', "1"), ("evil", "1", "2"), ("prompts", "1", "2")]
)
def test_a_forged_edit_is_not_undone(field: str, old: str, new: str, closed: Path) -> None:
    forge(closed, "UPDATE change SET field = ?, old = ?, new = ?", field, old, new)
    with Project.open(closed) as project:
        with pytest.raises(ProjectError, match=r"project.sqlite is damaged \(change"):
            undo(project)
        assert take_snapshot(project).decisions[0, 0] == YES


SELF_ACTING = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM decision; END",
    "a view": "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT * FROM c",
    "another unique index": "CREATE UNIQUE INDEX i ON decision (label_id)",
    "a computed column": "ALTER TABLE photo ADD COLUMN c AS (zeroblob(100000000))",
    "a table that passes over": "CREATE TABLE o (id INTEGER PRIMARY KEY ON CONFLICT IGNORE)",
    "a virtual table": "CREATE VIRTUAL TABLE f USING fts5(a)",
}


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("statement", SELF_ACTING.values(), ids=SELF_ACTING)
def test_what_acts_by_itself_is_refused_on_opening(statement: str, read_only: bool, closed: Path) -> None:
    forge(closed, statement)
    with pytest.raises(ProjectError, match=r"project.sqlite is damaged \(.* Put back a backup copy"):
        Project.open(closed, read_only=read_only)


def test_a_view_in_place_of_a_table_is_refused_before_anything_is_asked_of_it(closed: Path) -> None:
    forge(closed, "ALTER TABLE alembic_version RENAME TO versions")
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) AS version_num FROM c"
    forge(closed, f"CREATE VIEW alembic_version AS {endless}")
    with pytest.raises(ProjectError, match="the view alembic_version"):
        Project.open(closed)


def test_what_takes_for_ever_is_given_up(labelled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.project.storage.sqlite.MOST_SECONDS", 0.05)
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
    with pytest.raises(ProjectError, match="interrupted"), labelled.reading() as connection:
        connection.exec_driver_sql(endless).all()


@pytest.mark.parametrize(
    "statement", [SELF_ACTING["a view"], "CREATE TRIGGER t AFTER INSERT ON embedding BEGIN SELECT 1; END"]
)
def test_a_cache_that_acts_by_itself_is_made_anew(statement: str, closed: Path) -> None:
    forge(closed, statement, file="cache.sqlite")
    with Project.open(closed) as project, project.reading_cache() as connection:
        left = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')").all()
        assert left == []
        assert connection.exec_driver_sql("PRAGMA application_id").scalar_one() == PROGRAM


@pytest.mark.parametrize("value", ["text", 7, b"", b"\0" * 7, np.full(32, np.nan, "<f2").tobytes()], ids=repr)
def test_embeddings_that_are_damaged_are_made_again(value: object, closed: Path, tiny_clip_encoder: object) -> None:
    forge(
        closed,
        "UPDATE embedding SET vectors = ? WHERE rowid IN (SELECT min(rowid) FROM embedding)",
        value,
        file="cache.sqlite",
    )
    with Project.open(closed) as project:
        name, dimension = tiny_clip_encoder.id, tiny_clip_encoder.dimension  # type: ignore[attr-defined]
        with project.reading_cache() as connection:
            contents = list(connection.exec_driver_sql("SELECT DISTINCT content FROM embedding").scalars())
        found, vectors = load_embeddings(project, name, contents, [1, 3], dimension)
        assert found.sum() == len(vectors) == 7
        assert np.isfinite(vectors).all()
        assert len(contents_with_embeddings(project, name, [1, 3])) == (8 if isinstance(value, str | int) else 7)


@pytest.fixture(params=["pipe", "device"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Something that is read for ever."""
    if os.name == "nt":
        pytest.skip("Windows has neither in folders")
    if request.param == "pipe":
        os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe" if request.param == "pipe" else Path("/dev/zero")


@pytest.mark.parametrize("name", ["project.sqlite", "cache.sqlite", "similarities-1.f32", "classifiers"])
def test_pipes_and_devices_are_refused_at_once(name: str, no_file: Path, closed: Path) -> None:
    place = closed / ".cdul" / name
    place.unlink(missing_ok=True)
    place.symlink_to(no_file)
    for read_only in (True, False):
        with pytest.raises(ProjectError, match=r"not a file|leads out of the project|no project"):
            Project.open(closed, read_only=read_only)


def test_one_that_comes_while_the_project_is_open_is_refused_as_well(closed: Path, no_file: Path) -> None:
    with Project.open(closed) as project:
        run = newest_run_with(project, INITIAL)
        assert run is not None
        file = project.folder / f"similarities-{run.id}.f32"
        file.unlink()
        file.symlink_to(no_file)
        with pytest.raises(ProjectError, match="cannot be read"):
            SimilarityFile(project, run.id, [1, 3], 3).load([1])


def test_labels_are_not_read_from_one(no_file: Path) -> None:
    with pytest.raises(LabelSetError, match="cannot be read"):
        read_label_set(no_file)


def test_a_name_of_ten_megabytes_is_no_label(project: Project) -> None:
    with pytest.raises(LabelSetError, match="at most 500 characters, but got 10,000,000: xxx"):
        use_label_set(project, [NewLabel("x" * 10_000_000)])
    assert label_set(project) == []


@pytest.mark.parametrize("has_project", [True, False])
def test_another_programs_cache_is_left_alone(has_project: bool, closed: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another program"
    elsewhere.mkdir()
    with closing(sqlite3.connect(elsewhere / "cache.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE worth_a_lot (a)")
    if has_project:
        shutil.copy(closed / ".cdul" / "project.sqlite", elsewhere)
    before = {file.name: file.read_bytes() for file in elsewhere.iterdir()}
    make_photo(tmp_path / "others" / "a.jpg")
    (tmp_path / "others" / ".cdul").symlink_to(elsewhere)
    for folder in (None, elsewhere):
        with pytest.raises(UserError, match=r"cache.sqlite was not made by this program"):
            Project.open(tmp_path / "others", folder)
    assert {file.name: file.read_bytes() for file in elsewhere.iterdir()} == before


def test_scores_of_a_project_of_old_are_all_there(closed: Path) -> None:
    with Project.open(closed) as project:
        scores = load_scores(project, INITIAL)
        assert scores is not None
        assert scores.values.shape == (8, 3)
        assert project.left_out == {}

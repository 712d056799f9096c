"""A project goes to a server and back, and nothing of it is lost on the way."""

from pathlib import Path

import pytest
from commands import Cdul
from postgres import Server

from engine.errors import UserError, WrongUsage
from engine.jobs import NEVER, QUIET
from engine.project import Project
from engine.project.answer import Answer
from engine.project.embeddings import contents_with_embeddings
from engine.project.history.edit_labels import rename_label
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, history, redo, undo
from engine.project.labels import label_set
from engine.project.runs import INITIAL, load_scores
from engine.project.settings import keep_setting, setting
from engine.project.storage import copy_rows
from engine.project.storage.address import place_of
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold
from engine.stages.care.copy_project import copy_project


@pytest.fixture
def worked_on(labelled: Project) -> Project:
    """Labelled, answered by two, with thresholds, renamed labels, settings, and something undone; closed."""
    answer(labelled, "first", [Answer(1, 1, True), Answer(2, 1, False), Answer(3, None, True)])
    answer(labelled, "second", [Answer(1, 1, False)], by="Ada")
    set_thresholds(labelled, [ManualThreshold(1, INITIAL, 1.0), ManualThreshold(2, INITIAL, 0.25)])
    rename_label(labelled, label_set(labelled)[0].id, "kitten")
    undo(labelled)
    keep_setting(labelled, "saved filters", {"of cats": "cat:yes"})
    labelled.close()
    return labelled


def told(project: Project) -> object:
    """All that a person sees of a project."""
    snapshot, scores = take_snapshot(project), load_scores(project, INITIAL)
    assert scores is not None
    return (
        snapshot.paths,
        snapshot.decisions.tolist(),
        snapshot.thresholds.tolist(),
        snapshot.reviewed_at.tolist(),
        scores.values.tolist(),
        label_set(project),
        history(project),
        setting(project, "saved filters"),
    )


def test_to_a_server_and_back(worked_on: Project, server: Server, tmp_path: Path, tiny_clip_encoder: object) -> None:
    address = place_of(server.address(server.empty_database()))
    with Project.open(worked_on.photos) as before:
        expected = told(before)
    copied = copy_project(worked_on.folder, address)
    assert copied.rows["photo"] == 8
    assert "8 photos, 2 decisions" in copied.sentence
    with Project.open(worked_on.photos, address) as there:
        assert told(there) == expected
        assert len(contents_with_embeddings(there, tiny_clip_encoder.id, [1, 3])) == 8  # type: ignore[attr-defined]
        # Ids go on behind those that came.
        redo(there)
        assert answer(there, "third", [Answer(4, 2, True)]) is not None
        expected = told(there)
    copy_project(address, tmp_path / "back")
    with Project.open(worked_on.photos, tmp_path / "back") as back:
        assert told(back) == expected
        assert answer(back, "fourth", [Answer(5, 2, True)]) is not None


def test_a_place_with_a_project_is_left_as_it_is(worked_on: Project, server: Server, tmp_path: Path) -> None:
    address = place_of(server.address(server.empty_database()))
    copy_project(worked_on.folder, address)
    with pytest.raises(UserError, match=r"There is a project in postgresql://.* already. Name a place without one"):
        copy_project(worked_on.folder, address)
    with pytest.raises(WrongUsage, match="Expected two places"):
        copy_project(address, address)
    with pytest.raises(UserError, match="There is no project in"):
        copy_project(tmp_path / "nowhere", tmp_path / "anywhere")


def test_what_came_otherwise_than_it_was_is_not_kept(
    worked_on: Project, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = place_of(server.address(server.empty_database()))
    put = copy_rows.put_rows

    def put_less(connection, table, names, rows, **more):  # type: ignore[no-untyped-def]
        put(connection, table, names, rows[:-1] if table.name == "decision" else rows, **more)

    with monkeypatch.context() as patched:
        patched.setattr(copy_rows, "put_rows", put_less)
        with pytest.raises(UserError, match=r"is not what was in .* \(decision\). Nothing was kept"):
            copy_project(worked_on.folder, address)
    assert copy_project(worked_on.folder, address, QUIET, NEVER).rows["decision"] == 2


def test_the_command(worked_on: Project, server: Server, cdul: Cdul) -> None:
    address = server.address(server.empty_database())
    done = cdul("project", "copy", worked_on.photos, address)
    assert (done.code, done.err) == (0, "")
    assert "Copied to postgresql://cdul@/photos" in done.out
    shown = cdul("history", worked_on.photos, "--project", address)
    assert "second" in shown.out
    assert cdul("project", "copy", worked_on.photos, "postgresql://host").code == 2

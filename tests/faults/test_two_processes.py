"""Two programs on one project: one writes, the other is told; no change is lost."""

from typing import Any

import paths
import pytest
from killing import running

from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.embeddings import contents_with_embeddings
from engine.project.failures import ProjectInUse
from engine.project.history.history import answer
from engine.project.label_state import NO, YES
from engine.project.take_snapshot import take_snapshot


def test_the_second_is_told_and_may_look(labelled: Project) -> None:
    labelled.close()
    with running(paths.hold, labelled.photos):
        with pytest.raises(ProjectInUse, match="is open in another window or command"):
            Project.open(labelled.photos)
        with Project.open(labelled.photos, read_only=True) as looking:
            assert take_snapshot(looking).decisions[0, 0] == YES
            with pytest.raises(ProjectError, match="for reading only"):
                answer(looking, "rejected", [Answer(1, 1, False)])
    # The system freed the lock of the one that was killed.
    with Project.open(labelled.photos) as project:
        answer(project, "rejected", [Answer(1, 2, False)])
        assert take_snapshot(project).decisions[0, :2].tolist() == [YES, NO]


def test_another_program_that_holds_the_database_is_waited_for_and_then_told(
    labelled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled.close()
    monkeypatch.setattr("engine.project.storage.sqlite.PATIENCE", 0.2)
    with Project.open(labelled.photos) as project:
        with (
            running(paths.block, project.folder / "project.sqlite"),
            pytest.raises(ProjectError, match=r"Nothing could be written to .*locked"),
        ):
            answer(project, "confirmed", [Answer(1, 1, True)])
        assert answer(project, "confirmed", [Answer(1, 1, True)]) is not None


@pytest.mark.parametrize("name", ["project.sqlite", "cache.sqlite"])
def test_another_program_that_holds_a_file_for_itself_alone_is_told_and_nothing_is_made_anew(
    name: str, labelled: Project, tiny_clip_encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled.close()
    for place in ("sqlite", "sqlite_project", "cache_schema"):
        monkeypatch.setattr(f"engine.project.storage.{place}.PATIENCE", 0.2)
    before = (labelled.folder / name).read_bytes()
    with (
        running(paths.keep_out, labelled.folder / name),
        pytest.raises(ProjectError, match=r"cannot be opened \(database is locked\)\. .* no other program holds"),
    ):
        Project.open(labelled.photos)
    assert (labelled.folder / name).read_bytes() == before
    with Project.open(labelled.photos) as project:
        assert len(contents_with_embeddings(project, tiny_clip_encoder.id, [1, 3])) == 8

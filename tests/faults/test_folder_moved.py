"""A photo folder that is moved or renamed takes its project along, and nothing is encoded again."""

from pathlib import Path

import pytest

from engine.errors import UserError
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.take_snapshot import take_snapshot


def test_moved_while_closed(photo_folder: Path, tmp_path: Path, label) -> None:
    with Project.open(photo_folder) as project:
        label(project)
        answer(project, "confirmed", [Answer(1, 1, True)])
    moved = photo_folder.rename(tmp_path / "elsewhere")
    with Project.open(moved) as project:
        assert label(project).encoded == 0
        assert take_snapshot(project).decisions[0, 0] == YES


def test_moved_while_open_is_a_sentence_and_what_was_decided_is_kept(photo_folder: Path, tmp_path: Path, label) -> None:
    project = Project.open(photo_folder)
    label(project)
    answer(project, "confirmed", [Answer(1, 1, True)])
    moved = photo_folder.rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="is not there"):
        label(project)
    project.close()
    with Project.open(moved) as project:
        assert take_snapshot(project).decisions[0, 0] == YES
        assert label(project).encoded == 0


def test_a_subfolder_that_is_renamed_keeps_its_decisions(photo_folder: Path, label) -> None:
    with Project.open(photo_folder) as project:
        label(project)
        snapshot = take_snapshot(project)
        boat = int(snapshot.photo_ids[snapshot.paths.index("trip/boat.jpg")])
        answer(project, "confirmed", [Answer(boat, 1, True)])
        (photo_folder / "trip").rename(photo_folder / "travels")
        assert label(project).encoded == 0
        snapshot = take_snapshot(project)
        assert snapshot.decisions[snapshot.paths.index("travels/boat.jpg"), 0] == YES
        assert "trip/boat.jpg" not in snapshot.paths

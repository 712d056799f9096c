"""A project file that is deleted while it is open is missed at once, not when a day's decisions are gone with it."""

from pathlib import Path

import pytest

from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import UNDECIDED, YES
from engine.project.take_snapshot import take_snapshot


def test_the_next_decision_is_refused_until_it_is_back(labelled: Project, tmp_path: Path) -> None:
    answer(labelled, "confirmed", [Answer(1, 1, True)])
    for file in labelled.folder.glob("project.sqlite*"):
        file.rename(tmp_path / file.name)
    with pytest.raises(ProjectError, match=r"project.sqlite was deleted or moved while it was open"):
        answer(labelled, "confirmed", [Answer(2, 1, True)])
    labelled.close()
    for file in tmp_path.glob("project.sqlite*"):
        file.rename(labelled.folder / file.name)
    with Project.open(labelled.photos) as project:
        assert take_snapshot(project).decisions[:2, 0].tolist() == [YES, UNDECIDED]

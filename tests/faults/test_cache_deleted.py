"""The cache may be deleted at any moment, while the project is open too: what was in it is made again."""

from pathlib import Path

import numpy as np
from making import make_photo

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.runs import INITIAL, load_scores
from engine.project.take_snapshot import take_snapshot


def delete_cache(project: Project) -> None:
    for file in project.folder.glob("cache.sqlite*"):
        file.unlink()


def test_deleted_while_the_project_is_open(photo_folder: Path, label) -> None:
    with Project.open(photo_folder) as project:
        label(project)
        before = load_scores(project, INITIAL)
        answer(project, "confirmed", [Answer(1, 1, True)])
        delete_cache(project)
        make_photo(photo_folder / "new.jpg", 99)
        assert label(project).labelled == 9
        delete_cache(project)
        assert take_snapshot(project).decisions[0, 0] == YES
    with Project.open(photo_folder) as project:
        assert label(project).labelled == 9
        after = load_scores(project, INITIAL)
        assert before is not None
        assert after is not None
        assert np.isfinite(after.values).all()
        assert take_snapshot(project).decisions[0, 0] == YES

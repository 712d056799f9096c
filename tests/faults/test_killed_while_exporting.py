"""An export that is killed leaves the file of before, or the new one, never a part."""

import json
from pathlib import Path

import paths
from killing import Killer, check_files, kills, run

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer

KILLS = kills(8)


def content(file: Path) -> list[dict]:
    return json.loads(file.read_text())["annotations"]


def test_export_killed_at_random_moments(labelled: Project, tmp_path: Path) -> None:
    photos, out = labelled.photos, tmp_path / "labels.json"
    labelled.close()
    _, seconds = run(paths.hand_over, photos, out)
    killer = Killer(paths.hand_over, seconds, seed=4)
    before = content(out)
    value = True
    while killer.kills < KILLS:
        with Project.open(photos) as project:
            answer(project, "changed", [Answer(1, 1, value), Answer(2, 2, not value)])
        value = not value
        killer.strike(photos, out)
        found = content(out)
        run(paths.hand_over, photos, out)
        assert found in (before, content(out))
        before = content(out)
        check_files(photos / ".cdul")

"""Training that is killed goes on from its last epoch and ends with the same labels, bit for bit."""

import shutil
from pathlib import Path

import numpy as np
import paths
from killing import Killer, check_files, kills, run

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.runs import CLASSIFIER, REFINED, load_scores, runs
from engine.project.take_snapshot import take_snapshot

KILLS = kills(15)


def trained(photos: Path) -> tuple[np.ndarray, np.ndarray]:
    with Project.open(photos) as project:
        refined, predicted = load_scores(project, REFINED), load_scores(project, CLASSIFIER)
        assert refined is not None
        assert predicted is not None
        return refined.values, predicted.values


def test_training_killed_at_random_moments(labelled: Project, tiny_network: Path, tmp_path: Path) -> None:
    answer(labelled, "confirmed", [Answer(1, 1, True)])
    labelled.close()
    undisturbed = shutil.copytree(labelled.photos, tmp_path / "undisturbed")
    _, seconds = run(paths.train, undisturbed, tiny_network)
    expected = trained(undisturbed)

    killer = Killer(paths.train, seconds, seed=2)
    rounds = 0
    while killer.kills < KILLS:
        photos = shutil.copytree(labelled.photos, tmp_path / f"round {rounds}")
        rounds += 1
        while killer.strike(photos, tiny_network):
            check_files(photos / ".cdul")
            with Project.open(photos) as project:
                assert take_snapshot(project).decisions[0, 0] == YES
                assert sum(run.finished_at is None for run in runs(project)) <= 1
        for got, wanted in zip(trained(photos), expected, strict=True):
            np.testing.assert_array_equal(got, wanted)

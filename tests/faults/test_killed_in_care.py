"""Tidying up, undoing and putting a classifier away can be killed at any moment."""

import os
import shutil
import time
from pathlib import Path

import numpy as np
import paths
from killing import Killer, check_files, kills, run
from test_killed_while_reviewing import decisions, replayed

from engine.models.training.classifier import Classifier
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, history
from engine.project.runs import INITIAL, load_scores
from engine.stages.care.tidy import find_leftovers
from engine.stages.labelling.add_photos import add_photos

FEW = 2


def test_tidying_up(labelled: Project, tmp_path: Path) -> None:
    answer(labelled, "confirmed", [Answer(1, 1, True)])
    scores = load_scores(labelled, INITIAL)
    assert scores is not None
    for at in range(300):
        left = labelled.folder / f".left-{at}.abcdefgh.partial"
        left.write_bytes(bytes(1000))
        os.utime(left, (time.time() - 10**6,) * 2)
    for photo in ("beach.jpg", "city.png"):
        (labelled.photos / photo).unlink()
    add_photos(labelled)
    labelled.close()
    undisturbed = shutil.copytree(labelled.photos, tmp_path / "undisturbed")
    _, seconds = run(paths.tidy_up, undisturbed)
    killer, rounds = Killer(paths.tidy_up, seconds, seed=6), 0
    while killer.kills < kills(FEW):
        photos = shutil.copytree(labelled.photos, tmp_path / f"round {rounds}")
        rounds += 1
        killer.strike(photos)
        check_files(photos / ".cdul")
        run(paths.tidy_up, photos)
        with Project.open(photos) as project, project.reading() as connection:
            assert not find_leftovers(project)
            assert decisions(connection) == {(1, 1): 1}
            kept = load_scores(project, INITIAL)
            assert kept is not None
            np.testing.assert_array_equal(kept.values, scores.values)
        shutil.rmtree(photos)


def test_undoing(labelled: Project, tmp_path: Path) -> None:
    for step in range(12):
        answer(
            labelled, f"step {step}", [Answer(1 + step % 7, 1 + step % 3, step < 8), Answer(1 + step % 8, None, True)]
        )
    labelled.close()
    photos, acknowledged = labelled.photos, tmp_path / "acknowledged"
    _, seconds = run(paths.undo_all, photos, acknowledged)
    killer = Killer(paths.undo_all, seconds, seed=7)
    while killer.kills < kills(FEW):
        killer.strike(photos, acknowledged)
        check_files(photos / ".cdul")
        with Project.open(photos) as project, project.reading() as connection:
            kept = [f"{row.kind} {row.title}" for row in reversed(history(project, limit=10**6)) if row.kind != "edit"]
            told = acknowledged.read_text().splitlines()
            # Killed between a commit and its acknowledgement, there is one step more; never one less.
            for line in told:
                assert line in kept
                kept.remove(line)
            assert len(kept) <= killer.kills
            assert decisions(connection) == replayed(connection)


def test_putting_a_classifier_away(tmp_path: Path) -> None:
    folder = tmp_path / "classifiers" / "run-1"
    _, seconds = run(paths.put_away, folder, 0)
    killer = Killer(paths.put_away, seconds, seed=8)
    before = 0
    while killer.kills < kills(FEW):
        number = killer.kills + 1
        killer.strike(folder, number)
        found = Classifier.load(folder).description.made["number"]
        assert found in (before, number)
        before = found

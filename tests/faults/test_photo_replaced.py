"""Another photo under the name of an old one is labelled anew."""

import os
from pathlib import Path

import numpy as np
from making import make_photo

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.runs import INITIAL, load_scores
from engine.project.take_snapshot import take_snapshot


def test_the_scores_are_the_new_photos(photo_folder: Path, tmp_path: Path, label) -> None:
    with Project.open(photo_folder) as project:
        label(project)
        answer(project, "confirmed", [Answer(1, 1, True)])
        make_photo(photo_folder / "beach.jpg", 77, size=(70, 50))
        result = label(project)
        assert (result.labelled, result.encoded) == (8, 1)
        scores = load_scores(project, INITIAL)
        assert take_snapshot(project).decisions[0, 0] == YES
    with Project.open(photo_folder, tmp_path / "fresh") as fresh:
        label(fresh)
        expected = load_scores(fresh, INITIAL)
    assert scores is not None
    assert expected is not None
    np.testing.assert_allclose(scores.values, expected.values, atol=1e-6)


def test_of_the_same_size_and_written_within_the_same_second(photo_folder: Path, label) -> None:
    file = make_photo(photo_folder / "beach.bmp", 1)
    os.utime(file, ns=(10**18, 10**18))
    with Project.open(photo_folder) as project:
        label(project)
        make_photo(file, 2)
        os.utime(file, ns=(10**18, 10**18 + 1000))
        assert label(project).encoded == 1

"""Labelling that is killed again and again ends as if it never had been, and encodes no photo twice."""

from pathlib import Path

import numpy as np
import paths
from killing import Killer, check_files, kills, run
from making import make_photo

from engine.project import Project
from engine.project.embeddings import contents_with_embeddings
from engine.project.runs import INITIAL, load_scores

PHOTOS, KILLS = 60, kills(15)


def make_photos(folder: Path) -> Path:
    for at in range(PHOTOS):
        make_photo(folder / f"{at:03}.jpg", at, size=(24 + at % 7, 24 + at % 5))
    return folder


def initial_scores(photos: Path) -> np.ndarray:
    with Project.open(photos) as project:
        scores = load_scores(project, INITIAL)
        assert scores is not None
        return scores.values


def test_labelling_killed_at_random_moments(tmp_path: Path, tiny_clip: Path) -> None:
    repeats = tmp_path / "repeats"
    undisturbed = make_photos(tmp_path / "undisturbed")
    _, seconds = run(paths.label, undisturbed, tiny_clip, repeats)
    expected = initial_scores(undisturbed)
    encoder_id = paths.open_encoder(tiny_clip).id

    killer = Killer(paths.label, seconds, seed=1)
    collections = 0
    while killer.kills < KILLS:
        photos = make_photos(tmp_path / f"collection {collections}")
        collections += 1
        committed: set[bytes] = set()
        while killer.strike(photos, tiny_clip, repeats):
            check_files(photos / ".cdul")
            if (photos / ".cdul" / "project.sqlite").exists():
                with Project.open(photos) as project:
                    found = contents_with_embeddings(project, encoder_id, [1, 3])
                assert committed <= found
                committed = found
        check_files(photos / ".cdul")
        np.testing.assert_array_equal(initial_scores(photos), expected)
    assert not repeats.exists(), "photos were encoded though they had been committed"

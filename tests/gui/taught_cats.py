"""Sixty photos of which every third shows a cat, and a person who says so."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from acting import settle
from making import make_photo

from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import ReadPhoto, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.thresholds.calibrate import shape_settings

PHOTOS, DIMENSION = 60, 8
CAT = 0


def make_cats(folder: Path, *, folders: Sequence[str] = ("",)) -> Path:
    """Sixty photos, as many in each of `folders`; every third shows a cat and looks like one, which the scores hardly
    tell."""
    for number in range(PHOTOS):
        inside = sorted(folders)[number * len(folders) // PHOTOS]
        make_photo(folder / inside / f"{number:02}.jpg", number, size=(16, 12))
    random = np.random.default_rng(3)
    there = np.arange(PHOTOS) % 3 == 0
    looks = random.normal(2, 0.4, (PHOTOS, DIMENSION))
    looks[there, 0] += 2.5
    latents = np.column_stack([there * 1.8, np.zeros(PHOTOS)]) - 2 + random.normal(0, 1, (PHOTOS, 2))
    scores = (1 / (1 + np.exp(-latents))).astype(np.float32)
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        add_photos(project, Progress(), Cancellation())
        ids = take_snapshot(project).photo_ids
        contents = [b"%016d" % number for number in range(PHOTOS)]
        record_read(project, [ReadPhoto(int(n), c, 16, 12) for n, c in zip(ids, contents, strict=True)])
        by_content = zip(contents, looks.astype(np.float16), strict=True)
        store_embeddings(project, "made up", {content: {WHOLE: vector[None]} for content, vector in by_content})
        settings = {
            **shape_settings(INITIAL, shape_of(scores)),
            "encoder": "made up",
            "encoder_id": "made up",
            "dimension": DIMENSION,
            "feature_count": DIMENSION,
            "grids": [],
        }
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=settings)
        store_scores(project, run, INITIAL, ids.tolist(), scores)
        finish_run(project, run)
    return folder


def snapshot_of(window: MainWindow) -> Snapshot:
    assert window.session.snapshot is not None
    return window.session.snapshot


def say_cats(window: MainWindow, rows: np.ndarray) -> None:
    snapshot = snapshot_of(window)
    label = snapshot.labels[CAT].id
    for row in rows.tolist():  # one at a time, as a person does
        is_cat = int(Path(snapshot.paths[row]).stem) % 3 == 0
        window.session.edits.answer("said", [Answer(int(snapshot.photo_ids[row]), label, is_cat)])
    settle(window)


def likely_cats(snapshot: Snapshot) -> np.ndarray:
    return np.flatnonzero(snapshot.states()[:, CAT] == LabelState.LIKELY)

"""Made-up photos whose looks tell better than their scores, for answers to teach."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.history.history import Outcome, answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, ReadPhoto, record_folder, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.thresholds.calibrate import shape_settings

PHOTOS = 240
CAT, DOG = 0, 1
DIMENSION = 12


class Made:
    """240 photos: cats and dogs look each like their kind, which the scores tell badly."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.project = Project.open(folder)
        random = np.random.default_rng(4)
        self.there = random.random((PHOTOS, 2)) < [0.25, 0.4]
        self.looks = random.normal(0, 0.5, (PHOTOS, DIMENSION)) + 2
        self.looks[:, :2] += 2.0 * self.there
        noise = np.random.default_rng(5).normal(0, 1, self.there.shape)
        self.scores = (1 / (1 + np.exp(2 - 1.5 * self.there - noise))).astype(np.float32)
        self.labels = use_label_set(self.project, [NewLabel("cat"), NewLabel("dog")])
        self.add(PHOTOS)
        self.label("made up")

    def add(self, photos: int) -> None:
        record_folder(self.project, [FoundPhoto(f"{number:04}.jpg", 1, 1) for number in range(photos)])
        record_read(self.project, [ReadPhoto(n + 1, b"%016d" % n, 64, 48) for n in range(photos)])

    def label(self, encoder: str | None, scores: np.ndarray | None = None, **more: object) -> None:
        """Score the photos; without an encoder, as an import of scores does."""
        scores = self.scores if scores is None else scores
        settings = {**shape_settings(INITIAL, shape_of(scores)), **more}
        if encoder is not None:
            settings |= {
                "encoder": encoder,
                "encoder_id": encoder,
                "dimension": DIMENSION,
                "feature_count": DIMENSION,
                "grids": [],
            }
            looks = np.resize(self.looks, (len(scores), DIMENSION)).astype(np.float16)
            vectors = {b"%016d" % number: {WHOLE: each[None]} for number, each in enumerate(looks)}
            store_embeddings(self.project, encoder, vectors)
        self.score(INITIAL, scores, settings)

    def score(self, stage: str, scores: np.ndarray, settings: dict[str, object]) -> None:
        run = begin_run(self.project, "test", label_ids=[label.id for label in self.labels], settings=settings)
        store_scores(self.project, run, stage, range(1, len(scores) + 1), scores.astype(np.float32))
        finish_run(self.project, run)

    def say(self, rows: np.ndarray | range, column: int = CAT, truth: np.ndarray | None = None) -> Outcome | None:
        truth = self.there if truth is None else truth
        label = self.labels[column].id
        return answer(self.project, "said", [Answer(int(row) + 1, label, bool(truth[row, column])) for row in rows])

    @property
    def doubtful(self) -> np.ndarray:
        """Rows, the most doubtful cats first."""
        snapshot = take_snapshot(self.project)
        return np.argsort(np.abs(snapshot.scores[:, CAT] - snapshot.thresholds[CAT]), kind="stable")

"""How many suggestions of a queue were answered, and how many of them were right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.project.answer import Answer
from engine.project.label_state import UNDECIDED
from engine.project.snapshot import Snapshot
from engine.stages.review.queues import QueueProgress, queue_progress, suggested_untaught


class Tally:
    """Keeps what was suggested when it was answered: scores and thresholds may be others since then."""

    def __init__(self) -> None:
        self._photos: set[int] = set()
        self._suggested: set[Answer] = set()

    def add(self, snapshot: Snapshot, rows: Sequence[int]) -> None:
        """These photos were answered just now."""
        places = np.nonzero(suggested_untaught(snapshot, rows) & (snapshot.known[rows] != UNDECIDED))
        photos = snapshot.photo_ids[rows]
        self._photos.update(photos.tolist())
        self._suggested.update(
            Answer(photo, snapshot.labels[column].id, True)
            for photo, column in zip(photos[places[0]].tolist(), places[1].tolist(), strict=True)
        )

    def progress(self, snapshot: Snapshot) -> QueueProgress:
        """By what is said now of these photos, those that are still there."""
        rows = np.array(sorted(snapshot.row_of(photo) for photo in self._photos if snapshot.has(photo)), np.int64)
        suggested = np.zeros((len(rows), len(snapshot.labels)), bool)
        if self._suggested:
            places = snapshot.places_of([*self._suggested])
            there = places.on_labels
            suggested[np.searchsorted(rows, places.rows[there]), places.columns[there]] = True
        return queue_progress(snapshot, rows, suggested)

"""How many suggestions were answered in a queue, and how many of them were right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.project.answer import Answer
from engine.project.label_state import UNDECIDED, LabelState
from engine.project.snapshot import Snapshot
from engine.stages.review.queues import QueueProgress, queue_progress

Places = npt.NDArray[np.int64]


class Tally:
    """Keeps what was suggested when it was answered: scores and thresholds may be others since then.

    What was answered before the queue began says nothing of it.
    """

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self._before = np.zeros(0, np.int64)
        if snapshot is not None:
            rows, columns = np.nonzero(snapshot.known != UNDECIDED)
            self._before = np.sort(_coded(snapshot, rows, columns))
        self._suggested: dict[Answer, bool] = {}

    def add(self, snapshot: Snapshot, rows: Sequence[int]) -> None:
        """These photos were answered just now."""
        suggested = snapshot.suggestions(rows) == LabelState.LIKELY
        for place, column in zip(*np.nonzero(snapshot.known[rows] != UNDECIDED), strict=True):
            one = Answer(int(snapshot.photo_ids[rows[place]]), snapshot.labels[column].id, True)
            self._suggested.setdefault(one, bool(suggested[place, column]))

    def progress(self, snapshot: Snapshot) -> QueueProgress:
        """By what is said now of these photos, those that are still there."""
        photos = {one.photo_id for one in self._suggested}
        rows = np.array(sorted(snapshot.row_of(photo) for photo in photos if snapshot.has(photo)), np.int64)
        suggested = np.zeros((len(rows), len(snapshot.labels)), bool)
        if likely := [one for one, was_likely in self._suggested.items() if was_likely]:
            places = snapshot.places_of(likely)
            there = places.on_labels
            of_rows, columns = places.rows[there], places.columns[there]
            now = _coded(snapshot, of_rows, columns)
            asked = np.append(self._before, -1)[np.searchsorted(self._before, now)] != now
            suggested[np.searchsorted(rows, of_rows[asked]), columns[asked]] = True
        return queue_progress(snapshot, rows, suggested)


def _coded(snapshot: Snapshot, rows: Places, columns: Places) -> npt.NDArray[np.int64]:
    """What is known at these rows and columns, as a number each that stands when the snapshot is read anew."""
    labels = np.fromiter((label.id for label in snapshot.labels), np.int64, len(snapshot.labels))
    return snapshot.photo_ids[rows] << 24 | labels[columns] << 2 | np.sign(snapshot.known[rows, columns]) + 1

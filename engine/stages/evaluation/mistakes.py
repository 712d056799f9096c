"""Photos behind the mistakes of an evaluation: which are the worst, and how they look, small."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass

import numpy as np

from engine.jobs import NEVER, Cancellation
from engine.photos.decode import PhotoProblem, decode_file
from engine.project import Project
from engine.stages.evaluation.result import Evaluation, Outcome

_SIDE = 160
"""Of a thumbnail, pixels."""
MOST_THUMBNAILS = 240
MOST_BYTES = 3_000_000
"""Of all thumbnails of a report together."""


@dataclass(frozen=True)
class Mistake:
    """One label of one photo, suggested wrongly or missed."""

    path: str
    label: str
    outcome: Outcome
    score: float


def worst_mistakes(evaluation: Evaluation, most: int, *, of_label: int) -> list[Mistake]:
    """The mistakes whose scores lie furthest on the wrong side of their label's threshold, the worst first.

    How far is told as a share of the way from the threshold to the end, 1 or 0, since thresholds differ.

    Args:
        most: so many at most.
        of_label: so many at most of one label, that one bad label does not hide all others.
    """
    thresholds = np.array([one.threshold for one in evaluation.labels], np.float64)
    scores = evaluation.scores.astype(np.float64)
    false_alarm = evaluation.suggested & (evaluation.answers == 0)
    miss = ~evaluation.suggested & (evaluation.answers == 1)
    above = (scores - thresholds) / np.maximum(1 - thresholds, 1e-6)
    below = (thresholds - scores) / np.maximum(thresholds, 1e-6)
    wrong = np.where(false_alarm, above, np.where(miss, below, -1.0))
    found: list[Mistake] = []
    seen = [0] * len(evaluation.labels)
    order = np.argsort(-wrong, axis=None, kind="stable")[: np.count_nonzero(false_alarm | miss)]
    for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True):
        if seen[column] == of_label:
            continue
        seen[column] += 1
        outcome = Outcome.FALSE_ALARM if false_alarm[row, column] else Outcome.MISS
        label = evaluation.labels[column].label
        found.append(Mistake(evaluation.paths[row], label, outcome, float(scores[row, column])))
        if len(found) == most:
            break
    return found


class Thumbnails:
    """Small pictures of photos as text for a page, until there are enough of them."""

    def __init__(self, project: Project, cancellation: Cancellation = NEVER) -> None:
        self._project, self._cancellation = project, cancellation
        self._made: dict[str, str | None] = {}
        self._left, self._bytes_left = MOST_THUMBNAILS, MOST_BYTES

    def of(self, path: str) -> str | None:
        """A JPEG as base64; None where the photo cannot be read, or there are enough already."""
        self._cancellation.check()
        if path not in self._made:
            self._made[path] = self._small(path)
        picture = self._made[path]
        # One that stands in two places is in the page twice.
        if picture is None or self._left == 0 or len(picture) > self._bytes_left:
            return None
        self._left -= 1
        self._bytes_left -= len(picture)
        return picture

    def _small(self, path: str) -> str | None:
        if not self._left:
            return None
        try:
            picture = decode_file(self._project.file_of(path), at_least=(_SIDE, _SIDE)).picture
        except PhotoProblem:
            return None
        picture.thumbnail((_SIDE, _SIDE))
        made = io.BytesIO()
        picture.save(made, "JPEG", quality=70)
        return b64encode(made.getvalue()).decode()

"""What is handed over: photos with their labels, the same for every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError, WrongUsage
from engine.project import Project
from engine.project.labels import LabelRow
from engine.project.runs import INITIAL
from engine.project.snapshot import NO, YES, Snapshot, take_snapshot
from engine.project.thresholds import thresholds_in_force

ONLY = ("all", "reviewed")


@dataclass(frozen=True)
class ExportedLabel:
    """A label that a photo has: `column` in the label set, score from 0 to 1, and who says so."""

    column: int
    score: float
    source: str
    """human, or the stage that suggests it."""
    confirmed: bool


@dataclass(frozen=True)
class ExportedPhoto:
    """A photo with the labels it has (confirmed or suggested) and those a person said it has not (`rejected`)."""

    id: int
    path: str
    width: int
    height: int
    reviewed: bool
    labels: tuple[ExportedLabel, ...]
    rejected: tuple[int, ...]


@dataclass(frozen=True)
class ExportSet:
    """Readable photos in order of their paths, with the scores of the stage that is exported."""

    snapshot: Snapshot
    stage: str
    scores: npt.NDArray[np.float32]
    """photos of the snapshot x labels, nan where there are none."""
    thresholds: npt.NDArray[np.float32]
    """labels: from which score of that stage on a label is suggested."""
    rows: npt.NDArray[np.int64]
    """Rows of the snapshot that are exported."""

    @property
    def labels(self) -> list[LabelRow]:
        return self.snapshot.labels

    def photos(self) -> Iterator[ExportedPhoto]:
        """The photos with their labels, one by one."""
        snapshot = self.snapshot
        suggested = self.scores >= self.thresholds
        for row in self.rows:
            decisions = snapshot.decisions[row]
            present = np.flatnonzero((decisions == YES) | ((decisions != NO) & suggested[row]))
            width, height = snapshot.sizes[row]
            yield ExportedPhoto(
                id=int(snapshot.photo_ids[row]),
                path=snapshot.paths[row],
                width=int(width),
                height=int(height),
                reviewed=bool(snapshot.reviewed[row]),
                labels=tuple(self._label(int(row), int(column)) for column in present),
                rejected=tuple(np.flatnonzero(decisions == NO).tolist()),
            )

    def _label(self, row: int, column: int) -> ExportedLabel:
        score = float(self.scores[row, column])
        if self.snapshot.decisions[row, column] == YES:
            return ExportedLabel(column, 1.0, "human", confirmed=True)
        return ExportedLabel(column, round(score, 6), self.stage, confirmed=False)


def collect(project: Project, *, only: str = "all", stage: str | None = None) -> ExportSet:
    """What a project hands over.

    Args:
        only: `reviewed` photos, or `all` that can be read.
        stage: whose scores suggest labels; by default refined where there are refined labels, else initial.

    Raises:
        UserError: nothing was labelled by that stage, or `only` is neither.
    """
    if only not in ONLY:
        raise WrongUsage(f"Expected --only to be one of {', '.join(ONLY)}, but got {only!r}.")
    snapshot = take_snapshot(project)
    scores, thresholds = snapshot.scores, snapshot.thresholds
    if stage is not None and stage != snapshot.stage:
        scores = snapshot.matrix_of(project, stage)
        thresholds, _ = thresholds_in_force(project, stage, snapshot.labels)
    if stage is not None and np.isnan(scores).all():
        raise UserError(f"No photo has scores of the stage {stage!r} yet. Label the photos first.")
    kept = np.array([problem is None for problem in snapshot.problems], bool)
    if only == "reviewed":
        kept &= snapshot.reviewed
    return ExportSet(snapshot, stage or snapshot.stage or INITIAL, scores, thresholds, np.flatnonzero(kept))

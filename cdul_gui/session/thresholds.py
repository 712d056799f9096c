"""Keeps the thresholds of the open project what its reviewed photos and its people make of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.jobs import Job
from cdul_gui.session.live_teaching import LiveTeaching
from cdul_gui.session.session import Session
from engine.method.calibration import Calibration
from engine.method.latent import from_latent, to_latent
from engine.method.taught_label import Reach
from engine.project import Project
from engine.project.snapshot import Snapshot
from engine.project.thresholds import (
    FOR_ALL,
    ManualThreshold,
    StageCalibration,
    ThresholdSource,
    keep_stage_calibration,
    thresholds_in_force,
)
from engine.stages.thresholds.calibrate import learnt_calibration, want_precision

_PAUSE = 300
"""Milliseconds, at least, between two times of learning: answers in a row are learnt from together."""

_TIMES_AS_LONG = 4
"""As the learning took the pause is, which is seconds in a large project."""

_LATER = 2000
"""Milliseconds after an answer, where thresholds do not wait for it."""

_HARDLY = 1e-3
"""Thresholds that move by a smaller share than this are left where they are: nothing that is shown would change."""


@dataclass(frozen=True)
class _Found:
    thresholds: npt.NDArray[np.float32]
    sources: list[ThresholdSource]
    stage_calibration: StageCalibration | None


class Thresholds(QObject):
    """Learns in a worker from every answer; what changed is put into the session's snapshot."""

    changed = Signal()
    """Something new is known of the thresholds, or of how sure the scores are."""

    def __init__(self, session: Session, teaching: LiveTeaching) -> None:
        super().__init__(session)
        self._session, self._teaching = session, teaching
        teaching.taught.connect(self.changed)
        self._learning: Job | None = None
        self._again = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._learn_again)
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.left_unchanged.connect(self._learn_what_is_missing)
        session.answers_changed.connect(self._follow_answers)
        session.thresholds_kept.connect(self._learn)

    def keep_for_all(self, threshold: float | None) -> None:
        """Suggest every label from this score on, or each from its own (None); undone as any other edit."""
        if not self._session.writable:
            return
        self._session.edits.set_thresholds([ManualThreshold(*FOR_ALL, threshold)])

    def want_precision(self, precision: float | None) -> None:
        """Ask for a precision of thresholds that come from reviewed photos, or for the best F1 (None)."""
        self._change(lambda project: want_precision(project, precision))

    def _change(self, keep: Callable[[Project], Any]) -> None:
        session, project = self._session, self._session.project
        if project is None or not session.writable:
            return
        job = session.workers.write(lambda: keep(project))
        job.finished.connect(lambda _nothing: self._teaching.begin_anew())
        job.finished.connect(lambda _nothing: self._learn())
        job.failed.connect(session.failed)

    @Slot()
    def _forget(self) -> None:
        self._learning, self._again = None, False
        self._pause.stop()

    @Slot()
    def _follow_snapshot(self) -> None:
        self._learn_what_is_missing()
        self.changed.emit()

    @Slot()
    def _learn_what_is_missing(self) -> None:
        snapshot = self._session.snapshot
        if snapshot is not None and snapshot.stage is not None and snapshot.stage_calibration is None:
            self._learn()

    @Slot(object)
    def _follow_answers(self, _rows: list[int]) -> None:
        if self._teaching.reaches and not self._pause.isActive():
            # What is suggested follows at once; how sure the scores are may wait for a pause.
            self._pause.start(_LATER)
        if self._pause.isActive():
            self._again = True
        else:
            self._learn()

    @Slot()
    def _learn_again(self) -> None:
        if self._again:
            self._again = False
            self._learn()

    @Slot()
    def _learn(self) -> None:
        session = self._session
        project, snapshot = session.project, session.snapshot
        # Scores that are still coming are learnt from when they are all there.
        if project is None or snapshot is None or snapshot.stage is None or session.job is not None:
            return
        if not session.writable:
            return
        if self._learning is not None:
            self._again = True
            return
        stage = snapshot.stage
        # The window goes on changing its own.
        answered, reviewed = snapshot.with_answers_of_its_own(), not self._teaching.reaches
        began = time.monotonic()

        def ended(job: Job) -> None:
            if self._learning is not job:
                return
            self._learning = None
            took = time.monotonic() - began
            shortest = _LATER if self._teaching.reaches else _PAUSE
            self._pause.start(max(shortest, int(1000 * _TIMES_AS_LONG * took)))

        def keep(found: StageCalibration | None) -> None:
            # Scores of a run that began meanwhile are none of those that this was learnt from.
            if self._learning is not learning or session.job is not None:
                return

            def work() -> _Found:
                if found is not None:
                    keep_stage_calibration(project, stage, answered.labels, found)
                return _Found(*thresholds_in_force(project, stage, answered.labels, reviewed=reviewed), found)

            keeping = self._learning = session.workers.write(work)
            keeping.finished.connect(lambda kept: self._show(answered, kept) if self._learning is keeping else None)
            keeping.failed.connect(session.failed)
            keeping.ended.connect(lambda: ended(keeping))

        # Learning takes a second in a large project, for which no edit and no undo has to wait; keeping it does not.
        learning = self._learning = session.workers.learn(lambda: learnt_calibration(project, answered, stage))
        learning.finished.connect(keep)
        learning.failed.connect(session.failed)
        learning.ended.connect(lambda: ended(learning))

    def _show(self, learnt_from: Snapshot, found: _Found) -> None:
        session, snapshot = self._session, self._session.snapshot
        if snapshot is None or snapshot.stage != learnt_from.stage or snapshot.labels != learnt_from.labels:
            return
        if session.edits.waiting:
            # A threshold that a person is just setting must not go back to where it was.
            self._again = True
            return
        snapshot.stage_calibration = found.stage_calibration
        of_scores = np.ones(len(snapshot.labels), bool)
        of_scores[list(snapshot.taught)] = False
        moved = of_scores & ~np.isclose(snapshot.thresholds, found.thresholds, rtol=_HARDLY, atol=0)
        sources = [
            new if own else old
            for own, old, new in zip(of_scores, snapshot.threshold_sources, found.sources, strict=True)
        ]
        if not moved.any() and snapshot.threshold_sources == sources:
            self.changed.emit()
            return
        snapshot.thresholds[:] = np.where(moved, found.thresholds, snapshot.thresholds)
        snapshot.threshold_sources[:] = sources
        snapshot.lift(np.flatnonzero(moved).tolist())
        session.snapshot_changed.emit()
        session.label_changed.emit()


def likelihoods_of(
    snapshot: Snapshot, scores: npt.NDArray[np.float32], columns: int | slice = slice(None)
) -> npt.NDArray[np.float64]:
    """How likely the labels of these columns are at these scores, from 0 to 1: the scale to compare labels on.

    Scores of two labels are none: one may be likely from .05 on and another from .6. Of a label that has answers enough
    it is the chance that they tell; before, how far the score stands above the threshold, good enough for an order and
    too little to be called a chance. What the shape of the scores makes of them is surer than it deserves.

    Args:
        scores: of the snapshot; any shape that ends in the labels, or in none for a single column.
    """
    odds = to_latent(scores.astype(np.float64)) - to_latent(snapshot.thresholds[columns].astype(np.float64))
    found = from_latent(odds)
    stage_calibration = snapshot.stage_calibration
    if stage_calibration is not None:
        calibration = Calibration(
            stage_calibration.offsets[columns], stage_calibration.slopes[columns], np.zeros((0, 2, 2))
        )
        told = says_chance(snapshot, columns)
        found = np.where(told, calibration.chances(scores), found)
    # Scores of a label that was taught are chances.
    found = np.where(_taught(snapshot)[columns], scores, found)
    found = np.where(np.isnan(scores), np.nan, found)
    # Learnt of each label by itself, the one below must not seem likelier than the one above it.
    return snapshot.parents.at_least_as_sure(found) if columns == slice(None) else found


def chances_of(
    snapshot: Snapshot, scores: npt.NDArray[np.float32], columns: int | slice = slice(None)
) -> npt.NDArray[np.float64]:
    """The same, nan of labels for which too few reviewed photos tell; see `likelihoods_of`."""
    return np.where(says_chance(snapshot, columns), likelihoods_of(snapshot, scores, columns), np.nan)


def says_chance(snapshot: Snapshot, columns: int | slice = slice(None)) -> npt.NDArray[np.bool_]:
    """Whether the labels of these columns have answers enough to say a chance; before, only words are honest.

    Of answers all alike nobody can tell how common a label is: "maybe, 99 %" would be the guess from before them.
    """
    stage_calibration = snapshot.stage_calibration
    by_scores = np.zeros(len(snapshot.labels), bool)
    if stage_calibration is not None:
        both_kinds = (stage_calibration.yes > 0) & (stage_calibration.no > 0)
        by_scores = both_kinds & ~np.isnan(stage_calibration.thresholds)
    one_kind = [column for column, one in snapshot.taught.items() if one.reach in (Reach.ONLY_YES, Reach.ONLY_NO)]
    says = by_scores | _taught(snapshot)
    says[one_kind] = False
    return says[columns]


def _taught(snapshot: Snapshot) -> npt.NDArray[np.bool_]:
    taught = np.zeros(len(snapshot.labels), bool)
    taught[list(snapshot.taught)] = True
    return taught

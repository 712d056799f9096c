"""One label over all photos: where its threshold lies, what that accepts, and answers to many photos at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.jobs import Job
from cdul_gui.session import Session
from engine.method.thresholds import Estimate, best_f1_threshold, estimate_at, threshold_for_precision
from engine.project.history import set_thresholds
from engine.project.labels import LabelRow
from engine.project.runs import INITIAL
from engine.project.snapshot import UNDECIDED, Snapshot
from engine.project.threshold_edits import HandSet
from engine.project.thresholds import ThresholdSource, thresholds_in_force

WANTED_PRECISION = 0.9


class Sweep(QObject):
    """Works on the label that the session looks at."""

    changed = Signal()
    """Another label, other scores or answers, or another threshold."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._last: Job | None = None
        for signal in (session.snapshot_changed, session.label_changed, session.answers_changed):
            signal.connect(self.changed)

    @property
    def label(self) -> LabelRow | None:
        """The label that is looked at."""
        snapshot, column = self._looked_at()
        return None if snapshot is None or column is None else snapshot.labels[column]

    @property
    def scores(self) -> npt.NDArray[np.float32]:
        """Of the label: photos, nan where there is none."""
        snapshot, column = self._looked_at()
        return np.zeros(0, np.float32) if snapshot is None or column is None else snapshot.scores[:, column]

    @property
    def threshold(self) -> tuple[float, ThresholdSource]:
        """From which score on the label is suggested, and who says so."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return 0.0, ThresholdSource.DEFAULT
        return float(snapshot.thresholds[column]), snapshot.threshold_sources[column]

    def estimate(self, threshold: float) -> Estimate | None:
        """What a threshold would accept, and how much of that is right as far as photos were reviewed."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return None
        return estimate_at(snapshot.scores[:, column], snapshot.answers(column), threshold)

    # The threshold

    def keep(self, threshold: float | None) -> Job | None:
        """Suggest the label from this score on, or again from where its scores tell (None). No encoder is run."""
        session = self._session
        project, (snapshot, column) = session.project, self._looked_at()
        if project is None or snapshot is None or column is None or not session.writable:
            return None
        label, stage = snapshot.labels[column], snapshot.stage or INITIAL
        title = self.tr("threshold of {label} taken back").format(label=label.name)
        if threshold is not None:
            title = self.tr("threshold of {label} set to {value}").format(label=label.name, value=f"{threshold:.3g}")
            self._show_threshold(snapshot, column, threshold, ThresholdSource.BY_HAND)

        def write() -> tuple[npt.NDArray[np.float32], list[ThresholdSource]]:
            set_thresholds(project, title, [HandSet(label.id, stage, threshold)])
            return thresholds_in_force(project, stage, [label])

        def kept(found: tuple[npt.NDArray[np.float32], list[ThresholdSource]]) -> None:
            # An earlier move of the line must not come back while a later one is being written.
            now = session.snapshot
            if job is self._last and project is session.project and now is not None and now.stage == snapshot.stage:
                columns = [one.id for one in now.labels]
                if label.id in columns:
                    self._show_threshold(now, columns.index(label.id), float(found[0][0]), found[1][0])

        job = self._last = session.workers.write(self.tr("Keeping a threshold"), write)
        job.finished.connect(kept)
        job.failed.connect(session.failed)
        # What could not be kept must not stay on the screen.
        job.failed.connect(lambda _failure: session.refresh())
        return job

    def keep_best_f1(self) -> None:
        """Put the threshold where F1 is best on the reviewed photos."""
        scores, truth = self._truth()
        self._keep_if_there(best_f1_threshold(scores, truth))

    def keep_precise(self) -> None:
        """Put the threshold as low as the wanted precision on the reviewed photos allows."""
        scores, truth = self._truth()
        self._keep_if_there(threshold_for_precision(scores, truth, WANTED_PRECISION))

    def keep_from_scores(self) -> None:
        """Take a threshold set by hand back."""
        self.keep(None)

    # The photos

    @Slot()
    def look_at_boundary(self) -> None:
        """Look at the last photo that is accepted; the photos are shown by the label's score."""
        snapshot, column = self._looked_at()
        rows = self._session.shown
        if snapshot is None or column is None or not len(rows):
            return
        accepted = rows[snapshot.scores[rows, column] >= snapshot.thresholds[column]]
        self._session.go_to(int(accepted[-1] if len(accepted) else rows[0]))

    def select_accepted(self) -> None:
        """Of the photos that are shown select those for which the label is suggested."""
        session = self._session
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return
        rows = session.shown
        accepted = snapshot.scores[rows, column] >= snapshot.thresholds[column]
        session.select(np.sort(rows[accepted & (snapshot.decisions[rows, column] == UNDECIDED)]))

    def _looked_at(self) -> tuple[Snapshot | None, int | None]:
        return self._session.snapshot, self._session.label

    def _truth(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]:
        """Scores of the label, and its truth where it is known: 1 yes, 0 no, -1 unknown."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return np.zeros(0, np.float32), np.zeros(0, np.int8)
        scores, answers = snapshot.scores[:, column], snapshot.answers(column)
        unknown = np.isnan(scores) | (answers == UNDECIDED)
        return scores, np.where(unknown, -1, answers > 0).astype(np.int8)

    def _keep_if_there(self, threshold: float | None) -> None:
        if threshold is not None:
            self.keep(threshold)
        elif self.label is not None:
            self._session.said.emit(
                self.tr("No threshold does that on the reviewed photos. Review some that have {label} first.").format(
                    label=self.label.name
                )
            )

    def _show_threshold(self, snapshot: Snapshot, column: int, value: float, source: ThresholdSource) -> None:
        if (snapshot.thresholds[column], snapshot.threshold_sources[column]) == (np.float32(value), source):
            return
        snapshot.thresholds[column] = value
        snapshot.threshold_sources[column] = source
        self._session.snapshot_changed.emit()
        self._session.label_changed.emit()

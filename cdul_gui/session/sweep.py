"""One label over all photos: where its threshold lies, what that accepts, and answers to many photos at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.jobs import Job
from cdul_gui.session.order import Grouping
from cdul_gui.session.review import Review
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.shown_photos import Sorting
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.session.thresholds import chances_of
from engine.method.thresholds import Estimate, estimate_at
from engine.project.history.edit_thresholds import threshold_by_hand
from engine.project.label_state import UNDECIDED
from engine.project.labels import LabelRow
from engine.project.snapshot import Snapshot
from engine.project.thresholds import ThresholdSource


class Sweep(QObject):
    """Works on the label that the session looks at."""

    changed = Signal()
    """Another label, other scores or answers, or another threshold."""

    def __init__(self, session: Session, review: Review, arrangement: Arrangement) -> None:
        super().__init__(session)
        self._session, self._review, self._arrangement = session, review, arrangement
        for signal in (session.snapshot_changed, session.label_changed, session.answers_changed, arrangement.changed):
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
        """From which score on the label is likely, and who says so."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return 0.0, ThresholdSource.DEFAULT
        return float(snapshot.thresholds[column]), snapshot.threshold_sources[column]

    @property
    def maybe_from(self) -> float:
        """From which score on the label may be there, where it is not likely."""
        snapshot, column = self._looked_at()
        return 0.0 if snapshot is None or column is None else float(snapshot.maybe_from[column])

    def likely_from(self, threshold: float) -> int:
        """Photos that nobody has answered on which the label were likely from this threshold on."""
        return int(np.count_nonzero(self._open & (self.scores >= threshold)))

    def best_score(self) -> float | None:
        """The highest of a photo that nobody has answered; None where none is left."""
        scores = self.scores[self._open]
        return None if np.isnan(scores).all() else float(np.nanmax(scores))

    def maybe_below(self, threshold: float) -> int:
        """Those on which it may be then."""
        return int(np.count_nonzero(self._open & (self.scores >= self.maybe_from) & (self.scores < threshold)))

    def estimate(self, threshold: float) -> Estimate | None:
        """What a threshold would accept, and how much of that is right as far as photos were reviewed."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return None
        return estimate_at(snapshot.scores[:, column], snapshot.answers(column), threshold)

    def share_right(self, threshold: float) -> float | None:
        """Of what a threshold would accept, and nobody has answered, the share that is right, as reviewed photos tell.

        None where they do not, or where nothing is left.
        """
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return None
        scores = snapshot.scores[:, column]
        chances = chances_of(snapshot, scores[self._open & (scores >= threshold)], column)
        return None if np.isnan(chances).all() else float(chances.mean())

    @property
    def undecided(self) -> tuple[float, float]:
        """Between which scores the label is neither a clear no nor a clear yes."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None or snapshot.stage_calibration is None:
            return self.threshold[0], self.threshold[0]
        no_below, yes_from = snapshot.undecided_between()
        return float(no_below[column]), float(yes_from[column])

    # The threshold

    def keep(self, threshold: float | None) -> Job | None:
        """The label is likely from this score on, or again from where its scores or reviewed photos tell (None)."""
        session, (snapshot, column) = self._session, self._looked_at()
        if snapshot is None or column is None or not session.writable:
            return None
        kept = threshold_by_hand(snapshot, column, threshold)
        if threshold is not None:
            snapshot.thresholds[column] = threshold
            snapshot.threshold_sources[column] = ThresholdSource.BY_HAND
            snapshot.lift([column])
            snapshot.hold(None)  # what a person sets is seen at once, also on the photo that is looked at
            session.snapshot_changed.emit()
            session.label_changed.emit()
        job = session.edits.set_thresholds(kept)
        if job is not None:
            # What could not be kept must not stay on the screen.
            job.failed.connect(lambda _failure: session.refresh())
        return job

    def keep_automatic(self) -> None:
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
        """Of the photos that are shown select those on which the label is likely, and look at the last of them."""
        session = self._session
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return
        rows = session.shown
        accepted = rows[(snapshot.scores[rows, column] >= snapshot.thresholds[column]) & self._open[rows]]
        # What is said beside the photo is said of it as well.
        if len(accepted) and session.current not in accepted:
            session.look_at(int(accepted[-1]))
        session.select(np.sort(accepted))

    def passed_over(self) -> Rows:
        """In a sweep the photos above the last selected one that are neither selected nor answered.

        Who has selected several photos down to one has seen those between them. One that is selected alone tells
        nothing: it may be where the sweep began.
        """
        session, (snapshot, column) = self._session, self._looked_at()
        if snapshot is None or column is None or len(session.selection) < 2 or not self._is_on(column):
            return NO_ROWS
        selected = np.isin(session.shown, session.selection)
        if not selected.any():
            return NO_ROWS
        end = int(np.flatnonzero(selected)[-1])
        above = session.shown[:end][~selected[:end]]
        return above[(snapshot.answers(column)[above] == UNDECIDED) & ~np.isnan(snapshot.scores[above, column])]

    def accept_and_reject_passed_over(self) -> None:
        """Confirm the label on the selected photos and reject it on those passed over, as one step of undo."""
        column, passed_over = self._session.label, self.passed_over()
        if column is not None and len(passed_over):
            self._review.sort_out(column, self._session.selection, passed_over)

    def _is_on(self, column: int) -> bool:
        """Whether the photos are shown by the score of this label, highest first."""
        shown_photos = self._arrangement.shown_photos
        by_score = shown_photos.sorting == Sorting.SCORE and shown_photos.grouping == Grouping.NONE
        by_score &= shown_photos.descending and shown_photos.label == column
        return by_score and self._arrangement.in_force

    @property
    def _open(self) -> npt.NDArray[np.bool_]:
        """Photos that nobody has answered for the label."""
        snapshot, column = self._looked_at()
        if snapshot is None or column is None:
            return np.zeros(0, bool)
        return snapshot.known[:, column] == UNDECIDED

    def _looked_at(self) -> tuple[Snapshot | None, int | None]:
        return self._session.snapshot, self._session.label

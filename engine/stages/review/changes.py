"""What a training changed: the labels that are suggested now and were not before, and those that are no longer."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.project import Project
from engine.project.label_state import UNDECIDED
from engine.project.runs import INITIAL, REFINED, RunRow, load_scores, runs_with
from engine.project.snapshot import Snapshot
from engine.project.thresholds import ThresholdSource, thresholds_in_force
from engine.stages.thresholds.carrying import carried_threshold

FEW, FEW_OF_A_LABEL = 10, 5
"""So many changes can be looked at where they are, whatever share they are."""

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Changes:
    """What the newest training changed; arrays are photos x labels, aligned with the snapshot that was asked about.

    `before`: the scores that suggested until then, which are the refined labels of the training before or else the
    initial ones. `after`: the refined labels. Both nan where there are none. `turned_on` and `turned_off`: labels
    that began and ceased to be likely, of those that nobody has decided; `likely_before`: labels, on how many such
    photos each was before.
    """

    run: int
    before: Scores
    after: Scores
    turned_on: npt.NDArray[np.bool_]
    turned_off: npt.NDArray[np.bool_]
    likely_before: npt.NDArray[np.int64]

    @property
    def suggested(self) -> int:
        """How many suggestions there were before."""
        return int(self.likely_before.sum())

    def much_changed(self) -> npt.NDArray[np.bool_]:
        """Labels of which more suggestions are new or gone than there were: so much is seldom learnt from answers."""
        turned = np.count_nonzero(self.turned_on | self.turned_off, axis=0)
        return (turned >= FEW_OF_A_LABEL) & (turned > self.likely_before)

    def rows(self, *, on: bool, column: int | None = None) -> npt.NDArray[np.int64]:
        """The rows of photos on which a label, or the one of this column, was turned on (else: off), ascending."""
        turned = self.turned_on if on else self.turned_off
        return np.flatnonzero(turned.any(axis=1) if column is None else turned[:, column])


def changes_by_training(
    project: Project, snapshot: Snapshot, run: RunRow | None = None, taught: Set[int] = frozenset()
) -> Changes | None:
    """Compare the refined labels with what suggested before them, each at its thresholds; None before a training.

    Args:
        snapshot: labels that answers have taught are left out: these answers suggest them, before and after.
        run: a training that is not in force, to be compared with what is; by default the newest in force.
        taught: columns of labels that answers would teach, where the snapshot does not know it.
    """
    before, before_from = snapshot.untaught_scores(), snapshot.untaught_thresholds()
    if run is None:
        trained = [run for run in runs_with(project, REFINED) if run.finished_at is not None][:2]
        if not trained:
            return None
        newest, *earlier = trained
        before = snapshot.matrix_of(project, INITIAL)
        before_from, _ = thresholds_in_force(project, INITIAL, snapshot.labels)
        after_from, sources = thresholds_in_force(project, REFINED, snapshot.labels)
        if earlier:
            of_run = _refined_by(earlier[0], project, snapshot)
            refined = ~np.isnan(of_run)
            before = np.where(refined, of_run, before)
            of_earlier = _thresholds_of(earlier[0], snapshot, after_from, sources)
            before_from = np.where(refined.any(axis=0), of_earlier, before_from)
        run = newest
        after = _refined_by(run, project, snapshot)
    else:
        after = _refined_by(run, project, snapshot)
        after_from, _ = thresholds_in_force(project, REFINED, snapshot.labels, run, reviewed=False)
        for column, source in enumerate(snapshot.threshold_sources):
            if source == ThresholdSource.BY_HAND:
                open_to_answer = snapshot.known[:, column] == UNDECIDED
                of_label = before[:, column], float(before_from[column]), after[:, column]
                after_from[column] = carried_threshold(*of_label, open_to_answer)
    # Photos that came since have no refined labels and are no change; what had no score was not suggested.
    asked = (snapshot.known == UNDECIDED) & ~np.isnan(after)
    asked[:, sorted(taught | set(snapshot.taught))] = False
    was, now = before >= before_from, after >= after_from
    return Changes(run.id, before, after, now & ~was & asked, was & ~now & asked, (was & asked).sum(axis=0))


def _refined_by(training: RunRow, project: Project, snapshot: Snapshot) -> Scores:
    """The refined labels of one training for the snapshot's photos and labels, nan where it made none."""
    aligned = np.full((len(snapshot), len(snapshot.labels)), np.nan, np.float32)
    matrix = load_scores(project, REFINED, training)
    assert matrix is not None
    columns = {label.id: column for column, label in enumerate(snapshot.labels)}
    shared = [(place, columns[label]) for place, label in enumerate(training.label_ids) if label in columns]
    _, rows, places = np.intersect1d(snapshot.photo_ids, matrix.photo_ids, assume_unique=True, return_indices=True)
    if shared:
        sources, targets = map(list, zip(*shared, strict=True))
        aligned[np.ix_(rows, targets)] = matrix.values[np.ix_(places, sources)]
    return aligned


def _thresholds_of(training: RunRow, snapshot: Snapshot, now: Scores, sources: list[ThresholdSource]) -> Scores:
    """The thresholds before the newest training: a person's word held then as it does now, the rest is the run's."""
    values = training.settings.get("likely", {}).get(REFINED) or training.settings["thresholds"][REFINED]
    kept = {label: value for label, value in zip(training.label_ids, values, strict=True) if value is not None}
    return np.array(
        [
            threshold if source in (ThresholdSource.BY_HAND, ThresholdSource.FOR_ALL) else kept.get(label.id, threshold)
            for label, threshold, source in zip(snapshot.labels, now, sources, strict=True)
        ],
        np.float32,
    )

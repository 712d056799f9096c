"""Thresholds set by hand outlive the scores they were set on: with other scores they accept as many photos."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.strengths import thresholds_taking
from engine.project import Project
from engine.project.history.edit_thresholds import labels_with_values, set_thresholds
from engine.project.history.history import Outcome, withdraw_run
from engine.project.label_state import UNDECIDED
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold, ThresholdSource
from engine.stages.thresholds.calibrate import calibrate_labels
from engine.wording import Sentence

NEARLY = 0.1
"""A threshold stays where it accepts as many photos but for this share: scores that are nearly the same keep it."""

Scores = npt.NDArray[np.floating]
Bools = npt.NDArray[np.bool_]


def put_in_force(project: Project, run_id: int, *, in_force: bool = True) -> Outcome | None:
    """Let a run suggest labels, or take it back; thresholds set by hand are carried to the scores that suggest then.

    Returns:
        The edit that carried thresholds, None where there was nothing to carry.
    """
    before = take_snapshot(project)
    withdraw_run(project, run_id, withdrawn=not in_force)
    carried = carry_thresholds(project, before, take_snapshot(project))
    calibrate_labels(project)
    return carried


def carry_thresholds(project: Project, before: Snapshot, after: Snapshot) -> Outcome | None:
    """Keep for the scores of now each threshold that was set by hand for those of before, as one edit.

    The edit can be undone as any other: then the label's scores say from where it is likely.

    Returns:
        None where no threshold had to be carried.
    """
    carried: dict[str, float] = {}
    wanted: list[ManualThreshold] = []
    shared, rows, now_rows = np.intersect1d(before.photo_ids, after.photo_ids, return_indices=True)
    columns = {label.id: column for column, label in enumerate(after.labels)}
    for column, label in enumerate(before.labels):
        now = columns.get(label.id)
        if before.threshold_sources[column] != ThresholdSource.BY_HAND or now is None or not len(shared):
            continue
        was, scores = before.scores_of(column).scores[rows], after.scores_of(now).scores[now_rows]
        open_to_answer = before.known[rows, column] == UNDECIDED
        value = carried_threshold(was, float(before.thresholds[column]), scores, open_to_answer)
        there = after.threshold_sources[now] == ThresholdSource.BY_HAND
        stays = there and _accepts_nearly(scores[open_to_answer], float(after.thresholds[now]), value)
        if not (stays or np.isnan(value)):
            carried[label.name] = value
            wanted.append(ManualThreshold(label.id, after.stage_of(now), value))
    if not wanted:
        return None
    names = labels_with_values(carried)
    return set_thresholds(
        project, wanted, title=Sentence("thresholds set by hand, carried to other scores: {names}").format(names=names)
    )


def carried_threshold(before: Scores, threshold: float, after: Scores, counted: Bools) -> float:
    """The threshold of a label's other scores that accepts as many photos; nan where there is nothing to tell it by.

    Args:
        before: photos, those for which `threshold` was set; nan where there is none. Likewise `after`.
        counted: photos; the others are left out.
    """
    known = counted & ~np.isnan(before) & ~np.isnan(after)
    count = np.array([np.count_nonzero(before[known] >= np.float32(threshold))])
    return float(thresholds_taking(after[known, None], count)[0])


def _accepts_nearly(scores: Scores, one: float, other: float) -> bool:
    """Whether two thresholds accept about as many photos."""
    found = [int(np.count_nonzero(scores >= np.float32(threshold))) for threshold in (one, other)]
    return abs(found[0] - found[1]) <= NEARLY * max(found)

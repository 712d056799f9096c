"""From which score on a label is suggested, and why from there."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.project.labels import LabelRow
from engine.project.project import Project
from engine.project.runs import newest_run_with
from engine.project.settings import keep_setting, setting

DEFAULT_THRESHOLD = 0.2
"""Where nothing better is known: before a run, or where its scores cannot tell yes from no."""

THRESHOLD_SETTING = "threshold"
"""One threshold for all labels, set by a person."""


class ThresholdSource(StrEnum):
    """Who says from which score on a label is suggested; a person's word goes first."""

    BY_HAND = "by hand"
    FOR_ALL = "for all"
    FROM_SCORES = "from its scores"
    DEFAULT = "default"


def thresholds_in_force(
    project: Project, stage: str, labels: Sequence[LabelRow]
) -> tuple[npt.NDArray[np.float32], list[ThresholdSource]]:
    """The threshold of each label for the scores of a stage, and where each comes from."""
    by_hand = {int(label): value for label, value in setting(project, _by_hand(stage), {}).items()}
    for_all = setting(project, THRESHOLD_SETTING)
    run = newest_run_with(project, stage)
    found = run.settings.get("thresholds", {}).get(stage) if run is not None else None
    from_scores = dict(zip(run.label_ids, found, strict=True)) if run is not None and found else {}
    values, sources = [], []
    for label in labels:
        for source, value in (
            (ThresholdSource.BY_HAND, by_hand.get(label.id)),
            (ThresholdSource.FOR_ALL, for_all),
            (ThresholdSource.FROM_SCORES, from_scores.get(label.id)),
            (ThresholdSource.DEFAULT, DEFAULT_THRESHOLD),
        ):
            if value is not None:
                values.append(value)
                sources.append(source)
                break
    return np.array(values, np.float32), sources


def keep_threshold(project: Project, stage: str, label_id: int, value: float | None) -> None:
    """Keep a threshold that a person set for one label's scores of a stage; None to take it back."""
    by_hand = setting(project, _by_hand(stage), {})
    by_hand.pop(str(label_id), None)
    keep_setting(project, _by_hand(stage), by_hand if value is None else {**by_hand, str(label_id): value})


def _by_hand(stage: str) -> str:
    return f"thresholds by hand, {stage}"

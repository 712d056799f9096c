"""What people's answers make of the scores: chances, the thresholds that follow from them, and what stays undecided.

Kept with the project, so that whoever reads thresholds has them at once; made anew after every run and whenever
answers changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.method.calibration import Calibration, calibrate, chances_out_of_sample, corrected_by_all
from engine.method.expected_thresholds import expected_f1_thresholds, expected_precision_thresholds
from engine.method.taught_label import LEAST_PROBABILITY
from engine.method.thresholds import Shape, shape_of
from engine.project import Project
from engine.project.label_state import UNDECIDED
from engine.project.labels import LabelRow, label_set
from engine.project.photos import has_answers
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, newest_run_with
from engine.project.settings import keep_setting, setting
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import (
    DEFAULT_THRESHOLD,
    SURE,
    WANTED_PRECISION_SETTING,
    StageCalibration,
    keep_stage_calibration,
    likely_in_run,
    shape_in_run,
)
from engine.wording import Sentence

FEWEST_ANSWERS = 20
"""From so many answers on a label's threshold comes from them: with fewer it would gain next to nothing."""

MAYBE = 0.2
"""A probability by the shape of the scores from which on a label may be."""

NOTHING = 1.0
"""The threshold of a label for which the wanted precision cannot be promised."""

# Of more photos an even part is looked at to place the thresholds.
_MOST_JUDGED = 20_000

Scores = npt.NDArray[np.floating]
Answers = npt.NDArray[np.int8]


def calibrate_labels(
    project: Project, snapshot: Snapshot | None = None, *, stage: str | None = None
) -> StageCalibration | None:
    """Learn what the scores of a stage mean from all that is answered, and keep it; None where there are no scores.

    Args:
        snapshot: what is known, where it was read already.
        stage: by default the one that suggests labels.
    """
    if snapshot is None and stage is None and (untold := _where_nobody_answered(project)) is not None:
        labels, model = untold
        stage_calibration: StageCalibration | None = stage_calibration_of(project, model)
        stage = INITIAL
    else:
        snapshot = snapshot or take_snapshot(project)
        labels, stage = snapshot.labels, stage or snapshot.stage
        stage_calibration = None if stage is None else learnt_calibration(project, snapshot, stage)
    if stage is not None and stage_calibration is not None:
        keep_stage_calibration(project, stage, labels, stage_calibration)
    return stage_calibration


def _where_nobody_answered(project: Project) -> tuple[list[LabelRow], ScoreModel] | None:
    """What the initial scores mean by their shape alone; None where more is known.

    Then no photo teaches anything, and none is read: that took a fifth of what a new label set takes.
    """
    if has_answers(project) or any(newest_run_with(project, stage) for stage in (REFINED, CLASSIFIER)):
        return None
    labels = label_set(project)
    shape = Shape(*shape_in_run(project, INITIAL, labels))
    if np.isnan(shape.steepness).all():
        return None
    nothing = np.zeros((0, len(labels)))
    unanswered = nothing.astype(np.int8)
    likely = likely_in_run(project, INITIAL, labels)
    return labels, ScoreModel(nothing, unanswered, shape, likely, calibrate(nothing, unanswered, shape))


def learnt_calibration(project: Project, snapshot: Snapshot, stage: str) -> StageCalibration | None:
    """The same without keeping it."""
    scores = snapshot.untaught_scores() if stage == snapshot.stage else snapshot.matrix_of(project, stage)
    if np.isnan(scores).all():
        return None
    return stage_calibration_of(project, learn(project, stage, snapshot, scores))


def independent_answers(snapshot: Snapshot, stage: str, scores: Scores) -> tuple[Scores, Answers]:
    """The scores that a stage made without knowing the answer, nan elsewhere, and all answers: photos x labels.

    A refined label of exactly 0 or 1 is the decision that the training was told: it says nothing about what the
    training would have said. Decisions that were held out or came later, and labels left alone on a reviewed photo,
    are none of those.
    """
    answers = snapshot.answers()
    if stage == REFINED:
        told = (snapshot.known != UNDECIDED) & ((scores == 0) | (scores == 1))
        scores = np.where(told, np.float32(np.nan), scores)
    return scores, answers


@dataclass(frozen=True)
class ScoreModel:
    """What the answers teach of a stage's scores. `scores`, `answers`: photos x labels, of `independent_answers`."""

    scores: Scores
    answers: Answers
    shape: Shape
    likely: Scores
    """labels; the scores from which on they are likely without any answer, of `likely_in_run`."""
    calibration: Calibration

    @cached_property
    def out_of_sample(self) -> tuple[npt.NDArray[np.floating], Answers]:
        """Chances that were calibrated without the photo they are on, and the answers there, of answered photos."""
        asked = evenly_spaced(np.flatnonzero((self.answers != UNDECIDED).any(axis=1)))
        answers = self.answers[asked]
        return chances_out_of_sample(self.scores[asked], answers, self.shape), answers

    @cached_property
    def careful(self) -> tuple[Calibration, Calibration]:
        """The labels' own calibrations, and these corrected by the answers of all: what is promised holds by both."""
        return self.calibration, corrected_by_all(self.calibration, *self.out_of_sample)


def learn(project: Project, stage: str, snapshot: Snapshot, scores: Scores) -> ScoreModel:
    """Learn from all that is answered what the scores of a stage mean: photos x labels, nan where there is none."""
    known, answers = independent_answers(snapshot, stage, scores)
    shape = shape_for(project, stage, snapshot.labels, known)
    likely = likely_in_run(project, stage, snapshot.labels)
    return ScoreModel(known, answers, shape, likely, calibrate(known, answers, shape))


def stage_calibration_of(project: Project, learnt: ScoreModel) -> StageCalibration:
    """What the answers make of a stage's scores, at the precision that is wanted of this project."""
    scores, calibration = learnt.scores, learnt.calibration
    known = ~np.isnan(scores)
    yes, no = (np.count_nonzero(known & (learnt.answers == value), axis=0) for value in (1, -1))
    answered_enough = yes + no >= FEWEST_ANSWERS
    judged = evenly_spaced(scores)
    precision = wanted_precision(project)
    if not answered_enough.any():
        thresholds = np.full(scores.shape[1], np.nan)
    elif precision is None:
        # Of a label that seems to be nowhere F1 is best with all photos accepted.
        least = calibration.scores_at(LEAST_PROBABILITY)
        thresholds = np.maximum(expected_f1_thresholds(judged, calibration.chances(judged)), least)
        # That some photos lack a label is no reason to suggest it on more of the others.
        before = np.nan_to_num(learnt.likely, nan=DEFAULT_THRESHOLD)
        thresholds = np.where(yes > 0, thresholds, np.maximum(thresholds, before))
    else:
        by_each = [expected_precision_thresholds(judged, one, precision) for one in learnt.careful]
        # nan where either cannot promise it: better no suggestion than one that is not as good as was asked for. And
        # only a yes tells that what scores high is the label itself, not something that the encoder takes for it.
        thresholds = np.where(yes > 0, np.nan_to_num(np.maximum(*by_each), nan=NOTHING), NOTHING)
    return StageCalibration(
        no_below=calibration.scores_at(1 - SURE),
        yes_from=calibration.scores_at(SURE),
        offsets=calibration.offsets,
        slopes=calibration.slopes,
        yes=yes,
        no=no,
        thresholds=np.where(answered_enough, thresholds, np.nan),
    )


def evenly_spaced(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Of many photos every so manieth: enough to see how their scores lie."""
    return rows[:: max(1, len(rows) // _MOST_JUDGED)]


def shape_for(project: Project, stage: str, labels: Sequence[LabelRow], scores: Scores) -> Shape:
    """The shape that the run of a stage read off its scores; steepness, which older runs did not keep, off `scores`."""
    thresholds, steepness = shape_in_run(project, stage, labels)
    if np.isnan(steepness).all() and not np.isnan(thresholds).all():
        steepness = shape_of(scores).steepness
    return Shape(thresholds, steepness)


def shape_settings(stage: str, shape: Shape) -> dict[str, Any]:
    """What a run keeps of the shape of its scores, by label: thresholds, steepness, and from where a label may be."""
    kept = {**vars(shape), "maybe": shape.scores_at(MAYBE)}
    return {name: {stage: [_or_none(value) for value in values]} for name, values in kept.items()}


def wanted_precision(project: Project) -> float | None:
    """The precision that thresholds from reviewed photos are to have; None where F1 is to be best."""
    return setting(project, WANTED_PRECISION_SETTING)


def check_precision(precision: float | None) -> None:
    """WrongUsage unless a precision can be asked for."""
    if precision is not None and not 0 < precision < 1:
        raise WrongUsage(
            Sentence("Expected the wanted precision to be between 0 and 1, like 0.9, but got {precision}.").format(
                precision=precision
            )
        )


def want_precision(project: Project, precision: float | None) -> None:
    """Ask for a precision, or again for the best F1 (None). `calibrate_labels` puts it into force."""
    check_precision(precision)
    keep_setting(project, WANTED_PRECISION_SETTING, precision)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

"""The thresholds of all labels with what is known of each, for people and for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.method.calibration import ReliabilityBin, expected_calibration_error, reliability
from engine.method.expected_thresholds import answers_missing, expected_precision
from engine.method.intervals import Interval
from engine.project import Project
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import Outcome
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, no_scores_yet
from engine.project.snapshot import UNDECIDED, YES, Snapshot, take_snapshot
from engine.project.thresholds import ManualThreshold, ThresholdSource, thresholds_in_force
from engine.stages.evaluation.matching import match_labels
from engine.stages.thresholds.calibrate import (
    FEWEST_ANSWERS,
    NOTHING,
    evenly_spaced,
    learn,
    stage_calibration_of,
    wanted_precision,
)
from engine.wording import Sentence

THRESHOLD_STAGES = (INITIAL, REFINED, CLASSIFIER)
"""The stages whose scores suggest labels."""


class Note(StrEnum):
    """What a person should know of a label's threshold; the values are sentences."""

    NO_SCORES = "No photo has a score for it yet: label the photos again."
    EQUAL_SCORES = "All its scores are equal: they cannot tell yes from no."
    FEW_ANSWERS = f"Few photos are reviewed: from {FEWEST_ANSWERS} on the threshold comes from them."
    ONLY_NO = "No reviewed photo has it: review some that do."
    ONLY_YES = "All reviewed photos have it: review some with lower scores."
    PROMISED_LATER = "This precision cannot be promised yet: about {missing} more answers are needed."
    NOTHING_SUGGESTED = "No score is high enough to be suggested."
    NONE = ""


@dataclass(frozen=True)
class LabelThreshold:
    """One label: `suggested` and `undecided` count photos that nobody has answered.

    `precision` is what is to be expected of the suggestions; None before enough photos are reviewed. A score below
    `no_below` is a clear no, one from `yes_from` on a clear yes. `answers_missing`: about so many more would let the
    wanted precision be promised; None where it is, or where answers would not help.
    """

    label: str
    threshold: float
    source: ThresholdSource
    yes: int
    no: int
    suggested: int
    undecided: int
    no_below: float
    yes_from: float
    precision: Interval | None
    answers_missing: int | None
    note: Note


@dataclass(frozen=True)
class ThresholdReport:
    """All labels, in the order of the label set.

    `reliability`: of chances that were calibrated without the photos they are compared with, from `answers` answers;
    `calibration_error` is their mean distance from the truth, from 0 to 1; None before any answer.
    """

    stage: str
    wanted_precision: float | None
    labels: tuple[LabelThreshold, ...]
    answers: int
    reliability: tuple[ReliabilityBin, ...]
    calibration_error: float | None


def report_thresholds(
    project: Project, snapshot: Snapshot | None = None, *, stage: str | None = None
) -> ThresholdReport:
    """What is known of the thresholds of a stage's scores, by default of the one that suggests labels.

    Raises:
        UserError: no photo has scores of that stage.
    """
    snapshot = snapshot or take_snapshot(project)
    stage, labels = _stage(stage, snapshot), snapshot.labels
    scores = snapshot.scores if stage == snapshot.stage else snapshot.matrix_of(project, stage)
    if np.isnan(scores).all():
        raise no_scores_yet(stage)
    learnt = learn(project, stage, snapshot, scores)
    answers, certainty = learnt.answers, stage_calibration_of(project, learnt)
    thresholds, sources = thresholds_in_force(project, stage, labels)
    wanted = wanted_precision(project)
    judged = evenly_spaced(scores)
    precisions = expected_precision(judged, learnt.calibration, thresholds)
    missing = np.zeros(len(labels))
    if wanted is not None:
        answered = certainty.yes + certainty.no
        missing = np.maximum(*(answers_missing(judged, one, wanted, answered) for one in learnt.careful))
    # With more answers than there are photos to ask about nothing is promised, nor without a yes.
    of_use = (thresholds == NOTHING) & (missing > 0) & (missing <= np.count_nonzero(answers == UNDECIDED, axis=0))
    of_use &= certainty.yes > 0
    no_below, yes_from = np.minimum(certainty.no_below, thresholds), np.maximum(certainty.yes_from, thresholds)
    accepted, open_to_answer = scores >= thresholds, answers == UNDECIDED
    suggested = np.count_nonzero(open_to_answer & accepted, axis=0)
    undecided = np.count_nonzero(open_to_answer & (scores >= no_below) & (scores < yes_from), axis=0)
    told = certainty.yes + certainty.no >= FEWEST_ANSWERS
    reliable = reliability(*learnt.out_of_sample)
    return ThresholdReport(
        stage,
        wanted,
        tuple(
            LabelThreshold(
                label=label.name,
                threshold=float(thresholds[column]),
                source=sources[column],
                yes=int(certainty.yes[column]),
                no=int(certainty.no[column]),
                suggested=int(suggested[column]),
                undecided=int(undecided[column]),
                no_below=float(no_below[column]),
                yes_from=float(yes_from[column]),
                precision=precisions[column] if told[column] else None,
                answers_missing=int(missing[column]) if of_use[column] else None,
                note=_note(
                    scores[:, column],
                    answers[:, column],
                    any_suggested=bool(accepted[:, column].any()),
                    promised_later=bool(of_use[column]),
                ),
            )
            for column, label in enumerate(labels)
        ),
        sum(one.answers for one in reliable),
        tuple(reliable),
        expected_calibration_error(reliable),
    )


def set_by_name(project: Project, by_label: Mapping[str, float | None], *, stage: str | None = None) -> Outcome | None:
    """Set thresholds by hand as one edit, or take them back (None); None if nothing changes.

    Raises:
        WrongUsage: a name is no label's, or the stage suggests nothing.
    """
    snapshot = take_snapshot(project)
    stage = _stage(stage, snapshot)
    names = [label.name for label in snapshot.labels]
    wanted: list[ManualThreshold] = []
    for name, place in zip(by_label, match_labels(list(by_label), names), strict=True):
        if place is None:
            near = get_close_matches(name, names, n=3) or names[:3]
            raise WrongUsage(
                Sentence("There is no label {name!r}. The project has {near}, for example.").format(
                    name=name, near=", ".join(near)
                )
            )
        wanted.append(ManualThreshold(snapshot.labels[place].id, stage, by_label[name]))
    return set_thresholds(project, wanted)


def _stage(wanted: str | None, snapshot: Snapshot) -> str:
    stage = wanted or snapshot.stage or INITIAL
    if stage not in THRESHOLD_STAGES:
        raise WrongUsage(
            Sentence("Expected the stage to be one of {stages}, but got {stage!r}.").format(
                stages=", ".join(THRESHOLD_STAGES), stage=stage
            )
        )
    return stage


def _note(
    scores: npt.NDArray[np.floating], answers: npt.NDArray[np.int8], *, any_suggested: bool, promised_later: bool
) -> Note:
    known = ~np.isnan(scores)
    given = answers[known & (answers != UNDECIDED)]
    if not known.any():
        return Note.NO_SCORES
    if scores[known].min() == scores[known].max():
        return Note.EQUAL_SCORES
    if 0 < len(given) < FEWEST_ANSWERS:
        return Note.FEW_ANSWERS
    if len(given) and (given == given[0]).all():
        return Note.ONLY_YES if given[0] == YES else Note.ONLY_NO
    if promised_later:
        return Note.PROMISED_LATER
    return Note.NONE if any_suggested else Note.NOTHING_SUGGESTED

"""The thresholds of all labels with what is known of each, for people and for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.method.calibration import ReliabilityBin, expected_calibration_error, reliability
from engine.method.expected_thresholds import answers_missing, expected_precision
from engine.method.intervals import Interval
from engine.method.taught_label import FEWEST_ANSWERS as FEWEST_TO_LEARN_LOOKS
from engine.method.taught_label import Reach
from engine.project import Project
from engine.project.history.edit_thresholds import set_thresholds, threshold_by_hand
from engine.project.history.history import Outcome
from engine.project.label_scores import TaughtScores
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, newest_run_with, no_scores_yet
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import SURE, ManualThreshold, ThresholdSource, maybe_in_force, thresholds_in_force
from engine.stages.matching import labels_called
from engine.stages.thresholds.calibrate import (
    FEWEST_ANSWERS,
    NOTHING,
    ScoreModel,
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
    FEW_ANSWERS = "Few photos are reviewed: from {fewest} on the threshold comes from them."
    ONLY_NO = "No reviewed photo has it: what it looks like cannot be known without a yes. Review some that do."
    ONLY_YES = (
        "All reviewed photos have it: how many others do cannot be known without a no. Review some with lower scores."
    )
    FEW_POSITIVES = "So few photos seem to have it that luck decides what was learnt."
    PROMISED_LATER = "This precision cannot be promised yet: about {missing} more answers are needed."
    NOTHING_SUGGESTED = "No score is high enough to be likely."
    NONE = ""


@dataclass(frozen=True)
class LabelThreshold:
    """One label: `suggested`, `maybe` and `undecided` count photos that nobody has answered.

    `taught`: scores and thresholds are probabilities, learnt from `fewest_answers` answers or more; of all photos as
    many as `expected` are to have the label. `maybe_from`: the label may be from this score on, and is likely from its
    threshold on. `precision` is what is to be expected of the suggestions; None before enough photos are reviewed. A
    score below `no_below` is a clear no, one from `yes_from` on a clear yes. `answers_missing`: about so many more
    would let the wanted precision be promised; None where it is, or where answers would not help.
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
    maybe_from: float
    maybe: int
    taught: bool
    expected: float | None
    fewest_answers: int

    @property
    def sentence(self) -> str:
        """The note, whole; empty where there is none."""
        return self.note.replace("{missing}", str(self.answers_missing)).replace("{fewest}", str(self.fewest_answers))


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
    """What is known of the thresholds of what suggests labels, or of the scores of one stage.

    Args:
        snapshot: with what answers taught, where they did.
        stage: its own scores, whatever was learnt from how photos look.

    Raises:
        UserError: no photo has scores of that stage.
    """
    snapshot = snapshot or take_snapshot(project)
    taught = snapshot.taught if stage is None else {}
    stage, labels = _stage(stage, snapshot), snapshot.labels
    own = snapshot.untaught_scores() if stage == snapshot.stage else snapshot.matrix_of(project, stage)
    if np.isnan(own).all():
        raise no_scores_yet(stage)
    learnt = learn(project, stage, snapshot, own)
    answers, stage_calibration = learnt.answers, stage_calibration_of(project, learnt)
    thresholds, sources = thresholds_in_force(project, stage, labels)
    maybe_from = maybe_in_force(project, stage, labels)
    wanted = wanted_precision(project)
    judged = evenly_spaced(own)
    precisions = expected_precision(judged, learnt.calibration, thresholds)
    told = stage_calibration.yes + stage_calibration.no >= FEWEST_ANSWERS
    precisions = [one if enough else None for one, enough in zip(precisions, told, strict=True)]
    missing = np.zeros(len(labels))
    if wanted is not None:
        answered = stage_calibration.yes + stage_calibration.no
        missing = np.maximum(*(answers_missing(judged, one, wanted, answered) for one in learnt.careful))
    no_below, yes_from = stage_calibration.no_below.copy(), stage_calibration.yes_from.copy()
    scores, yes, no = own.copy(), stage_calibration.yes.copy(), stage_calibration.no.copy()
    for column, one in taught.items():
        scores[:, column], thresholds[column] = one.probable.scores, one.probable.threshold
        sources[column], maybe_from[column] = one.probable.source, one.probable.maybe_from
        precisions[column], (no_below[column], yes_from[column]) = _interval(one), (1 - SURE, SURE)
        given = snapshot.answers(column)[one.answered]
        yes[column], no[column] = np.count_nonzero(given == YES), np.count_nonzero(given == NO)
    # With more answers than there are photos to ask about nothing is promised, nor without a yes.
    of_use = (thresholds == NOTHING) & (missing > 0) & (missing <= np.count_nonzero(answers == UNDECIDED, axis=0))
    of_use &= yes > 0
    maybe_from = np.minimum(maybe_from, thresholds)
    no_below, yes_from = np.minimum(no_below, thresholds), np.maximum(yes_from, thresholds)
    accepted, open_to_answer = scores >= thresholds, answers == UNDECIDED
    suggested = np.count_nonzero(open_to_answer & accepted, axis=0)
    maybe = np.count_nonzero(open_to_answer & ~accepted & (scores >= maybe_from), axis=0)
    undecided = np.count_nonzero(open_to_answer & (scores >= no_below) & (scores < yes_from), axis=0)
    fewest = _fewest_answers(project, stage)
    reliable = _reliability(learnt, taught)
    return ThresholdReport(
        stage,
        wanted,
        tuple(
            LabelThreshold(
                label=label.name,
                threshold=float(thresholds[column]),
                source=sources[column],
                yes=int(yes[column]),
                no=int(no[column]),
                suggested=int(suggested[column]),
                undecided=int(undecided[column]),
                no_below=float(no_below[column]),
                yes_from=float(yes_from[column]),
                precision=precisions[column],
                answers_missing=int(missing[column]) if of_use[column] else None,
                note=_note(
                    scores[:, column],
                    answers[:, column],
                    any_suggested=bool(accepted[:, column].any()),
                    promised_later=bool(of_use[column]),
                    fewest=fewest,
                    taught=taught.get(column),
                ),
                maybe_from=float(maybe_from[column]),
                maybe=int(maybe[column]),
                taught=column in taught,
                expected=taught[column].expected if column in taught else None,
                fewest_answers=fewest,
            )
            for column, label in enumerate(labels)
        ),
        sum(one.answers for one in reliable),
        tuple(reliable),
        expected_calibration_error(reliable),
    )


def _fewest_answers(project: Project, stage: str) -> int:
    """From how many on a label's threshold comes from them: fewer where it is known how the photos look."""
    run = newest_run_with(project, INITIAL)
    looks = run is not None and "encoder_id" in run.settings and stage != CLASSIFIER
    return FEWEST_TO_LEARN_LOOKS if looks else FEWEST_ANSWERS


def _interval(one: TaughtScores) -> Interval | None:
    """95 % of what the precision of the likely ones may be; None where none is."""
    share, deviation = one.precision
    if np.isnan(share):
        return None
    return Interval(share, max(0.0, share - 1.96 * deviation), min(1.0, share + 1.96 * deviation))


def _reliability(learnt: ScoreModel, taught: Mapping[int, TaughtScores]) -> list[ReliabilityBin]:
    """How chances held that had not seen the answers: of each label those that are shown."""
    chances, answers = learnt.out_of_sample
    by_scores = np.setdiff1d(np.arange(answers.shape[1]), list(taught))
    flat, told = [chances[:, by_scores].ravel()], [answers[:, by_scores].ravel()]
    for column, one in taught.items():
        flat.append(one.unseen)
        told.append(learnt.answers[one.answered, column])
    return reliability(np.concatenate(flat), np.concatenate(told))


def set_by_name(
    project: Project,
    by_label: Mapping[str, float | None],
    *,
    stage: str | None = None,
    snapshot: Snapshot | None = None,
) -> Outcome | None:
    """Set thresholds by hand as one edit, or take them back (None); None if nothing changes.

    Args:
        stage: of its own scores; by default of what suggests the label, be it scores or what answers taught.
        snapshot: with what answers taught, where they did.

    Raises:
        WrongUsage: a name is no label's, or the stage suggests nothing.
    """
    snapshot = snapshot or take_snapshot(project)
    of_stage = None if stage is None else _stage(stage, snapshot)
    wanted: list[ManualThreshold] = []
    for name, place in zip(by_label, labels_called(list(by_label), snapshot.labels), strict=True):
        if of_stage is not None:
            wanted.append(ManualThreshold(snapshot.labels[place].id, of_stage, by_label[name]))
        else:
            wanted += threshold_by_hand(snapshot, place, by_label[name])
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
    scores: npt.NDArray[np.floating],
    answers: npt.NDArray[np.int8],
    *,
    any_suggested: bool,
    promised_later: bool,
    fewest: int,
    taught: TaughtScores | None,
) -> Note:
    known = ~np.isnan(scores)
    given = answers[known & (answers != UNDECIDED)]
    if not known.any():
        return Note.NO_SCORES
    if known.sum() > 1 and scores[known].min() == scores[known].max():
        return Note.EQUAL_SCORES
    if 0 < len(given) < fewest:
        return Note.FEW_ANSWERS
    if len(given) and (given == given[0]).all():
        return Note.ONLY_YES if given[0] == YES else Note.ONLY_NO
    if promised_later:
        return Note.PROMISED_LATER
    if taught is not None and taught.reach == Reach.FEW_POSITIVES:
        return Note.FEW_POSITIVES
    return Note.NONE if any_suggested else Note.NOTHING_SUGGESTED

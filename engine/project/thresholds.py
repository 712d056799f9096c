"""From which score on a label is suggested, and why from there; and how sure the scores are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from engine.project.labels import LabelRow
from engine.project.project import Project
from engine.project.runs import INITIAL, REFINED, RunRow, newest_run_with
from engine.project.settings import keep_setting, setting
from engine.project.storage.schema import Threshold

DEFAULT_THRESHOLD = 0.2
"""Where nothing better is known: before a run, or where its scores cannot tell yes from no."""

DEFAULT_MAYBE = DEFAULT_THRESHOLD
"""Likewise for a label that may be: where little is known, little is said."""

WANTED_PRECISION_SETTING = "wanted precision"
"""Of what the thresholds from reviewed photos accept, 0 to 1; without it they are where F1 is best."""

LabelOfStage = tuple[int | None, str]
"""A label's id, and the stage whose scores a threshold is for."""

PROBABILITY = "probability"
"""In place of a stage: a threshold of the probabilities that a label's answers taught, whatever stage suggests it."""

SURE = 0.9
"""A chance from which on a score is a clear yes; one below 1 - SURE is a clear no."""

FOR_ALL: LabelOfStage = (None, "")
"""All labels that have no threshold of their own, and the scores of every stage."""

Floats = npt.NDArray[np.floating]

_BY_HAND = select(Threshold.label_id, Threshold.stage, Threshold.value)


class ThresholdSource(StrEnum):
    """Who says from which score on a label is suggested; a person's word goes first."""

    BY_HAND = "by hand"
    FOR_ALL = "for all"
    FROM_REVIEW = "from reviewed photos"
    FROM_SCORES = "from its scores"
    DEFAULT = "default"


@dataclass(frozen=True)
class ManualThreshold:
    """A person's threshold for one label's scores of a stage, or `FOR_ALL`; value None for none of their own."""

    label_id: int | None
    stage: str
    value: float | None


@dataclass(frozen=True)
class StageCalibration:
    """How sure the scores of one stage are, as far as reviewed photos tell; every array is over the labels.

    A score below `no_below` is a clear no, one from `yes_from` on a clear yes; what lies between is undecided.
    The log odds of having the label are `offsets` + `slopes` * log(score / (1 - score)). `yes` and `no` count the
    answers this was learnt from. `thresholds` are what these answers make of the wish for F1 or precision, nan
    where they are too few: there the log odds are a guess and must not be called a probability.
    """

    no_below: Floats
    yes_from: Floats
    offsets: Floats
    slopes: Floats
    yes: npt.NDArray[np.int64]
    no: npt.NDArray[np.int64]
    thresholds: Floats


def thresholds_in_force(
    project: Project,
    stage: str,
    labels: Sequence[LabelRow],
    run: RunRow | None = None,
    *,
    reviewed: bool = True,
) -> tuple[npt.NDArray[np.float32], list[ThresholdSource]]:
    """The threshold of each label for the scores of a stage, and where each comes from.

    A label that no training has refined is suggested by its initial scores, and has the thresholds of these.

    Args:
        run: with scores of that stage: as its thresholds would be, were it the newest.
        reviewed: False leaves out what reviewed photos made of the thresholds.
    """
    with project.reading() as connection:
        by_hand = {row[:2]: row.value for row in project.rows(connection, _BY_HAND)}
    run = run or newest_run_with(project, stage)
    stage_calibration = _stage_calibration(project, stage, run, labels) if reviewed else None
    from_review = np.full(len(labels), np.nan) if stage_calibration is None else stage_calibration.thresholds
    from_scores = _known_of(project, run, ("likely", "thresholds"), stage, labels)
    own_stages = stages_of(project, stage, labels, run)
    said = {
        ThresholdSource.BY_HAND: np.array(
            [by_hand.get((label.id, own)) for label, own in zip(labels, own_stages, strict=True)], np.float64
        ),
        ThresholdSource.FOR_ALL: np.full(len(labels), by_hand.get(FOR_ALL), np.float64),
        ThresholdSource.FROM_REVIEW: from_review,
        ThresholdSource.FROM_SCORES: from_scores,
        ThresholdSource.DEFAULT: np.full(len(labels), DEFAULT_THRESHOLD),
    }
    sources, values = list(said), np.array(list(said.values()))
    first = np.argmin(np.isnan(values), axis=0)
    return values[first, np.arange(len(labels))].astype(np.float32), [sources[one] for one in first.tolist()]


def maybe_in_force(
    project: Project, stage: str, labels: Sequence[LabelRow], run: RunRow | None = None
) -> npt.NDArray[np.float32]:
    """The score of a stage from which on each label may be, without being likely.

    Args:
        run: as for `thresholds_in_force`, which these may exceed where a person set a lower one.
    """
    found = _known_of(project, run or newest_run_with(project, stage), ("maybe",), stage, labels)
    return np.where(np.isnan(found), DEFAULT_MAYBE, found).astype(np.float32)


def thresholds_by_hand(connection: Connection) -> dict[LabelOfStage, float]:
    """The thresholds that a person set, also those of labels that left the label set, and the one for all."""
    return {(label_id, stage): value for label_id, stage, value in connection.execute(_BY_HAND)}


def has_thresholds_by_hand(project: Project) -> bool:
    """Whether a person set the threshold of any label, in the label set or not, for any scores."""
    with project.reading() as connection:
        return any(row[:2] != FOR_ALL for row in project.rows(connection, _BY_HAND))


def threshold_for_all(project: Project) -> float | None:
    """The one threshold for all labels, where a person set one."""
    with project.reading() as connection:
        return {row[:2]: row.value for row in project.rows(connection, _BY_HAND)}.get(FOR_ALL)


def shape_in_run(project: Project, stage: str, labels: Sequence[LabelRow]) -> tuple[Floats, Floats]:
    """Thresholds and steepness that the run of a stage read off its scores, by label; nan where it could not tell."""
    run = newest_run_with(project, stage)
    thresholds, steepness = (_known_of(project, run, (name,), stage, labels) for name in ("thresholds", "steepness"))
    return thresholds, steepness


def likely_in_run(project: Project, stage: str, labels: Sequence[LabelRow]) -> Floats:
    """From which score on the run of a stage has each label for likely, whatever people say; nan where it cannot."""
    return _known_of(project, newest_run_with(project, stage), ("likely", "thresholds"), stage, labels)


def stages_of(project: Project, stage: str, labels: Sequence[LabelRow], run: RunRow | None = None) -> list[str]:
    """Whose scores suggest each label while those of this stage do: the initial ones where it was not refined.

    Args:
        run: as for `thresholds_in_force`.
    """
    run = run or (newest_run_with(project, REFINED) if stage == REFINED else None)
    if stage != REFINED or run is None:
        return [stage] * len(labels)
    refined = set(run.label_ids)
    return [REFINED if label.id in refined else INITIAL for label in labels]


def keep_stage_calibration(
    project: Project, stage: str, labels: Sequence[LabelRow], stage_calibration: StageCalibration
) -> None:
    """Keep how sure a stage's scores are, for as long as no newer run brings others."""
    run = newest_run_with(project, stage)
    columns: dict[str, Any] = {name: values.tolist() for name, values in vars(stage_calibration).items()}
    columns["thresholds"] = [None if np.isnan(value) else value for value in columns["thresholds"]]
    kept = {"run": run.id if run else None, "labels": [label.id for label in labels], **columns}
    if kept != setting(project, _calibration_setting(stage)):
        keep_setting(project, _calibration_setting(stage), kept)


def stage_calibration_in_force(project: Project, stage: str, labels: Sequence[LabelRow]) -> StageCalibration | None:
    """How sure the scores of a stage's newest run are; None where nobody has asked since it ran."""
    return _stage_calibration(project, stage, newest_run_with(project, stage), labels)


def _stage_calibration(
    project: Project, stage: str, run: RunRow | None, labels: Sequence[LabelRow]
) -> StageCalibration | None:
    kept = setting(project, _calibration_setting(stage))
    if kept is None or run is None or kept["run"] != run.id:
        return None
    places = {label: place for place, label in enumerate(kept["labels"])}
    if any(label.id not in places and label.id in run.label_ids for label in labels):
        return None

    def column(name: str, unscored: float, kind: npt.DTypeLike = np.float64) -> Any:
        """Of a label that joined since, which has no scores in this run, nothing is known, and nothing of the others
        is forgotten."""
        of_label = [kept[name][places[label.id]] if label.id in places else unscored for label in labels]
        return np.array(of_label, kind)

    return StageCalibration(
        no_below=column("no_below", 1 - SURE),
        yes_from=column("yes_from", SURE),
        offsets=column("offsets", 0),
        slopes=column("slopes", 1),
        yes=column("yes", 0, np.int64),
        no=column("no", 0, np.int64),
        thresholds=column("thresholds", np.nan),
    )


def _known_of(
    project: Project, run: RunRow | None, names: Sequence[str], stage: str, labels: Sequence[LabelRow]
) -> Floats:
    """The first of these that the run of each label's scores found out, see `stages_of`; nan where it did not."""
    sources = [(stage, run)]
    own = np.array([one == stage for one in stages_of(project, stage, labels, run)], bool)
    if not own.all():
        sources.append((INITIAL, newest_run_with(project, INITIAL)))
    values = np.full(len(labels), np.nan)
    for (of_stage, of_run), columns in zip(sources, (own, ~own), strict=False):
        for name in names:
            values = np.where(columns & np.isnan(values), _of_run(of_run, name, of_stage, labels), values)
    return values


def _of_run(run: RunRow | None, name: str, stage: str, labels: Sequence[LabelRow]) -> Floats:
    """What a run found out of each label's scores; nan where it did not."""
    found = run.settings.get(name, {}).get(stage) if run is not None else None
    by_label = dict(zip(run.label_ids, found, strict=True)) if run is not None and found else {}
    return np.array([by_label.get(label.id) for label in labels], np.float64)


def _calibration_setting(stage: str) -> str:
    return f"certainty, {stage}"

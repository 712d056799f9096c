"""What the scores of stage 1 mean: their shape, and from which on a label is likely, or may be, before any answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.method.stage_one import StageScores
from engine.method.strengths import (
    LIKELY_LIFT,
    OTHER_LIKELY_LIFT,
    Counts,
    Strengths,
    count_lifted,
    strengths_by_chance,
    strengths_by_lift,
    thresholds_taking,
)
from engine.method.thresholds import Shape, shape_of
from engine.method.witness import LIKELY, MAYBE
from engine.models.detector import thing_of
from engine.project.labels import LabelRow, NewLabel, texts_of
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL

Floats = npt.NDArray[np.floating]

PHOTOS_LOOKED_AT = 2000
"""Of photos that still come, about so many are looked at again and again; as many as a shape is read off."""

_NAMES = ("likely", "maybe")

_MORE = 1.1
"""How many times the photos must have become before they are looked at again: thresholds then hardly move."""


def likely_lifts(labels: Sequence[LabelRow | NewLabel]) -> Floats:
    """From which lift on each label is likely: things of COCO, by any of their names, sooner than other words."""
    of_label = (thing_of(texts_of(label.name, label.prompts)) for label in labels)
    return np.array([OTHER_LIKELY_LIFT if thing is None else LIKELY_LIFT for thing in of_label])


@dataclass(frozen=True)
class ScoreMeaning:
    """What the scores of a collection tell of each of its labels.

    `shape` and the strengths of INITIAL are of the encoder's scores alone, before any witness is heard. Scores of the
    other stages suggest each label as often as these do.
    """

    shape: Shape
    strengths: Mapping[str, Strengths]

    @classmethod
    def of(cls, scores: StageScores, labels: int, lifted: Counts | None) -> ScoreMeaning:
        """Read it off scores of photos x (labels, then hidden competitors).

        Args:
            labels: how many of the columns are labels.
            lifted: 2 x labels, of `count_lifted` over the same photos; None where the shape tells chances that hold.
        """
        by_stage = {GLOBAL: scores.whole, AGGREGATED: scores.aggregated, INITIAL: scores.initial}
        shape = shape_among(scores.initial, labels)
        of_these = {stage: values[:, :labels] for stage, values in by_stage.items()}
        return cls(shape, strengths_of_labels(shape, slice(0, labels), of_these, lifted))

    def settings(self, heard: npt.NDArray[np.bool_]) -> dict[str, Any]:
        """What a run keeps of it, by stage and label.

        `thresholds` and `steepness` are the shape; from `likely` and `maybe` on labels are suggested.

        Args:
            heard: labels; whether a witness was heard, so that the initial scores are the chances of both.
        """
        of_chances = Strengths(*(np.full(len(heard), chance) for chance in (LIKELY, MAYBE)))
        kept: dict[str, Any] = {
            "thresholds": {INITIAL: _kept(np.where(heard, 0.5, self.shape.thresholds))},
            "steepness": {INITIAL: _kept(np.where(heard, 1.0, self.shape.steepness))},
        }
        for name in _NAMES:
            kept[name] = {stage: _kept(getattr(strengths, name)) for stage, strengths in self.strengths.items()}
            own = getattr(self.strengths[INITIAL], name)
            kept[name][INITIAL] = _kept(np.where(heard, getattr(of_chances, name), own))
        return kept


def shape_among(initial: Floats, labels: int) -> Shape:
    """The shape of the labels' initial scores: of photos, some or all, x (labels, then hidden competitors)."""
    return shape_of(initial[:, :labels], company=initial if initial.shape[1] > labels else None)


def strengths_of_labels(
    shape: Shape, some: slice, by_stage: Mapping[str, Floats], lifted: Counts | None
) -> dict[str, Strengths]:
    """The strengths of some labels, by stage.

    Args:
        shape: of all labels.
        by_stage: all photos x these labels.
        lifted: of all labels, see `ScoreMeaning.of`.
    """
    initial = by_stage[INITIAL]
    if lifted is None:
        of_initial = strengths_by_chance(Shape(shape.thresholds[some], shape.steepness[some]))
    else:
        of_initial = strengths_by_lift(initial, lifted[:, some])
    others = {stage: _as_often(scores, initial, of_initial) for stage, scores in by_stage.items() if stage != INITIAL}
    return {**others, INITIAL: of_initial}


def joined_strengths(parts: Sequence[Mapping[str, Strengths]]) -> dict[str, Strengths]:
    """Those of some labels after those of others, by stage."""
    return {
        stage: Strengths(*(np.concatenate([getattr(part[stage], name) for part in parts]) for name in _NAMES))
        for stage in parts[0]
    }


class ScoredSoFar:
    """An even part of the photos that were scored while others still come, and what their scores mean."""

    def __init__(self, likely: Floats) -> None:
        """`likely`: of each label, see `likely_lifts`."""
        self._likely = likely
        self._scores: list[StageScores] = []
        self._lifts: list[Floats] = []
        self._photos = self._told_at = 0
        self._meaning: ScoreMeaning | None = None

    def add(self, scores: StageScores, lifts: Floats | None) -> None:
        """Take in more photos.

        Args:
            lifts: photos x labels, of `log_lift`; None where the shape tells chances that hold.
        """
        self._scores.append(_joined([scores]))
        if lifts is not None:
            self._lifts.append(lifts.copy())
        self._photos += len(scores.initial)
        if self._photos > 2 * PHOTOS_LOOKED_AT:
            self._scores = [_joined(self._scores)[::2]]
            self._lifts = [np.concatenate(self._lifts)[::2]] if self._lifts else []
            self._photos = self._told_at = len(self._scores[0].initial)

    def meaning(self) -> ScoreMeaning:
        """What the scores so far mean, or meant when the photos were a little fewer. There must be some."""
        if self._meaning is None or self._photos >= _MORE * self._told_at:
            self._scores = [_joined(self._scores)]
            self._lifts = [np.concatenate(self._lifts)] if self._lifts else []
            lifted = count_lifted(self._lifts[0], self._likely) if self._lifts else None
            self._meaning = ScoreMeaning.of(self._scores[0], len(self._likely), lifted)
            self._told_at = self._photos
        return self._meaning


def _kept(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _as_often(scores: Floats, initial: Floats, strengths: Strengths) -> Strengths:
    """Thresholds of other scores of the same photos that take each label as often as the initial ones do."""
    return Strengths(*(_taking_as_often(scores, initial, each) for each in (strengths.likely, strengths.maybe)))


def _taking_as_often(scores: Floats, initial: Floats, thresholds: Floats) -> Floats:
    taking = thresholds_taking(scores, np.count_nonzero(initial >= thresholds, axis=0))
    return np.where(np.isnan(thresholds), np.nan, taking)


def _joined(parts: Sequence[StageScores]) -> StageScores:
    """One after the other, in memory of their own."""
    return StageScores(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(StageScores)))

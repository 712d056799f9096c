"""Two stages, runs or encoders side by side: the same photos, the same truth, and what the difference is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import UserError, WrongUsage
from engine.method.bootstrap import bootstrap_interval
from engine.method.intervals import Interval
from engine.project import Project
from engine.project.runs import STAGES, RunRow, runs_with
from engine.project.truths import TruthTable
from engine.stages.evaluation.evaluate import IN_FORCE, evaluate
from engine.stages.evaluation.result import Evaluation, mean_of_resamples
from engine.wording import Sentence


@dataclass(frozen=True)
class Side:
    """Whose scores are compared: those of a stage, of one run or of the one in force; or what suggests labels now."""

    stage: str
    run: int | None = None

    @classmethod
    def parse(cls, text: str) -> Side:
        """`refined`, `initial@5` for those of run 5, `in-force` for what suggests now; WrongUsage for anything else."""
        if text == IN_FORCE:
            return cls(IN_FORCE)
        stage, at, run = text.partition("@")
        if stage not in STAGES or (at and not run.isdecimal()):
            raise WrongUsage(
                Sentence("Expected one of {stages}, or those of a run like initial@5, but got {text!r}.").format(
                    stages=", ".join((IN_FORCE, *STAGES)), text=text
                )
            )
        return cls(stage, int(run) if at else None)

    def __str__(self) -> str:
        return self.stage if self.run is None else f"{self.stage}@{self.run}"


@dataclass(frozen=True)
class Difference:
    """How much higher the second figure is than the first, fractions of 1, with its 95 % interval."""

    label: str
    first: float
    second: float
    difference: float
    interval: Interval | None


@dataclass(frozen=True)
class Comparison:
    """Two evaluations of the same photos. `map` is the difference over the labels that count in both."""

    first: Evaluation
    second: Evaluation
    map: Difference
    labels: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """For JSON: both evaluations with all their figures, and the differences."""
        return {
            "first": self.first.to_json(),
            "second": self.second.to_json(),
            "map": _plain(self.map),
            "labels": [_plain(one) for one in self.labels],
        }


def compare(
    project: Project,
    truth: TruthTable,
    first: Side,
    second: Side,
    *,
    check: Callable[[], None] = lambda: None,
) -> Comparison:
    """Evaluate two sides on the photos that both have scores of, with a paired bootstrap.

    Both are scored on the same resampled photos, so that what makes photos easy or hard for both cancels out.

    Raises:
        UserError: a side has no scores or no such run, or they share no photo or label.
    """
    of_first = evaluate(project, truth, stage=first.stage, run=first.run, resamples=0)
    of_second = evaluate(project, truth, stage=second.stage, run=second.run, resamples=0)
    shared = np.intersect1d(of_first.photo_ids, of_second.photo_ids)
    if not len(shared):
        raise UserError(
            Sentence("No photo has scores of both {first} and {second}.").format(first=first, second=second)
        )
    a, b = (
        evaluate(project, truth, stage=side.stage, run=side.run, only=shared, check=check) for side in (first, second)
    )
    both = np.array([x.ap is not None and y.ap is not None for x, y in zip(a.labels, b.labels, strict=True)], bool)
    if not both.any():
        raise UserError(
            Sentence("No label that the truth finds on a photo has scores of both {first} and {second}.").format(
                first=first, second=second
            )
        )
    labels = tuple(_difference(a, b, int(column)) for column in np.flatnonzero(both))
    return Comparison(a, b, _mean_difference(a, b, both), labels)


def sides(project: Project) -> list[tuple[Side, RunRow]]:
    """What can be compared: the stages of each run whose scores are kept, newest run first."""
    found = [(Side(stage, run.id), run) for stage in STAGES for run in runs_with(project, stage)]
    return sorted(found, key=lambda one: one[1].id, reverse=True)


def _difference(a: Evaluation, b: Evaluation, column: int) -> Difference:
    first, second = a.labels[column].ap or 0.0, b.labels[column].ap or 0.0
    resampled = b.resampled[:, column] - a.resampled[:, column]
    interval = bootstrap_interval(second - first, resampled, lowest=-1.0)
    return Difference(a.labels[column].label, first, second, second - first, interval)


def _mean_difference(a: Evaluation, b: Evaluation, both: npt.NDArray[np.bool_]) -> Difference:
    first, second = (
        float(np.mean([one.ap for one, counted in zip(side.labels, both, strict=True) if counted])) for side in (a, b)
    )
    resampled = mean_of_resamples(b.resampled[:, both]) - mean_of_resamples(a.resampled[:, both])
    return Difference("mAP", first, second, second - first, bootstrap_interval(second - first, resampled, lowest=-1.0))


def _plain(one: Difference) -> dict[str, Any]:
    interval = None if one.interval is None else [one.interval.low, one.interval.high]
    return {**vars(one), "interval": interval}

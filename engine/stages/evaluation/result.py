"""What comes of comparing scores with a truth: every figure, and the photos behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.method.confusion import F1Scores
from engine.method.intervals import Interval
from engine.method.metrics import PrecisionRecall, precision_recall_curve

RULE = "what the truth ignores (as difficult) is neither positive nor negative"

FEW_POSITIVES = 5
"""A label with fewer has an AP that one photo may turn over."""
_POINTS = 200
"""Of a curve for JSON."""

Rows = npt.NDArray[np.int64]


class Outcome(StrEnum):
    """What became of one label of one photo at its threshold."""

    HIT = "hit"
    FALSE_ALARM = "false alarm"
    MISS = "miss"
    REJECTION = "rejection"
    """Rightly not suggested."""


@dataclass(frozen=True)
class LabelEvaluation:
    """One label's figures, fractions of 1; None where they cannot be told.

    `positives`: photos that have it. `ignored`: photos whose answer is not counted. `ap_interval`: 95 %, over other
    photos of the same kind. `threshold`: from which score on it is suggested; `precision`, `recall` and `f1` are at it.
    """

    label: str
    positives: int
    ignored: int
    ap: float | None
    ap_interval: Interval | None
    threshold: float
    hits: int
    false_alarms: int
    misses: int
    rejections: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Confusion:
    """Labels by name: `photos` where one is missed while the other is suggested wrongly; as many `by_chance`."""

    missed: str
    suggested: str
    photos: int
    by_chance: float


@dataclass(frozen=True)
class Evaluation:
    """Scores of a stage compared with a truth.

    `map`: a fraction of 1, None where no label has a positive; over `labels_counted` labels and `photos` photos.
    `map_interval`: 95 %, over other photos of the same kind.
    """

    truth: str
    stage: str
    taught: tuple[str, ...]
    """Labels whose scores are what people's answers taught instead."""
    run: int | None
    rule: str
    photos: int
    map: float | None
    map_interval: Interval | None
    labels_counted: int
    at_thresholds: F1Scores
    """What is likely counts as suggested."""
    at_maybe: F1Scores
    """What is likely or maybe counts as suggested."""
    at_top_3: F1Scores
    labels: tuple[LabelEvaluation, ...]
    confusions: tuple[Confusion, ...]
    notes: tuple[str, ...]
    """What a person should know to read the figures, in sentences."""
    unmatched_photos: tuple[str, ...]
    """Of the truth, without a scored photo in the project."""
    unmatched_labels: tuple[str, ...]
    """Of the truth, without a label in the project."""
    photo_ids: Rows = field(repr=False)
    """Of the compared photos; the rows of the arrays below."""
    paths: tuple[str, ...] = field(repr=False)
    scores: npt.NDArray[np.float32] = field(repr=False)
    """photos x labels."""
    answers: npt.NDArray[np.int8] = field(repr=False)
    """photos x labels, of the truth: 1 present, 0 absent, -1 ignored."""
    suggested: npt.NDArray[np.bool_] = field(repr=False)
    """photos x labels, at the thresholds in force."""
    with_maybe: npt.NDArray[np.bool_] = field(repr=False)
    """photos x labels, what may be included."""
    top_3: npt.NDArray[np.bool_] = field(repr=False)
    """photos x labels, the three best of each photo."""
    resampled: npt.NDArray[np.float64] = field(repr=False)
    """resamples x labels: AP with other photos, to compare two evaluations of the same photos."""

    def column_of(self, label: str) -> int:
        return next(column for column, one in enumerate(self.labels) if one.label == label)

    def behind(self, label: str, outcome: Outcome) -> Rows:
        """Ids of the photos behind one number of a label's 2 x 2 table, the most mistaken first."""
        column = self.column_of(label)
        answers, suggested = self.answers[:, column], self.suggested[:, column]
        present = outcome in (Outcome.HIT, Outcome.MISS)
        wanted = outcome in (Outcome.HIT, Outcome.FALSE_ALARM)
        rows = np.flatnonzero((answers == int(present)) & (suggested == wanted))
        scores = self.scores[rows, column]
        return self.photo_ids[rows[np.argsort(scores if present else -scores, kind="stable")]]

    def behind_confusion(self, missed: str, suggested: str) -> Rows:
        """Ids of the photos where one label is missed and the other suggested wrongly."""
        a, b = self.column_of(missed), self.column_of(suggested)
        rows = (self.answers[:, a] == 1) & ~self.suggested[:, a] & (self.answers[:, b] == 0) & self.suggested[:, b]
        return self.photo_ids[rows]

    def curve(self, label: str) -> PrecisionRecall:
        """Precision and recall of one label at every threshold."""
        column = self.column_of(label)
        return precision_recall_curve(self.scores[:, column], self.answers[:, column])

    def to_json(self) -> dict[str, Any]:
        """All of it for JSON, with the ids of the photos behind every number and at most 200 points a curve.

        Photos that are rightly not suggested are the `photo_ids` that are in none of a label's other lists.
        """
        arrays = ("photo_ids", "paths", "scores", "answers", "suggested", "with_maybe", "top_3", "resampled")
        found = {name: _plain(value) for name, value in vars(self).items() if name not in arrays}
        found["photo_ids"] = self.photo_ids.tolist()
        for one, label in zip(found["labels"], self.labels, strict=True):
            column = self.column_of(label.label)
            one["photos"] = {
                outcome.replace(" ", "_"): self.behind(label.label, outcome).tolist()
                for outcome in (Outcome.HIT, Outcome.FALSE_ALARM, Outcome.MISS)
            }
            one["photos"]["ignored"] = self.photo_ids[self.answers[:, column] < 0].tolist()
            one["curve"] = _thinned(self.curve(label.label))
        for one in found["confusions"]:
            one["photo_ids"] = self.behind_confusion(one["missed"], one["suggested"]).tolist()
        return found


def _thinned(curve: PrecisionRecall) -> dict[str, list[float]]:
    kept = np.unique(np.linspace(0, len(curve.recall) - 1, min(_POINTS, len(curve.recall))).round().astype(int))
    return {name: np.round(values[kept].astype(float), 6).tolist() for name, values in vars(curve).items()}


def _plain(value: Any) -> Any:
    """For JSON: dataclasses as objects, an interval as two numbers, and what cannot be told as null."""
    if isinstance(value, Interval):
        return [value.low, value.high]
    if isinstance(value, F1Scores):
        return {name.rstrip("_"): None if np.isnan(part) else part for name, part in asdict(value).items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, LabelEvaluation | Confusion):
        return {name: _plain(one) for name, one in vars(value).items()}
    return value


def mean_of_resamples(resampled: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """mAP of each resample (resamples x labels), over the labels that have a positive there; nan where none has."""
    known = ~np.isnan(resampled)
    labels = known.sum(axis=1)
    return np.where(labels > 0, np.nansum(resampled, axis=1) / np.maximum(labels, 1), np.nan)


def percent(value: float | None) -> str:
    """A fraction for people, as `61.4`; a dash where it cannot be told."""
    return "–" if value is None or np.isnan(value) else f"{100 * value:.1f}"


def percent_interval(interval: Interval | None) -> str:
    """An interval for people, as `57.0 to 65.1`; a dash where it cannot be told."""
    return "–" if interval is None else f"{percent(interval.low)} to {percent(interval.high)}"

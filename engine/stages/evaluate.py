"""How well scores agree with a truth that somebody else made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import UserError
from engine.formats.known_labels import ABSENT, IGNORED, KnownLabels
from engine.method import mean_average_precision
from engine.project import Project
from engine.project.runs import INITIAL
from engine.project.snapshot import take_snapshot
from engine.stages.matching import match_labels, match_photos


@dataclass(frozen=True)
class LabelEvaluation:
    """One label's positives and its average precision, a fraction of 1; None where it has no positive."""

    label: str
    positives: int
    ap: float | None


@dataclass(frozen=True)
class Evaluation:
    """mAP (a fraction of 1, None where no label has a positive) over `labels_counted` labels and `photos` photos."""

    stage: str
    photos: int
    map: float | None
    labels_counted: int
    labels: tuple[LabelEvaluation, ...]
    unmatched_photos: tuple[str, ...]
    """Of the truth, without a scored photo in the project."""
    unmatched_labels: tuple[str, ...]
    """Of the truth, without a label in the project."""


def evaluate(project: Project, truth: KnownLabels, *, stage: str = INITIAL) -> Evaluation:
    """All-point mAP of a stage's scores; what the truth ignores is neither positive nor negative.

    Photos are matched by relative path, then by file name where it is unique on both sides; labels by name, whatever
    the capitals, spaces and hyphens.

    Raises:
        UserError: the stage has no scores, or nothing matches.
    """
    snapshot = take_snapshot(project)
    scores = snapshot.matrix_of(project, stage)
    scored = np.flatnonzero(~np.isnan(scores).all(axis=1)) if scores.size else np.zeros(0, np.int64)
    if not len(scored):
        raise UserError(f"No photo has scores of the stage {stage!r}. Label the photos first.")

    rows = match_photos([snapshot.paths[row] for row in scored], list(truth.answers))
    found = match_labels([label.name for label in snapshot.labels], truth.labels)
    labels = [(column, None if at is None else truth.labels[at]) for column, at in enumerate(found)]
    if not rows or not any(name for _, name in labels):
        what = "photo" if not rows else "label"
        raise UserError(f"No {what} of the truth has the name of a {what} of the project. Is it the right file?")

    answers = np.array(
        [[truth.answers[name].get(label, ABSENT) if label else ABSENT for _, label in labels] for name in rows]
    )
    compared = scores[scored[list(rows.values())]]
    # What has no score, as a label that came after the photos were labelled, can be neither right nor wrong.
    answers[np.isnan(compared)] = IGNORED
    mean = mean_average_precision(np.nan_to_num(compared), answers)
    matched = {name for _, name in labels if name}
    return Evaluation(
        stage,
        len(rows),
        mean.value if mean.labels_counted else None,
        mean.labels_counted,
        tuple(
            LabelEvaluation(snapshot.labels[column].name, int(positives), float(ap) if positives else None)
            for (column, _), positives, ap in zip(labels, mean.positives, mean.by_label, strict=True)
        ),
        tuple(name for name in truth.answers if name not in rows),
        tuple(label for label in truth.labels if label not in matched),
    )

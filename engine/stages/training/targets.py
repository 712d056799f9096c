"""What a training is taught: the pseudo labels on a scale that it can learn from, and what people have decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.method.refinement import scale_to_top, typical_top
from engine.models.training.training_labels import TrainingLabels
from engine.project import Project
from engine.project.labels import LabelRow
from engine.project.photos import readable_photos
from engine.project.runs import INITIAL
from engine.project.snapshot import UNDECIDED, YES, Snapshot
from engine.project.thresholds import thresholds_in_force
from engine.stages.training.learners import Learner
from engine.wording import Sentence

_HOLD_OUT = 0.1

# A label's typical top score is its fifth highest, in small collections that of every 25th photo: a fifth of all photos
# would otherwise count as its clearest.
_RANK, _PHOTOS_A_RANK = 5, 25


@dataclass(frozen=True)
class TrainingTargets:
    """What is to be learnt: `targets` is photos x labels, in the order of these photo ids and labels."""

    photos: list[int]
    labels: list[LabelRow]
    targets: TrainingLabels
    decisions: int


def prepare_targets(
    project: Project, before: Snapshot, learner: Learner, seed: int, progress: Progress, cancellation: Cancellation
) -> TrainingTargets:
    """Look at the photos and merge their pseudo labels with the decisions.

    Labels without any pseudo label, as those that came after the photos were labelled, are left out, and so are
    photos that lack a pseudo label for one of the others.

    Raises:
        UserError: there are no pseudo labels yet, or no photo can be read.
    """
    pseudo = before.matrix_of(project, INITIAL)
    columns = np.flatnonzero(~np.isnan(pseudo).all(axis=0))
    complete = np.flatnonzero(~np.isnan(pseudo[:, columns]).any(axis=1))
    if not len(columns) or not len(complete):
        raise UserError(Sentence("There are no pseudo labels to train on yet. Label the photos first."))
    wanted = set(before.photo_ids[complete].tolist())
    photos = learner.look_at([one for one in readable_photos(project) if one.id in wanted], progress, cancellation)
    if not photos:
        raise UserError(Sentence("None of the labelled photos can be read any more. Is their drive connected?"))

    labels = [before.labels[column] for column in columns]
    cells = np.ix_(np.array([before.row_of(photo) for photo in photos]), columns)
    top = typical_top(pseudo[cells], rank=min(_RANK, max(1, len(photos) // _PHOTOS_A_RANK)))
    targets = TrainingLabels.merge(
        scale_to_top(pseudo[cells], top),
        _as_answers(before.decisions[cells]),
        scale_to_top(thresholds_in_force(project, INITIAL, labels)[0], top),
        hold_out=_HOLD_OUT,
        seed=seed,
    )
    return TrainingTargets(photos, labels, targets, int(np.count_nonzero(before.decisions[cells] != UNDECIDED)))


def _as_answers(decisions: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
    """1 for yes, 0 for no, nan where nobody has decided."""
    return np.where(decisions == UNDECIDED, np.nan, decisions == YES).astype(np.float32)

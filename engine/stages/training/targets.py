"""What a training is taught: the pseudo labels on a scale that it can learn from, and what people have decided.

Pseudo labels are the initial scores and, of labels with answers enough, what these answers taught of all other photos.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.method.agreement import TEMPER, TEMPER_OF_CLIP
from engine.method.latent import to_latent
from engine.method.prior_guess import log_odds_of_shape
from engine.method.refinement import scale_to_top, typical_top
from engine.method.thresholds import Shape
from engine.models.encoders.known import STARTER
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.label_state import UNDECIDED, YES
from engine.project.labels import LabelRow
from engine.project.photos import readable_photos
from engine.project.runs import INITIAL, newest_run_with
from engine.project.snapshot import Snapshot
from engine.project.thresholds import (
    likely_in_run,
    maybe_in_force,
    shape_in_run,
    stage_calibration_in_force,
    thresholds_in_force,
)
from engine.stages.training.learners import Learner
from engine.wording import Sentence

_HOLD_OUT = 0.1

# A label's typical top score is its fifth highest, in small collections that of every 25th photo: a fifth of all photos
# would otherwise count as its clearest.
_RANK, _PHOTOS_A_RANK = 5, 25


@dataclass(frozen=True)
class TrainingTargets:
    """What is to be learnt: `targets` is photos x labels, in the order of these photo ids and labels.

    `maybe`: labels, from where each may be, in the scale of the targets. `even`: labels, where each is as likely as
    not, likewise: no person's threshold. `guess`: photos x labels, the log odds that the pseudo labels deserve.
    """

    photos: list[int]
    labels: list[LabelRow]
    targets: TrainingLabels
    maybe: npt.NDArray[np.floating]
    even: npt.NDArray[np.floating]
    guess: npt.NDArray[np.floating]
    decisions: int


def as_before_any_training(project: Project, snapshot: Snapshot) -> Snapshot:
    """The same photos, labels and answers, suggested by the initial scores.

    A training that was taught what an earlier one had made of its labels would only hear itself.
    """
    if snapshot.stage in (None, INITIAL):
        return snapshot.with_answers_of_its_own()
    thresholds, sources = thresholds_in_force(project, INITIAL, snapshot.labels)
    return replace(
        snapshot,
        stage=INITIAL,
        stages=[],
        decisions=snapshot.decisions.copy(),
        scores=snapshot.matrix_of(project, INITIAL),
        thresholds=thresholds,
        threshold_sources=sources,
        maybe_from=maybe_in_force(project, INITIAL, snapshot.labels),
        stage_calibration=stage_calibration_in_force(project, INITIAL, snapshot.labels),
        taught={},
        untaught={},
    )


def prepare_targets(
    project: Project,
    before: Snapshot,
    learner: Learner,
    settings: TrainingSettings,
    progress: Progress,
    cancellation: Cancellation,
) -> TrainingTargets:
    """Look at the photos and merge their pseudo labels with the decisions.

    Labels without any pseudo label, as those that came after the photos were labelled, are left out, and so are
    photos that lack a pseudo label for one of the others.

    Args:
        before: with what answers taught (`engine.stages.teaching`).

    Raises:
        UserError: there are no pseudo labels yet, or no photo can be read.
    """
    pseudo = _PseudoLabels.of(project, before)
    columns = np.flatnonzero(~np.isnan(pseudo.values).all(axis=0))
    complete = np.flatnonzero(~np.isnan(pseudo.values[:, columns]).any(axis=1))
    if not len(columns) or not len(complete):
        raise UserError(Sentence("There are no pseudo labels to train on yet. Label the photos first."))
    wanted = set(before.photo_ids[complete].tolist())
    photos = learner.look_at([one for one in readable_photos(project) if one.id in wanted], progress, cancellation)
    if not photos:
        raise UserError(Sentence("None of the labelled photos can be read any more. Is their drive connected?"))

    cells = np.ix_(np.array([before.row_of(photo) for photo in photos]), columns)
    values, decisions = pseudo.values[cells], np.sign(before.known[cells])
    top = typical_top(values, rank=min(_RANK, max(1, len(photos) // _PHOTOS_A_RANK)))
    likely = pseudo.likely[columns]

    def scaled(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return scale_to_top(scores, top) if settings.scale_to_top else scores

    targets = TrainingLabels.merge(
        scaled(values), _as_answers(decisions), scaled(likely), hold_out=_HOLD_OUT, seed=settings.seed
    )
    return TrainingTargets(
        photos,
        [before.labels[column] for column in columns],
        targets,
        scaled(np.minimum(pseudo.maybe[columns], likely)),
        scaled(pseudo.even[columns]),
        pseudo.guess[cells],
        int(np.count_nonzero(decisions != UNDECIDED)),
    )


@dataclass(frozen=True)
class _PseudoLabels:
    """photos x labels, nan where there are none: `values`, and the log odds that these deserve.

    `likely` and `maybe`: labels, from which value on. `even`: labels, the value at which each is as likely as not.
    """

    values: npt.NDArray[np.float32]
    guess: npt.NDArray[np.floating]
    likely: npt.NDArray[np.float32]
    maybe: npt.NDArray[np.float32]
    even: npt.NDArray[np.float32]

    @classmethod
    def of(cls, project: Project, before: Snapshot) -> _PseudoLabels:
        values = before.matrix_of(project, INITIAL)
        shape = Shape(*shape_in_run(project, INITIAL, before.labels))
        run = newest_run_with(project, INITIAL)
        temper = TEMPER if run is not None and run.settings.get("encoder") == STARTER else TEMPER_OF_CLIP
        # Scores that are probabilities, as after a second witness was heard, are as sure as they deserve.
        tempers = np.where((shape.thresholds == 0.5) & (shape.steepness == 1), 1.0, temper)
        guess = tempers * log_odds_of_shape(values, shape)
        likely = thresholds_in_force(project, INITIAL, before.labels)[0]
        maybe = maybe_in_force(project, INITIAL, before.labels)
        of_run = likely_in_run(project, INITIAL, before.labels)
        even = np.where(np.isnan(of_run), likely, of_run).astype(np.float32)
        for column in before.taught:
            values[:, column] = before.scores_of(column).scores
            guess[:, column] = to_latent(values[:, column].astype(np.float64))
            likely[column], maybe[column] = before.thresholds[column], before.maybe_from[column]
            even[column] = 0.5
        return cls(values, guess, likely, maybe, even)


def _as_answers(decisions: npt.NDArray[np.int8]) -> npt.NDArray[np.float32]:
    """1 for yes, 0 for no, nan where nobody has decided."""
    return np.where(decisions == UNDECIDED, np.nan, decisions == YES).astype(np.float32)

"""What is guessed of the labels before any answer: the log odds that answers then correct."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.method.prior_guess import TEMPER, TEMPER_OF_CLIP, Smoother, log_odds_of_shape, prior_guess
from engine.method.thresholds import Shape
from engine.models.encoders.catalog import STARTER
from engine.project import Project
from engine.project.runs import INITIAL, REFINED
from engine.project.snapshot import Snapshot
from engine.project.thresholds import shape_in_run
from engine.stages.labelling.photo_embeddings import KeptEmbeddings

Floats = npt.NDArray[np.floating]


@dataclass
class Guesses:
    """Made once for the scores of a snapshot; a label's guess once it is asked for. Arrays are photos x labels.

    After a training its refined scores count, in which the initial ones were heard already. Where a photo was decided
    before, the training was told what to say, and the initial scores alone count: a guess never knows the answer.
    """

    initial: Floats
    refined: Floats | None
    told: npt.NDArray[np.bool_]
    shapes: tuple[Shape, Shape]
    temper: float
    smoother: Smoother
    _made: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project, snapshot: Snapshot, smoother: Smoother) -> Guesses:
        """Read what it takes; the snapshot may be taught meanwhile."""
        embeddings = KeptEmbeddings.of(project)
        assert embeddings is not None
        refined = snapshot.matrix_of(project, REFINED) if snapshot.stage == REFINED else None
        told = np.zeros(0, bool) if refined is None else (refined == 0) | (refined == 1)
        return cls(
            snapshot.matrix_of(project, INITIAL) if refined is not None else snapshot.untaught_scores().copy(),
            refined,
            told,
            (_shape(project, INITIAL, snapshot), _shape(project, REFINED, snapshot)),
            TEMPER if embeddings.encoder == STARTER else TEMPER_OF_CLIP,
            smoother,
        )

    def of_label(self, column: int) -> tuple[Floats, Floats]:
        """Log odds of one label, photos each, nan without a score: honest ones, and those of its scores alone."""
        if column not in self._made:
            of_scores, temper = self._of_scores(column)
            self._made[column] = prior_guess(of_scores, self.smoother, temper=temper), of_scores
        return self._made[column]

    def _of_scores(self, column: int) -> tuple[Floats, float]:
        """The log odds of one label's scores, and by what they are too sure."""
        initial = _log_odds(self.initial, self.shapes[0], column)
        # Scores that are probabilities, as after a second witness was heard, are as sure as they deserve.
        temper = 1.0 if _is_probability(self.shapes[0], column) else self.temper
        if self.refined is None or np.isnan(self.refined[:, column]).all():
            return initial, temper
        refined = np.where(self.told[:, column], np.nan, _log_odds(self.refined, self.shapes[1], column))
        return np.where(np.isnan(refined), temper * initial, refined), 1.0


def _shape(project: Project, stage: str, snapshot: Snapshot) -> Shape:
    return Shape(*shape_in_run(project, stage, snapshot.labels))


def _is_probability(shape: Shape, column: int) -> bool:
    return bool(shape.thresholds[column] == 0.5 and shape.steepness[column] == 1)


def _log_odds(scores: Floats, shape: Shape, column: int) -> Floats:
    of_label = slice(column, column + 1)
    found = log_odds_of_shape(scores[:, of_label], Shape(shape.thresholds[of_label], shape.steepness[of_label]))
    return found[:, 0]

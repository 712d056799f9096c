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
    """Made once for the scores of a snapshot; a label's guess once it is asked for.

    The initial scores guess, also after a training: that may have learnt from the same answers, which would then count
    twice.

    Attributes:
        scores: photos x labels.
        shape: of these scores.
        temper: what log odds are multiplied by where the scores are no probabilities.
    """

    scores: Floats
    shape: Shape
    temper: float
    smoother: Smoother
    _made: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project, snapshot: Snapshot, smoother: Smoother) -> Guesses:
        """Read what it takes; the snapshot may be taught meanwhile."""
        embeddings = KeptEmbeddings.of(project)
        assert embeddings is not None
        trained = snapshot.stage == REFINED
        return cls(
            snapshot.matrix_of(project, INITIAL) if trained else snapshot.untaught_scores().copy(),
            Shape(*shape_in_run(project, INITIAL, snapshot.labels)),
            TEMPER if embeddings.encoder == STARTER else TEMPER_OF_CLIP,
            smoother,
        )

    def of_label(self, column: int) -> tuple[Floats, Floats]:
        """Log odds of one label, photos each, nan without a score: honest ones, and those of its scores alone."""
        if column not in self._made:
            of_scores = _log_odds(self.scores, self.shape, column)
            # Scores that are probabilities, as after a second witness was heard, are as sure as they deserve.
            is_probability = self.shape.thresholds[column] == 0.5 and self.shape.steepness[column] == 1
            temper = 1.0 if is_probability else self.temper
            self._made[column] = prior_guess(of_scores, self.smoother, temper=temper), of_scores
        return self._made[column]


def _log_odds(scores: Floats, shape: Shape, column: int) -> Floats:
    of_label = slice(column, column + 1)
    found = log_odds_of_shape(scores[:, of_label], Shape(shape.thresholds[of_label], shape.steepness[of_label]))
    return found[:, 0]

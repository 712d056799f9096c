"""What is guessed of the labels before any answer: the log odds that answers then correct."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.method.prior_guess import TEMPER, TEMPER_OF_CLIP, Smoother, log_odds_of_shape, prior_guess
from engine.method.thresholds import Shape
from engine.models.encoders.known import STARTER
from engine.project import Project
from engine.project.runs import INITIAL
from engine.project.snapshot import Snapshot
from engine.project.thresholds import shape_in_run
from engine.stages.photo_embeddings import KeptEmbeddings

Floats = npt.NDArray[np.floating]


class Guesses:
    """Made once for the initial scores of a snapshot's photos; a label's guess once it is asked for.

    Refined labels are no guess: the training has seen the answers, and what it learnt from them would count twice.
    """

    def __init__(self, project: Project, snapshot: Snapshot, smoother: Smoother) -> None:
        embeddings = KeptEmbeddings.of(project)
        self._temper = TEMPER if embeddings is not None and embeddings.encoder == STARTER else TEMPER_OF_CLIP
        own = snapshot.stage == INITIAL
        self._scores = snapshot.untaught_scores().copy() if own else snapshot.matrix_of(project, INITIAL)
        self._shape = Shape(*shape_in_run(project, INITIAL, snapshot.labels))
        self._smoother = smoother
        self._made: dict[int, tuple[Floats, Floats]] = {}

    def is_known(self, column: int) -> npt.NDArray[np.bool_]:
        """Which photos have a score of a label."""
        known: npt.NDArray[np.bool_] = ~np.isnan(self._scores[:, column])
        return known

    def is_probability(self, column: int) -> bool:
        """Whether a label's scores are probabilities as they are."""
        return bool(self._shape.thresholds[column] == 0.5 and self._shape.steepness[column] == 1)

    def of_label(self, column: int) -> tuple[Floats, Floats]:
        """Log odds of one label, honest ones and those that its scores alone have: photos each, nan without a score."""
        if column not in self._made:
            of_label = slice(column, column + 1)
            shape = Shape(self._shape.thresholds[of_label], self._shape.steepness[of_label])
            of_scores = log_odds_of_shape(self._scores[:, of_label], shape)[:, 0]
            # Scores that are probabilities, as after a second witness was heard, are as sure as they deserve. What it
            # saw may be small, and no photo that looks alike as a whole need have it.
            honest = self.is_probability(column)
            guess = of_scores if honest else prior_guess(of_scores, self._smoother, temper=self._temper)
            self._made[column] = guess, of_scores
        return self._made[column]

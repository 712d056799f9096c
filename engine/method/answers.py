"""What a label's answers teach about all other photos: a Gaussian process on the log odds that were guessed before.

The guess comes from the score; answers shift it, stretch it, and tell what photos with the label look like:

    log odds of the label = shift + stretch * guess + weights . z
    shift ~ N(0, 1),  stretch ~ N(1, 1/16),  weights ~ N(0, 8) each

with z the photo's coordinates (`principal_axes`). Over photos this is a Gaussian process with mean `guess` and
covariance 1 + guess guess' / 16 + 8 z z'. Its most probable values given the answers are found by Newton's method
(Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, section 3.4: Laplace's approximation, whose
variance is left out of the probabilities: with it every photo that is unlike the answered ones drifts to 1/2).

The photos asked about need not be chosen by chance: only what was answered for photos like them counts, not how often
they were asked about. With answers of one kind alone that is no longer so, see `accepting`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.latent import from_latent

Floats = npt.NDArray[np.floating]

SHIFT_VARIANCE, STRETCH_VARIANCE, LIKENESS_VARIANCE = 1.0, 1 / 16, 8.0
"""Of the prior. 8, 16 and 32 for likeness do within 0.3 points of F1; see docs/results."""

_MOST_STEPS = 50
_MOST_HALVINGS = 30
_STEADY = 1e-8
_LAST_STEP = 1e-5
"""In log odds. Newton's method squares what is wrong with each step: after one as small nothing is left to find."""


@dataclass(frozen=True)
class Taught:
    """What the answers about one label taught: log odds = shift + stretch * guess + weights . z.

    `weights`: one for each axis. `known`, `narrowed`: what is no longer open; (2 + axes) x r, and r x r.
    """

    shift: float
    stretch: float
    weights: Floats
    known: Floats
    narrowed: Floats

    def log_odds(self, guess: Floats, coordinates: Floats) -> Floats:
        """The log odds of the label.

        Args:
            guess: photos; those that were guessed before any answer. nan stays nan.
            coordinates: photos x axes.
        """
        # By the precision of the coordinates, which are many.
        likeness = coordinates @ self.weights.astype(coordinates.dtype)
        return self.shift + self.stretch * guess + likeness


def learn_from_answers(
    guess: Floats,
    coordinates: Floats,
    yes: npt.NDArray[np.bool_],
) -> Taught:
    """Learn one label from the photos on which it was answered.

    Time grows with the answers n and the axes d as n * d * min(n, d): some hundred microseconds for 20 answers.

    >>> guess = np.array([0.4, 0.2, -0.1, -0.3])
    >>> z = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    >>> taught = learn_from_answers(guess, z, np.array([True, True, False, False]))
    >>> bool(taught.weights[0] > 1)
    True
    >>> taught.log_odds(np.array([0.0, 0.0]), np.array([[1.0], [-1.0]])).round(1).tolist()
    [2.3, -2.3]

    Args:
        guess: answered photos; log odds before any answer, finite.
        coordinates: answered photos x axes, of `PrincipalAxes.coordinates`.
        yes: answered photos; what the answer was. None at all are no lesson: the guess stays.
    """
    if guess.ndim != 1 or yes.shape != guess.shape or coordinates.shape[:1] != guess.shape or coordinates.ndim != 2:
        raise ValueError(
            "Expected arguments `guess`, `coordinates` and `yes` to be photos, photos x axes and photos, "
            f"but got shapes {guess.shape}, {coordinates.shape} and {yes.shape}."
        )
    rows = evidence(guess, coordinates)
    found, known, narrowed = _most_probable(guess.astype(np.float64), rows, yes)
    deviations = found * _prior_deviations(rows.shape[1])
    return Taught(float(deviations[0]), 1 + float(deviations[1]), deviations[2:], known, narrowed)


def evidence(guess: Floats, coordinates: Floats) -> npt.NDArray[np.float64]:
    """Rows by which unknowns of variance 1 are multiplied: photos x (shift, stretch, axes)."""
    rows = np.column_stack([np.ones(len(guess)), guess, coordinates]).astype(np.float64)
    return rows * _prior_deviations(rows.shape[1])


def _prior_deviations(unknowns: int) -> Floats:
    return np.sqrt([SHIFT_VARIANCE, STRETCH_VARIANCE, *[LIKENESS_VARIANCE] * (unknowns - 2)])


def _most_probable(guess: Floats, rows: Floats, yes: npt.NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """The unknowns u ~ N(0, 1) that make the answers most probable with log odds guess + rows @ u.

    What no answered photo shows stays as the prior has it. So where answers are fewer than unknowns, u = rows' a, and
    the a are looked for: as many as answers.

    Returns:
        The unknowns; and `known` and `narrowed` of `Taught`.
    """
    few = len(rows) < rows.shape[1]
    moving = rows @ rows.T if few else rows
    signs = np.where(yes, 1.0, -1.0)

    def worth(sought: Floats, moved: Floats) -> float:
        squares = sought @ (moved if few else sought)
        return -np.logaddexp(0, -signs * (guess + moved)).sum() - squares / 2

    def weights_and_system(moved: Floats) -> tuple[Floats, Floats]:
        """How much each answer still says, and what a step is to be multiplied by to come to the slope."""
        probabilities = from_latent(guess + moved)
        weights = probabilities * (1 - probabilities)
        system = weights[:, None] * moving if few else (rows.T * weights) @ rows
        system.flat[:: len(system) + 1] += 1
        return weights, system

    sought, moved = np.zeros(moving.shape[1]), np.zeros(len(rows))
    best = worth(sought, moved)
    for _ in range(_MOST_STEPS):
        wrong = yes - from_latent(guess + moved)
        step = np.linalg.solve(weights_and_system(moved)[1], (wrong if few else rows.T @ wrong) - sought)
        move = moving @ step
        # Far from its end a full step may overshoot, to where it is less probable.
        for _ in range(_MOST_HALVINGS):
            reached = worth(sought + step, moved + move)
            if reached >= best - _STEADY:
                break
            step, move = step / 2, move / 2
        sought, moved, best = sought + step, moved + move, reached
        if not move.size or np.abs(move).max() < _LAST_STEP:
            break
    weights, system = weights_and_system(moved)
    if few:
        return rows.T @ sought, rows.T, np.linalg.solve(system, np.diag(weights))
    return sought, np.eye(len(sought)), np.eye(len(sought)) - np.linalg.inv(system)

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


@dataclass(frozen=True)
class Taught:
    """What the answers about one label taught: log odds = shift + stretch * guess + weights . z.

    `weights`: one for each axis. `known`, `narrowed`: what is no longer open, for `deviations`; (2 + axes) x r with
    orthonormal columns, and r x r.
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
    # What no answered photo shows stays as the prior has it, so as many unknowns as answers will do.
    span, triangle = np.linalg.qr(rows.T) if len(rows) < rows.shape[1] else (np.eye(rows.shape[1]), rows.T)
    found, information = _most_probable(guess.astype(np.float64), triangle.T, yes)
    deviations = span @ found * _prior_deviations(rows.shape[1])
    narrowed = np.eye(len(information)) - np.linalg.inv(information)
    return Taught(float(deviations[0]), 1 + float(deviations[1]), deviations[2:], span, narrowed)


def evidence(guess: Floats, coordinates: Floats) -> npt.NDArray[np.float64]:
    """Rows by which unknowns of variance 1 are multiplied: photos x (shift, stretch, axes)."""
    rows = np.column_stack([np.ones(len(guess)), guess, coordinates]).astype(np.float64)
    return rows * _prior_deviations(rows.shape[1])


def _prior_deviations(unknowns: int) -> Floats:
    return np.sqrt([SHIFT_VARIANCE, STRETCH_VARIANCE, *[LIKENESS_VARIANCE] * (unknowns - 2)])


def _most_probable(guess: Floats, rows: Floats, yes: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The unknowns u ~ N(0, 1) that make the answers most probable with log odds guess + rows @ u.

    Returns:
        The unknowns, and minus the second derivative of the log posterior there.
    """
    signs = np.where(yes, 1.0, -1.0)
    found = np.zeros(rows.shape[1])

    def worth(unknowns: Floats) -> float:
        return -np.logaddexp(0, -signs * (guess + rows @ unknowns)).sum() - unknowns @ unknowns / 2

    def information_at(probabilities: Floats) -> Floats:
        return np.eye(rows.shape[1]) + (rows.T * (probabilities * (1 - probabilities))) @ rows

    best = worth(found)
    for _ in range(_MOST_STEPS):
        probabilities = from_latent(guess + rows @ found)
        step = np.linalg.solve(information_at(probabilities), rows.T @ (yes - probabilities) - found)
        # Far from its end a full step may overshoot, to where it is less probable.
        for _ in range(_MOST_HALVINGS):
            reached = worth(found + step)
            if reached >= best - _STEADY:
                break
            step /= 2
        found, best = found + step, reached
        if not step.size or np.abs(step).max() < _STEADY:
            break
    return found, information_at(from_latent(guess + rows @ found))

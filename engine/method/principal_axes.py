"""What a photo looks like in some hundred numbers, so that a few answers can teach a label about all other photos.

An encoder leaves several descriptions of a photo: of the whole, of its snippets, its classes. Each is compared by
cosine after what all photos share was taken away, and the likeness of two photos is the mean of these cosines. As an
inner product of short vectors it is cheap to learn with:

    likeness(a, b) = 1/B * sum over descriptions of cos(u(a) - mean, u(b) - mean)  ~  z_a . z_b

with u(x) = x / |x|. The z are the coordinates on the principal axes of a sample of photos (kernel principal components;
Schölkopf et al. 1998; from a sample: Williams and Seeger, Using the Nyström method, 2001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.arrays import unit_vectors

Floats = npt.NDArray[np.floating]

AXES = 128
"""With these nothing is lost (0 to 0.2 points of average precision); with 64 0.4 points."""

SAMPLE = 1000
"""Photos from which the axes are found: more cost time, as its cube, and tell nothing new."""

_LEAST_SHARE = 1e-6
"""Of the largest eigenvalue: below it an axis is rounding."""


@dataclass(frozen=True)
class PrincipalAxes:
    """What photos of a collection have in common, and how they differ most.

    `means`: of each description, its values. `axes`: of each description, values x axes, so that the coordinates of a
    photo are the sum over its descriptions.
    """

    means: tuple[npt.NDArray[np.float32], ...]
    axes: tuple[npt.NDArray[np.float32], ...]

    @property
    def count(self) -> int:
        """How many axes there are: as many as were asked for, or as the sample has photos that differ."""
        return self.axes[0].shape[1] if self.axes else 0

    def coordinates(self, descriptions: Sequence[Floats]) -> npt.NDArray[np.float32]:
        """Where photos lie on the axes: photos x axes, float32; the inner product of two rows is from about -1 to 1.

        Photos may come part by part: each photo's coordinates depend on itself alone.

        Args:
            descriptions: as for `find_axes`, of any photos.
        """
        _check(descriptions)
        if [each.shape[1] for each in descriptions] != [len(mean) for mean in self.means]:
            raise ValueError(
                f"Expected argument `descriptions` to be of {[len(mean) for mean in self.means]} values, "
                f"but got {[each.shape[1] for each in descriptions]}."
            )
        found = np.zeros((len(descriptions[0]), self.count), np.float32)
        for each, mean, axes in zip(descriptions, self.means, self.axes, strict=True):
            found += _compared(each, mean, len(self.means)) @ axes
        return found


def find_axes(descriptions: Sequence[Floats], count: int = AXES) -> PrincipalAxes:
    """The axes on which the photos of a sample differ most.

    >>> photos = np.array([[3.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 4.0]])
    >>> axes = find_axes([photos])
    >>> z = axes.coordinates([photos])
    >>> (z @ z.T).round(3).tolist()[0]  # like the second, unlike the others
    [1.0, 1.0, -1.0, -1.0]

    Args:
        descriptions: one or more, photos x values each, of the same photos: an even sample of about `SAMPLE`. Only the
            direction of a row counts; a row of 0 is a photo without that description.
        count: at most so many axes.
    """
    _check(descriptions)
    means, compared = [], []
    for each in descriptions:
        mean = unit_vectors(each).mean(axis=0)
        means.append(mean)
        compared.append(_compared(each, mean, len(descriptions)))
    gram = sum(each.astype(np.float64) @ each.T for each in compared)
    values, vectors = np.linalg.eigh(gram)
    kept = np.flatnonzero(values > _LEAST_SHARE * max(values[-1], _LEAST_SHARE))[::-1][:count]
    projection = vectors[:, kept] / np.sqrt(values[kept])
    return PrincipalAxes(tuple(means), tuple((each.T @ projection).astype(np.float32) for each in compared))


def _compared(description: Floats, mean: Floats, descriptions: int) -> npt.NDArray[np.float32]:
    """Rows whose inner products are the cosines, divided by the number of descriptions."""
    rows = unit_vectors(description)
    rows -= mean
    lengths = np.sqrt(np.einsum("pv,pv->p", rows, rows))[:, None]
    # A photo that is as all others are is like none of them.
    rows /= np.where(lengths > 1e-6, lengths, np.inf) * np.float32(np.sqrt(descriptions))
    return rows


def _check(descriptions: Sequence[Floats]) -> None:
    shapes = [each.shape for each in descriptions]
    if not shapes or any(len(shape) != 2 or shape[0] != shapes[0][0] for shape in shapes) or not shapes[0][0]:
        raise ValueError(
            "Expected argument `descriptions` to hold arrays of photos x values, all of the same photos and of one at "
            f"least, but got shapes {shapes}."
        )

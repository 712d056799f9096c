"""Finding photos in many: a rough look at all snippets, so that few have to be looked at closely."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.arrays import unit_vectors, widened

Floats = npt.NDArray[np.floating]
Values = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint16]

_WIDENED_AT_ONCE = 512
"""Vectors: so few stay in the processor's cache."""


def best_of_whole_and_snippets(scores: Values) -> tuple[Values, npt.NDArray[np.int64]]:
    """Score of a photo from those of the whole photo and of its snippets: (whole + best snippet) / 2.

    As CDUL's pseudo labels do it, which ranks better than the best of all, see docs/results.md.

    Args:
        scores: photos x (1 + snippets), the whole photo first.

    Returns:
        photos, and for each the place in `scores` of what matches best: 0 for the whole photo, else its snippet.
    """
    if scores.ndim != 2 or scores.shape[1] == 0:
        raise ValueError(f"Expected argument `scores` to be photos x (1 + snippets), but got shape {scores.shape}.")
    places = scores.argmax(axis=1)
    if scores.shape[1] == 1:
        return scores[:, 0], places
    return (scores[:, 0] + scores[:, 1:].max(axis=1)) / 2, places


@dataclass(frozen=True)
class Sketch:
    """How embeddings are made short: their principal axes, along which they differ most.

    `mean`: dimension, of unit vectors; `axes`: dimension x fewer.
    """

    mean: Values
    axes: Values

    @classmethod
    def of(cls, sample: Floats, length: int) -> Sketch:
        """From embeddings that stand for all: n x dimension."""
        vectors = unit_vectors(sample)
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        _, axes = np.linalg.eigh(centred.T @ centred)
        return cls(mean, np.ascontiguousarray(axes[:, ::-1][:, :length], np.float32))

    def short(self, embeddings: Floats) -> Values:
        """Make embeddings short: … x dimension to … x fewer."""
        vectors = widened(embeddings)
        # The lengths and the mean are taken off where there are few values left.
        lengths = np.sqrt(np.einsum("...v,...v->...", vectors, vectors))[..., None]
        short: Values = (vectors.reshape(-1, vectors.shape[-1]) @ self.axes).reshape(*vectors.shape[:-1], -1)
        short /= np.maximum(lengths, 1e-12)
        short -= self.mean @ self.axes
        return short


def to_bits(short: Values) -> Bits:
    """Short vectors, finite float32, in bfloat16, as the bits that NumPy can keep: of the same shape.

    >>> [hex(bits) for bits in to_bits(np.array([1.0, -2.5, 0.1], np.float32))]
    ['0x3f80', '0xc020', '0x3dcd']
    """
    bits = np.ascontiguousarray(short, np.float32).view(np.uint32)
    # Half way between two the even one, as processors do it.
    return ((bits + ((bits >> 16) & 1) + 0x7FFF) >> 16).astype(np.uint16)


def _products(bits: Bits, query: Values) -> Values:
    """What `to_bits` was made of, … x length, multiplied by a query of that length: …"""
    rows = bits.reshape(-1, len(query))
    found = np.empty(len(rows), np.float32)
    wide = np.empty((_WIDENED_AT_ONCE, len(query)), np.uint32)
    for start in range(0, len(rows), _WIDENED_AT_ONCE):
        some = rows[start : start + _WIDENED_AT_ONCE]
        part = wide[: len(some)]
        part[...] = some
        np.left_shift(part, 16, out=part)
        np.matmul(part.view(np.float32), query, out=found[start : start + len(some)])
    return found.reshape(bits.shape[:-1])


class ShortVectors:
    """The short vectors of all photos, two bytes a value, and which photos a query is worth a close look at.

    384 MB for 100,000 photos of ten vectors with 192 values, which may stay in a file. In bfloat16, which is the upper
    half of float32: NumPy widens it as fast as torch multiplies it, and opening torch takes half a gigabyte.
    """

    def __init__(self, parts: Callable[[], Iterable[Bits]]) -> None:
        """Take what gives all vectors, part by part, whenever it is called.

        Args:
            parts: photos x vectors x length each, from `to_bits`, the whole photo first.
        """
        self._parts = parts

    def shortlist(self, query: Values, among: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
        """The `count` photos of those `among` which are most similar to a query, best first.

        Args:
            query: of the same length as the short vectors.
            among: rows of the vectors; one may come several times.

        Returns:
            Places in `among`.
        """
        asked = np.ascontiguousarray(query, np.float32)
        scored = [_products(bits, asked) for bits in self._parts()]
        if not scored:
            return np.zeros(0, np.int64)
        scores: Values = np.concatenate(scored)
        # Snippets are a little less like anything than whole photos are; without this they would never be the best.
        scores[:, 0] -= scores[:, 0].mean()
        if scores.shape[1] > 1:
            scores[:, 1:] -= scores[:, 1:].mean()
        best = best_of_whole_and_snippets(scores)[0][among]
        chosen = np.argpartition(-best, count - 1)[:count] if count < len(best) else np.arange(len(best))
        return chosen[np.argsort(-best[chosen], kind="stable")]

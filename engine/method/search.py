"""Finding photos in many: a rough look at all snippets, so that few have to be looked at closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.method.arrays import unit_vectors

Floats = npt.NDArray[np.floating]
Values = npt.NDArray[np.float32]


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
        return np.asarray((unit_vectors(embeddings) - self.mean) @ self.axes, np.float32)


class ShortVectors:
    """The short vectors of all photos in memory, two bytes a value, and which photos a query is worth a close look at.

    Half a gigabyte for 100,000 photos of ten vectors with 256 values. They are multiplied in bfloat16, for which
    processors have instructions where they have none for float16.
    """

    def __init__(self, photos: int, vectors: int, length: int) -> None:
        import torch

        self._vectors: Any = torch.zeros((photos * vectors, length), dtype=torch.bfloat16)
        self._of_a_photo = vectors
        self._filled = 0
        self._mean_whole = np.zeros(length)
        self._mean_snippets = np.zeros(length)

    def __len__(self) -> int:
        return self._filled

    def add(self, short: Values) -> None:
        """Take in more photos: photos x vectors x length, the whole photo first."""
        import torch

        start = self._filled * self._of_a_photo
        flat = torch.from_numpy(np.ascontiguousarray(short)).reshape(-1, short.shape[-1])
        self._vectors[start : start + len(flat)] = flat.to(torch.bfloat16)
        self._filled += len(short)
        self._mean_whole += short[:, 0].sum(axis=0)
        self._mean_snippets += short[:, 1:].sum(axis=(0, 1))

    def shortlist(self, query: Values, among: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
        """The `count` photos of those `among` which are most similar to a query, best first.

        Args:
            query: of the same length as the short vectors.
            among: indices of photos, in the order in which they were added.
        """
        import torch

        asked = torch.from_numpy(query).to(torch.bfloat16)
        everything = self._vectors[: self._filled * self._of_a_photo]
        scores = (everything @ asked).float().numpy().reshape(-1, self._of_a_photo)
        # Snippets are a little less like anything than whole photos are; without this they would never be the best.
        scores[:, 0] -= self._mean_whole @ query / max(1, self._filled)
        scores[:, 1:] -= self._mean_snippets @ query / max(1, self._filled * (self._of_a_photo - 1))
        best, _ = best_of_whole_and_snippets(scores)
        chosen = among[np.argpartition(-best[among], count - 1)[:count]] if count < len(among) else among
        return chosen[np.argsort(-best[chosen], kind="stable")]

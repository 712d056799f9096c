"""What tells photos apart that show the same: brightness on a coarse grid, and how sharp the photo is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SIDE = 16
"""Cells a side of the coarse grid."""


class Fingerprint:
    """Takes fingerprints as an encoder takes embeddings, so that they are made and kept in the same way.

    A fingerprint is [brightness of 16 x 16 cells, 0 to 255, row by row | sharpness].
    """

    id = "fingerprint:1"
    input_size = 512
    dimension = SIDE * SIDE + 1

    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Fingerprints of photos: n x 512 x 512 x 3, RGB, 0 to 255, to n x 257."""
        fingerprints = np.empty((len(snippets), self.dimension), np.float32)
        for fingerprint, snippet in zip(fingerprints, snippets, strict=True):
            grey = snippet @ np.array([0.299, 0.587, 0.114], np.float32)
            cell = self.input_size // SIDE
            fingerprint[:-1] = grey.reshape(SIDE, cell, SIDE, cell).mean(axis=(1, 3)).ravel()
            fingerprint[-1] = sharpness(grey)
        return fingerprints


def sharpness(grey: npt.NDArray[np.float32]) -> float:
    """How sharp a photo is: the variance of its Laplacian by the variance of its brightness.

    Divided so that a brighter copy is as sharp. 0 for a photo of one colour; blurred photos are below 0.05.

    Args:
        grey: height x width. Only photos of the same size compare.
    """
    spread = float(grey.var())
    if spread < 1e-3:
        return 0.0
    inner = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    return float(laplacian.var()) / spread

"""Which photos show the same: resaved, resized, recoloured, mirrored, cropped, or taken a moment later.

Two things that can be told of a photo speak for it, and each is blind where the other sees:

- its layout, the signs and sizes of the steps in brightness on a coarse grid, hardly changes when a photo is resaved,
  resized, blurred or recoloured, and falls apart when it is cropped or the camera moved;
- its embedding hardly changes when a photo is cropped or mirrored, and is alike for other photos of the same kind.

The constants separate made near-duplicates from distinct photos over a range, see docs/results.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.arrays import unit_vectors

LAYOUT_SIDE = 16
"""Brightness of a photo on so many cells by so many is what a layout is made of."""

_ROUGH_SIDE = 8

# Cosines of layouts and of centred embeddings. Distinct photos reach 0.56 in a million pairs of layouts.
_SAME_LAYOUT = 0.85
_LIKE_LAYOUT, _NOT_UNLIKE_EMBEDDING = 0.7, 0.3
_ROUGHLY_LIKE_LAYOUT, _LIKE_EMBEDDING = 0.3, 0.75

_PHOTOS_THAT_TELL = 100
"""With as many photos as this, half of the embeddings' mean is subtracted; with many more, all of it.

What all photos share says nothing about two of them, and the mean over a few is mostly what these few show.
"""

_MOST_STEPS = 2
"""From a group's first photo to any of its photos: without a bound, a chain of small steps ends anywhere."""

_CELLS_AT_ONCE = 20_000_000
"""Of the table of rows compared with all earlier ones; bounds the memory."""

Matrix = npt.NDArray[np.floating]


def layout_vectors(brightness: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Layouts of photos as unit vectors, whose cosine tells how alike they are.

    A vector holds the steps from each cell to its right and its lower neighbour. Of each the signed square root is
    taken, as otherwise one bright sky above one dark meadow would be like any other.

    Args:
        brightness: photos x side x side, on any scale.

    Returns:
        photos x 2 side (side - 1); 0 for a photo without any step.
    """
    if brightness.ndim != 3 or brightness.shape[1] != brightness.shape[2]:
        raise ValueError(f"Expected argument `brightness` to be photos x side x side, but got {brightness.shape}.")
    cells = brightness.astype(np.float32)
    across, down = np.diff(cells, axis=2), np.diff(cells, axis=1)
    steps = np.concatenate([across.reshape(len(cells), -1), down.reshape(len(cells), -1)], axis=1)
    return unit_vectors(np.sign(steps) * np.sqrt(np.abs(steps)))


def near_duplicate_groups(
    brightness: npt.NDArray[np.floating],
    embeddings: Matrix | None = None,
    compared: Callable[[int], None] | None = None,
) -> npt.NDArray[np.int64]:
    """Group photos with their near-duplicates.

    A group grows from its first photo: a later one joins that is a near-duplicate of the first or of one that is.

    Args:
        brightness: photos x 16 x 16.
        embeddings: photos x dimension, of any encoder; a row of zeros where a photo has none.
        compared: told after each part how many photos it held; may raise to stop.

    Returns:
        For each photo the index of the first of its group: its own where it is alone or the first.
    """
    count = len(brightness)
    if brightness.shape[1:] != (LAYOUT_SIDE, LAYOUT_SIDE):
        raise ValueError(f"Expected argument `brightness` to be photos x 16 x 16, but got {brightness.shape}.")
    if embeddings is not None and len(embeddings) != count:
        raise ValueError(f"Expected argument `embeddings` to have {count} rows, but got {len(embeddings)}.")
    evidence = _Evidence.of(brightness, embeddings)
    groups = np.arange(count, dtype=np.int64)
    steps = np.zeros(count, np.int8)
    start = 0
    while start < count:
        end = min(count, start + max(1, min(1024, _CELLS_AT_ONCE // (start + 1024))))
        alike = evidence.near_duplicates(slice(start, end), end)
        for row in np.flatnonzero(alike.any(axis=1)):
            earlier = np.flatnonzero(alike[row])
            nearest = earlier[np.argmin(steps[earlier])]
            if steps[nearest] < _MOST_STEPS:
                groups[start + row] = groups[nearest]
                steps[start + row] = steps[nearest] + 1
        if compared is not None:
            compared(end - start)
        start = end
    return groups


@dataclass(frozen=True)
class _Evidence:
    layouts: npt.NDArray[np.float32]
    mirrored: npt.NDArray[np.float32]
    rough: npt.NDArray[np.float32]
    rough_mirrored: npt.NDArray[np.float32]
    embeddings: npt.NDArray[np.float32] | None
    """Centred unit vectors, 0 where there is none."""

    @classmethod
    def of(cls, brightness: npt.NDArray[np.floating], embeddings: Matrix | None) -> _Evidence:
        fine = brightness.astype(np.float32)
        cells = LAYOUT_SIDE // _ROUGH_SIDE
        rough = fine.reshape(-1, _ROUGH_SIDE, cells, _ROUGH_SIDE, cells).mean(axis=(2, 4))
        return cls(
            layout_vectors(fine),
            layout_vectors(fine[:, :, ::-1]),
            layout_vectors(rough),
            layout_vectors(rough[:, :, ::-1]),
            None if embeddings is None else _centred(embeddings),
        )

    def near_duplicates(self, rows: slice, end: int) -> npt.NDArray[np.bool_]:
        """Which photos before each of these rows are its near-duplicates: rows x end."""
        layouts = np.maximum(self.layouts[rows] @ self.layouts[:end].T, self.mirrored[rows] @ self.layouts[:end].T)
        if self.embeddings is None:
            alike = layouts >= _LIKE_LAYOUT
        else:
            cosines = self.embeddings[rows] @ self.embeddings[:end].T
            has_none = np.logical_not(self.embeddings[:end].any(axis=1))
            alike = layouts >= _SAME_LAYOUT
            alike |= (layouts >= _LIKE_LAYOUT) & (
                (cosines >= _NOT_UNLIKE_EMBEDDING) | has_none | has_none[rows][:, np.newaxis]
            )
            alike[self._roughly_alike(rows, cosines >= _LIKE_EMBEDDING)] = True
        earlier: npt.NDArray[np.bool_] = np.arange(end) < np.arange(rows.start, rows.stop)[:, np.newaxis]
        return alike & earlier

    def _roughly_alike(
        self, rows: slice, asked: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Those of the pairs that are asked for whose layouts are roughly alike."""
        asked_rows, columns = np.nonzero(asked)
        kept = np.zeros(len(columns), bool)
        for start in range(0, len(columns), 2**18):
            part = slice(start, start + 2**18)
            ones, others = rows.start + asked_rows[part], self.rough[columns[part]]
            for vectors in (self.rough, self.rough_mirrored):
                kept[part] |= np.einsum("ij,ij->i", vectors[ones], others) >= _ROUGHLY_LIKE_LAYOUT
        return asked_rows[kept], columns[kept]


def _centred(embeddings: Matrix) -> npt.NDArray[np.float32]:
    unit = unit_vectors(embeddings)
    there = unit.any(axis=1)
    known = np.count_nonzero(there)
    mean = unit.sum(axis=0) / (known + _PHOTOS_THAT_TELL)
    unit[there] -= mean
    return unit_vectors(unit)

"""Which photos show the same: resaved, resized, recoloured, mirrored, cropped, or taken a moment later.

Two things that can be told of a photo speak for it, and each is blind where the other sees:

- its layout, the signs and sizes of the steps in brightness on a coarse grid, hardly changes when a photo is resaved,
  resized, blurred or recoloured, and falls apart when it is cropped or the camera moved;
- its embedding hardly changes when a photo is cropped or mirrored, and is alike for other photos of the same kind.

The constants separate made near-duplicates from distinct photos over a range, see docs/results.md.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from engine.method.arrays import unit_vectors, widened
from engine.method.nearby import Nearby

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

_MOST_ROWS_AT_ONCE = 4_096
"""Rows compared with all earlier ones; the first parts are smaller, since thousands of one photo have each other."""

_WIDENED_AT_ONCE = 4_096
"""Embeddings."""

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
    evidence = Evidence(brightness, embeddings)
    groups = np.arange(count, dtype=np.int64)
    steps = np.zeros(count, np.int8)
    start, at_once = 0, min(256, _MOST_ROWS_AT_ONCE)
    while start < count:
        end = min(count, start + at_once)
        rows, before = np.arange(start, end), np.arange(count) < start
        # Whoever is like a group's first photo joins the first such group, whatever else it is like.
        ones, firsts = evidence.alike(rows, before & (steps == 0))
        joined = np.full(end - start, count)
        np.minimum.at(joined, ones - start, firsts)
        joins = joined < count
        groups[start:end][joins], steps[start:end][joins] = joined[joins], 1
        _join_members(evidence, rows[~joins], before & (steps > 0) & (steps < _MOST_STEPS), groups, steps)
        if compared is not None:
            compared(end - start)
        start, at_once = end, min(2 * at_once, _MOST_ROWS_AT_ONCE)
    return groups


def _join_members(
    evidence: Evidence,
    rows: npt.NDArray[np.int64],
    members: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.int64],
    steps: npt.NDArray[np.int8],
) -> None:
    """Have rows that are like no earlier group's first photo join by its members, or by those that came with them.

    Args:
        rows: ascending; with those between them that have joined, a part of all.
        members: which photos of before this part may be joined.
        groups: each row's, changed in place, as `steps` are.
    """
    if not len(rows):
        return
    among = members.copy()
    among[rows[0] : rows[-1]] = True
    ones, others = evidence.alike(rows, among)
    order = np.lexsort((others, ones))
    found, starts = np.unique(ones[order], return_index=True)
    for row, earlier in zip(found.tolist(), np.split(others[order], starts[1:]), strict=False):
        nearest = earlier[np.argmin(steps[earlier])]
        if steps[nearest] < _MOST_STEPS:
            groups[row] = groups[nearest]
            steps[row] = steps[nearest] + 1


class Evidence:
    """What speaks for two photos' being near-duplicates; see above."""

    def __init__(self, brightness: npt.NDArray[np.floating], embeddings: Matrix | None) -> None:
        fine, cells = brightness.astype(np.float32), LAYOUT_SIDE // _ROUGH_SIDE
        self._layouts = layout_vectors(fine)
        self._rough = layout_vectors(fine.reshape(-1, _ROUGH_SIDE, cells, _ROUGH_SIDE, cells).mean(axis=(2, 4)))
        of_layouts = (lambda rows: self._layouts[rows], lambda rows: _mirrored(self._layouts[rows]))
        self._by_layout = Nearby(len(fine), of_layouts, _LIKE_LAYOUT)
        self._embeddings = None if embeddings is None else _Centred(embeddings)
        self._by_embedding = (
            None if self._embeddings is None else Nearby(len(fine), [self._embeddings.of], _LIKE_EMBEDDING)
        )

    def alike(
        self, rows: npt.NDArray[np.int64], among: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Pairs of one of these rows and an earlier near-duplicate; some twice.

        Args:
            rows: ascending.
            among: for every photo, whether it is asked for as the earlier one.
        """
        found = [np.empty((2, 0), np.int64)]
        for nearby, compare in ((self._by_layout, self._are_alike), (self._by_embedding, self._look_alike)):
            for ones, others in nearby.earlier(rows, among) if nearby is not None else ():
                alike = compare(ones, others)
                found.append(np.stack([ones[alike], others[alike]]))
        pairs = np.concatenate(found, axis=1)
        return pairs[0], pairs[1]

    def _are_alike(self, ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which pairs have the same layouts, or like ones and embeddings that do not speak against it."""
        layouts = _cosines(self._layouts[ones], self._layouts[others])
        if self._embeddings is None:
            return layouts >= _LIKE_LAYOUT
        alike = layouts >= _SAME_LAYOUT
        asked = np.flatnonzero(~alike & (layouts >= _LIKE_LAYOUT))
        cosines, there = self._embeddings.cosines(ones[asked], others[asked])
        alike[asked] = ~there | (cosines >= _NOT_UNLIKE_EMBEDDING)
        return alike

    def _look_alike(self, ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which pairs have like embeddings and roughly like layouts."""
        assert self._embeddings is not None
        alike = _cosines(self._rough[ones], self._rough[others]) >= _ROUGHLY_LIKE_LAYOUT
        asked = np.flatnonzero(alike)
        alike[asked] = self._embeddings.cosines(ones[asked], others[asked])[0] >= _LIKE_EMBEDDING
        return alike


class _Centred:
    """Embeddings less what all photos share, as unit vectors; they are widened only where they are looked at."""

    def __init__(self, embeddings: Matrix) -> None:
        self._embeddings = embeddings
        total, known = np.zeros(embeddings.shape[1]), 0
        for start in range(0, len(embeddings), _WIDENED_AT_ONCE):
            unit = unit_vectors(widened(embeddings[start : start + _WIDENED_AT_ONCE]))
            total += unit.sum(axis=0, dtype=np.float64)
            known += int(np.count_nonzero(unit.any(axis=1)))
        self._mean = (total / (known + _PHOTOS_THAT_TELL)).astype(np.float32)

    def of(self, rows: npt.NDArray[np.integer] | slice) -> npt.NDArray[np.float32]:
        """Those of some photos; 0 where a photo has none."""
        unit = unit_vectors(widened(self._embeddings[rows]))
        unit -= unit.any(axis=1, keepdims=True) * self._mean
        return unit_vectors(unit)

    def cosines(
        self, ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """Of pairs, and whether both have an embedding."""
        rows, places = np.unique(np.concatenate([ones, others]), return_inverse=True)
        unit = self.of(rows)
        there = np.any(unit, axis=1)
        one, other = places[: len(ones)], places[len(ones) :]
        return np.einsum("ij,ij->i", unit[one], unit[other]), there[one] & there[other]


def _cosines(ones: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Of pairs of layouts, upright or mirrored, whichever is more alike."""
    upright, mirrored = (np.einsum("ij,ij->i", each, others) for each in (ones, _mirrored(ones)))
    return np.maximum(upright, mirrored)


def _mirrored(layouts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Layouts of the same photos, mirrored: photos x 2 side (side - 1) each."""
    half = layouts.shape[1] // 2
    side = round((1 + (1 + 4 * half) ** 0.5) / 2)
    across, down = layouts[:, :half].reshape(-1, side, side - 1), layouts[:, half:].reshape(-1, side - 1, side)
    return np.concatenate([-across[..., ::-1].reshape(-1, half), down[..., ::-1].reshape(-1, half)], axis=1)

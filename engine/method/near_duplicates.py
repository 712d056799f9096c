"""Which photos show the same: resaved, resized, recoloured, mirrored, cropped, or taken a moment later.

Two things that can be told of a photo speak for it, and each is blind where the other sees:

- its layout, the signs and sizes of the steps in brightness on a coarse grid, hardly changes when a photo is resaved,
  resized, blurred or recoloured, and falls apart when it is cropped or the camera moved;
- its embedding hardly changes when a photo is cropped or mirrored, and is alike for other photos of the same kind.

The constants separate made near-duplicates from distinct photos over a range, see docs/results.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

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

_MOST_ROWS_AT_ONCE = 8_192
"""Rows compared with all earlier ones; the first parts are smaller, since thousands of one photo have each other."""

_WIDENED_AT_ONCE = 4_096
"""Photos."""

_PAIRS_AT_ONCE = 256
"""Their embeddings stay in the processor's cache."""

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
        self._brightness = brightness
        forms = (self._layouts, lambda rows: _mirrored(self._layouts(rows)))
        self._by_layout = Nearby(len(brightness), forms, _LIKE_LAYOUT)
        if embeddings is not None:
            self._rough = np.concatenate([_rough_layouts(part) for part in _parts(brightness)])
            self._embeddings = _Centred(embeddings)
            self._by_embedding = Nearby(
                len(brightness), [self._embeddings.of], _LIKE_EMBEDDING, self._are_roughly_alike
            )
        self._with_embeddings = embeddings is not None

    def alike(
        self, rows: npt.NDArray[np.int64], among: npt.NDArray[np.bool_]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Pairs of one of these rows and an earlier near-duplicate; some twice.

        Args:
            rows: ascending.
            among: for every photo, whether it is asked for as the earlier one.
        """
        found = [np.empty((2, 0), np.int64)]
        upright = self._layouts(rows)
        both = upright, _mirrored(upright)
        for ones, others in self._by_layout.earlier(rows, among):
            alike = self._are_alike(both, np.searchsorted(rows, ones), ones, others)
            found.append(np.stack([ones[alike], others[alike]]))
        for ones, others in self._by_embedding.earlier(rows, among) if self._with_embeddings else ():
            alike = self._embeddings.cosines(ones, others)[0] >= _LIKE_EMBEDDING
            found.append(np.stack([ones[alike], others[alike]]))
        pairs = np.concatenate(found, axis=1)
        return pairs[0], pairs[1]

    def _layouts(self, rows: npt.NDArray[np.integer] | slice) -> npt.NDArray[np.float32]:
        """Made anew wherever they are looked at: all of them would take twice the room of what they are made of."""
        return layout_vectors(self._brightness[rows])

    def _are_alike(
        self,
        looks: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
        places: npt.NDArray[np.int64],
        ones: npt.NDArray[np.int64],
        others: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.bool_]:
        """Which pairs have the same layouts, or like ones and embeddings that do not speak against it.

        Args:
            looks: layouts, upright and mirrored.
            places: where among them each one's are.
        """
        earlier, other = np.unique(others, return_inverse=True)
        theirs = self._layouts(earlier)
        layouts = np.maximum(*(_products(mine, theirs, places, other) for mine in looks))
        if not self._with_embeddings:
            return layouts >= _LIKE_LAYOUT
        alike = layouts >= _SAME_LAYOUT
        asked = np.flatnonzero(~alike & (layouts >= _LIKE_LAYOUT))
        cosines, there = self._embeddings.cosines(ones[asked], others[asked])
        alike[asked] = ~there | (cosines >= _NOT_UNLIKE_EMBEDDING)
        return alike

    def _are_roughly_alike(self, rows: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whose rough layouts are roughly like whose: rows x others."""
        upright, theirs = widened(self._rough[rows]), widened(self._rough[others]).T
        return np.maximum(upright @ theirs, _mirrored(upright) @ theirs) >= _ROUGHLY_LIKE_LAYOUT


def _rough_layouts(brightness: npt.NDArray[np.floating]) -> npt.NDArray[np.float16]:
    cells = LAYOUT_SIDE // _ROUGH_SIDE
    means = brightness.astype(np.float32).reshape(-1, _ROUGH_SIDE, cells, _ROUGH_SIDE, cells).mean(axis=(2, 4))
    return layout_vectors(means).astype(np.float16)


def _parts(values: npt.NDArray[np.floating]) -> Iterator[npt.NDArray[np.floating]]:
    return (values[start : start + _WIDENED_AT_ONCE] for start in range(0, len(values), _WIDENED_AT_ONCE))


class _Centred:
    """Embeddings less what all photos share, as unit vectors; they are widened only where they are looked at."""

    def __init__(self, embeddings: Matrix) -> None:
        self._embeddings = embeddings
        lengths = np.concatenate([np.linalg.norm(widened(part), axis=1) for part in _parts(embeddings)])
        self._there = lengths > 0
        self._lengths = np.where(self._there, lengths, 1)
        total = sum(unit_vectors(widened(part)).sum(axis=0, dtype=np.float64) for part in _parts(embeddings))
        self._mean = (total / (np.count_nonzero(lengths) + _PHOTOS_THAT_TELL)).astype(np.float32)
        # What a cosine of centred vectors is made of, besides the product of the vectors as they are.
        self._along = np.concatenate([widened(part) @ self._mean for part in _parts(embeddings)]) / self._lengths
        self._square = self._mean @ self._mean
        self._left = np.sqrt(np.maximum(1 - 2 * self._along + self._square, 1e-12))

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
        values = widened(self._embeddings[rows])
        products = _products(values, values, places[: len(ones)], places[len(ones) :])
        products /= self._lengths[ones] * self._lengths[others]
        products += self._square - self._along[ones] - self._along[others]
        there = self._there[ones] & self._there[others]
        return np.where(there, products / (self._left[ones] * self._left[others]), 0), there


def _products(
    ones: npt.NDArray[np.float32],
    others: npt.NDArray[np.float32],
    of_ones: npt.NDArray[np.int64],
    of_others: npt.NDArray[np.int64],
) -> npt.NDArray[np.float32]:
    """The product of the one row and the other row of each pair."""
    products = np.empty(len(of_ones), np.float32)
    for at in range(0, len(products), _PAIRS_AT_ONCE):
        part = slice(at, at + _PAIRS_AT_ONCE)
        np.einsum("ij,ij->i", ones[of_ones[part]], others[of_others[part]], out=products[part])
    return products


def _mirrored(layouts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Layouts of the same photos, mirrored: photos x 2 side (side - 1) each."""
    half = layouts.shape[1] // 2
    side = round((1 + (1 + 4 * half) ** 0.5) / 2)
    across, down = layouts[:, :half].reshape(-1, side, side - 1), layouts[:, half:].reshape(-1, side - 1, side)
    return np.concatenate([-across[..., ::-1].reshape(-1, half), down[..., ::-1].reshape(-1, half)], axis=1)

"""Which of many unit vectors may be near to which, without comparing each with every other.

An inverted file: vectors are looked at in the few directions in which they differ most, and sorted into cells by the
centre that is nearest there; what is near to a vector lies in its own cell or in one of the next. Centres and
directions grow out of the vectors themselves (Jégou, Douze and Schmid, Product quantization for nearest neighbor
search, PAMI 2011, section IV, without the quantization). What is found is for others to compare in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from engine.method.arrays import unit_vectors

Values = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

_FEW = 3_000
"""As many vectors as this are all compared with each other, in all directions."""

_DIRECTIONS = 48
_IN_A_CELL = 128
_CELLS_ASKED = 24
"""Cells in which a vector's neighbours are looked for. Of pairs of layouts above 0.7 that 20,000 cut-outs of 700 photos
make 0.9996 are found in 16 already, and no more in 32."""

_NOT_SEEN = 0.1
"""Cosines in so few directions may be so much below those in all. Mostly they are above."""

_CELLS_PER_ROOT = 4
"""So many times the square root of how many vectors there are: with more, choosing cells takes longer than looking
through them."""

_ONE_CELL = 0.85
"""Centres whose cosine is this are one."""

_CELLS_OF_A_TABLE = 2**21
_PAIRS_TOLD_AT_ONCE = 2**14
"""Both bound the memory."""

_ROUNDS = 6
_TO_LEARN_FROM = 20
"""Vectors for each cell; and with the next, as many for the directions."""
_LEARNT_FROM = 5_000
_AT_ONCE = 2_048


class Nearby:
    """Vectors that know which others may be as near as asked.

    Args:
        count: how many vectors there are.
        forms: each takes a slice of rows to these rows' unit vectors, rows x dimension; zeros where there is none. The
            vectors are those of the first; the others are further looks of them, such as the mirrored ones, and two are
            near if any look of one is near to the first look of the other.
        least: the cosine from which two are near.
        also: what must hold as well: takes rows and others to a table of truths, rows x others. It is asked of whole
            cells, since looking up the two of every pair would take longer than the pairs do.
    """

    def __init__(
        self,
        count: int,
        forms: Sequence[Callable[[npt.NDArray[np.integer] | slice], Values]],
        least: float,
        also: Callable[[Rows, Rows], npt.NDArray[np.bool_]] | None = None,
    ) -> None:
        self._least = least
        self._also = also
        random = np.random.default_rng(0)
        if count <= _FEW:
            self._looks = [form(slice(0, count)) for form in forms]
            self._cells = 1
            self._order, self._starts = np.arange(count), np.array([0, count])
            self._asked = np.zeros((len(forms), count, 1), np.int32)
            return
        self._least -= _NOT_SEEN
        directions = _widest(forms[0](np.sort(random.permutation(count)[:_LEARNT_FROM])), random)
        self._looks = [
            np.concatenate([unit_vectors(form(part) @ directions) for part in _parts(count)]) for form in forms
        ]
        vectors, cells = self._looks[0], min(count // _IN_A_CELL, round(_CELLS_PER_ROOT * count**0.5))
        centres = _centres(vectors[random.permutation(count)[: _TO_LEARN_FROM * cells]], cells)
        self._cells = len(centres)
        cell = _nearest(vectors, centres, 1)[:, 0]
        self._order = np.argsort(cell, kind="stable")
        self._starts = np.searchsorted(cell[self._order], np.arange(self._cells + 1))
        self._asked = np.stack([_nearest(look, centres, min(_CELLS_ASKED, self._cells)) for look in self._looks])

    def earlier(self, rows: Rows, among: npt.NDArray[np.bool_]) -> Iterator[tuple[Rows, Rows]]:
        """Pairs of one of these rows and an earlier row that may be near to it: all, some twice, in no order.

        Args:
            rows: ascending.
            among: for every row, whether it is asked for as the earlier one.

        Yields:
            some rows and as many earlier ones.
        """
        vectors = np.concatenate([look[rows] for look in self._looks])
        asked = self._asked[:, rows].reshape(len(vectors), -1)
        order = np.argsort(asked, axis=None, kind="stable")
        ends = np.searchsorted(asked.ravel()[order], np.arange(self._cells + 1))
        queries, rows_of = order // asked.shape[1], np.tile(rows, len(self._looks))
        found, count = [np.empty((2, 0), np.int64)], 0
        for cell in np.flatnonzero(np.diff(ends)):
            members = self._order[self._starts[cell] : self._starts[cell + 1]]
            members = members[among[members]]
            for part in _parts(ends[cell + 1] - ends[cell], max(1, _CELLS_OF_A_TABLE // max(1, len(members)))):
                here = queries[ends[cell] : ends[cell + 1]][part]
                near = vectors[here] @ self._looks[0][members].T >= self._least
                near &= members < rows_of[here, None]
                one, other = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
                if not len(one):
                    continue
                if self._also is not None:
                    near[np.ix_(one, other)] &= self._also(rows_of[here[one]], members[other])
                one, other = np.nonzero(near)
                found.append(np.stack([rows_of[here[one]], members[other]]))
                count += len(one)
                if count >= _PAIRS_TOLD_AT_ONCE:
                    ones, others = np.concatenate(found, axis=1)
                    yield ones, others
                    found, count = found[:1], 0
        if count:
            ones, others = np.concatenate(found, axis=1)
            yield ones, others


def _widest(vectors: Values, random: np.random.Generator) -> Values:
    """The directions in which vectors are longest: dimension x `_DIRECTIONS`, by repeated projection."""
    directions = random.standard_normal((vectors.shape[1], _DIRECTIONS), np.float32)
    for _ in range(_ROUNDS):
        directions, _ = np.linalg.qr(vectors.T @ (vectors @ directions))
    return directions


def _centres(vectors: Values, cells: int) -> Values:
    """Centres of so many cells or fewer, by k-means on the sphere."""
    centres = vectors[:cells]
    for _ in range(_ROUNDS):
        nearest = _nearest(vectors, centres, 1)[:, 0]
        order = np.argsort(nearest, kind="stable")
        _, starts = np.unique(nearest[order], return_index=True)
        centres = unit_vectors(np.add.reduceat(vectors[order], starts, axis=0))
    # Thousands of photos of one thing would have as many cells as they fill, and most of these would not be asked.
    cosines, kept = centres @ centres.T, np.zeros(len(centres), bool)
    for centre, row in enumerate(cosines):
        kept[centre] = not (row[kept] >= _ONE_CELL).any()
    return centres[kept]


def _nearest(vectors: Values, centres: Values, count: int) -> npt.NDArray[np.int32]:
    """The nearest centres of each vector, so many, in no order."""
    found = np.empty((len(vectors), count), np.int32)
    for part in _parts(len(vectors)):
        products = vectors[part] @ centres.T
        if count == 1:
            found[part, 0] = products.argmax(axis=1)
        else:
            found[part] = np.argpartition(products, -count, axis=1)[:, -count:]
    return found


def _parts(count: int, at_once: int = _AT_ONCE) -> Iterator[slice]:
    return (slice(start, min(start + at_once, count)) for start in range(0, count, at_once))

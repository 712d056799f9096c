"""Which labels stand below which, and what follows from that: of answers, and of scores.

On a photo with a `sparrow` there is a `bird`: confirmed, a label confirms all that it stands below; rejected, it
rejects all that stands below it. What a person says of a label itself goes first. None of it is kept: it follows from
the answers there are, and goes with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from engine.project.label_state import IMPLIED, NO, RULED_OUT, UNDECIDED, YES

Scores = npt.NDArray[np.float32]
Chances = TypeVar("Chances", npt.NDArray[np.float32], npt.NDArray[np.float64])

_SMALLEST = np.float32(1e-6)
"""Of thresholds as odds: one of 0 or 1 would have none."""

_AT_ONCE = 1000
"""Photos whose scores of a large tree are copied."""


@dataclass(frozen=True)
class Suggesting:
    """What the scores of labels are measured by, labels each: from where a label is likely, from where it may be, and
    whether its scores are probabilities."""

    thresholds: Scores
    maybe_from: Scores
    probabilities: npt.NDArray[np.bool_]


class Parents:
    """Of labels by their places, 0 to count - 1: what each stands right below. Pairs that would close a circle, which
    only a forged project has, are left out."""

    def __init__(self, count: int, above: Mapping[int, Sequence[int]]) -> None:
        self.right_above: Final[dict[int, list[int]]] = {}
        """By place, those that have any."""
        self.right_below: Final[dict[int, list[int]]] = {}
        self._count = count
        self.from_the_top: Final[list[int]] = []
        """All labels, each after what it stands below."""
        for place, parents in _without_circles(count, above):
            self.from_the_top.append(place)
            if parents:
                self.right_above[place] = parents
            for parent in parents:
                self.right_below.setdefault(parent, []).append(place)
        self._upwards = [place for place in reversed(self.from_the_top) if place in self.right_below]
        there = set(self.from_the_top)
        self.from_the_top[:0] = [place for place in range(count) if place not in there]
        self.depths: Final = np.zeros(count, np.int32)
        """How many levels are above each label."""
        for place in self.from_the_top:
            for parent in self.right_above.get(place, ()):
                self.depths[place] = max(self.depths[place], self.depths[parent] + 1)
        self._above: dict[int, list[int]] = {}
        self._below: dict[int, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self.right_above)

    def above(self, place: int) -> list[int]:
        """All that a label stands below, at whatever distance; the nearest first."""
        return _reached(place, self.right_above, self._above)

    def below(self, place: int) -> list[int]:
        """All that stands below a label, at whatever distance; the nearest first."""
        return _reached(place, self.right_below, self._below)

    def likeliest_first(self, likelihoods: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
        """The places of all labels, the likeliest first, those without a likelihood last; of labels that are about as
        likely those first that stand below most: a sparrow tells more than a bird.

        Args:
            likelihoods: labels, or photos x labels, from 0 to 1.
        """
        about = np.nan_to_num(np.round(likelihoods, 4), nan=-1.0)
        return np.lexsort((-np.broadcast_to(self.depths, about.shape), -about), axis=-1)

    def as_tree(self) -> Iterator[tuple[int, int]]:
        """All labels with how deep they stand, each after what it stands below; one with two parents comes twice.

        Side by side they are in their own order.
        """
        # By hand, as above.
        waiting = [(0, place) for place in reversed(range(self._count)) if place not in self.right_above]
        while waiting:
            depth, place = waiting.pop()
            yield depth, place
            waiting += [(depth + 1, child) for child in sorted(self.right_below.get(place, ()), reverse=True)]

    def known(self, said: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """What is said, photos x labels, with what follows from it: YES, NO, IMPLIED, RULED_OUT or UNDECIDED.

        Where both follow, as a label below is confirmed and one above rejected, it is there: somebody has seen it.
        """
        if not self:
            return said
        known = said.copy()
        for value, follows, others_of in ((YES, IMPLIED, self.above), (NO, RULED_OUT, self.below)):
            rows, columns = np.nonzero(said == value)
            order = np.argsort(columns, kind="stable")
            at, starts = np.unique(columns[order], return_index=True)
            parts = np.split(rows[order], starts[1:]) if len(at) else []
            for column, of_rows in zip(at.tolist(), parts, strict=True):
                if others := others_of(column):
                    cells = np.ix_(of_rows, np.array(others))
                    there = known[cells]
                    there[there == UNDECIDED] = follows
                    known[cells] = there
        return known

    def lifted(
        self, own: Scores, scores: Scores, by: Suggesting, changed: Collection[int] | None = None
    ) -> dict[int, Scores]:
        """Scores of the labels that others stand below: at least as sure as each of these.

        Scores of two labels are no scale on which they could be compared. What can be is how far each lies above its
        threshold, as odds: where a label is likely, so is what it stands below. Probabilities are compared as they are,
        too.

        Args:
            own: photos x labels, nan where there is none: what each label has by itself.
            scores: the same as lifted so far; of labels that nothing stands below it is their own.
            changed: labels whose own scores, or what they are measured by, are others; by default all.

        Returns:
            Of the labels concerned their scores, photos each.
        """
        concerned = set(self._upwards)
        if changed is not None:
            concerned &= set(changed).union(*(self.above(place) for place in changed))
        lifted: dict[int, Scores] = {}
        for place in self._upwards:
            if place in concerned:
                carried = (
                    _carried(lifted.get(child, scores[:, child]), by, child, place) for child in self.right_below[place]
                )
                lifted[place] = reduce(np.fmax, carried, own[:, place])
        return lifted

    def at_least_as_sure(self, chances: Chances) -> Chances:
        """Chances of all labels, the last axis, such that none is above that of what its label stands below."""
        if not self:
            return chances
        lifted = chances.copy()
        for place in self._upwards:
            below = lifted[..., self.right_below[place]]
            lifted[..., place] = np.fmax(lifted[..., place], np.fmax.reduce(below, axis=-1))
        return lifted

    def at_least_as_sure_of(self, column: int, chances: Chances) -> Chances:
        """The same for one label: photos x labels to photos."""
        below: Sequence[int] = self.below(column)
        if not below or not len(chances):
            return chances[:, column]
        columns = np.array([column, *below])
        parts = (chances[start : start + _AT_ONCE] for start in range(0, len(chances), _AT_ONCE))
        return np.concatenate([np.fmax.reduce(part.take(columns, axis=1), axis=1) for part in parts])

    def expanded(self, answers: npt.NDArray[np.int8], *, ignored: int, absent: int, present: int) -> list[int]:
        """Have what somebody else says of photos x labels say it of what stands above and below, too; in place.

        A label that is known of no photo is there where something right below it is, absent where all of that is.

        Returns:
            Such labels that are known now.
        """
        unknown = (answers == ignored).all(axis=0)
        for place in self._upwards:
            below = answers[:, self.right_below[place]]
            there = (below == present).any(axis=1)
            if unknown[place]:
                answers[(below == absent).all(axis=1), place] = absent
            answers[there, place] = present
        for place in reversed(self._upwards):
            gone = answers[:, place] == absent
            for child in self.right_below[place]:
                answers[gone & (answers[:, child] == ignored), child] = absent
        return [place for place in self._upwards if unknown[place] and (answers[:, place] != ignored).any()]


def find_circle(above: Mapping[int, Iterable[int]]) -> list[int] | None:
    """Labels of which each stands right below the next one, the first and last being the same; None if none do."""
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        # What it calls a predecessor stands before what depends on it.
        return list(reversed(error.args[1]))
    return None


def _carried(scores: Scores, by: Suggesting, child: int, parent: int) -> Scores:
    """What scores of a label come to where they are measured by what it stands below."""
    likely_from = by.thresholds[child], by.thresholds[parent]
    maybe_from = tuple(min(by.maybe_from[place], by.thresholds[place]) for place in (child, parent))
    is_likely, is_maybe = scores >= likely_from[0], scores >= maybe_from[0]
    # What is not even maybe is measured by where that begins: a threshold above all scores tells nothing about it.
    carried = np.where(is_maybe, _of_odds(scores, *likely_from), _of_odds(scores, *maybe_from))
    # Rounded, none must come to lie on the other side of where likely or maybe begins.
    threshold, maybe = likely_from[1], maybe_from[1]
    carried = np.where(is_likely, np.maximum(carried, threshold), np.minimum(carried, _below(threshold)))
    carried = np.where(is_maybe, np.maximum(carried, maybe), np.minimum(carried, _below(maybe)))
    if by.probabilities[child] and by.probabilities[parent]:
        carried = np.maximum(carried, scores)
    return carried.astype(np.float32)


def _of_odds(scores: Scores, low: np.float32, high: np.float32) -> Scores:
    """Scores with odds that are to those of `high` as they were to those of `low`."""
    low, high = (np.clip(one, _SMALLEST, 1 - _SMALLEST) for one in (low, high))
    in_favour = scores * ((1 - low) * high)
    return (in_favour / (in_favour + (1 - scores) * (low * (1 - high)))).astype(np.float32)


def _below(score: np.float32) -> np.float32:
    return np.nextafter(score, np.float32(0))


def _without_circles(count: int, above: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, list[int]]]:
    """Each label with its parents, after these; what leads back to where one is looking from is left out."""
    being_looked_at, done = 1, 2
    state = bytearray(count)
    for start in above:
        if not 0 <= start < count or state[start]:
            continue
        # By hand and not by calls: a forged project may be ten thousand labels deep.
        state[start] = being_looked_at
        stack: list[tuple[int, Iterator[int], list[int]]] = [(start, iter(dict.fromkeys(above[start])), [])]
        while stack:
            place, waiting, parents = stack[-1]
            for parent in waiting:
                if 0 <= parent < count and state[parent] != being_looked_at:
                    parents.append(parent)
                    if not state[parent]:
                        state[parent] = being_looked_at
                        stack.append((parent, iter(dict.fromkeys(above.get(parent, ()))), []))
                        break
            else:
                state[place] = done
                stack.pop()
                yield place, parents


def _reached(place: int, right: Mapping[int, Sequence[int]], found: dict[int, list[int]]) -> list[int]:
    """All that a label leads to, at whatever distance, the nearest first; found once."""
    if place not in found:
        reached: dict[int, None] = {}
        waiting = list(right.get(place, ()))
        for one in waiting:
            if one not in reached:
                reached[one] = None
                waiting += right.get(one, ())
        found[place] = list(reached)
    return found[place]

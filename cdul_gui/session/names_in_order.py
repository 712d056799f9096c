"""Paths in the order that people expect: `photo 2` before `photo 10`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Ranks = npt.NDArray[np.int64]

_ZERO, _NINE = ord("0"), ord("9")
_MOST_DIGITS = 200
"""As many as a byte can count from `0` on."""


def ranks_by_name(paths: Sequence[str]) -> Ranks:
    """The place of each path among all of them where numbers count as numbers; those of the last paths are kept.

    Paths that differ in leading zeros alone stay as they are given.

    >>> ranks_by_name(["1.jpg", "10.jpg", "2.jpg"]).tolist()
    [0, 2, 1]
    """
    return _ranks(tuple(paths))


def sorted_by_name(names: Iterable[str]) -> list[str]:
    """The same names, sorted."""
    plainly = sorted(names)
    return [plainly[place] for place in _order(plainly)]


@lru_cache(maxsize=2)
def _ranks(paths: tuple[str, ...]) -> Ranks:
    ranks = np.zeros(len(paths), np.int64)
    ranks[_order(paths)] = np.arange(len(paths))
    return ranks


def _order(paths: Sequence[str]) -> list[int]:
    keys = _keys(paths) if paths else []
    return sorted(range(len(paths)), key=keys.__getitem__)


def _keys(paths: Sequence[str]) -> list[bytes]:
    """Each path with its numbers without leading zeros, and before each of them how many digits it has.

    All at once: a hundred thousand paths are asked for while a window waits.
    """
    text = np.frombuffer("\0".join(paths).encode("utf-8", "surrogatepass"), np.uint8)
    is_digit = (text >= _ZERO) & (text <= _NINE)
    edges = np.flatnonzero(np.diff(is_digit.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    starts, stops = edges[::2], edges[1::2]
    counts = np.flatnonzero(is_digit & (text != _ZERO))
    # The first digit that is no zero, or else the last one.
    first = np.append(counts, len(text))[np.searchsorted(counts, starts)]
    first = np.minimum(first, stops - 1)
    zeros = first - starts
    kept = np.ones(len(text), bool)
    kept[np.repeat(starts, zeros) + _counted(zeros)] = False
    places = first - np.cumsum(zeros)
    lengths = (_ZERO + np.minimum(stops - first, _MOST_DIGITS)).astype(np.uint8)
    return np.insert(text[kept], places, lengths).tobytes().split(b"\0")


def _counted(lengths: Ranks) -> Ranks:
    """0, 1, … up to each of the lengths, one after the other."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)

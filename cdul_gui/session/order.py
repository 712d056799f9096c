"""The orders and groups of the gallery: pure functions on arrays, aligned with a snapshot's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cdul_gui.session.names_in_order import ranks_by_name

Rows = npt.NDArray[np.int64]

_ORDERED_AT_ONCE = 20_000
"""Photos, which takes some milliseconds."""


class Grouping(StrEnum):
    """What neighbours in the gallery have in common under one header."""

    NONE = "none"
    FOLDER = "folder"
    DAY = "day"


@dataclass(frozen=True)
class Groups:
    """Where groups begin in a sequence of photos, ascending from 0, and what their headers say."""

    starts: list[int]
    titles: list[str]


def rows_at_first(paths: Sequence[str]) -> Rows:
    """All rows by name; of more photos than are ordered at once the arrangement tells in a moment."""
    rows = np.arange(len(paths))
    return by_name(rows, ranks_by_name(paths)) if len(paths) <= _ORDERED_AT_ONCE else rows


def by_name(rows: Rows, ranks: Rows) -> Rows:
    """In the order of the photos' paths.

    Args:
        ranks: of the paths of all rows of the snapshot, as `ranks_by_name` tells.
    """
    return rows[np.argsort(ranks[rows])]


def by_key(
    rows: Rows,
    keys: npt.NDArray[Any],
    ranks: Rows,
    *,
    descending: bool = True,
    answers: npt.NDArray[np.int8] | None = None,
) -> Rows:
    """Ordered by one key a row of the snapshot: a label's scores, `times`, or what `engine.method.review_order` tells.

    Photos without a key (nan, not-a-time) come last in either direction; equal ones stay in order of their paths.

    Args:
        answers: above 0 for yes and below for no, of each row: the order of those without a key.
    """
    rows = by_name(rows, ranks)
    of_rows = keys[rows]
    unknown = np.isnan(of_rows) if of_rows.dtype.kind == "f" else np.isnat(of_rows)
    known_rows, known = rows[~unknown], of_rows[~unknown]
    # Ranks can be negated where times cannot.
    of_keys = np.unique(known, return_inverse=True)[1]
    order = np.argsort(-of_keys if descending else of_keys, kind="stable")
    rest = rows[unknown]
    if answers is not None:
        of_rest = np.sign(answers[rest])
        rest = rest[np.argsort(-of_rest if descending else of_rest, kind="stable")]
    return np.concatenate([known_rows[order], rest])


def times(taken_at: Sequence[datetime | None]) -> npt.NDArray[np.datetime64]:
    """Dates as keys for `by_key`, not-a-time for None."""
    return np.array(list(taken_at), "datetime64[us]")


def group_keys(grouping: Grouping, rows: Rows, paths: Sequence[str], taken_at: Sequence[datetime | None]) -> list[str]:
    """The group of each of these rows: its folder, or the day it was taken (empty: unknown, or the folder itself)."""
    if grouping == Grouping.FOLDER:
        return [paths[row].rpartition("/")[0] for row in rows.tolist()]
    if grouping == Grouping.DAY:
        # Formatting a date is slow beside looking one up.
        named: dict[object, str] = {None: ""}
        days = [moment and moment.date() for moment in (taken_at[row] for row in rows.tolist())]
        named.update((day, day.isoformat()) for day in set(days) if day is not None)
        return [named[day] for day in days]
    return [""] * len(rows)


def kept_in_view(
    shown: Rows, wanted: Rows, in_view: range, columns: int, *, before: int | None = None
) -> tuple[Rows, Rows]:
    """The order that is wanted by now, around photos that stay where a person sees them.

    Args:
        shown: rows of the snapshot as they are shown.
        wanted: the same, or others, as they should be.
        in_view: places of `shown` that stay together, in their order and in their columns, also if they are no longer
            wanted.
        columns: photos in a line.
        before: so many of the others come before those in view, or nearly, or all that there are; by default as many
            as the order that is wanted has there.

    Returns:
        All rows to show, and those that may stand elsewhere than is wanted.
    """
    held = shown[in_view.start : in_view.stop]
    ranks = np.full(1 + int(max(shown.max(initial=-1), wanted.max(initial=-1))), -1, np.int64)
    ranks[wanted] = np.arange(len(wanted))
    of_held = np.sort(ranks[held][ranks[held] >= 0])
    ranks[held] = -1
    rest = wanted[ranks[wanted] >= 0]
    if before is None:
        # Of the others so many come before each of those that stay; what most of these say counts.
        others_before = of_held - np.arange(len(of_held))
        if not len(of_held):
            above = ranks[shown[: in_view.start]]
            others_before = above[above >= 0][-1:] + 1
        before = int(others_before[len(others_before) // 2]) if len(others_before) else 0
    before = min(before, len(rest))
    # Whole lines, so that nobody's column changes.
    before = max(0, before - (before - in_view.start) % columns)
    moved = np.concatenate([held, rest[before : before + columns]])
    return np.concatenate([rest[:before], held, rest[before:]]), moved


def kept_in_groups(shown: Rows, wanted: Rows, ranks: Rows, in_view: range, columns: int) -> tuple[Rows, Rows]:
    """`kept_in_view` where photos are grouped: each stays in its group, which begins a line of its own.

    Args:
        ranks: of the groups of all rows of the snapshot; both orders are ascending in them.
        shown: and the others as there.
    """
    of_shown, of_wanted = ranks[shown], ranks[wanted]
    parts, moved, done = [], [np.zeros(0, np.int64)], 0
    seen = np.unique(of_shown[in_view.start : in_view.stop]).tolist()
    for rank in seen:
        start, stop = np.searchsorted(of_shown, [rank, rank + 1]).tolist()
        first, last = np.searchsorted(of_wanted, [rank, rank + 1]).tolist()
        of_group = range(max(in_view.start - start, 0), min(in_view.stop, stop) - start)
        # Nothing comes between groups that are seen one below the other.
        before = 0 if rank != seen[0] else None if rank == seen[-1] else last - first
        kept, held = kept_in_view(shown[start:stop], wanted[first:last], of_group, columns, before=before)
        parts += [wanted[done:first], kept]
        moved.append(held)
        done = last
    return np.concatenate([*parts, wanted[done:]]), np.concatenate(moved)


def groups_of(keys: Sequence[str]) -> Groups:
    """A group wherever the key is another than before it."""
    starts = [0, *(place for place, (one, other) in enumerate(pairwise(keys), 1) if one != other)] if keys else []
    return Groups(starts, [keys[start] for start in starts])

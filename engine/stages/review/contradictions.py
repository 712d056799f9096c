"""Answers that contradict each other: a label is confirmed on a photo where one that it stands below is rejected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.project.answer import Answer
from engine.project.filters.quoting import quoted
from engine.project.label_state import NO, YES
from engine.project.snapshot import Snapshot
from engine.wording import LabelWord, Sentence, n_photos


class Contradiction(NamedTuple):
    """The columns of a label that is confirmed and of one above it that is rejected, and the rows of the photos."""

    confirmed: int
    rejected: int
    rows: list[int]


def contradictions(snapshot: Snapshot, answers: Sequence[Answer]) -> list[Contradiction]:
    """What answers contradict: what is said of the labels above those that they confirm, or below those they reject.

    All of them are kept, and hold: whoever gave them is told.

    Args:
        snapshot: with what was said before; whether with the answers themselves is one, unless they contradict each
            other.
    """
    if not snapshot.parents or not answers:
        return []
    places = snapshot.places_of(answers)
    rows, columns, said, on_labels = places.rows, places.columns, places.codes, places.on_labels
    found: dict[tuple[int, int], set[int]] = {}
    for value, against, others_of in ((YES, NO, snapshot.parents.above), (NO, YES, snapshot.parents.below)):
        meant = np.flatnonzero((said == value) & on_labels)
        meant = meant[np.argsort(columns[meant], kind="stable")]
        at, starts = np.unique(columns[meant], return_index=True)
        for column, of_label in zip(at.tolist(), np.split(rows[meant], starts[1:]) if len(at) else (), strict=True):
            others = others_of(column)
            there, which = np.nonzero(snapshot.decisions[np.ix_(of_label, np.array(others, np.intp))] == against)
            for place, other in zip(of_label[there].tolist(), which.tolist(), strict=True):
                pair = (column, others[other]) if value == YES else (others[other], column)
                found.setdefault(pair, set()).add(place)
    return [Contradiction(*pair, sorted(of_pair)) for pair, of_pair in found.items()]


def contradictions_below(snapshot: Snapshot, columns: Sequence[int], parents: Sequence[int]) -> list[Contradiction]:
    """What answers that were given before contradict each other once labels stand below others, in columns.

    Args:
        snapshot: from before they stood there.
    """
    lower = dict.fromkeys(one for column in columns for one in (column, *snapshot.parents.below(column)))
    upper = dict.fromkeys(one for parent in parents for one in (parent, *snapshot.parents.above(parent)))
    found = []
    for low in lower:
        known = {low, *snapshot.parents.above(low)}
        for high in upper:
            both = (snapshot.decisions[:, low] == YES) & (snapshot.decisions[:, high] == NO)
            if high not in known and both.any():
                found.append(Contradiction(low, high, np.flatnonzero(both).tolist()))
    return found


def filter_for(snapshot: Snapshot, found: Sequence[Contradiction]) -> str:
    """The filter that shows the photos of contradictions."""
    names = [quoted(label.name) for label in snapshot.labels]
    pairs = [f"confirmed:{names[one.confirmed]} rejected:{names[one.rejected]}" for one in found]
    return pairs[0] if len(pairs) == 1 else " OR ".join(f"({pair})" for pair in pairs)


def told_of(snapshot: Snapshot, found: Sequence[Contradiction]) -> list[Sentence]:
    """What to tell of contradictions, one sentence each."""
    sentence = Sentence("{label} stands below {parent}, which is rejected on {photos}. Both answers are kept.")
    names = [LabelWord(label.name) for label in snapshot.labels]
    return [
        sentence.format(
            label=names[one.confirmed],
            parent=names[one.rejected],
            photos=snapshot.paths[one.rows[0]].rpartition("/")[2] if len(one.rows) == 1 else n_photos(len(one.rows)),
        )
        for one in found
    ]

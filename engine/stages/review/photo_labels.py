"""The labels of a photo as people are told of them: confirmed ones first, then what follows, is likely, and may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.wording import Sentence

_TOLD = (LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.LIKELY, LabelState.MAYBE, LabelState.REJECTED)
_AT_ONCE = 1000
_RULE = "rule "


class PhotoLabel(NamedTuple):
    """A label of a photo: `state` is confirmed, implied, likely, maybe or rejected; `score` None for none, and never
    below that of a label below it.

    `source`: `person`, `model`, or `rule` and its condition, such as `rule folder:Dogs*`, where that alone suggests it.
    """

    label: str
    state: str
    score: float | None
    source: str

    @property
    def by_rule(self) -> bool:
        """Whether a rule alone suggests it."""
        return self.source.startswith(_RULE)


class ListedPhoto(NamedTuple):
    """A photo by its path in the project, with the labels that it has, is suggested, or was said not to have."""

    file_name: str
    reviewed: bool
    labels: list[PhotoLabel]
    problem: Sentence | None
    """Why it cannot be read."""


def list_photos(snapshot: Snapshot, rows: Sequence[int]) -> Iterator[ListedPhoto]:
    """What is known of these photos, in their order; of each its labels as `labels_of` orders them."""
    names = [label.name for label in snapshot.labels]
    words = {int(state): state.name.lower() for state in _TOLD}
    rank = np.zeros(len(LabelState), np.int8)
    rank[list(_TOLD)] = range(len(_TOLD))
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        states, scores = snapshot.states(some), snapshot.shown_scores(some)
        # What is ruled out, a whole tree perhaps, is said by what was rejected.
        places, columns = np.nonzero((states != LabelState.ABSENT) & (states != LabelState.RULED_OUT))
        of_label = states[places, columns], scores[places, columns]
        order = np.lexsort((-snapshot.parents.depths[columns], -np.nan_to_num(of_label[1]), rank[of_label[0]], places))
        labels: list[list[PhotoLabel]] = [[] for _row in some]
        told = (each[order].tolist() for each in (places, columns, *of_label))
        for place, column, state, score in zip(*told, strict=True):
            rule = rule_that_suggests(snapshot, some[place], column) if state == LabelState.LIKELY else None
            of_scores = "model" if state in (LabelState.LIKELY, LabelState.MAYBE) else "person"
            source = of_scores if rule is None else f"{_RULE}{rule}"
            labels[place].append(PhotoLabel(names[column], words[state], None if score != score else score, source))
        for row, of_photo in zip(some, labels, strict=True):
            yield ListedPhoto(snapshot.paths[row], bool(snapshot.reviewed[row]), of_photo, snapshot.problems[row])


def rule_that_suggests(snapshot: Snapshot, row: int, column: int) -> str | None:
    """The condition of the rule by which alone a label is likely on a photo; None where its score makes it so."""
    rule = snapshot.rule_of(row, column)
    return None if rule is None or snapshot.scores[row, column] >= snapshot.thresholds[column] else rule.condition


def labels_of(snapshot: Snapshot, row: int) -> list[tuple[int, LabelState]]:
    """The columns of the labels that a photo may have, state by state and best first."""
    states, scores = snapshot.states([row])[0], snapshot.scores[row]
    # Scores and probabilities, which answers teach, cannot be compared: the state goes first.
    return [
        (int(column), state)
        for state in _TOLD[:4]
        for column in sorted(np.flatnonzero(states == state), key=lambda column: -np.nan_to_num(scores[column]))
    ]


def marked_labels(snapshot: Snapshot, row: int) -> list[str]:
    """The labels of a photo with what is known of them, best first, such as `dog yes`, `cat 0.87` and `boat 0.31?`."""
    marks = {
        LabelState.CONFIRMED: " yes",
        LabelState.IMPLIED: " implied",
        LabelState.LIKELY: " {:.2f}",
        LabelState.MAYBE: " {:.2f}?",
    }
    told, scores = [], snapshot.shown_scores([row])[0]
    for column, state in labels_of(snapshot, row):
        rule = rule_that_suggests(snapshot, row, column) if state == LabelState.LIKELY else None
        mark = marks[state].format(scores[column]) if rule is None else f" by {rule}"
        told.append(snapshot.labels[column].name + mark)
    return told

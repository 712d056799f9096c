"""Which labels of a project another label set would leave out, and what was answered of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.project.label_state import UNDECIDED
from engine.project.snapshot import Snapshot
from engine.wording import LabelWord, Sentence, n_decisions, n_labels


@dataclass(frozen=True)
class LeavingLabels:
    """`answers`: names of the leaving labels that were answered, with how many answers, the most first."""

    labels: int
    answers: tuple[tuple[str, int], ...]

    @property
    def sentence(self) -> Sentence | None:
        """For people, before it happens; None where no label leaves."""
        if not self.labels:
            return None
        if not self.answers:
            return Sentence(
                "Would no longer be in the project: {labels}, none of them answered. Undo brings them back."
            ).format(labels=n_labels(self.labels))
        decisions = n_decisions(sum(count for _name, count in self.answers))
        return Sentence(
            "Would no longer be in the project: {labels}, with {decisions} (e.g. {label}). The answers are kept; undo, "
            "or the same name in a later label set, brings them back."
        ).format(labels=n_labels(self.labels), decisions=decisions, label=LabelWord(self.answers[0][0]))


def leaving_labels(snapshot: Snapshot, names: Iterable[str]) -> LeavingLabels:
    """What a label set of these names would leave out. Names differ by more than capitals."""
    stays = {name.casefold() for name in names}
    columns = [column for column, label in enumerate(snapshot.labels) if label.name.casefold() not in stays]
    counts = np.count_nonzero(snapshot.decisions[:, columns] != UNDECIDED, axis=0).tolist()
    answered = [(snapshot.labels[column].name, count) for column, count in zip(columns, counts, strict=True) if count]
    return LeavingLabels(len(columns), tuple(sorted(answered, key=lambda one: -one[1])))

"""What is left to say of a project's labels: how much is suggested, how much of it is doubtful, where to go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.labels import LabelRow
from engine.project.snapshot import Snapshot
from engine.stages.review.queues import UNSURE, queue


@dataclass(frozen=True)
class LeftToDo:
    """Labels that are likely and nobody has answered, the photos that have some, and what to do about them."""

    suggestions: int
    photos: int
    """On which they are."""
    doubtful: int
    """Photos with a score that is neither a clear yes nor a clear no."""
    most_suggested: LabelRow | None
    """The label that is likely on the most photos; None where none is."""
    confirmed: int
    """Labels that a person said yes to."""


def left_to_do(project: Project, snapshot: Snapshot) -> LeftToDo:
    """Count what is left."""
    states = snapshot.states()
    likely = states == LabelState.LIKELY
    of_label = likely.sum(axis=0)
    most = int(np.argmax(of_label)) if of_label.any() else None
    return LeftToDo(
        suggestions=int(of_label.sum()),
        photos=int(likely.any(axis=1).sum()),
        doubtful=len(queue(project, snapshot, UNSURE)),
        most_suggested=None if most is None else snapshot.labels[most],
        confirmed=int((states == LabelState.CONFIRMED).sum()),
    )

"""What the answers of an edit taught of all other photos: the labels that are likely there since, or no longer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.project import Project
from engine.project.history.history import Outcome
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.people.several import hear_people
from engine.stages.teaching.teaching import may_be_taught, teach_labels


@dataclass(frozen=True)
class TaughtChange:
    """A label, and the photos by name on which it became likely and ceased to be, none of which was answered."""

    label: str
    on: tuple[str, ...]
    off: tuple[str, ...]


def what_answers_changed(project: Project, before: Snapshot, done: Outcome) -> tuple[TaughtChange, ...]:
    """Compare what suggests labels now with what did before an edit; labels of which nothing changed are left out.

    Args:
        before: the project before the edit, of `snapshot_in_force`.
        done: the edit; its own photos are no change.
    """
    after = take_snapshot(project)
    hear_people(project, after)
    if not before.taught and not may_be_taught(project, after):
        return ()
    teach_labels(project, after)
    answered = np.array(sorted({each.photo_id for each in done.answers}), np.int64)
    others = np.flatnonzero(~np.isin(before.photo_ids, answered))
    was, now = (each.states(others) == LabelState.LIKELY for each in (before, after))
    found = []
    for column, label in enumerate(before.labels):
        on, off = (
            tuple(before.paths[row] for row in others[turned].tolist())
            for turned in (now[:, column] & ~was[:, column], was[:, column] & ~now[:, column])
        )
        if on or off:
            found.append(TaughtChange(label.name, on, off))
    return tuple(found)

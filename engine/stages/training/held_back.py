"""A training that changes much waits: what suggested before still does until a person has looked.

It is a run like one that was withdrawn in the history, and marked: it can be accepted, or discarded, which only takes
the mark away. Either is undone in the history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import UserError
from engine.project import Project
from engine.project.runs import RunRow, keep_run_settings, runs
from engine.stages.review.changes import FEW, Changes, changes_by_training
from engine.stages.teaching.teaching import snapshot_in_force
from engine.stages.thresholds.carrying import put_in_force
from engine.wording import Sentence

HELD_BACK = "held_back"
"""In the settings of a run. Of one that is in force, as after the history brought it back, it says nothing."""


def changes_much(changes: Changes) -> bool:
    """Whether half as many suggestions are new, or gone, as there were, or of one label more than there were."""
    most = max(int(changes.turned_on.sum()), int(changes.turned_off.sum()))
    return (most >= FEW and 2 * most > changes.suggested) or bool(changes.much_changed().any())


def held_back(project: Project) -> RunRow | None:
    """The newest training, if it was finished and waits to be looked at."""
    newest = next((run for run in runs(project) if run.stage == "refine" and run.finished_at is not None), None)
    if newest is None or newest.withdrawn_at is None or not newest.settings.get(HELD_BACK):
        return None
    return newest


@dataclass(frozen=True)
class LabelChange:
    """What a training would change of one label: paths of photos, those it changes most first."""

    label: str
    suggested: int
    """Photos on which it is likely now, of those that nobody has answered."""
    new: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class WaitingTraining:
    """What the training that waits would change; labels without a change are left out, the most changed come first."""

    run: int
    suggested: int
    labels: tuple[LabelChange, ...]


def look_at_waiting(project: Project) -> WaitingTraining:
    """What would change if the training that waits were accepted.

    Raises:
        UserError: none waits.
    """
    run, snapshot = _waiting(project), snapshot_in_force(project)
    changes = changes_by_training(project, snapshot, run)
    assert changes is not None
    moved = np.abs(changes.after - changes.before)

    def paths(column: int, *, on: bool) -> tuple[str, ...]:
        rows = changes.rows(on=on, column=column)
        return tuple(snapshot.paths[row] for row in rows[np.argsort(-moved[rows, column], kind="stable")])

    found = [
        LabelChange(label.name, int(changes.likely_before[column]), paths(column, on=True), paths(column, on=False))
        for column, label in enumerate(snapshot.labels)
    ]
    found.sort(key=lambda one: -len(one.new) - len(one.gone))
    return WaitingTraining(run.id, changes.suggested, tuple(one for one in found if one.new or one.gone))


def accept_training(project: Project) -> RunRow:
    """Let the scores of the training that waits suggest labels.

    Raises:
        UserError: none waits.
    """
    run = _waiting(project)
    keep_run_settings(project, run.id, {HELD_BACK: False})
    put_in_force(project, run.id)
    return run


def discard_training(project: Project) -> RunRow:
    """Leave the scores of the training that waits out of force, as if it had been withdrawn.

    Raises:
        UserError: none waits.
    """
    run = _waiting(project)
    keep_run_settings(project, run.id, {HELD_BACK: False})
    return run


def _waiting(project: Project) -> RunRow:
    run = held_back(project)
    if run is None:
        raise UserError(Sentence("No training waits to be accepted or discarded."))
    return run

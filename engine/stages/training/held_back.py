"""A training that changes much waits: what suggested before still does until a person has looked.

It is a run like one that was withdrawn in the history, and marked: it can be accepted, or discarded, which only takes
the mark away. Either is undone in the history.
"""

from __future__ import annotations

from engine.errors import UserError
from engine.project import Project
from engine.project.runs import RunRow, keep_run_settings, runs
from engine.stages.review.changes import Changes
from engine.stages.thresholds.carrying import put_in_force
from engine.wording import Sentence

HELD_BACK = "held_back"
"""In the settings of a run. Of one that is in force, as after the history brought it back, it says nothing."""

FEW = 10
"""So many changes can be looked at where they are, whatever share they are."""


def changes_much(changes: Changes) -> bool:
    """Whether more than half as many suggestions are new, or gone, as there were."""
    most = max(int(changes.turned_on.sum()), int(changes.turned_off.sum()))
    return most >= FEW and 2 * most > changes.suggested


def held_back(project: Project) -> RunRow | None:
    """The newest training, if it was finished and waits to be looked at."""
    newest = next((run for run in runs(project) if run.stage == "refine" and run.finished_at is not None), None)
    if newest is None or newest.withdrawn_at is None or not newest.settings.get(HELD_BACK):
        return None
    return newest


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

"""Undo and redo of what the person at the machine did last, be it an edit or a training."""

from __future__ import annotations

from engine.person import current_user
from engine.project import Project
from engine.project.history.history import EditRow, Outcome, can_undo_redo, history, redo, undo
from engine.project.runs import RunRow, runs
from engine.stages.thresholds.carrying import put_in_force
from engine.stages.training.held_back import HELD_BACK


def undo_last(project: Project) -> Outcome | RunRow | None:
    """Take back what one did last: an edit as a whole, or a training, so that its scores no longer suggest.

    Returns:
        What was taken back; None if there is nothing.
    """
    training = next((run for run in _trainings(project) if run.withdrawn_at is None), None)
    edited = next((edit.at for edit in _own(history(project)) if edit.kind == "edit" and not edit.undone), None)
    if training is None or training.finished_at is None or (edited is not None and edited > training.finished_at):
        return undo(project)
    put_in_force(project, training.id, in_force=False)
    return training


def redo_last(project: Project) -> Outcome | RunRow | None:
    """Do again what one undid last. None if there is nothing, or a new edit of one's own came since."""
    edits = _own(history(project))
    undone = {edit.id for edit in edits if edit.undone}
    withdrawn = [run for run in _trainings(project) if run.withdrawn_at is not None and not run.settings.get(HELD_BACK)]
    training = max(withdrawn, key=lambda run: str(run.withdrawn_at), default=None)
    if training is None or training.withdrawn_at is None:
        return redo(project)
    since = [edit for edit in edits if edit.at > training.withdrawn_at]
    if any(edit.kind == "edit" or (edit.kind == "undo" and edit.target_id in undone) for edit in since):
        return redo(project)
    put_in_force(project, training.id)
    return training


def is_anything_to_undo_or_redo(project: Project) -> tuple[bool, bool]:
    """Whether `undo_last` and `redo_last` have anything to do."""
    undoable, redoable = (title is not None for title in can_undo_redo(project))
    trainings = _trainings(project)
    in_force = any(run.withdrawn_at is None for run in trainings)
    taken_back = any(run.withdrawn_at is not None and not run.settings.get(HELD_BACK) for run in trainings)
    return undoable or in_force, redoable or taken_back


def _trainings(project: Project) -> list[RunRow]:
    """One's own that were finished, newest first."""
    me = current_user()
    return [run for run in runs(project) if run.stage == "refine" and run.finished_at is not None and run.by == me]


def _own(edits: list[EditRow]) -> list[EditRow]:
    return [edit for edit in edits if edit.done_by in (current_user(), None)]

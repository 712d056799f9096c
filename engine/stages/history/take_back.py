"""Taking back what was done, or doing it again: an edit or a run, the last or any, and the files that it changed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import UserError, WrongUsage
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.history.history import Outcome, redo, undo
from engine.project.runs import RunRow
from engine.stages.exporting.beside_files import follow_history
from engine.stages.history.entries import Entry, entries, title_of_run
from engine.stages.history.undo_last import redo_last, undo_last
from engine.stages.thresholds.carrying import put_in_force
from engine.wording import Sentence


@dataclass(frozen=True)
class TakenBack:
    """What was undone or done again.

    `left`: values that a later edit has changed again, and that stayed. `texts_changed`: labels came back, or other
    prompts, and the photos have to be labelled again. `left_alone`: files beside photos that could not follow, and why.
    """

    title: Sentence
    left: int = 0
    texts_changed: bool = False
    left_alone: tuple[Sentence, ...] = ()


def take_back(
    project: Project, name: str | None = None, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> TakenBack | None:
    """Undo the last edit or training, or the entry of the history of that name; None where there is nothing to undo.

    Raises:
        WrongUsage: there is no such entry.
        UserError: it is undone already.
    """
    if name is None:
        return _told(project, undo_last(project), progress, cancellation)
    entry = _entry(project, name)
    if not entry.in_force:
        raise UserError(Sentence("“{entry}” is undone already.").format(entry=entry.title))
    if entry.is_run:
        put_in_force(project, entry.id, in_force=False)
        return TakenBack(entry.title)
    return _told(project, undo(project, entry.id), progress, cancellation)


def do_again(
    project: Project, name: str | None = None, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> TakenBack | None:
    """Do again what was undone last, or the entry of that name; None where there is nothing.

    Raises:
        WrongUsage: there is no such entry.
        UserError: it is in force, or something was done since.
    """
    if name is None:
        return _told(project, redo_last(project), progress, cancellation)
    entry = _entry(project, name)
    if entry.in_force:
        raise UserError(Sentence("“{entry}” is in force.").format(entry=entry.title))
    if entry.is_run:
        put_in_force(project, entry.id)
        return TakenBack(entry.title)
    done = redo(project, entry.id)
    if done is None:
        raise UserError(
            Sentence("“{entry}” cannot be done again, since something else was done after it was undone.").format(
                entry=entry.title
            )
        )
    return _told(project, done, progress, cancellation)


def _entry(project: Project, name: str) -> Entry:
    found = next((entry for entry in entries(project, most=1_000_000) if entry.name == name), None)
    if found is None:
        raise WrongUsage(
            Sentence(
                "The history has no entry {name!r}. An edit has a number such as 12, a run one such as r3."
            ).format(name=name)
        )
    return found


def _told(
    project: Project, done: Outcome | RunRow | None, progress: Progress, cancellation: Cancellation
) -> TakenBack | None:
    if done is None:
        return None
    if isinstance(done, RunRow):
        return TakenBack(title_of_run(done))
    left_alone: tuple[Sentence, ...] = ()
    if done.files_changed:
        left_alone = tuple(follow_history(project, done.edit_id, progress, cancellation).left_alone)
    return TakenBack(done.title, done.left, done.texts_changed, left_alone)

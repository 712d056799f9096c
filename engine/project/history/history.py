"""Decisions, thresholds set by hand, labels, and their history: every edit is kept with its old and new state and can
be undone, for ever.

The list of edits is append-only. Undo and redo are edits themselves, so that their order outlives a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from engine.project import label_changes as labels_of_edits
from engine.project.history.answer_changes import AnswerChange, answers_in_force, record_answers
from engine.project.history.threshold_changes import ManualThreshold, ThresholdMove, moves_of, record, set_by_hand
from engine.project.project import Project, current_user
from engine.project.storage.clock import now
from engine.project.storage.schema import Change, Edit
from engine.wording import Sentence


class Answer(NamedTuple):
    """What a person says of one photo: yes, no or undecided (None) to a label; with label None: reviewed or not."""

    # A tuple, because thousands of photos may be answered for at once, in the window's thread.

    photo_id: int
    label_id: int | None
    value: bool | None


@dataclass(frozen=True)
class EditRow:
    """An edit of the history; `undone`: it is not in force now."""

    id: int
    kind: str
    title: Sentence
    at: datetime
    by: str
    target_id: int | None
    undone: bool


@dataclass(frozen=True)
class Outcome:
    """What an edit did: answers and thresholds now in force where something changed, and how many it left as they were.

    Undo leaves what a later edit has changed again. `label_set_changed`: labels or their order did. `texts_changed`:
    undo or redo brought labels back, or other texts to ask for them with, so that the scores are out of date.
    """

    edit_id: int
    title: Sentence
    answers: tuple[Answer, ...]
    left: int = 0
    thresholds: tuple[ManualThreshold, ...] = ()
    label_set_changed: bool = False
    texts_changed: bool = False


def answer(
    project: Project,
    title: str,
    answers: Iterable[Answer],
    *,
    by: str | None = None,
    edit_labels: Callable[[Session], object] | None = None,
    joined: Collection[int] = (),
) -> Outcome | None:
    """Keep a person's answers as one edit, all or nothing. None if they change nothing.

    Args:
        title: for people, e.g. `rejected cat on 12 photos`; what the engine says itself is a `Sentence`.
        by: who says so; by default the person at the machine.
        edit_labels: what this edit does to labels and the label set, all of which is undone with it.
        joined: labels that were put into the label set for this edit, and leave when it is undone and nothing else
            uses them.
    """
    # The last answer for a photo and label counts.
    wanted = {(one.photo_id, one.label_id): _as_number(one) for one in answers}
    with project.writing() as connection:
        old = answers_in_force(connection, wanted)
        changes = [(key, old[key], new) for key, new in wanted.items() if old[key] != new]
        of_labels = labels_of_edits.changes_made_by(connection, edit_labels) if edit_labels is not None else []
        if not changes and not of_labels and not joined:
            return None
        outcome = _commit(connection, "edit", None, title, changes, by or current_user())
        labels_of_edits.keep(connection, outcome.edit_id, of_labels)
        labels_of_edits.joined(connection, outcome.edit_id, joined)
        return replace(outcome, label_set_changed=bool(of_labels))


def keep_other_side(project: Project, title: str, answers: Iterable[Answer], *, by: str) -> Outcome | None:
    """Put what somebody else says into the history without letting it into force: an edit that is undone at once.

    What the same one said before is in the history already. None if there is nothing else.
    """
    wanted = {(one.photo_id, one.label_id): _as_number(one) for one in answers}
    if not wanted:
        return None
    with project.writing() as connection:
        said = {
            ((row.photo_id, row.label_id), row.new)
            for row in connection.execute(
                select(Change.photo_id, Change.label_id, Change.new)
                .join(Edit, Edit.id == Change.edit_id)
                .where(Edit.by == by, Edit.kind == "edit")
            )
        }
        old = answers_in_force(connection, wanted)
        changes = [(key, old[key], new) for key, new in wanted.items() if old[key] != new and (key, new) not in said]
        if not changes:
            return None
        edit = _commit(connection, "edit", None, title, changes, by)
        return _reverse(connection, "undo", [edit.edit_id], None)


def set_thresholds(
    project: Project, title: str, thresholds: Iterable[ManualThreshold], *, by: str | None = None
) -> Outcome | None:
    """Keep thresholds that a person set, or takes back (value None), as one edit. None if they change nothing.

    Args:
        title: for people, e.g. `threshold of cat set to 0.31`.
        by: who says so; by default the person at the machine.
    """
    # The last one for a label and stage counts.
    wanted = {(one.label_id, one.stage): one.value for one in thresholds}
    with project.writing() as connection:
        old = set_by_hand(connection, (stage for _label, stage in wanted))
        moves = [ThresholdMove(*key, old.get(key), new) for key, new in wanted.items() if old.get(key) != new]
        return _commit(connection, "edit", None, title, (), by or current_user(), moves) if moves else None


def undo(project: Project, edit_id: int | None = None) -> Outcome | None:
    """Undo one edit as a whole, by default the last that is in force. None if there is nothing to undo."""
    with project.writing() as connection:
        done, _undone = _stacks(connection)
        return _reverse(connection, "undo", done, edit_id)


def redo(project: Project, edit_id: int | None = None) -> Outcome | None:
    """Do again what was undone last. None if there is nothing, or a new edit came since."""
    with project.writing() as connection:
        _done, undone = _stacks(connection)
        return _reverse(connection, "redo", undone, edit_id)


def history(project: Project, limit: int = 500) -> list[EditRow]:
    """The edits, newest first."""
    with project.reading() as connection:
        done, _ = _stacks(connection)
        in_force = set(done)
        rows = connection.execute(select(Edit).order_by(Edit.id.desc()).limit(limit))
        return [
            EditRow(
                row.id,
                row.kind,
                Sentence.of_kept(row.title),
                row.at,
                row.by,
                row.target_id,
                row.kind == "edit" and row.id not in in_force,
            )
            for row in rows
        ]


def can_undo_redo(project: Project) -> tuple[Sentence | None, Sentence | None]:
    """Titles of the edits that `undo` and `redo` would take, None where there is none."""
    with project.reading() as connection:
        done, undone = _stacks(connection)

        undoable, redoable = (_title_of(connection, stack[-1]) if stack else None for stack in (done, undone))
        return undoable, redoable


def _stacks(connection: Connection) -> tuple[list[int], list[int]]:
    """The edits in force and the edits that can be redone, each oldest first."""
    done: dict[int, None] = {}
    undone: dict[int, None] = {}
    for row in connection.execute(select(Edit.id, Edit.kind, Edit.target_id).order_by(Edit.id)):
        if row.kind == "edit":
            done[row.id] = None
            undone.clear()
        elif row.kind == "undo":
            done.pop(row.target_id, None)
            undone[row.target_id] = None
        else:
            undone.pop(row.target_id, None)
            done[row.target_id] = None
    return list(done), list(undone)


def _reverse(connection: Connection, kind: str, stack: Sequence[int], edit_id: int | None) -> Outcome | None:
    if edit_id is None:
        edit_id = stack[-1] if stack else None
    if edit_id is None or edit_id not in stack:
        return None
    rows = connection.execute(
        select(Change.photo_id, Change.label_id, Change.old, Change.new).where(Change.edit_id == edit_id)
    ).all()
    start, end = ("new", "old") if kind == "undo" else ("old", "new")
    current = answers_in_force(connection, [(row.photo_id, row.label_id) for row in rows])
    changes = [
        (key, getattr(row, start), getattr(row, end))
        for row in rows
        if current[key := (row.photo_id, row.label_id)] == getattr(row, start)
    ]
    moved = moves_of(connection, edit_id)
    by_hand = set_by_hand(connection, (move.stage for move in moved))
    moves = [
        ThresholdMove(move.label_id, move.stage, getattr(move, start), getattr(move, end))
        for move in moved
        if by_hand.get((move.label_id, move.stage)) == getattr(move, start)
    ]
    outcome = _commit(connection, kind, edit_id, _title_of(connection, edit_id), changes, current_user(), moves)
    of_labels = labels_of_edits.reverse(connection, edit_id, undo=kind == "undo")
    return replace(
        outcome,
        left=len(rows) - len(changes) + len(moved) - len(moves) + of_labels.left,
        label_set_changed=of_labels.changed,
        texts_changed=of_labels.texts_changed,
    )


def _title_of(connection: Connection, edit_id: int) -> Sentence:
    return Sentence.of_kept(connection.execute(select(Edit.title).where(Edit.id == edit_id)).scalar_one())


def _as_number(one: Answer) -> int | None:
    if one.label_id is None:
        return int(bool(one.value))
    return None if one.value is None else int(one.value)


def _commit(
    connection: Connection,
    kind: str,
    target_id: int | None,
    title: str,
    changes: Sequence[AnswerChange],
    by: str,
    moves: Sequence[ThresholdMove] = (),
) -> Outcome:
    at = now()
    said = title if isinstance(title, Sentence) else Sentence.of_kept(title)
    edit_id = connection.execute(
        insert(Edit).values(kind=kind, target_id=target_id, title=said.kept, at=at, by=by).returning(Edit.id)
    ).scalar_one()
    record_answers(connection, edit_id, changes, at, by)
    record(connection, edit_id, moves)
    answers = tuple(Answer(photo, label, None if new is None else bool(new)) for (photo, label), _old, new in changes)
    return Outcome(edit_id, said, answers, thresholds=tuple(ManualThreshold(m.label_id, m.stage, m.new) for m in moves))

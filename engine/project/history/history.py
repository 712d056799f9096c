"""The history: every edit is kept with its old and new state and can be undone, for ever.

The list of edits is append-only. Undo and redo are edits themselves, so that their order outlives a restart. A run that
is taken back, or brought back, is none: it is marked so. Whoever undoes without saying what, undoes what is his own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from engine.person import OF_A_FILE, current_user
from engine.project.answer import Answer
from engine.project.history.changes import (
    BESIDE,
    DECISION,
    REVIEWED,
    RULE,
    SETTLEMENT,
    THRESHOLD,
    VALUES,
    ChangeRow,
    Key,
    changes_to,
    changes_where,
    keep_changes,
    make_changes,
    still_in_force,
)
from engine.project.history.claims import renew, unseen
from engine.project.history.going_back import as_they_were_said, as_undoing_left_it, without_undone
from engine.project.history.label_changes import LABEL_FIELDS, changes_made_by, joined_changes, make_label_changes
from engine.project.history.settlement import Settlement, as_kept, put_settlement, settlement_in_force
from engine.project.history.settling import is_shared, own_changes, settle, shared_keys
from engine.project.project import Project
from engine.project.storage.clock import now
from engine.project.storage.schema import Change, Decision, Edit, Run
from engine.project.thresholds import ManualThreshold
from engine.wording import Sentence


@dataclass(frozen=True)
class EditRow:
    """An edit of the history; `undone`: it is not in force now."""

    id: int
    kind: str
    title: Sentence
    at: datetime
    by: str
    """Who says so."""
    target_id: int | None
    undone: bool
    done_by: str | None
    """Who did it; None where an older version took over what a file says, and did not keep by whom."""


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
    rules_changed: bool = False
    settlement_changed: bool = False
    """Which of several people's opinions is in force."""
    files_changed: bool = False
    """Whether the edit that was undone or done again changed files beside photos, which have to follow."""


def answer(
    project: Project,
    title: str,
    answers: Iterable[Answer],
    *,
    by: str | None = None,
    edit_labels: Callable[[Session], object] | None = None,
    joined: Collection[int] = (),
    rules: Mapping[Key, int | None] | None = None,
) -> Outcome | None:
    """Keep a person's answers as one edit, all or nothing. None if they change nothing.

    Args:
        title: for people, e.g. `rejected cat on 12 photos`; what the engine says itself is a `Sentence`.
        by: who says so; by default the person at the machine.
        edit_labels: what this edit does to labels and the label set, all of which is undone with it.
        joined: labels that were put into the label set for this edit, and leave when it is undone and nothing else
            uses them.
        rules: those that this edit makes (1) or takes back (None).
    """
    wanted, by = {**_values(answers), **(rules or {})}, by or current_user()
    with project.writing() as connection:
        shared = is_shared(connection, by)
        changes = own_changes(connection, wanted, by) if shared else changes_to(connection, wanted)
        changes += changes_made_by(connection, edit_labels) if edit_labels is not None else []
        changes += joined_changes(connection, joined)
        if not changes:
            return None
        at, unseen_before = now(), unseen(connection, by, now()) if shared else set()
        outcome = keep_edit(connection, title, changes, by=by)
        renew(connection, by, at)
        return _as_seen(connection, outcome, unseen_before, unseen_before - unseen(connection, by, at))


def keep_other_side(project: Project, title: str, answers: Iterable[Answer], *, by: str) -> Outcome | None:
    """Put what somebody else says into the history without letting it into force: an edit that is undone at once.

    What the same one said before is in the history already. None if there is nothing else.
    """
    wanted = _values(answers)
    if not wanted:
        return None
    with project.writing() as connection:
        edits = select(Edit.id).where(Edit.by == by, Edit.kind == "edit")
        said = {
            (one.key, one.new)
            for one in changes_where(connection, Change.edit_id.in_(edits) & Change.photo_id.is_not(None))
        }
        changes = [one for one in changes_to(connection, wanted) if (one.key, one.new) not in said]
        if not changes:
            return None
        edit = keep_edit(connection, title, changes, by=by)
        return _reverse(connection, "undo", edit.edit_id)


def undo(project: Project, edit_id: int | None = None) -> Outcome | None:
    """Undo one edit as a whole, by default the last that is in force of the person's. None if there is nothing to undo.

    Args:
        edit_id: an edit, whoever did it.
    """
    with project.writing() as connection:
        return _reverse(connection, "undo", _undoable(connection, edit_id))


def redo(project: Project, edit_id: int | None = None) -> Outcome | None:
    """Do again what the person undid last. None if there is nothing, or a new edit of the person's came since."""
    with project.writing() as connection:
        return _reverse(connection, "redo", _redoable(connection, edit_id))


def join_with_run(project: Project, run_id: int, label_ids: Iterable[int]) -> None:
    """Keep that these labels were put into the label set for the sake of a run."""
    with project.writing() as connection:
        keep_changes(connection, joined_changes(connection, label_ids), run_id=run_id)


def withdraw_run(project: Project, run_id: int, *, withdrawn: bool = True) -> None:
    """Take a run's suggestions back, or bring them back. Decisions are a person's and stay.

    Labels that joined the label set for the run leave with it where nothing else uses them.
    """
    with project.writing() as connection:
        connection.execute(update(Run).where(Run.id == run_id).values(withdrawn_at=now() if withdrawn else None))
        joined = changes_where(connection, Change.run_id == run_id)
        make_label_changes(connection, [one.reversed for one in joined] if withdrawn else joined)


def history(project: Project, limit: int = 500) -> list[EditRow]:
    """The edits, newest first."""
    with project.reading() as connection:
        rows = project.rows(connection, select(*Edit.__table__.columns).order_by(Edit.id.desc()).limit(limit))
        # What became of an edit stands before it, the newest first.
        last = {row.target_id: row.kind for row in reversed(rows) if row.target_id is not None}
        return [
            EditRow(
                row.id,
                row.kind,
                Sentence.of_kept(row.title),
                row.at,
                row.by,
                row.target_id,
                row.kind == "edit" and last.get(row.id) == "undo",
                _done_by(row),
            )
            for row in rows
        ]


def can_undo_redo(project: Project) -> tuple[Sentence | None, Sentence | None]:
    """Titles of the edits that `undo` and `redo` would take, None where there is none."""
    with project.reading() as connection:
        undoable, redoable = (
            None if edit_id is None else _title_of(connection, edit_id)
            for edit_id in (_undoable(connection), _redoable(connection))
        )
        return undoable, redoable


def _newest_first(connection: Connection) -> Iterator[Any]:
    """What each step is, of which edit, and by whom. Few are looked at, however long the history is."""
    columns = (Edit.id, Edit.kind, Edit.target_id, Edit.by, Edit.done_by)
    # A database of a stranger's may have a step that is none of the three, or takes back nothing.
    sound = (Edit.kind == "edit") | (Edit.kind.in_(("undo", "redo")) & Edit.target_id.is_not(None))
    newest_first = select(*columns).where(sound).order_by(Edit.id.desc())
    with connection.execute(newest_first.execution_options(yield_per=100)) as steps:
        yield from steps


def _undoable(connection: Connection, edit_id: int | None = None) -> int | None:
    """The edit, if it is in force; by default the person's own that came into force last, by itself or by a redo."""
    me = current_user()
    undone: set[int | None] = set()
    for step in _newest_first(connection):
        about = step.id if step.kind == "edit" else step.target_id
        if about in undone:
            continue
        if step.kind == "undo":
            undone.add(about)
        elif edit_id == about or (edit_id is None and _is_of(me, connection, step)):
            return int(about)
        if edit_id in undone:
            return None
    return None


def _redoable(connection: Connection, edit_id: int | None = None) -> int | None:
    """The edit, if the person can redo it; by default the last that they undid. After an edit of theirs none can."""
    me = current_user()
    since_the_last_edit = list(
        takewhile(lambda step: step.kind != "edit" or _done_by(step) not in (me, None), _newest_first(connection))
    )
    undone: dict[int, None] = {}
    for step in reversed(since_the_last_edit):
        undone.pop(step.target_id, None)
        if step.kind == "undo" and _done_by(step) in (me, None):
            undone[step.target_id] = None
    if edit_id is None:
        return next(reversed(undone), None)
    return edit_id if edit_id in undone else None


def _is_of(person: str, connection: Connection, step: Any) -> bool:
    """Whether a person did the edit that a step brought into force."""
    if step.kind != "edit":
        step = connection.execute(select(Edit.by, Edit.done_by).where(Edit.id == step.target_id)).one()
    return _done_by(step) in (person, None)


def _done_by(step: Any) -> str | None:
    """Who did it; None for what anybody may have, since an older version did not keep it."""
    who: str = step.done_by or step.by
    return None if who.startswith(OF_A_FILE) else who


def _reverse(connection: Connection, kind: str, edit_id: int | None) -> Outcome | None:
    if edit_id is None:
        return None
    changes = changes_where(connection, Change.edit_id == edit_id)
    if kind == "undo":
        changes = [one.reversed for one in changes]
    values = [one for one in changes if one.field in VALUES]
    if kind == "undo":
        values = without_undone(connection, edit_id, values)
    else:
        values = as_undoing_left_it(connection, edit_id, values)
    of_labels = [one for one in changes if one.field not in VALUES]
    rules = [one for one in changes if one.field == SETTLEMENT and as_kept(settlement_in_force(connection)) == one.old]
    for one in rules:
        put_settlement(connection, one.new)
    made, at, by = still_in_force(connection, values), now(), current_user()
    # Before the labels, of which some leave only where nothing is decided of them.
    make_changes(connection, made, at, by, as_they_were_said(connection, edit_id, made))
    labels_made, labels_left, texts_changed = make_label_changes(connection, of_labels)
    title = _title_of(connection, edit_id)
    outcome = _keep(connection, kind, edit_id, title, made + rules + labels_made, at, by)
    if is_shared(connection, by):
        outcome = _settled(connection, outcome, [one.key for one in values], at)
    changed = {(one.photo_id, one.label_id) for one in outcome.answers} | {one.key for one in made}
    left = (
        sum(one.old != one.new and not {one.key, (one.photo_id, one.label_id)} & changed for one in values)
        + labels_left
    )
    files_changed = any(one.field == BESIDE for one in changes)
    return replace(outcome, left=left, texts_changed=texts_changed, files_changed=files_changed)


def keep_edit(connection: Connection, title: str, changes: Sequence[ChangeRow], *, by: str | None) -> Outcome:
    """Keep changes as one edit, and put those of answers and thresholds into force; those of labels are already."""
    at, by = now(), by or current_user()
    make_changes(connection, [one for one in changes if one.old != one.new], at, by)
    outcome = _keep(connection, "edit", None, title, changes, at, by)
    if not outcome.settlement_changed and (
        settlement_in_force(connection) == Settlement() or not is_shared(connection, by)
    ):
        return outcome  # the newest is in force
    return _settled(connection, outcome, [one.key for one in changes], at)


def _keep(
    connection: Connection,
    kind: str,
    target_id: int | None,
    title: str,
    changes: Sequence[ChangeRow],
    at: datetime,
    by: str,
) -> Outcome:
    said, me = title if isinstance(title, Sentence) else Sentence.of_kept(title), current_user()
    row = {"kind": kind, "target_id": target_id, "title": said.kept, "at": at, "by": by}
    row["done_by"] = me if by != me else None
    edit_id = connection.execute(insert(Edit).values(row).returning(Edit.id)).scalar_one()
    keep_changes(connection, changes, edit_id=edit_id)
    return Outcome(
        edit_id,
        said,
        tuple(_answers(changes)),
        thresholds=tuple(
            ManualThreshold(one.label_id, one.stage or "", one.new) for one in changes if one.field == THRESHOLD
        ),
        label_set_changed=any(one.field in LABEL_FIELDS for one in changes),
        rules_changed=any(one.field == RULE for one in changes),
        settlement_changed=any(one.field == SETTLEMENT for one in changes),
    )


def _settled(connection: Connection, outcome: Outcome, keys: Iterable[Key], at: datetime) -> Outcome:
    """What came of an edit once the rule is heeded of what it touched; of everything where it changed the rule."""
    if outcome.settlement_changed:
        keys = [*keys, *shared_keys(connection)]
    return replace(outcome, answers=(*outcome.answers, *_answers(settle(connection, keys, at))))


def _as_seen(connection: Connection, outcome: Outcome, hidden: Set[int], shown: Set[int]) -> Outcome:
    """What came of an edit, as the person is to see it who answered about photos without seeing what others said.

    Args:
        hidden: photos of which that was not shown; there a person sees what they say themselves.
        shown: those of them that the person has reviewed by this edit.
    """
    if not hidden:
        return outcome
    first: dict[tuple[int, int | None], Answer] = {}
    for one in outcome.answers:
        # What follows by the rule comes behind what was said.
        key = one.photo_id, one.label_id
        first[key] = first[key] if one.photo_id in hidden and key in first else one
    decided = select(Decision.photo_id, Decision.label_id, Decision.value).where(Decision.photo_id.in_(shown))
    told = {(photo, label): Answer(photo, label, value) for photo, label, value in connection.execute(decided)}
    return replace(outcome, answers=(*first.values(), *told.values()))


def _answers(changes: Iterable[ChangeRow]) -> Iterator[Answer]:
    for one in changes:
        if one.photo_id is not None:
            yield Answer(one.photo_id, one.label_id, None if one.new is None else bool(one.new))


def _title_of(connection: Connection, edit_id: int) -> Sentence:
    return Sentence.of_kept(connection.execute(select(Edit.title).where(Edit.id == edit_id)).scalar_one())


def _values(answers: Iterable[Answer]) -> dict[Key, int | None]:
    """What is wanted; the last answer for a photo and label counts."""
    wanted: dict[Key, int | None] = {}
    for photo_id, label_id, value in answers:
        if label_id is None:
            wanted[REVIEWED, photo_id, None, None] = int(bool(value))
        else:
            wanted[DECISION, photo_id, label_id, None] = None if value is None else int(value)
    return wanted

"""Two labels become one, or one two: with all answers, as one edit that can be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from engine.project.answer import Answer
from engine.project.history.changes import DECISION, RULE, Key
from engine.project.history.history import Outcome, answer
from engine.project.labels import (
    LabelRow,
    LabelSetError,
    add_label,
    check_name,
    check_no_circle,
    label_set,
)
from engine.project.project import Project
from engine.project.rules import rules
from engine.project.storage.schema import Change, Decision, Label
from engine.wording import LabelWord, Sentence


@dataclass(frozen=True)
class Merge:
    """What merging one label into another does.

    `moved`: decisions that go over, of which `moved_no` reject the label. `agreed`: photos on which both labels were
    decided alike. `conflicts`: ids of the photos on which one is confirmed and the other rejected; there both decisions
    stay as they are.
    """

    moved: int
    moved_no: int
    agreed: int
    conflicts: tuple[int, ...]


def plan_merge(project: Project, label_id: int, into: int) -> Merge:
    """What `merge_labels` would do."""
    return _plan(project, label_id, into)[0]


def merge_labels(project: Project, label: LabelRow, into: LabelRow) -> Merge:
    """Move a label's decisions to another label, which is called so as well from now on, and take it out of the set.

    What it stood below, and what stood below it, goes over. All of it is one edit of the history: undone, the decisions
    are where they were and the label is in its place.

    Raises:
        LabelSetError: a label into itself, or into one that would come to stand below itself.
    """
    merge, answers = _plan(project, label.id, into.id)

    def join(session: Session) -> None:
        labels = {one.id: one for one in session.scalars(select(Label))}
        gone, stays = labels[label.id], labels[into.id]
        gone.position = None
        names = {one[0].casefold(): one for one in [*stays.other_names, [gone.name, ""], *gone.other_names]}
        names.pop(stays.name.casefold(), None)
        stays.other_names = list(names.values())
        stays.parents = [
            one for one in dict.fromkeys([*stays.parents, *gone.parents]) if one not in (into.id, label.id)
        ]
        for one in labels.values():
            if label.id in one.parents and one.id != into.id:
                one.parents = list(dict.fromkeys(into.id if parent == label.id else parent for parent in one.parents))
        check_no_circle({one.id: one.parents for one in labels.values()}, {one.id: one.name for one in labels.values()})

    title = Sentence("{label} merged into {into}").format(label=LabelWord(label.name), into=LabelWord(into.name))
    # What a rule suggests goes where the decisions go.
    moved: dict[Key, int | None] = {
        (RULE, None, of, one.condition): value
        for one in rules(project)
        if one.label_id == label.id
        for of, value in ((label.id, None), (into.id, 1))
    }
    answer(project, title, answers, edit_labels=join, rules=moved)
    return merge


def split_label(project: Project, label: LabelRow, name: str, photo_ids: Collection[int] = ()) -> Outcome | None:
    """Make two labels of one. What is said of both stays: a photo without the one has neither of the two.

    A label that was merged into this one comes back with the answers that it had then. On the photos that are named the
    label is the new one; on all others it stays what it was.

    Args:
        name: of the new label, which stands below the same ones and stops being another name of this one.
        photo_ids: where confirmed, the label is the new one from now on.

    Raises:
        LabelSetError: a name that can be no label's, or that of a label that is there.
    """
    check_name(name)
    if any(name.casefold() == one.name.casefold() for one in label_set(project)):
        raise LabelSetError(
            Sentence("There is a label {name!r} already. Choose another name.").format(name=LabelWord(name))
        )
    new_id = _row_of(project, name)
    with project.reading() as connection:
        said, there = (
            {row.photo_id: row.value for row in connection.execute(_DECIDED.where(Decision.label_id == one))}
            for one in (label.id, new_id)
        )
        came = _came_with(connection, new_id, label.id)
    answers: list[Answer] = []
    for photo, value in said.items():
        came_alone = came.get(photo) == (value, True)
        goes = came_alone or (value and photo in photo_ids)
        if photo not in there and (goes or not value or came.get(photo) == (value, False)):
            answers.append(Answer(photo, new_id, value))
        if goes:
            answers.append(Answer(photo, label.id, None))

    def part(session: Session) -> None:
        new, old = add_label(session, name), session.get_one(Label, label.id)
        old.other_names = [one for one in old.other_names if one[0].casefold() != name.casefold()]
        new.parents = new.parents or [one for one in old.parents if one != new.id]
        new.supercategory = new.supercategory or old.supercategory

    title = Sentence("{name} split off {label}").format(name=LabelWord(name), label=LabelWord(label.name))
    return answer(project, title, answers, edit_labels=part)


_DECIDED = select(Decision.label_id, Decision.photo_id, Decision.value)


def _row_of(project: Project, name: str) -> int:
    """The id of a label that is not in the label set, made where there was none."""
    with project.session() as session:
        known = {one.name.casefold(): one for one in session.scalars(select(Label))}
        row = known.get(name.casefold()) or Label(name=name, prompts=[], supercategory="")
        session.add(row)
        session.flush()
        return row.id


def _came_with(connection: Connection, gone: int, into: int) -> dict[int, tuple[bool, bool]]:
    """By photo what a label was answered when it was merged into another, and whether that one had not been answered.

    What was said of the label itself since counts for itself.
    """
    rows = connection.execute(
        select(Change.edit_id, Change.photo_id, Change.label_id, Change.old, Change.new)
        .where(Change.field == DECISION, Change.label_id.in_((gone, into)), Change.edit_id.is_not(None))
        .order_by(Change.id)
    )
    last: dict[int, tuple[int, bool | None]] = {}
    took: set[tuple[int, int]] = set()
    for edit, photo, label, old, new in rows:
        if label == gone:
            last[photo] = (edit, bool(old) if new is None and old is not None else None)
        elif old is None:
            took.add((edit, photo))
    return {photo: (value, (edit, photo) in took) for photo, (edit, value) in last.items() if value is not None}


def _plan(project: Project, label_id: int, into: int) -> tuple[Merge, list[Answer]]:
    if label_id == into:
        raise LabelSetError(Sentence("A label cannot be merged into itself. Choose another one."))
    with project.reading() as connection:
        decisions: dict[int, dict[int, bool]] = {label_id: {}, into: {}}
        for row in connection.execute(_DECIDED.where(Decision.label_id.in_(decisions))):
            decisions[row.label_id][row.photo_id] = row.value
    there, here = decisions[into], decisions[label_id]
    conflicts = sorted(photo for photo, value in here.items() if there.get(photo, value) != value)
    moving = {photo: value for photo, value in here.items() if there.get(photo, value) == value}
    answers = [Answer(photo, into, value) for photo, value in moving.items()]
    answers += [Answer(photo, label_id, None) for photo in moving]
    agreed = len(moving.keys() & there.keys())
    moved_no = sum(not value for photo, value in moving.items() if photo not in there)
    return Merge(len(moving) - agreed, moved_no, agreed, tuple(conflicts)), answers

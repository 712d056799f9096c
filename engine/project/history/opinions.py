"""Opinions: what each person says of photos and labels, computed from the history.

An opinion is the newest change of a photo and label that a person made in an edit which is in force. So nothing beside
the history has to be kept in step with it, and undo takes an opinion back like all else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import BindParameter, Connection, bindparam, select

from engine.person import is_person
from engine.project.history.changes import DECISION, REVIEWED, Key
from engine.project.label_state import NO, UNDECIDED, YES
from engine.project.opinions import Opinions
from engine.project.project import Project
from engine.project.snapshot import Snapshot
from engine.project.storage.schema import Change, Edit

_AT_ONCE = 5000


class Opinion(NamedTuple):
    """What somebody says: 1, 0 or None of a label; 1 or 0 of a photo, whether it is reviewed."""

    value: int | None
    change_id: int
    """Later changes have higher ones."""


class Said(NamedTuple):
    """What is said of one value."""

    opinions: dict[str, Opinion]
    """By who says so, the newest last; also files that answers were taken over from."""
    people: frozenset[str]
    """Those who ever said something of it, though it be undone."""


def people_of(connection: Connection) -> set[str]:
    """Who ever edited the project."""
    return {name for name in connection.scalars(select(Edit.by).distinct()) if is_person(name)}


def undone_edits(connection: Connection) -> set[int]:
    """The edits that are undone now."""
    turned = select(Edit.target_id, Edit.kind).where(Edit.target_id.is_not(None)).order_by(Edit.id)
    last = {row.target_id: row.kind for row in connection.execute(turned)}
    return {edit for edit, kind in last.items() if edit is not None and kind == "undo"}


def said_of(connection: Connection, keys: Iterable[Key]) -> dict[Key, Said]:
    """What everybody says of these values, which are of photos."""
    wanted = set(keys)
    undone = undone_edits(connection)
    found: dict[Key, dict[str, Opinion]] = {key: {} for key in wanted}
    people: dict[Key, set[str]] = {key: set() for key in wanted}
    photos: BindParameter[Any] = bindparam("photos", expanding=True)
    changes = (
        select(Change.id, Change.field, Change.photo_id, Change.label_id, Change.new, Edit.id, Edit.by)
        .join(Edit, Edit.id == Change.edit_id)
        .where(Change.photo_id.in_(photos), Change.field.in_((DECISION, REVIEWED)), Edit.kind == "edit")
        .order_by(Change.id)
    )
    ids = sorted({photo for _field, photo, _label, _stage in wanted if photo is not None})
    for start in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(changes, {"photos": ids[start : start + _AT_ONCE]})
        for change_id, field, photo_id, label_id, new, edit_id, by in rows:
            key = (field, photo_id, label_id, None)
            if key not in wanted:
                continue
            if is_person(by):
                people[key].add(by)
            if edit_id not in undone:
                found[key].pop(by, None)
                found[key][by] = Opinion(new, change_id)
    return {key: Said(found[key], frozenset(people[key])) for key in wanted}


def opinions(project: Project, snapshot: Snapshot) -> Opinions:
    """Everybody's opinions, those of files left out."""
    with project.reading() as connection:
        names = people_of(connection)
        changes = (
            select(Change.field, Change.photo_id, Change.label_id, Change.new, Edit.id, Edit.by)
            .join(Edit, Edit.id == Change.edit_id)
            .where(Change.photo_id.is_not(None), Change.field.in_((DECISION, REVIEWED)), Edit.kind == "edit")
            .order_by(Change.id)
        )
        undone = undone_edits(connection)
        rows = [row for row in connection.execute(changes).all() if row[4] not in undone and row[5] in names]
    people = tuple(sorted({row[5] for row in rows}, key=lambda name: (name.casefold(), name)))
    places = {name: place for place, name in enumerate(people)}
    decisions = np.zeros((len(people), len(snapshot), len(snapshot.labels)), np.int8)
    reviewed = np.zeros(decisions.shape[:2], bool)
    columns = {label.id: column for column, label in enumerate(snapshot.labels)}
    for field, photo_id, label_id, new, _edit, by in rows:
        if photo_id is None or not snapshot.has(photo_id):
            continue
        row = snapshot.row_of(photo_id)
        if field == REVIEWED:
            reviewed[places[by], row] = bool(new)
        elif label_id in columns:
            decisions[places[by], row, columns[label_id]] = UNDECIDED if new is None else YES if new else NO
    answers = [snapshot.with_answers(*said).answers() for said in zip(decisions, reviewed, strict=True)]
    return Opinions(people, decisions, reviewed, np.array(answers, np.int8).reshape(decisions.shape))

"""What undoing an edit brings back: nothing that only an edit said which was undone, too, and all as it was said."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from engine.project.history.changes import AT_ONCE, DECISION, ChangeRow, Key, Said, changes_where
from engine.project.storage.schema import Change, Edit


def undone_since(connection: Connection, edit_id: int) -> set[int]:
    """The edits before this one that were undone after it."""
    later = (
        select(Edit.kind, Edit.target_id)
        .where(Edit.id > edit_id, Edit.target_id < edit_id, Edit.kind.in_(("undo", "redo")))
        .order_by(Edit.id)
    )
    last = {target: kind for kind, target in connection.execute(later)}
    return {target for target, kind in last.items() if kind == "undo" and target is not None}


def without_undone(connection: Connection, edit_id: int, changes: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Changes that undo an edit, but that each brings back what was before the edits that were undone since."""
    undone = undone_since(connection, edit_id)
    if not undone:
        return list(changes)
    touched = {one.key for one in changes_where(connection, Change.edit_id.in_(undone))}
    touched &= {one.key for one in changes}
    if not touched:
        return list(changes)
    before: dict[Key, list[tuple[int, ChangeRow]]] = {}
    edits = select(Edit.id).where(Edit.kind == "edit", Edit.id >= min(undone), Edit.id < edit_id).order_by(Edit.id)
    for (earlier,) in connection.execute(edits).all():
        for one in changes_where(connection, Change.edit_id == earlier):
            if one.key in touched and one.old != one.new:
                before.setdefault(one.key, []).append((earlier, one))
    return [one._replace(new=_before(one.new, before.get(one.key, []), undone)) for one in changes]


def _before(value: object, steps: list[tuple[int, ChangeRow]], undone: set[int]) -> object:
    for earlier, one in reversed(steps):
        if earlier not in undone or one.new != value:
            break
        value = one.old
    return value


def as_undoing_left_it(connection: Connection, edit_id: int, changes: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Changes that do an edit again, each from what undoing it left."""
    undo = select(Edit.id).where(Edit.kind == "undo", Edit.target_id == edit_id).order_by(Edit.id.desc()).limit(1)
    left = {one.key: one.new for one in changes_where(connection, Change.edit_id == undo.scalar_subquery())}
    return [one._replace(old=left.get(one.key, one.old)) for one in changes]


def as_they_were_said(connection: Connection, edit_id: int, changes: Sequence[ChangeRow]) -> dict[Key, Said]:
    """When and by whom decisions were made that undoing an edit, or doing it again, brings back."""
    wanted = {one.key: one.new for one in changes if one.field == DECISION and one.new is not None}
    photos = sorted({photo for _field, photo, _label, _stage in wanted if photo is not None})
    said: dict[Key, Said] = {}
    for start in range(0, len(photos), AT_ONCE):
        edits = (
            select(Change.photo_id, Change.label_id, Change.new, Edit.at, Edit.by)
            .join(Edit, Edit.id == Change.edit_id)
            .where(Change.field == DECISION, Change.photo_id.in_(photos[start : start + AT_ONCE]))
            .where(Edit.kind == "edit", Edit.id <= edit_id)
            .order_by(Change.id)
        )
        for photo, label, value, at, by in connection.execute(edits):
            key: Key = (DECISION, photo, label, None)
            if value is not None and wanted.get(key) == value:
                said[key] = at, by
    return said

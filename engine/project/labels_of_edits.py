"""Labels that leave the label set as part of an edit: undone, they are back in it; redone, they leave again."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from engine.project.schema import Label, Setting

_SETTING = "labels that left with edits"
"""Of the project: by the edit's id (as text, as JSON wants it), the label's id and where it was in the order."""


def leave(connection: Connection, edit_id: int, label_id: int) -> None:
    """Take a label out of the label set, as part of an edit."""
    position = connection.scalar(select(Label.position).where(Label.id == label_id))
    if position is not None:
        left = {**_left(connection), str(edit_id): [label_id, position]}
        connection.execute(insert(Setting).prefix_with("OR REPLACE").values(name=_SETTING, value=left))
        connection.execute(update(Label).where(Label.id == label_id).values(position=None))


def reverse(connection: Connection, edit_id: int, *, undo: bool) -> bool:
    """Bring the label that left with an edit back to its place, or have it leave again; whether there was one."""
    label_id, place = _left(connection).get(str(edit_id), (None, None))
    if label_id is None:
        return False
    there = connection.scalar(select(Label.position).where(Label.id == label_id)) is not None
    if undo and not there:
        connection.execute(update(Label).where(Label.position >= place).values(position=Label.position + 1))
    if undo != there:
        connection.execute(update(Label).where(Label.id == label_id).values(position=place if undo else None))
    return True


def _left(connection: Connection) -> dict[str, list[int]]:
    return connection.scalar(select(Setting.value).where(Setting.name == _SETTING)) or {}

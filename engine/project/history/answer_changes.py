"""Decisions and reviewed marks, as edits of the history keep them: what is in force now, and changing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from engine.project.storage.schema import Change, Decision, Photo

Key = tuple[int, int | None]
"""A photo's id and a label's; with label None, whether the photo is reviewed."""

AnswerChange = tuple[Key, int | None, int | None]
"""What is in force before and after: 1, 0 or None; for label None: 1 reviewed, 0 not."""

# SQLite allows some 32,000 parameters a statement.
_AT_ONCE = 5000


def answers_in_force(connection: Connection, keys: Iterable[Key]) -> dict[Key, int | None]:
    """What is in force for each photo and label: 1, 0 or None; for label None: 1 reviewed, 0 not."""
    current: dict[Key, int | None] = dict.fromkeys(keys)
    decided = sorted({photo for photo, label in current if label is not None})
    reviewed = sorted({photo for photo, label in current if label is None})
    photos: BindParameter = bindparam("photos", expanding=True)
    decisions = select(Decision.photo_id, Decision.label_id, Decision.value).where(Decision.photo_id.in_(photos))
    marks = select(Photo.id, Photo.reviewed_at).where(Photo.id.in_(photos))
    for start in range(0, len(decided), _AT_ONCE):
        for photo_id, label_id, value in connection.execute(decisions, {"photos": decided[start : start + _AT_ONCE]}):
            if (photo_id, label_id) in current:
                current[photo_id, label_id] = int(value)
    for start in range(0, len(reviewed), _AT_ONCE):
        for photo_id, reviewed_at in connection.execute(marks, {"photos": reviewed[start : start + _AT_ONCE]}):
            current[photo_id, None] = int(reviewed_at is not None)
    return current


def record_answers(
    connection: Connection, edit_id: int, changes: Sequence[AnswerChange], at: datetime, by: str
) -> None:
    """Keep what an edit changes, and change it."""
    if changes:
        connection.execute(
            insert(Change),
            [
                {"edit_id": edit_id, "photo_id": photo, "label_id": label, "old": old, "new": new}
                for (photo, label), old, new in changes
            ],
        )
    stated = [
        {"photo_id": photo, "label_id": label, "value": bool(new), "decided_at": at, "decided_by": by}
        for (photo, label), _old, new in changes
        if label is not None and new is not None
    ]
    withdrawn = [
        {"photo": photo, "label": label} for (photo, label), _old, new in changes if label is not None and new is None
    ]
    marked = [
        {"photo": photo, "when": at if new else None, "who": by if new else None}
        for (photo, label), _old, new in changes
        if label is None
    ]
    if stated:
        connection.execute(insert(Decision).prefix_with("OR REPLACE"), stated)
    if withdrawn:
        connection.execute(
            delete(Decision).where(Decision.photo_id == bindparam("photo"), Decision.label_id == bindparam("label")),
            withdrawn,
        )
    if marked:
        connection.execute(
            update(Photo)
            .where(Photo.id == bindparam("photo"))
            .values(reviewed_at=bindparam("when"), reviewed_by=bindparam("who")),
            marked,
        )

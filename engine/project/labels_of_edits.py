"""Labels that leave or join the label set as part of an edit or a run: undone, it is as before; redone, as after.

What is kept for each step of the history (an edit's id, or `run 7`) are settings of the project, with text as key as
JSON wants it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select, update

from engine.project.schema import Decision, Label, Run
from engine.project.settings import keep_setting_in, setting_in

_LEFT = "labels that left with edits"
"""By step, the label's id and where it was in the order."""

_JOINED = "labels that joined with edits"
"""By step, the same of each label."""


def step_of_run(run_id: int) -> str:
    """A run as a step of the history."""
    return f"run {run_id}"


def leave(connection: Connection, step: int | str, label_id: int) -> None:
    """Take a label out of the label set, as part of an edit."""
    place = _place(connection, label_id)
    if place is not None:
        _keep(connection, _LEFT, step, [label_id, place])
        _put(connection, label_id, None)


def joined(connection: Connection, step: int | str, label_ids: Iterable[int]) -> None:
    """Remember that these labels, which are in the label set, were put there for an edit or a run."""
    places = [[label_id, _place(connection, label_id)] for label_id in label_ids]
    if places:
        _keep(connection, _JOINED, step, places)


def reverse(connection: Connection, step: int | str, *, undo: bool) -> bool:
    """Undo what a step did to the label set, or do it again; whether the label set changed.

    A label that joined with it stays where it has decisions by now, or scores of a run that was not taken back.
    """
    changed = False
    left = setting_in(connection, _LEFT, {}).get(str(step))
    if left is not None:
        label_id, place = left
        changed |= _put(connection, label_id, place if undo else None)
    for label_id, place in setting_in(connection, _JOINED, {}).get(str(step), ()):
        if not undo:
            changed |= _put(connection, label_id, place)
        elif not _is_used(connection, label_id):
            changed |= _put(connection, label_id, None)
    return changed


def _put(connection: Connection, label_id: int, place: int | None) -> bool:
    """Bring a label to a place in the label set, or take it out; whether it was not there (or out) already."""
    if (_place(connection, label_id) is None) == (place is None):
        return False
    if place is not None:
        connection.execute(update(Label).where(Label.position >= place).values(position=Label.position + 1))
    connection.execute(update(Label).where(Label.id == label_id).values(position=place))
    return True


def _place(connection: Connection, label_id: int) -> int | None:
    return connection.scalar(select(Label.position).where(Label.id == label_id))


def _is_used(connection: Connection, label_id: int) -> bool:
    decided = select(Decision.photo_id).where(Decision.label_id == label_id).limit(1)
    scored = connection.scalars(select(Run.label_ids).where(Run.withdrawn_at.is_(None)))
    return connection.scalar(decided) is not None or any(label_id in label_ids for label_ids in scored)


def _keep(connection: Connection, setting: str, step: int | str, value: list[Any]) -> None:
    keep_setting_in(connection, setting, {**setting_in(connection, setting, {}), str(step): value})

"""Changes, the rows of the history: one field of a photo, of a label, or of both, before and after.

What a photo was answered, and the thresholds that a person set, are values that stand each for itself: here is what of
them is in force, and how it is changed. Fields of labels depend on each other, see `label_changes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, delete, insert, select, update

from engine.kinds import (
    Kind,
    is_fraction,
    is_list_of_names,
    is_list_of_other_names,
    is_name,
    is_text,
    or_none,
    whole,
)
from engine.project.rules import Rule, keep_rules, rules_in
from engine.project.storage.columns import Unsound, is_list_of_ids
from engine.project.storage.kinds import is_settlement
from engine.project.storage.rows import put_rows, replace_rows
from engine.project.storage.schema import Change, Decision, Photo, Threshold
from engine.project.thresholds import thresholds_by_hand

DECISION, REVIEWED, THRESHOLD, RULE = "decision", "reviewed", "threshold", "rule"
VALUES = (DECISION, REVIEWED, THRESHOLD, RULE)
"""Fields of a photo and a label, of a photo, of a label's scores of a stage, and of a label and a condition, which is
in place of a stage; the others are a label's own."""

SETTLEMENT = "settlement"
"""Of the project: which of several people's opinions is in force; see `history/settlement`."""

BESIDE = "beside"
"""Not a value but a file beside a photo, which an edit changed; see `history/beside`."""

AT_ONCE = 5000
"""SQLite allows some 32,000 parameters a statement."""

_PLACE = whole(0, 1_000_000)


def _is_beside(value: Any) -> bool:
    """Path, digest or None, keywords; and what was changed, of the new state."""
    if not isinstance(value, list) or len(value) not in (3, 4):
        return False
    path, digest, ours, *splices = value
    return is_text(path) and or_none(is_text)(digest) and is_list_of_names(ours) and all(map(is_text, splices))


_KINDS: dict[str, Kind] = {
    DECISION: whole(0, 1),
    REVIEWED: whole(0, 1),
    THRESHOLD: is_fraction,
    RULE: whole(1, 1),
    **dict.fromkeys(("name", "supercategory", "colour", "key"), is_name),
    "prompts": is_list_of_names,
    "parents": is_list_of_ids,
    "other_names": is_list_of_other_names,
    **dict.fromkeys(("position", "joined"), _PLACE),
    BESIDE: _is_beside,
    SETTLEMENT: is_settlement,
}
"""What each field may be, if not None."""

_NAMED = {
    DECISION: ((True, True, False),),
    REVIEWED: ((True, False, False),),
    THRESHOLD: ((False, True, True), (False, False, True)),
    SETTLEMENT: ((False, False, False),),
    RULE: ((False, True, True),),
}
"""Whether photo, label and stage are named with a field."""

Key = tuple[str, int | None, int | None, str | None]
"""Which value: the field, and the ids and the stage that it is of."""


class ChangeRow(NamedTuple):
    """One value before and after.

    A decision is 1, 0 or None, a reviewed mark 1 or 0, a threshold from 0 to 1 or None; what a field of a label is, the
    table of labels tells.
    """

    field: str
    photo_id: int | None
    label_id: int | None
    stage: str | None
    old: Any
    new: Any

    @property
    def key(self) -> Key:
        return self[:4]

    @property
    def reversed(self) -> ChangeRow:
        return self._replace(old=self.new, new=self.old)


def keep_changes(
    connection: Connection, changes: Sequence[ChangeRow], *, edit_id: int | None = None, run_id: int | None = None
) -> None:
    """Write down what an edit or a run changed."""
    if changes:
        columns = ("edit_id", "run_id", *ChangeRow._fields)
        put_rows(connection, Change, columns, [(edit_id, run_id, *one) for one in changes], replace=False)


def changes_where(connection: Connection, condition: ColumnElement[bool]) -> list[ChangeRow]:
    """What was written down, in the order in which it was."""
    columns = (Change.field, Change.photo_id, Change.label_id, Change.stage, Change.old, Change.new)
    rows = connection.execute(select(Change.id, *columns).where(condition).order_by(Change.id))
    return [_sound(change_id, ChangeRow(*row)) for change_id, *row in rows]


def _sound(change_id: int, change: ChangeRow) -> ChangeRow:
    """The change itself, where it is one that this program makes; else it is not to be made or undone."""
    kind = _KINDS.get(change.field)
    named = (change.photo_id is not None, change.label_id is not None, change.stage is not None)
    if kind is None or (change.field in _NAMED and named not in _NAMED[change.field]):
        raise Unsound(f"change.field of {change_id}", "a field of a photo or label", change.field)
    for value in (change.old, change.new):
        if value is not None and not kind(value):
            raise Unsound(f"change.old or new of {change_id}", f"a value of the field {change.field}", value)
    return change


def changes_to(connection: Connection, wanted: Mapping[Key, Any]) -> list[ChangeRow]:
    """What differs between the values in force and those that are wanted of answers and thresholds."""
    old = values_in_force(connection, wanted)
    return [ChangeRow(*key, old[key], new) for key, new in wanted.items() if old[key] != new]


def still_in_force(connection: Connection, changes: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Those changes of answers and thresholds that start from what is in force."""
    current = values_in_force(connection, (one.key for one in changes))
    return [one for one in changes if current[one.key] == one.old]


Said = tuple[datetime, str]
"""When and by whom."""


def make_changes(
    connection: Connection,
    changes: Sequence[ChangeRow],
    at: datetime,
    by: str,
    before: Mapping[Key, Said] = MappingProxyType({}),
) -> None:
    """Put the new values of answers and thresholds into force.

    Args:
        before: decisions that are no news: when they were made and by whom.
    """
    stated = []
    for one in changes:
        if one.field == DECISION and one.new is not None:
            when, who = before.get(one.key, (at, by))
            key = {"photo_id": one.photo_id, "label_id": one.label_id}
            stated.append({**key, "value": bool(one.new), "decided_at": when, "decided_by": who})
    withdrawn = [
        {"photo": one.photo_id, "label": one.label_id} for one in changes if one.field == DECISION and one.new is None
    ]
    marked = [
        {"photo": one.photo_id, "when": at if one.new else None, "who": by if one.new else None}
        for one in changes
        if one.field == REVIEWED
    ]
    thresholds = [one for one in changes if one.field == THRESHOLD]
    if stated:
        replace_rows(connection, Decision, stated)
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
    for one in thresholds:
        of_one = Threshold.label_id.is_not_distinct_from(one.label_id) & (Threshold.stage == one.stage)
        connection.execute(delete(Threshold).where(of_one))
        if one.new is not None:
            connection.execute(insert(Threshold).values(label_id=one.label_id, stage=one.stage, value=one.new))
    if rules := {_rule(one.key): one.new for one in changes if one.field == RULE}:
        kept = [one for one in rules_in(connection) if one not in rules]
        keep_rules(connection, [*kept, *(one for one, value in rules.items() if value)])


def _rule(key: Key) -> Rule:
    _field, _photo, label, condition = key
    assert label is not None
    assert condition is not None
    field, _colon, pattern = condition.partition(":")
    return Rule(label, field, pattern)


def values_in_force(connection: Connection, keys: Iterable[Key]) -> dict[Key, Any]:
    """The values in force of answers, thresholds and rules; None where there is none."""
    current: dict[Key, Any] = dict.fromkeys(keys)
    decided, reviewed = (
        sorted({photo for name, photo, _label, _stage in current if name == field and photo is not None})
        for field in (DECISION, REVIEWED)
    )
    photos: BindParameter[Any] = bindparam("photos", expanding=True)
    decisions = select(Decision.photo_id, Decision.label_id, Decision.value).where(Decision.photo_id.in_(photos))
    marks = select(Photo.id, Photo.reviewed_at).where(Photo.id.in_(photos))
    for start in range(0, len(decided), AT_ONCE):
        for photo_id, label_id, value in connection.execute(decisions, {"photos": decided[start : start + AT_ONCE]}):
            if (DECISION, photo_id, label_id, None) in current:
                current[DECISION, photo_id, label_id, None] = int(value)
    for start in range(0, len(reviewed), AT_ONCE):
        for photo_id, reviewed_at in connection.execute(marks, {"photos": reviewed[start : start + AT_ONCE]}):
            current[REVIEWED, photo_id, None, None] = int(reviewed_at is not None)
    if rules := [key for key in current if key[0] == RULE]:
        kept = set(rules_in(connection))
        current |= {key: 1 for key in rules if _rule(key) in kept}
    if any(key[0] == THRESHOLD for key in current):
        current |= {
            key: threshold
            for of_label, threshold in thresholds_by_hand(connection).items()
            if (key := (THRESHOLD, None, *of_label)) in current
        }
    return current

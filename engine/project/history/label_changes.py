"""Changes of labels and of the label set: undone, it is as before; done again, as after.

All of it is one kind of change: one label's field, before and after. The place in the label set is such a field too:
None before where a label joined, None after where it left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from engine.project.history.changes import ChangeRow
from engine.project.labels import texts_of
from engine.project.parents import find_circle
from engine.project.storage.schema import Decision, Label, Run

PLACE, JOINED = "position", "joined"
"""A label's place in the label set; and the one of a label that was put there for the sake of an edit or a run, which
it leaves with it unless something else uses it."""

_FIELDS = ("name", "prompts", "supercategory", "colour", "key", "parents", "other_names")

LABEL_FIELDS = (*_FIELDS, PLACE)


class LabelChange(NamedTuple):
    """One label's field before and after."""

    label_id: int
    field: str
    old: Any
    new: Any


def changes_made_by(connection: Connection, work: Callable[[Session], object]) -> list[ChangeRow]:
    """Do something to the labels, and tell what it changed. Places need not be without gaps when it is done."""
    before = _Labels.in_force(connection)
    with Session(connection) as session:
        work(session)
        session.flush()
    done = _Labels.in_force(connection)
    _match_ranks(connection, before, done.order)
    return _differences(before, _Labels.in_force(connection))


def joined_changes(connection: Connection, label_ids: Iterable[int]) -> list[ChangeRow]:
    """What tells that these labels, which are in the label set, were put there for the sake of something."""
    wanted = list(label_ids)
    at = {label_id: place for place, label_id in enumerate(_Labels.in_force(connection).order)} if wanted else {}
    return [_change(label_id, JOINED, None, at[label_id]) for label_id in wanted]


def make_label_changes(connection: Connection, changes: Sequence[ChangeRow]) -> tuple[list[ChangeRow], int, bool]:
    """Make those changes that start from what is in force.

    A label that joined for the sake of what is undone stays where it has decisions by now, or scores of a run that was
    not taken back.

    Returns:
        What changed, how many changes could not be made, and whether a label is asked for with other texts or came
        back, so that its scores are out of date.
    """
    if not changes:
        return [], 0, False
    before = _Labels.in_force(connection)
    wanted = [LabelChange(one.label_id, one.field, one.old, one.new) for one in changes if one.label_id is not None]
    joined = {one.label_id for one in wanted if one.field == JOINED}
    of_places = [
        one
        for one in wanted
        if one.field == PLACE or (one.field == JOINED and not (one.new is None and _is_used(connection, one.label_id)))
    ]
    order, left = _reordered(before.order, of_places)
    _match_ranks(connection, before, order)
    left += _set_fields(connection, [one for one in wanted if one.field in _FIELDS])
    after = _Labels.in_force(connection)
    # What was imported is not asked of the encoder.
    asked, asked_before = after.texts(), before.texts()
    texts_changed = any(asked_before.get(one) != text for one, text in asked.items() if one not in joined)
    return _differences(before, after), left, texts_changed


@dataclass(frozen=True)
class _Labels:
    """All labels, also those that left the label set: by id, each field's value."""

    fields: dict[int, Mapping[str, Any]]

    @classmethod
    def in_force(cls, connection: Connection) -> _Labels:
        rows = connection.execute(select(Label)).mappings()
        return cls({row["id"]: {field: row[field] for field in (PLACE, *_FIELDS)} for row in rows})

    @property
    def order(self) -> list[int]:
        """The ids of the label set, in order."""
        places = {label_id: fields[PLACE] for label_id, fields in self.fields.items() if fields[PLACE] is not None}
        return sorted(places, key=places.__getitem__)

    def texts(self) -> dict[int, tuple[str, ...]]:
        """What the labels of the label set are asked for with."""
        return {
            label_id: texts_of(self.fields[label_id]["name"], self.fields[label_id]["prompts"])
            for label_id in self.order
        }


def _change(label_id: int, field: str, old: Any, new: Any) -> ChangeRow:
    return ChangeRow(field, None, label_id, None, old, new)


def _differences(before: _Labels, after: _Labels) -> list[ChangeRow]:
    there = before.fields.keys() & after.fields.keys()
    changes = [
        _change(label_id, field, before.fields[label_id][field], after.fields[label_id][field])
        for label_id in sorted(there)
        for field in _FIELDS
        if before.fields[label_id][field] != after.fields[label_id][field]
    ]
    old = {label_id: at for at, label_id in enumerate(before.order)}
    new = {label_id: at for at, label_id in enumerate(after.order)}
    # Where labels join or leave, those behind them move along; what counts is who stands before whom.
    stay_before, stay_after = [one for one in old if one in new], [one for one in new if one in old]
    moved = [one for one, other in zip(stay_before, stay_after, strict=True) if one != other]
    return changes + [
        _change(label_id, PLACE, old.get(label_id), new.get(label_id))
        for label_id in [*moved, *sorted(old.keys() ^ new.keys())]
    ]


def _reordered(order: Sequence[int], changes: Sequence[LabelChange]) -> tuple[list[int], int]:
    """The order after these changes of places, and how many of them could not be made."""
    there = set(order)
    moved = {one.label_id: one for one in changes if None not in (one.old, one.new) and one.label_id in there}
    going = {one.label_id for one in changes if one.new is None}
    coming = sorted((one for one in changes if one.old is None), key=lambda one: one.new)
    left = len(going - there) + sum(one.label_id in there for one in coming)
    if [label_id for label_id in order if label_id in moved] == sorted(moved, key=lambda one: moved[one].old):
        again = iter(sorted(moved, key=lambda one: moved[one].new))
        order = [next(again) if label_id in moved else label_id for label_id in order]
    else:
        left += len(moved)
    order = [label_id for label_id in order if label_id not in going]
    for one in coming:
        if one.label_id not in there:
            order.insert(one.new, one.label_id)
    return order, left


def _match_ranks(connection: Connection, before: _Labels, order: Sequence[int]) -> None:
    """Make this the label set. A label that comes back gives up its key where another one has got it."""
    now = _Labels.in_force(connection)
    places = {label_id: at for at, label_id in enumerate(order)}
    _write(connection, PLACE, {one: places.get(one) for one in now.fields if now.fields[one][PLACE] != places.get(one)})
    keys = Counter(now.fields[label_id]["key"] for label_id in order)
    came = [one for one in order if one not in before.fields or before.fields[one][PLACE] is None]
    _write(connection, "key", {one: None for one in came if keys[now.fields[one]["key"]] > 1})


def _set_fields(connection: Connection, changes: Sequence[LabelChange]) -> int:
    """Make those changes that start from what is in force; returns how many were left."""
    left = len(changes)
    present = _Labels.in_force(connection)
    for field in _FIELDS:
        values = {label_id: fields[field] for label_id, fields in present.fields.items()}
        wanted = {
            one.label_id: one.new for one in changes if one.field == field and values.get(one.label_id) == one.old
        }
        if field == "name":
            wanted = _that_nobody_has(wanted, values)
        elif field == "key":
            in_force = {label_id: values[label_id] for label_id in present.order}
            elsewhere = {label_id: key for label_id, key in wanted.items() if label_id not in in_force}
            among = {label_id: key for label_id, key in wanted.items() if label_id in in_force}
            wanted = elsewhere | _that_nobody_has(among, in_force)
        elif field == "parents" and find_circle({**values, **wanted}):
            wanted = {}  # an edit since has one of them stand above the other
        _write(connection, field, wanted)
        left -= len(wanted)
    return left


def _that_nobody_has(wanted: dict[int, Any], values: Mapping[int, str | None]) -> dict[int, Any]:
    """Those of the wanted values that no other label has, also when the rest stay as they are."""
    while True:
        count = Counter(value.casefold() for value in {**values, **wanted}.values() if value is not None)
        free = {one: value for one, value in wanted.items() if value is None or count[value.casefold()] == 1}
        if len(free) == len(wanted):
            return wanted
        wanted = free


def _write(connection: Connection, field: str, values: Mapping[int, Any]) -> None:
    if values:
        connection.execute(
            update(Label).where(Label.id == bindparam("label")).values({field: bindparam("value")}),
            [{"label": label_id, "value": value} for label_id, value in values.items()],
        )


def _is_used(connection: Connection, label_id: int) -> bool:
    decided = select(Decision.photo_id).where(Decision.label_id == label_id).limit(1)
    scored = connection.scalars(select(Run.label_ids).where(Run.withdrawn_at.is_(None)))
    return connection.scalar(decided) is not None or any(label_id in label_ids for label_ids in scored)

"""What is in force where several people have an opinion: what the project's rule makes of them.

Of values that one person alone has edited the history itself says all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from engine.project.history.changes import DECISION, REVIEWED, ChangeRow, Key, changes_to, make_changes
from engine.project.history.opinions import people_of, said_of
from engine.project.history.settlement import Settlement, settlement_in_force
from engine.project.storage.schema import Change, Edit


def is_shared(connection: Connection, by: str) -> bool:
    """Whether other people than this one have edited the project."""
    return bool(people_of(connection) - {by})


def own_changes(connection: Connection, wanted: Mapping[Key, Any], by: str) -> list[ChangeRow]:
    """What a person says that is new from this one, where others have answered as well.

    That may be in force already because somebody else says so, from yes to yes.
    """
    from_in_force = {one.key: one for one in changes_to(connection, wanted)}
    rule, rows = settlement_in_force(connection), []
    said = said_of(connection, (key for key in wanted if key[0] in (DECISION, REVIEWED)))
    for key, value in wanted.items():
        change, of_key = from_in_force.get(key), said.get(key)
        others = of_key is not None and bool(of_key.people - {by})
        own = of_key.opinions.get(by) if of_key is not None else None
        is_said = (own.value if own is not None else None) == value
        if change is not None:
            # By another rule than the newest, to say a thing again, or to take back what others said, does nothing.
            if not (others and is_said and rule != Settlement()):
                rows.append(change)
        elif others and not is_said and value is not None:
            rows.append(ChangeRow(*key, value, value))
    return rows


def shared_keys(connection: Connection) -> list[Key]:
    """The photos and labels of which more than one ever said something."""
    found = (
        select(Change.photo_id, Change.label_id)
        .join(Edit, Edit.id == Change.edit_id)
        .where(Change.field == DECISION, Edit.kind == "edit")
        .group_by(Change.photo_id, Change.label_id)
        .having(func.count(Edit.by.distinct()) > 1)
    )
    return [(DECISION, photo_id, label_id, None) for photo_id, label_id in connection.execute(found)]


def following(connection: Connection, keys: Iterable[Key], rule: Settlement) -> dict[str, list[ChangeRow]]:
    """What is to change so that a rule is heeded, by whose opinion comes into force: of values several people set."""
    wanted, winners = {}, {}
    for key, said in said_of(connection, (key for key in keys if key[0] in (DECISION, REVIEWED))).items():
        if len(said.people) > 1:
            # A photo is reviewed once anybody says so.
            winners[key], value = (rule if key[0] == DECISION else Settlement()).value(said.opinions, said.people)
            wanted[key] = int(bool(value)) if key[0] == REVIEWED else value
    changes = sorted(changes_to(connection, wanted), key=lambda one: winners[one.key])
    return {who: list(rows) for who, rows in groupby(changes, key=lambda one: winners[one.key])}


def settle(connection: Connection, keys: Iterable[Key], at: datetime) -> list[ChangeRow]:
    """Put into force what follows from the opinions; returns what that changed."""
    found = following(connection, keys, settlement_in_force(connection))
    for who, changes in found.items():
        make_changes(connection, changes, at, who)
    return [one for changes in found.values() for one in changes]

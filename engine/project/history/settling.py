"""What is in force where several people have an opinion.

The newest one is, whoever says so. Of values that one person alone has edited the history itself says all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from engine.project.history.changes import (
    DECISION,
    REVIEWED,
    ChangeRow,
    Key,
    changes_to,
    make_changes,
)
from engine.project.history.opinions import Opinion, people_of, said_of


def is_shared(connection: Connection, by: str) -> bool:
    """Whether other people than this one have edited the project."""
    return bool(people_of(connection) - {by})


def agreements(
    connection: Connection, wanted: Mapping[Key, Any], changed: Sequence[ChangeRow], by: str
) -> list[ChangeRow]:
    """What a person says that is in force already because somebody else says so, and that is new from this one."""
    keys = wanted.keys() - {one.key for one in changed}
    rows = []
    for key, said in said_of(connection, (key for key in keys if key[0] in (DECISION, REVIEWED))).items():
        own = said.opinions.get(by)
        if wanted[key] is not None and said.people - {by} and (own is None or own.value != wanted[key]):
            rows.append(ChangeRow(*key, wanted[key], wanted[key]))
    return sorted(rows, key=lambda one: (one.photo_id or 0, one.label_id or 0))


def settle(connection: Connection, keys: Iterable[Key], at: datetime) -> list[ChangeRow]:
    """Put into force what follows from the opinions, of those values on which several people ever had one.

    Returns:
        What that changed.
    """
    wanted, winners = {}, {}
    for key, said in said_of(connection, (key for key in keys if key[0] in (DECISION, REVIEWED))).items():
        if len(said.people) > 1:
            winners[key], opinion = _winner(said.opinions)
            wanted[key] = int(bool(opinion.value)) if key[0] == REVIEWED else opinion.value
    changes = sorted(changes_to(connection, wanted), key=lambda one: winners[one.key])
    for winner, of_winner in groupby(changes, key=lambda one: winners[one.key]):
        make_changes(connection, list(of_winner), at, winner)
    return changes


def _winner(opinions: Mapping[str, Opinion]) -> tuple[str, Opinion]:
    """Whose opinion is in force; where nobody has one any more, nobody's."""
    return max(opinions.items(), key=lambda one: one[1].change_id, default=("", Opinion(None, 0)))

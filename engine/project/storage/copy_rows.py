"""All rows of a project, from one database to another of whichever kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Table, func, select

from engine.project.storage.rows import put_rows
from engine.project.storage.schema import Base

_AT_ONCE = 5000

TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)
"""Each behind those that it refers to."""


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES}


def copy_rows(source: Connection, target: Connection, on_rows: Callable[[int], object]) -> None:
    """Put all rows into tables that are empty, with their ids."""
    for table in TABLES:
        names = [column.name for column in table.columns]
        for rows in _parts(source, table):
            put_rows(target, table, names, rows, replace=False)
            on_rows(len(rows))


def tables_that_differ(source: Connection, target: Connection, on_rows: Callable[[int], object]) -> list[str]:
    """The names of tables whose rows are not the same, value by value."""
    differ = []
    for table in TABLES:
        for ours, theirs in zip_longest(_parts(source, table), _parts(target, table)):
            if ours != theirs:
                differ.append(table.name)
                break
            on_rows(len(ours))
    return differ


def _parts(connection: Connection, table: Table) -> Iterator[list[Sequence[Any]]]:
    in_order = select(*table.columns).order_by(*table.primary_key)
    with connection.execute(in_order.execution_options(yield_per=_AT_ONCE)) as rows:
        for part in rows.partitions():
            yield [tuple(row) for row in part]

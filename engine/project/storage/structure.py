"""What a database may be made of: tables that keep what is written to them, and nothing that acts by itself.

A file may come from a stranger. A trigger would throw answers away that were acknowledged; a view in place of a table,
or a generated column, would compute for ever or make up what it shows; another unique index or foreign key would have
rows replaced or deleted along with others.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import MetaData, Table, UniqueConstraint

from engine.project.storage.columns import Unsound

_MOST_PARTS = 1000
"""Tables, indexes and whatever else; a project has some thirty."""


def check_structure(connection: sqlite3.Connection, schema: MetaData | None = None) -> None:
    """Raise `Unsound` where a database holds what acts by itself, or, with a schema, is not made as that says.

    Tables beside those of the schema are left alone.
    """
    parts = connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT ?", (_MOST_PARTS + 1,)).fetchall()
    if len(parts) > _MOST_PARTS:
        raise Unsound("sqlite_master", f"at most {_MOST_PARTS:,} tables and indexes", "more")
    for kind, name, sql in parts:
        if kind not in ("table", "index"):
            raise Unsound("sqlite_master", "tables and indexes alone", f"the {kind} {name}")
        words = " ".join(str(sql or "").upper().split())
        if words.startswith("CREATE VIRTUAL"):
            raise Unsound("sqlite_master", "tables that are stored", f"the virtual table {name}")
        # What does not fit would be passed over in silence, or replace what was there.
        if "ON CONFLICT" in words:
            raise Unsound(f"{name}", "a table that says what it refuses", "ON CONFLICT")
    tables = {name for kind, name, _sql in parts if kind == "table"}
    for name in tables:
        for column in _rows(connection, "table_xinfo", name):
            if column["hidden"]:
                raise Unsound(f"{name}.{column['name']}", "a column that is stored", "one that is computed")
    for table in schema.sorted_tables if schema is not None else ():
        if table.name in tables:  # one that is missing is said by SQLite where it is asked for
            _check_table(connection, table)


def _check_table(connection: sqlite3.Connection, table: Table) -> None:
    columns = _rows(connection, "table_xinfo", table.name)
    if missing := {column.name for column in table.columns} - {column["name"] for column in columns}:
        raise Unsound(table.name, f"the column {min(missing)}", "none")
    unique = {frozenset(column.name for column in table.primary_key)}
    unique |= {frozenset([column.name]) for column in table.columns if column.unique}
    unique |= {
        frozenset(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    key = frozenset(column["name"] for column in columns if column["pk"])
    if key not in unique:
        raise Unsound(table.name, "the primary key that it was made with", ", ".join(sorted(key)) or "none")
    for index in _rows(connection, "index_list", table.name):
        over = frozenset(column["name"] for column in _rows(connection, "index_info", index["name"]))
        if index["unique"] and over not in unique:
            raise Unsound(table.name, "no other values to be unique", f"the index {index['name']}")
    known = {
        (one.parent.name, one.column.table.name, one.column.name, one.ondelete or "NO ACTION")
        for one in table.foreign_keys
    }
    for one in _rows(connection, "foreign_key_list", table.name):
        if (one["from"], one["table"], one["to"], one["on_delete"]) not in known or one["on_update"] != "NO ACTION":
            raise Unsound(f"{table.name}.{one['from']}", "no other foreign key", f"one to {one['table']}")


def _rows(connection: sqlite3.Connection, pragma: str, name: str) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,))  # noqa: S608 (three names from above)
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found]

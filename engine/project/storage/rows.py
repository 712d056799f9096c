"""Writing rows, in the SQL that all databases have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.sql.type_api import TypeEngine


def put_rows(
    connection: Connection,
    table: type[Any] | Table,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    replace: bool,
) -> None:
    """Insert many rows straight by the driver: SQLAlchemy's parameters cost as much as the database.

    Args:
        names: of the columns, in the order of a row's values.
        replace: put them in place of rows with the same primary key.
    """
    mapped: Table = table if isinstance(table, Table) else table.__table__
    types: list[TypeEngine[Any]] = [mapped.columns[name].type for name in names]
    processors = [one.dialect_impl(connection.dialect).bind_processor(connection.dialect) for one in types]
    if any(processors):
        columns = zip(*rows, strict=True)
        kept = [
            map(process, column) if process else column for process, column in zip(processors, columns, strict=True)
        ]
        rows = zip(*kept, strict=True)
    mark = "?" if connection.dialect.positional else "%s"
    quoted = {name: connection.dialect.identifier_preparer.quote(name) for name in names}
    statement = f"INSERT INTO {mapped.name} ({', '.join(quoted.values())}) VALUES ({', '.join([mark] * len(names))})"  # noqa: S608 (the schema's own)
    if replace:
        statement += _instead(mapped, quoted)
    connection.exec_driver_sql(statement, list(rows))


def replace_rows(connection: Connection, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all with the same columns, in place of those with the same primary key."""
    names = list(rows[0])
    put_rows(connection, table, names, [[row[name] for name in names] for row in rows], replace=True)


def _instead(table: Table, quoted: Mapping[str, str]) -> str:
    keys = [column.name for column in table.primary_key]
    others = ", ".join(f"{name} = excluded.{name}" for plain, name in quoted.items() if plain not in keys)
    return f" ON CONFLICT ({', '.join(quoted[key] for key in keys)}) DO UPDATE SET {others}"

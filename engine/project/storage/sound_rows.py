"""Rows of which some may be damaged: those are left out, or what can be done without is left empty."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select

from engine.project.storage.columns import Checked, Unsound


def sound_rows(
    connection: Connection, statement: Select[*tuple[Any, ...]], left_out: Callable[[Unsound], None]
) -> Sequence[Any]:
    """The rows that a statement finds, but for those with a value that is not of its column's kind.

    Args:
        left_out: told of each such value.
    """
    try:
        return connection.execute(statement).all()
    except Unsound:
        # Once more, as the database has it; each value is looked at here.
        return _looked_through(connection, statement, left_out)


def _looked_through(
    connection: Connection, statement: Select[*tuple[Any, ...]], left_out: Callable[[Unsound], None]
) -> Sequence[Any]:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = compiled.construct_params()
    parameters = tuple(values[name] for name in compiled.positiontup or ()) if compiled.positional else values
    found = connection.exec_driver_sql(str(compiled), parameters)
    columns = list(statement.selected_columns)
    processors = [_processor(connection, column) for column in columns]
    make: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
    rows = []
    for raw in found:
        row: list[Any] = []
        for value, column, process in zip(raw, columns, processors, strict=True):
            try:
                row.append(value if process is None else process(value))
            except Unsound as unsound:
                left_out(unsound.at(raw[0]))
                if not isinstance(column.type, Checked) or column.type.needed:
                    break
                row.append(column.type.otherwise)
        else:
            rows.append(make(*row))
    return rows


def _processor(connection: Connection, column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(connection.dialect).result_processor(connection.dialect, None)

"""In which row of a table something is that is not of its column's kind."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.project.storage.columns import Checked, Unsound
from engine.project.storage.schema import Base


def with_row(connection: Connection, unsound: Unsound) -> Unsound:
    """The same, with the first row that it is true of, where that can still be told."""
    name, _, column_name = unsound.place.partition(".")
    table = Base.metadata.tables.get(name)
    if table is None or column_name not in table.columns:
        return unsound
    column_type = table.columns[column_name].type
    if not isinstance(column_type, Checked):
        return unsound
    process = column_type.result_processor(connection.dialect, None)
    keys = [f'"{key.name}"' for key in table.primary_key]
    # As the database has it, past all types.
    columns = ", ".join([*keys, f'"{column_name}"'])
    for *key, value in connection.exec_driver_sql(f'SELECT {columns} FROM "{name}"'):  # noqa: S608 (the schema's own)
        try:
            process(value)
        except Unsound:
            return Unsound(unsound.place, column_type.expected, value).at(", ".join(map(str, key)))
    return unsound

"""One table of changes for all that edits and runs change, and one of thresholds set by hand."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_THRESHOLD, _THRESHOLDS = "threshold", "thresholds by hand, "
_FOR_ALL = "threshold for all labels, by edit"
_CHANGED, _LEFT, _JOINED = "labels changed by edit ", "labels that left with edits", "labels that joined with edits"


def upgrade() -> None:
    op.create_table(
        "threshold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.rename_table("change", "change_before")
    op.drop_index("change_of_edit")
    op.drop_index("change_of_photo")
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edit_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("old", sa.JSON(), nullable=True),
        sa.Column("new", sa.JSON(), nullable=True),
        sa.CheckConstraint("(edit_id IS NULL) <> (run_id IS NULL)", name="of_an_edit_or_a_run"),
        sa.ForeignKeyConstraint(["edit_id"], ["edit.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(
        "INSERT INTO change (id, edit_id, field, photo_id, label_id, old, new) SELECT id, edit_id, "
        "CASE WHEN label_id IS NULL THEN 'reviewed' ELSE 'decision' END, photo_id, label_id, old, new "
        "FROM change_before ORDER BY id"
    )
    op.execute(
        "INSERT INTO change (edit_id, field, label_id, stage, old, new) "
        "SELECT edit_id, 'threshold', label_id, stage, old, new FROM threshold_change ORDER BY id"
    )
    op.drop_table("change_before")
    op.drop_table("threshold_change")
    op.create_index("change_of_edit", "change", ["edit_id"], unique=False)
    op.create_index("change_of_run", "change", ["run_id"], unique=False, sqlite_where=sa.text("run_id IS NOT NULL"))
    _empty_settings(op.get_bind())


def _empty_settings(connection: sa.Connection) -> None:
    """Take what earlier versions kept in settings, of thresholds and of changes, over into the tables."""
    columns = sa.column("name", sa.String()), sa.column("value", sa.JSON())
    settings: Sequence[Any] = connection.execute(sa.select(*columns).select_from(sa.table("setting"))).all()
    labels, edits, runs = (_ids(connection, table) for table in ("label", "edit", "run"))
    for name, kept in settings:
        if name == _THRESHOLD and kept is not None:
            _insert(connection, "threshold", stage="", value=kept)
        elif name.startswith(_THRESHOLDS):
            for label, value in kept.items():
                if int(label) in labels:
                    stage = name.removeprefix(_THRESHOLDS)
                    _insert(connection, "threshold", label_id=int(label), stage=stage, value=value)
        # What a run changed that was forgotten since was left in the settings.
        for step, field, label, old, new in _changes(name, kept):
            by_run = step.startswith("run ")
            id_of_step = int(step.removeprefix("run "))
            if id_of_step in (runs if by_run else edits) and label in labels | {None}:
                of = {"run_id" if by_run else "edit_id": id_of_step, "stage": "" if label is None else None}
                values = {"label_id": label, "field": field, "old": _as_json(old), "new": _as_json(new)}
                _insert(connection, "change", **of, **values)
        if name in (_THRESHOLD, _FOR_ALL, _LEFT, _JOINED) or name.startswith((_THRESHOLDS, _CHANGED)):
            connection.exec_driver_sql("DELETE FROM setting WHERE name = ?", (name,))


def _changes(name: str, kept: Any) -> Iterator[tuple[str, str, int | None, Any, Any]]:
    """What a setting says of changes: the step (an edit's id, or `run 7`), field, label, value before and after."""
    if name.startswith(_CHANGED):
        for label, field, old, new in kept:
            yield name.removeprefix(_CHANGED), field, label, old, new
    elif name == _FOR_ALL:
        for step, (old, new) in kept.items():
            yield step, "threshold", None, old, new
    elif name == _LEFT:
        for step, (label, place) in kept.items():
            yield step, "position", label, place, None
    elif name == _JOINED:
        for step, places in kept.items():
            for label, place in places:
                yield step, "joined", label, None, place


def _ids(connection: sa.Connection, table: str) -> set[int | None]:
    return set(connection.scalars(sa.select(sa.column("id", sa.Integer())).select_from(sa.table(table))))


def _insert(connection: sa.Connection, table: str, **values: object) -> None:
    connection.execute(sa.insert(sa.table(table, *map(sa.column, values))).values(values))


def _as_json(value: object) -> object:
    return value if value is None or isinstance(value, int | float) else json.dumps(value)

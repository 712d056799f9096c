"""Settings of a project, by name; a value is anything that JSON can hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.project.project import Project
from engine.project.storage.columns import Unsound
from engine.project.storage.kinds import is_setting
from engine.project.storage.rows import replace_rows
from engine.project.storage.schema import Setting


def setting(project: Project, name: str, default: Any = None) -> Any:
    """The value last kept under this name."""
    with project.reading() as connection:
        rows = project.rows(connection, select(Setting.name, Setting.value).where(Setting.name == name))
    if not rows:
        return default
    value = rows[0].value
    if not is_setting(name, value):
        project.leave_out(Unsound(f"setting.value of {name}", "what is kept under that name", value))
        return default
    return value


def keep_setting(project: Project, name: str, value: Any) -> None:
    """Keep a value under a name."""
    with project.writing() as connection:
        replace_rows(connection, Setting, [{"name": name, "value": value}])

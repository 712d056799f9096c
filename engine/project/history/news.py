"""What others did to a project since it was read: their answers, or that there is more, so that it is read anew."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from engine.person import current_user
from engine.project.answer import Answer
from engine.project.history.changes import DECISION, REVIEWED, Key, values_in_force
from engine.project.history.claims import unseen
from engine.project.project import Project
from engine.project.storage.clock import now
from engine.project.storage.schema import Change, Photo, Run

_MOST = 20_000
"""Changes of which each is looked up; where there are more the project is read anew."""


class Mark(NamedTuple):
    """How far a project was read."""

    change_id: int
    beside: tuple[int, ...]
    """Counts that tell whether runs or photos changed."""


class News(NamedTuple):
    """What became of a project since a mark, and the mark of now."""

    mark: Mark
    answers: tuple[Answer, ...]
    """What is in force of photos and labels about which something was said; also by this program itself."""
    more: bool
    """Whether there is more than answers, so that the project is to be read anew."""


def mark(project: Project) -> Mark:
    """How far whoever reads the project from now on will have read it."""
    with project.reading() as connection:
        return _mark(connection)


def news_since(project: Project, before: Mark) -> News:
    """What became of the project since a mark.

    What is not to be seen yet, as somebody else's answers where a person is to give a second opinion, is left out.
    """
    with project.reading() as connection:
        present = _mark(connection)
        rows = connection.execute(
            select(Change.field, Change.photo_id, Change.label_id)
            .where(Change.id > before.change_id, Change.id <= present.change_id)
            .limit(_MOST + 1)
        ).all()
        fields = {row.field for row in rows}
        if len(rows) > _MOST or present.beside != before.beside or fields - {DECISION, REVIEWED}:
            return News(present, (), True)
        keys: set[Key] = {(row.field, row.photo_id, row.label_id, None) for row in rows}
        hidden = unseen(connection, current_user(), now()) if keys else set()
        values = values_in_force(connection, keys)
    answers = [
        Answer(photo, label, None if value is None else bool(value))
        for (_field, photo, label, _stage), value in values.items()
        if photo is not None and photo not in hidden
    ]
    return News(present, tuple(answers), False)


def _mark(connection: Connection) -> Mark:
    runs = connection.execute(select(func.count(), func.count(Run.finished_at), func.count(Run.withdrawn_at))).one()
    photos = connection.execute(select(func.count(), func.count(Photo.problem), func.count(Photo.content))).one()
    return Mark(connection.scalar(select(func.max(Change.id))) or 0, (*runs, *photos))

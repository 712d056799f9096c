"""Which keywords this program wrote beside photos, so that it takes back its own and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, select

from engine.project.project import Project
from engine.project.storage.rows import replace_rows
from engine.project.storage.schema import WrittenKeywords

Sidecar = tuple[int, str]
"""A photo's id, and its sidecar: path relative to the photo folder with `/`, or absolute where it is elsewhere."""

_AT_ONCE = 1000


def written_keywords(project: Project, sidecars: Sequence[Sidecar]) -> dict[Sidecar, list[str]]:
    """What was written into these sidecars, as far as anything was."""
    wanted = set(sidecars)
    photos = sorted({photo for photo, _ in sidecars})
    statement = select(WrittenKeywords).where(WrittenKeywords.photo_id.in_(bindparam("photos", expanding=True)))
    found: dict[Sidecar, list[str]] = {}
    with project.reading() as connection:
        for start in range(0, len(photos), _AT_ONCE):
            for row in connection.execute(statement, {"photos": photos[start : start + _AT_ONCE]}):
                if (row.photo_id, row.sidecar) in wanted:
                    found[row.photo_id, row.sidecar] = list(row.keywords)
    return found


def keep_written_keywords(project: Project, written: Mapping[Sidecar, Sequence[str]]) -> None:
    """Keep what is ours in these sidecars from now on, in place of what was before."""
    rows = [
        {"photo_id": photo, "sidecar": sidecar, "keywords": list(keywords)}
        for (photo, sidecar), keywords in written.items()
        if keywords
    ]
    gone = [{"photo": photo, "file": sidecar} for (photo, sidecar), keywords in written.items() if not keywords]
    with project.writing() as connection:
        if gone:
            connection.execute(
                delete(WrittenKeywords).where(
                    WrittenKeywords.photo_id == bindparam("photo"), WrittenKeywords.sidecar == bindparam("file")
                ),
                gone,
            )
        if rows:
            replace_rows(connection, WrittenKeywords, rows)

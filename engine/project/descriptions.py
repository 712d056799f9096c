"""What photos' files say of camera and places, kept in the cache by path, size and time: files are read once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import insert, inspect, select

from engine.kinds import is_list_of_names
from engine.project.project import Project
from engine.project.rules import Description
from engine.project.storage.cache_schema import file_description, thumbnail_key


def known_descriptions(project: Project, files: Sequence[tuple[str, int, int]]) -> list[Description | None]:
    """Of each file (path, bytes, time of change) what is kept; None where nobody has looked into it as it is now."""
    with project.reading_cache() as connection:
        if not inspect(connection).has_table(file_description.name):
            return [None] * len(files)  # of an older program, open for reading
        rows = connection.execute(select(file_description.c.key, file_description.c.said))
        kept = {row.key: description for row in rows if (description := _read(row.said)) is not None}
    return [kept.get(thumbnail_key(*file)) for file in files]


def keep_descriptions(project: Project, found: Mapping[tuple[str, int, int], Description]) -> None:
    """Keep what files said."""
    rows = [{"key": thumbnail_key(*file), "said": json.dumps([one.camera, *one.places])} for file, one in found.items()]
    if rows:
        with project.writing_cache() as connection:
            connection.execute(insert(file_description).prefix_with("OR REPLACE"), rows)


def _read(said: str) -> Description | None:
    try:
        value = json.loads(said)
    except ValueError:
        return None
    return Description(value[0], tuple(value[1:])) if is_list_of_names(value) and value else None

"""What a project no longer needs: found, told, and deleted. Never anything that a person decided, nor their photos.

Deleted are what a killed program left half written, files of runs that are over or forgotten, old backups but the
newest, and what the cache holds of photos that changed or are gone. All of it lies in the project's folder; links are
not followed. Classifiers stay, also those of runs that the project does not know: they may be of one that was moved
away.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, delete, func, select

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.embeddings import OF_NO_PHOTO
from engine.project.photos import GONE
from engine.project.runs import runs
from engine.project.storage.cache_schema import embedding, thumbnail, thumbnail_key
from engine.project.storage.schema import Photo
from engine.stages.labelling.initialise_settings import INITIALISE
from engine.stages.training.classifiers import CLASSIFIERS

_DAY = 24 * 60 * 60.0
_BACKUP_DAYS = 30
_AT_ONCE = 500
_PARTIAL = r"\..+\.[a-z0-9_]{8}\.partial|project-before-\w+-from-\w+\.partial"
"""Names of what this program writes beside its place; others have files that end like that, too."""


@dataclass(frozen=True)
class Leftovers:
    """What can go: files and folders, keys of thumbnails, contents of embeddings; `size` of all of it in bytes."""

    files: tuple[Path, ...]
    thumbnails: tuple[bytes, ...]
    embeddings: tuple[bytes, ...]
    size: int

    def __bool__(self) -> bool:
        return bool(self.files or self.thumbnails or self.embeddings)

    @property
    def photos(self) -> int:
        """Of how many photos, which changed or are gone, thumbnails or embeddings can go."""
        return max(len(self.thumbnails), len(self.embeddings))


def find_leftovers(project: Project) -> Leftovers:
    """Look for what can go; nothing is changed."""
    files = tuple(_old_files(project))
    thumbnails, embeddings = _old_thumbnails(project), _old_embeddings(project)
    size = sum(map(_size, files)) + sum(thumbnails.values()) + sum(embeddings.values())
    return Leftovers(files, tuple(thumbnails), tuple(embeddings), size)


def tidy(
    project: Project, leftovers: Leftovers, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> None:
    """Delete leftovers. What cannot be deleted, because somebody looks at it, stays until the next time.

    Raises:
        ProjectError: the cache cannot be written.
        Cancelled: some are left.
    """
    total = len(leftovers.files) + len(leftovers.thumbnails) + len(leftovers.embeddings)
    progress.start("Tidying up", total=total, unit="")
    for file in leftovers.files:
        cancellation.check()
        if file.is_dir():
            shutil.rmtree(file, ignore_errors=True)
        else:
            with suppress(OSError):
                file.unlink()
        progress.advance()
    _forget(project, thumbnail, thumbnail.c.key, leftovers.thumbnails, progress, cancellation)
    _forget(project, embedding, embedding.c.content, leftovers.embeddings, progress, cancellation)
    if leftovers.thumbnails or leftovers.embeddings:
        project.compact_cache()


def _old_files(project: Project) -> Iterator[Path]:
    known = {run.id: run for run in runs(project)}
    labelled = [run.id for run in known.values() if run.stage == INITIALISE and run.finished_at is not None]
    for file in _files(project.folder, r"similarities-(\d+)\.f32"):
        if _number(file) < max(labelled, default=0):
            yield file
    for file in _files(project.folder / "training", r"run-(\d+)\.safetensors"):
        run = known.get(_number(file))
        if run is None or run.finished_at is not None:
            yield file
    backups = sorted(_files(project.folder, r"project-before-\w+-from-\w+\.sqlite"), key=_changed)
    yield from (file for file in backups[:-1] if _is_older(file, _BACKUP_DAYS))
    for folder in (project.folder, project.folder / CLASSIFIERS, project.folder / "training"):
        yield from (file for file in _files(folder, _PARTIAL) if _is_older(file, 1))


def _old_thumbnails(project: Project) -> dict[bytes, int]:
    """Keys of thumbnails of files that are gone or changed, with their bytes."""
    with project.reading() as connection:
        there = {
            thumbnail_key(*row)
            for row in connection.execute(
                select(Photo.path, Photo.size, Photo.modified_ns).where(Photo.problem.is_distinct_from(GONE))
            )
        }
    return _others(project, thumbnail.c.key, thumbnail.c.jpeg, there)


def _old_embeddings(project: Project) -> dict[bytes, int]:
    """Contents that no photo has, with the bytes of their embeddings; none as long as a photo was not read yet."""
    with project.reading() as connection:
        unread = select(Photo.id).where(Photo.content.is_(None), Photo.problem.is_(None)).limit(1)
        if connection.scalar(unread) is not None:
            return {}
        there = set(connection.scalars(select(Photo.content).where(Photo.problem.is_distinct_from(GONE))))
    return _others(project, embedding.c.content, embedding.c.vectors, there | {OF_NO_PHOTO})


def _others(
    project: Project, key: Column[Any], data: Column[Any], there: set[bytes] | set[bytes | None]
) -> dict[bytes, int]:
    with project.reading_cache() as connection:
        sizes = select(key, func.sum(func.length(data))).group_by(key)
        return {one: size for one, size in connection.execute(sizes) if one not in there}


def _forget(
    project: Project,
    table: Table,
    key: Column[Any],
    keys: tuple[bytes, ...],
    progress: Progress,
    cancellation: Cancellation,
) -> None:
    for start in range(0, len(keys), _AT_ONCE):
        cancellation.check()
        some = keys[start : start + _AT_ONCE]
        with project.writing_cache() as connection:
            connection.execute(delete(table).where(key.in_(some)))
        progress.advance(len(some))


def _files(folder: Path, pattern: str) -> list[Path]:
    """The files and folders in a folder whose whole names match; no links, and none in a folder that is one."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [Path(one) for one in entries if not one.is_symlink() and re.fullmatch(pattern, one.name)]


def _number(file: Path) -> int:
    return int(re.findall(r"\d+", file.name)[0])


def _changed(file: Path) -> float:
    with suppress(OSError):
        return file.lstat().st_mtime
    return time.time()


def _is_older(file: Path, days: int) -> bool:
    return time.time() - _changed(file) > days * _DAY


def _size(file: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    inside = (Path(path, name) for path, _folders, names in os.walk(file) for name in names)
    total = 0
    for one in inside if file.is_dir() else (file,):
        with suppress(OSError):
            total += one.lstat().st_size
    return total

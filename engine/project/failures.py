"""What keeps a project from being opened, read or written, as a sentence that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from engine.errors import UserError
from engine.project.storage.columns import Unsound
from engine.project.storage.database import CACHE_FILE, is_damage
from engine.wording import Sentence


class ProjectError(UserError):
    """A project cannot be opened or written; the message says why and what to do."""


class ProjectInUse(ProjectError):
    """Another process has the project open for writing."""


class ProjectNotWritable(ProjectError):
    """Nothing can be written where the project is."""


NOT_OPENED = Sentence(
    "The project in {folder} cannot be opened ({why}). Check that the disk has room, the folder is still there and no "
    "other program holds its files; what is in them is unharmed."
)
NOT_READ = Sentence(
    "Nothing could be read from {folder} ({why}). Check that the folder is still there and no other program holds its "
    "files; what is in them is unharmed."
)
NOT_WRITTEN = Sentence(
    "Nothing could be written to {folder} ({why}). Check that the disk has room and the folder is still there; what "
    "was there before is unharmed."
)


def damaged(file: Path, why: object) -> ProjectError:
    """What is said of a file that is not what it was, or never was what it should be."""
    way_out = (
        Sentence("Delete it: it is made again.")
        if file.name == CACHE_FILE
        else Sentence("Put back a backup copy, or move it away to begin anew.")
    )
    return ProjectError(Sentence("{file} is damaged ({why}). {way_out}").format(file=file, why=why, way_out=way_out))


@contextmanager
def failure_said(file: Path, otherwise: Sentence) -> Iterator[None]:
    """Say what is the matter with a database: that its file is damaged, or `otherwise` what is in the way."""
    try:
        yield
    except Unsound as error:
        raise damaged(file, error) from error
    except (DatabaseError, sqlite3.Error) as error:
        why = error.orig if isinstance(error, DatabaseError) else error
        if isinstance(why, sqlite3.Error) and is_damage(why):
            raise damaged(file, why) from error
        if not isinstance(why, sqlite3.OperationalError):
            raise
        raise ProjectError(otherwise.format(folder=file.parent, why=why)) from error


@contextmanager
def opening_failure_said(file: Path) -> Iterator[None]:
    try:
        with failure_said(file, NOT_OPENED):
            yield
    except OSError as error:
        raise ProjectError(NOT_OPENED.format(folder=file.parent, why=error.strerror)) from error

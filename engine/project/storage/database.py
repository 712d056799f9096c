"""What a project's database does, whichever it is: the small interface that each kind of database stands behind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from engine.project.storage.address import Place
from engine.wording import Sentence


class Doing(Enum):
    """What was under way when a database failed."""

    OPENING, READING, WRITING = range(3)


Wait = Callable[[float], bool]
"""Waits at most so many seconds until others changed something; says whether they did since it was asked last."""


class Database(ABC):
    """The database of one project, open. May be used from several threads: each transaction has its own connection."""

    engine: Engine
    place: Place
    name: str
    """Which it is, for people."""
    folder: Path
    """Where on this machine the cache and all other files of the project are."""
    read_only: bool
    others_write: bool
    """Whether other programs may write to it while it is open here."""
    lists_photos: bool = True
    """Whether who opened it may say which photos there are; who only reviews may not."""
    person: str | None = None
    """Who the database knows that writes; None where it knows nobody."""
    is_new: bool = False
    """Whether opening it made it and the folder it is in."""
    goes: bool = False
    """Whether its files go as it is closed."""
    only_to_read: Sentence
    """What is said to who wants to write where the project is open for reading only."""
    to_read: Mapping[str, Any] = {}
    """What a connection has to be told to see one state while others write."""

    @abstractmethod
    def failure_said(self, doing: Doing) -> AbstractContextManager[None]:
        """Say as a ProjectError what is the matter with the database, where something is."""

    @abstractmethod
    def check_is_there(self) -> None:
        """Raise ProjectError where it is known before writing that nothing would be kept."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @abstractmethod
    def changes_of_others(self) -> AbstractContextManager[Wait]:
        """Learn of what other programs write, from now on."""

    @abstractmethod
    def rows_were_put(self, connection: Connection) -> None:
        """To be called where rows were put with ids of their own."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with (
            self.failure_said(Doing.READING),
            self.engine.connect().execution_options(**self.to_read) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing. There is one at a time, so that what it reads is in force."""
        self.check_is_there()
        with (
            self.failure_said(Doing.WRITING),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While it lasts, no other program does long work that writes runs.

        Raises:
            ProjectInUse: another one does.
        """
        yield

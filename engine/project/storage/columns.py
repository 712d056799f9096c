"""The one door for what is read from a project's rows: each value is of its column's kind, or the file is damaged.

SQLite keeps anything in any column, and a project may come from a stranger. So every column of the schema has one of
these types, which look at each value on its way out. They cost less than a tenth of a microsecond a value.

PostgreSQL has columns of the same kinds, and refuses the rest by itself; texts are sorted as SQLite sorts them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import BigInteger, Column, LargeBinary, String, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeEngine, UserDefinedType

from engine.kinds import Kind

MOST_ID = 2**40
"""No project has so many photos, and places in files are counted by them."""

MOST_CHARACTERS = 100_000
"""Of any text but a name, e.g. the title of an edit."""

MOST_IN_A_PATH = 32_768
"""Characters, as Windows has it; other systems take fewer."""


class Unsound(ValueError):
    """A value in the database is not of its column's kind."""

    def __init__(self, place: str, expected: str, value: object) -> None:
        shown = repr(value)
        super().__init__(f"{place}: expected {expected}, but got {shown if len(shown) <= 60 else shown[:60] + '…'}")
        self.place, self.expected, self.value = place, expected, value

    def at(self, key: object) -> Unsound:
        """The same, with the row that it is in."""
        return Unsound(f"{self.place} of {str(key)[:40]}", self.expected, self.value)


class Checked(TypeEngine[Any]):
    """What the type of a column has beside SQLAlchemy's own: it looks at each value that is read."""

    place = "?"
    """Table and column."""
    needed = True
    """Whether a row is of no use without it; else there is `otherwise` in its place."""
    otherwise: Any = None

    def adapt(self, cls: Any, **kw: Any) -> Any:
        """SQLAlchemy's copy for a dialect, which has to know all that this one knows."""
        return copy(self)

    def or_else(self, otherwise: Any) -> Self:
        """The same for a column whose rows are of use without it."""
        other = copy(self)
        other.needed, other.otherwise = False, otherwise
        return other

    @property
    def expected(self) -> str:
        """In words."""
        raise NotImplementedError

    def is_sound(self, value: Any) -> bool:
        """Whether a value that is not NULL is of this kind."""
        raise NotImplementedError

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        is_sound, unsound = self.is_sound, self.unsound

        def checked(value: Any) -> Any:
            if value is None or is_sound(value):
                return value
            raise unsound(value)

        return checked

    def unsound(self, value: object) -> Unsound:
        return Unsound(self.place, self.expected, value)


class Whole(Checked, BigInteger):
    """A whole number from `low` to `high`."""

    def __init__(self, low: int = 0, high: int = MOST_ID) -> None:
        super().__init__()
        self.low, self.high = low, high

    @property
    def expected(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def is_sound(self, value: Any) -> bool:
        return type(value) is int and self.low <= value <= self.high

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        low, high, unsound = self.low, self.high, self.unsound

        def checked(value: Any) -> Any:
            if value is None or (type(value) is int and low <= value <= high):
                return value
            raise unsound(value)

        return checked


@compiles(Whole, "sqlite")
def _whole_in_sqlite(_type: Whole, _compiler: object, **_kw: object) -> str:
    return "INTEGER"  # of 64 bits as well, and the only kind that ids may be of


class YesNo(Checked, UserDefinedType[bool]):
    """1 or 0 in SQLite; in Python, and in PostgreSQL, True or False."""

    cache_ok = True
    expected = "0 or 1"

    def get_col_spec(self, **_kw: Any) -> str:
        return "BOOLEAN"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        kept = int if dialect.name == "sqlite" else bool
        return lambda value: None if value is None else kept(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        known, unsound = {0: False, 1: True, None: None}, self.unsound

        def checked(value: Any) -> Any:
            if (type(value) in (int, bool) or value is None) and value in known:
                return known[value]
            raise unsound(value)

        return checked


class Fraction(Checked, UserDefinedType[float]):
    """A number from 0 to 1."""

    cache_ok = True
    expected = "a number from 0 to 1"

    def get_col_spec(self, **_kw: Any) -> str:
        return "FLOAT"

    def is_sound(self, value: Any) -> bool:
        return isinstance(value, int | float) and 0 <= value <= 1


class Text(Checked, String):
    """Text of at most so many characters."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        super().__init__()
        self.most = most

    @property
    def expected(self) -> str:
        return f"text of at most {self.most:,} characters"

    def is_sound(self, value: Any) -> bool:
        return type(value) is str and len(value) <= self.most


@compiles(Text, "postgresql")
def _text_in_postgresql(_type: Text, _compiler: object, **_kw: object) -> str:
    return 'VARCHAR COLLATE "C"'  # sorted by code points, as SQLite does


# Bytes of a file name that are not UTF-8 reach Python as lone surrogates, which SQLite cannot keep as text.
# They are kept in a plane that is private to each program, so that every name comes back byte for byte.
_SURROGATES = range(0xDC80, 0xDD00)
_TO_PRIVATE = {code: code + 0x100000 for code in _SURROGATES}
_FROM_PRIVATE = {code + 0x100000: code for code in _SURROGATES}


class PhotoPath(Text):
    """A photo's path relative to the photo folder, with `/`, whatever bytes its name is made of."""

    def __init__(self) -> None:
        super().__init__(MOST_IN_A_PATH)

    @property
    def expected(self) -> str:
        return f"the path of a file, of at most {self.most:,} characters"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return lambda value: value if value is None or value.isascii() else value.translate(_TO_PRIVATE)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        most, unsound = self.most, self.unsound

        def checked(value: Any) -> Any:
            if type(value) is not str or len(value) > most or "\0" in value or not value.strip("./"):
                raise unsound(value)
            return value if value.isascii() else value.translate(_FROM_PRIVATE)

        return checked


class Bytes(Checked, LargeBinary):
    """Bytes, any number of them."""

    expected = "bytes"

    def bind_processor(self, dialect: Dialect) -> None:
        return None  # drivers take them as they are

    def is_sound(self, value: Any) -> bool:
        return type(value) is bytes


class Moment(Checked, UserDefinedType[datetime]):
    """A date with its time, without a zone."""

    cache_ok = True
    expected = "a date with its time"

    def get_col_spec(self, **_kw: Any) -> str:
        return "DATETIME"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        if dialect.name != "sqlite":
            return None
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        unsound = self.unsound

        def checked(value: Any) -> Any:
            if value is None:
                return None
            if (moment := _moment(value)) is None:
                raise unsound(value)
            return moment

        return checked


class Document(Checked, UserDefinedType[Any]):
    """What JSON can hold, as far as `is_kind` allows it. `kind` says in words what that is.

    Of those that are `kept_in_mind` the last ones are not read and looked through again and again; what they hold must
    not be changed in place.
    """

    cache_ok = True

    def __init__(
        self,
        kind: str = "anything that JSON can hold",
        is_kind: Kind = lambda value: True,
        *,
        kept_in_mind: bool = False,
    ) -> None:
        self.kind, self.is_kind, self.kept_in_mind = kind, is_kind, kept_in_mind

    @property
    def expected(self) -> str:
        return f"JSON, {self.kind}"

    def get_col_spec(self, **_kw: Any) -> str:
        return "JSON"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return json.dumps

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        is_kind, unsound = self.is_kind, self.unsound
        read = _read_once if self.kept_in_mind else _read

        def checked(kept: Any) -> Any:
            try:
                if type(kept) is str:
                    return read(is_kind, kept)
            except (ValueError, RecursionError):
                raise unsound(kept) from None
            if kept is None or (not isinstance(kept, bytes) and is_kind(kept)):
                return kept
            raise unsound(kept)

        return checked


class Json(Document):
    """Anything that JSON can hold. In SQLite numbers are its own, exact and small; None is NULL."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return as_json if dialect.name == "sqlite" else lambda value: None if value is None else json.dumps(value)


@compiles(Moment, "postgresql")
def _moment_in_postgresql(_type: Moment, _compiler: object, **_kw: object) -> str:
    return "TIMESTAMP"


@compiles(Document, "postgresql")
def _document_in_postgresql(_type: Document, _compiler: object, **_kw: object) -> str:
    return "TEXT"  # which comes back as it was written


def _read(is_kind: Kind, kept: str) -> Any:
    """A document, or ValueError where it is none of this kind."""
    value = json.loads(kept)
    if value is not None and not is_kind(value):
        raise ValueError("not of this kind")
    return value


_read_once = lru_cache(maxsize=16)(_read)
"""With thousands of labels a run's settings hold tens of thousands of numbers, and are asked for a dozen times over."""


def as_json(value: Any) -> Any:
    """A value as SQLite keeps it in a column of `Json`."""
    return value if value is None or isinstance(value, int | float) else json.dumps(value)


@event.listens_for(Column, "after_parent_attach")
def _say_where(column: Column[Any], table: Any) -> None:
    """Let the type of a column say in which one it found something."""
    if isinstance(column.type, Checked):
        of_this_one: Any = copy(column.type)
        of_this_one.place = f"{table.name}.{column.name}"
        column.type = of_this_one


def is_id(value: object) -> bool:
    return type(value) is int and 0 <= value <= MOST_ID


def is_list_of_ids(value: object) -> bool:
    return isinstance(value, list) and all(map(is_id, value))


def _moment(value: object) -> datetime | None:
    if type(value) is datetime:
        return value if value.tzinfo is None else None
    if type(value) is not str or len(value) > 40:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else None

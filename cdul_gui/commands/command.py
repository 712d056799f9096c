"""What a command is: a text, what it calls, its keys, its icon, and what must be there for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdul_gui.desk.desk import Desk


class Needs(Flag):
    """What must be there for a command to make sense."""

    NOTHING = 0
    PROJECT = auto()
    """Photos are open."""
    CURRENT = auto()
    """A photo is looked at."""
    WRITABLE = auto()
    """The open project may be changed."""
    IDLE = auto()
    """No long work is under way."""
    GALLERY = auto()
    """All photos are shown."""
    LARGE = auto()
    """One photo is shown large."""
    CHOSEN_LABEL = auto()
    """A label is looked at."""
    QUEUE = auto()
    """A queue is reviewed."""
    QUEUE_OR_ASIDE = auto()
    """A queue is reviewed, or waits to be gone on with."""
    UNDOABLE = auto()
    """Something can be undone."""
    REDOABLE = auto()
    """Something that was undone can be done again."""


EDIT = Needs.CURRENT | Needs.WRITABLE


@dataclass(frozen=True)
class Command:
    """One command.

    `keys` are as QKeySequence writes them; with `in_gallery` they count only while the gallery has the focus.
    """

    id: str
    text: str
    run: Callable[[Desk], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: Needs = Needs.NOTHING
    tip: str = ""
    in_gallery: bool = False
    checked: Callable[[Desk], bool] | None = None
    """For a command that switches something on and off: whether it is on."""


@dataclass(frozen=True)
class Submenu:
    """Commands that stand together in a menu of their own inside a menu."""

    title: str
    commands: tuple[Command | None, ...]


SEPARATOR = None

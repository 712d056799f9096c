"""What a command is: a text, what it calls, its keys, its icon, and what must be there for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import TYPE_CHECKING

from cdul_gui.wording import QT_TRANSLATE_NOOP

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


MISSING = (
    (Needs.PROJECT, QT_TRANSLATE_NOOP("Actions", "Not now: open a folder first")),
    (Needs.WRITABLE, QT_TRANSLATE_NOOP("Actions", "Not now: this project can only be looked at")),
    (Needs.IDLE, QT_TRANSLATE_NOOP("Actions", "Not now: wait until the work under way has ended, or cancel it")),
    (Needs.CURRENT, QT_TRANSLATE_NOOP("Actions", "Not now: choose a photo first")),
    (Needs.CHOSEN_LABEL, QT_TRANSLATE_NOOP("Actions", "Not now: choose a label first")),
    (Needs.GALLERY, QT_TRANSLATE_NOOP("Actions", "Not now: go back to the photos first")),
    (Needs.LARGE, QT_TRANSLATE_NOOP("Actions", "Not now: show a photo large first")),
    (Needs.QUEUE, QT_TRANSLATE_NOOP("Actions", "Not now: start a queue first")),
    (Needs.QUEUE_OR_ASIDE, QT_TRANSLATE_NOOP("Actions", "Not now: no queue is on")),
    (Needs.UNDOABLE, QT_TRANSLATE_NOOP("Actions", "Not now: there is nothing to undo")),
    (Needs.REDOABLE, QT_TRANSLATE_NOOP("Actions", "Not now: nothing was undone")),
)
"""Why a command cannot be had, where this is not there; of several the first is said."""

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

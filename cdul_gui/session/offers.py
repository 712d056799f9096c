"""A sentence for the message bar, with buttons for what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One button; the first of an offer is what most people want."""

    text: str
    run: Callable[[], object]
    tip: str = ""


@dataclass(frozen=True)
class TakeBack:
    """Undoes one edit, as the key for undo does while that is the last one."""

    undo: Callable[[int], object]
    edit_id: int

    def __call__(self) -> None:
        self.undo(self.edit_id)


@dataclass(frozen=True)
class Done:
    """Long work that ended well: what it did, empty where that need not be said, and what can be done about it.

    `undoable`: it is an edit, of which nothing is said any more once it is taken back.
    """

    sentence: str = ""
    choices: tuple[Choice, ...] = ()
    undoable: bool = False


@dataclass(frozen=True)
class Offer:
    """`wrong`: something could not be done. `waits`: it is shown beside the offer that is shown now, or once what else
    is shown was read. `about`: it takes the place of another one about the same, shown or waiting. `renews`: it does
    nothing else; without a sentence the other one is no longer shown. `holds`: until that is said, it comes beside
    other offers that are made, and back once what else took its place was read."""

    sentence: str
    choices: tuple[Choice, ...] = ()
    wrong: bool = False
    waits: bool = False
    about: str = ""
    renews: bool = False
    holds: bool = False

"""Who decides: the name that answers, edits and runs are kept under.

By default it is the one that the system knows; of a project on a server, whom that knows. Two people at one machine
each say who they are: for one command with `--user NAME`, for a terminal with the variable CDUL_USER, for good in the
window.
"""

from __future__ import annotations

import getpass
import os

from engine.errors import WrongUsage
from engine.user_settings import keep_user_setting, user_setting
from engine.wording import Sentence

VARIABLE = "CDUL_USER"
MOST_CHARACTERS = 60

OF_A_FILE = "import: "
"""What the name of a file begins with that answers were taken over from: it says so, and is no person."""

_SETTING = "person"

_wished: list[str] = []
"""The name that the command which runs was told, if any."""

_of_the_server: list[str] = []
"""Whom the server knows that the open project is on, if it is on one."""


def current_user() -> str:
    """The name of the person at the machine.

    Raises:
        WrongUsage: `CDUL_USER` is no name.
    """
    if _wished:
        return _wished[-1]
    if (named := os.environ.get(VARIABLE, "")).strip():
        return checked_name(named)
    return _kept() or _by_default()


def be(name: str | None) -> None:
    """Be this person as long as the program runs; None for who it is without that.

    Raises:
        WrongUsage: it is no name.
    """
    _wished[:] = [] if name is None else [checked_name(name)]


def be_by_default(name: str | None) -> None:
    """Be whom a server knows, unless the person says otherwise; None for whom the system knows."""
    _of_the_server[:] = [name] if name and is_person(name) else []


def keep_name(name: str | None) -> None:
    """Be this person from now on, in every project; None for the one that the system knows.

    Raises:
        WrongUsage: it is no name.
        UserError: it cannot be kept.
    """
    name = None if name is None else checked_name(name)
    keep_user_setting(_SETTING, None if name == _by_default() else name)
    be(name)


def checked_name(name: str) -> str:
    """A name that a person may have, without space around it.

    Raises:
        WrongUsage: it is empty, too long, cannot be printed, or could be taken for a file's.
    """
    name = name.strip()
    if not name or len(name) > MOST_CHARACTERS or not name.isprintable() or not is_person(name):
        raise WrongUsage(
            Sentence("Expected a person's name of 1 to {most} letters, but got {name!r}.").format(
                most=MOST_CHARACTERS, name=name[: MOST_CHARACTERS + 1]
            )
        )
    return name


def is_person(name: str) -> bool:
    """Whether answers under this name are a person's, and not those of a file."""
    return not name.startswith(OF_A_FILE)


def _kept() -> str | None:
    kept = user_setting(_SETTING)
    try:
        return None if kept is None else checked_name(kept)
    except WrongUsage:
        return None


def _by_default() -> str:
    return _of_the_server[-1] if _of_the_server else user_of_the_system()


def user_of_the_system() -> str:
    """Whom the system knows; somebody where it knows nobody, as in a container."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def is_somebody_else() -> bool:
    """Whether the person is called otherwise than the system, or the server, knows."""
    return current_user() != _by_default()

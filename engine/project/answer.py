"""What a person says of a photo, and who it is."""

from __future__ import annotations

import getpass
from typing import NamedTuple


class Answer(NamedTuple):
    """What a person says of one photo: yes, no or undecided (None) to a label; with label None: reviewed or not."""

    # A tuple, because thousands of photos may be answered for at once, in the window's thread.

    photo_id: int
    label_id: int | None
    value: bool | None


def current_user() -> str:
    """Who decides: the name of the person at the machine."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"

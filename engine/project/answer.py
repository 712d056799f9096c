"""What a person says of a photo."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """What a person says of one photo: yes, no or undecided (None) to a label; with label None: reviewed or not."""

    # A tuple, because thousands of photos may be answered for at once, in the window's thread.

    photo_id: int
    label_id: int | None
    value: bool | None

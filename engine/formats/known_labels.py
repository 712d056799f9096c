"""What a file or folder of another program knows of photos: the one shape that every reader gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import UserError

MOST_BYTES = 2 * 2**30
"""Of a file that is read whole; a larger one is refused."""

PRESENT, ABSENT, IGNORED = 1, 0, -1
"""A photo has a label, or not, or it is not to be counted, as an object that is difficult to tell."""


class KnownLabelsError(UserError):
    """Known labels cannot be read; the message names the file and the place in it."""


@dataclass(frozen=True)
class KnownLabels:
    """Labels of photos as somebody knows them, to be compared with (a truth) or taken over.

    `answers[file_name][label]` is PRESENT, ABSENT or IGNORED; what is not there is ABSENT.
    """

    labels: tuple[str, ...]
    answers: dict[str, dict[str, int]]
    photo_folder: Path | None = None
    """Where the photos lie that the names are of, where the format says so: to recognise photos by their content."""

"""Patterns that people write: names with * and ?, folders, and days."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from datetime import date

from engine.errors import WrongUsage
from engine.wording import Sentence

_PART = r"(?:\d{1,2}|\*)"
_DAYS = re.compile(rf"(\d{{4}}|\*)(?:-({_PART}))?(?:-({_PART}))?", re.ASCII)
_END = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


def matches(pattern: str) -> Callable[[str], bool]:
    """Whether a text, given in `casefold`, is what a pattern says as a whole, whatever the capitals."""
    found = re.compile(fnmatch.translate(pattern.casefold())).match
    return lambda text: found(text) is not None


def is_called(pattern: str) -> Callable[[str], bool]:
    """Whether a photo's file, given by its name in `casefold`, is called as a pattern says: by its whole name, or,
    where it has no * or ?, by the name without the ending."""
    if any(sign in pattern for sign in "*?["):
        return matches(pattern)
    found = re.compile(rf"{re.escape(pattern.casefold())}(\.[^.]*)?").fullmatch
    return lambda text: found(text) is not None


def is_in_folder(pattern: str) -> Callable[[str], bool]:
    """Whether a folder, given in `casefold`, is what a pattern says or below it: by a name or the path from the top."""
    is_it = matches(pattern.strip("/"))

    def is_in(folder: str) -> bool:
        names = folder.split("/")
        return any(map(is_it, names)) or any(is_it("/".join(names[:end])) for end in range(2, len(names) + 1))

    return is_in


def is_of_days(pattern: str) -> Callable[[date], bool]:
    """Whether a day is meant: 2024, 2024-05, 2024-05-31; with * for any, as *-12; or a first and last one, .. between.

    Raises:
        WrongUsage: it is none of these.
    """
    first, dots, last = (part.strip() for part in pattern.partition(".."))
    ends = [_END.fullmatch(end) for end in (first, last) if end] if dots else []
    shared = min(len(first), len(last))
    if ends and all(end is not None and _is_there(end) for end in ends) and first[:shared] <= last[:shared]:
        # As text the earlier day is the lesser one.
        return lambda day: (
            (not first or day.isoformat()[: len(first)] >= first) and (not last or day.isoformat()[: len(last)] <= last)
        )
    found = _DAYS.fullmatch(first) if not dots else None
    if found is None or not _is_there(found):
        raise WrongUsage(
            Sentence(
                "Expected days such as 2024, 2024-05, *-12 (each December) or 2024-05-01..2024-05-14, but got {came!r}."
            ).format(came=pattern)
        )
    wanted = [None if part in (None, "*") else int(part) for part in found.groups()]
    return lambda day: all(
        part is None or part == own for part, own in zip(wanted, (day.year, day.month, day.day), strict=True)
    )


def _is_there(found: re.Match[str]) -> bool:
    """Whether there is such a day in some year, or in the one that is named."""
    year, month, day = (None if part in (None, "*") else int(part) for part in found.groups())
    try:
        # 2000 had a 29th of February, and January has all days.
        date(2000 if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True

"""Small changes of a file's bytes: everything around them stays as it is, and they can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Splice(NamedTuple):
    """Bytes that come in the place of others; `start` is in the file as it was before all of its changes."""

    start: int
    removed: bytes
    added: bytes


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """The file after its changes, which do not overlap.

    Raises:
        ValueError: something else stands where bytes are to be removed.
    """
    parts: list[bytes] = []
    at = 0
    for one in sorted(splices):
        end = one.start + len(one.removed)
        if one.start < at or data[one.start : end] != one.removed:
            raise ValueError("the file is not the one that was to be changed")
        parts += [data[at : one.start], one.added]
        at = end
    return b"".join([*parts, data[at:]])


def taken_back(splices: Iterable[Splice]) -> tuple[Splice, ...]:
    """What makes the file of before out of the one after."""
    back: list[Splice] = []
    longer = 0
    for one in sorted(splices):
        back.append(Splice(one.start + longer, one.added, one.removed))
        longer += len(one.added) - len(one.removed)
    return tuple(back)


def replaced(before: bytes, start: int, end: int, added: bytes) -> Splice:
    """What stands from `start` to `end` gives way."""
    return Splice(start, before[start:end], added)


def as_text(splices: Sequence[Splice]) -> list[list[object]]:
    """Splices as JSON can hold them, bytes as characters of the same numbers."""
    return [[one.start, one.removed.decode("latin-1"), one.added.decode("latin-1")] for one in splices]


def of_text(kept: object) -> tuple[Splice, ...]:
    """What `as_text` was given; ValueError for anything else."""
    try:
        return tuple(
            Splice(int(start), removed.encode("latin-1"), added.encode("latin-1"))
            for start, removed, added in kept  # type: ignore[attr-defined]
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError("not the changes of a file") from error

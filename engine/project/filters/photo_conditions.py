"""What a filter can ask of a photo's path and date."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine.project.filters.filter import Mask, ScoresOf, folded_paths, mask_of
from engine.project.filters.quoting import quoted
from engine.project.snapshot import Snapshot


@dataclass(frozen=True)
class InFolder:
    """`folder:PATTERN`: one of the photo's folders, by its name or its path from the top, whatever the capitals."""

    pattern: str

    def __str__(self) -> str:
        return f"folder:{quoted(self.pattern)}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        matches = _glob(self.pattern.strip("/"))
        folders = [path.rpartition("/")[0] for path in folded_paths(snapshot)]

        def is_in(folder: str) -> bool:
            names = folder.split("/")
            return any(map(matches, names)) or any(matches("/".join(names[:end])) for end in range(2, len(names) + 1))

        found = {folder: is_in(folder) for folder in set(folders)}
        return mask_of([found[folder] for folder in folders])

    def phrase(self, *, negated: bool = False) -> str:
        return f"{'not ' * negated}in the folder “{self.pattern}”"


@dataclass(frozen=True)
class Named:
    """`name:PATTERN`: the whole file name, whatever the capitals."""

    pattern: str

    def __str__(self) -> str:
        return f"name:{quoted(self.pattern)}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        matches = _glob(self.pattern)
        return mask_of([matches(path.rpartition("/")[2]) is not None for path in folded_paths(snapshot)])

    def phrase(self, *, negated: bool = False) -> str:
        return f"{'not ' * negated}named “{self.pattern}”"


@dataclass(frozen=True)
class Taken:
    """`taken:FIRST..LAST`, both days included; None where that side is open. Photos without a date never are."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        return f"taken:{self.first or ''}..{self.last or ''}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        first, last = self.first or date.min, self.last or date.max
        return mask_of([taken is not None and first <= taken.date() <= last for taken in snapshot.taken_at])

    def phrase(self, *, negated: bool = False) -> str:
        days = [f"{word} {day}" for word, day in (("from", self.first), ("to", self.last)) if day]
        if self.first == self.last:
            days = [f"on {self.first}"]
        return f"{'not ' * negated}taken {' '.join(days)}"


def _glob(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(fnmatch.translate(pattern.casefold())).match

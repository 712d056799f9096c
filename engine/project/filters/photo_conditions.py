"""What a filter can ask of a photo's path and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.project.filters.filter import Mask, ScoresOf, folded_paths, mask_of, negation_of
from engine.project.filters.quoting import quoted
from engine.project.patterns import is_called, is_in_folder
from engine.project.snapshot import Snapshot
from engine.wording import Sentence


@dataclass(frozen=True)
class InFolder:
    """`folder:PATTERN`: one of the photo's folders, by its name or its path from the top, whatever the capitals."""

    pattern: str

    def __str__(self) -> str:
        return f"folder:{quoted(self.pattern)}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        is_in = is_in_folder(self.pattern)
        folders = [path.rpartition("/")[0] for path in folded_paths(snapshot)]

        found = {folder: is_in(folder) for folder in set(folders)}
        return mask_of([found[folder] for folder in folders])

    def phrase(self, *, negated: bool = False) -> Sentence:
        phrase = Sentence("in the folder “{pattern}”").format(pattern=self.pattern)
        return negation_of(phrase) if negated else phrase


@dataclass(frozen=True)
class Named:
    """`name:PATTERN`: the whole file name, or without * and ? also that without its ending, whatever the capitals."""

    pattern: str

    def __str__(self) -> str:
        return f"name:{quoted(self.pattern)}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        fits = is_called(self.pattern)
        return mask_of([fits(path.rpartition("/")[2]) for path in folded_paths(snapshot)])

    def phrase(self, *, negated: bool = False) -> Sentence:
        phrase = Sentence("named “{pattern}”").format(pattern=self.pattern)
        return negation_of(phrase) if negated else phrase


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

    def phrase(self, *, negated: bool = False) -> Sentence:
        if self.first == self.last:
            phrase = Sentence("taken on {day}").format(day=self.first)
        elif self.last is None:
            phrase = Sentence("taken from {first}").format(first=self.first)
        elif self.first is None:
            phrase = Sentence("taken to {last}").format(last=self.last)
        else:
            phrase = Sentence("taken from {first} to {last}").format(first=self.first, last=self.last)
        return negation_of(phrase) if negated else phrase

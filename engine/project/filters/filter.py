"""What a filter is, and how conditions are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.project.snapshot import Snapshot
from engine.wording import Sentence

_AND, _OR = Sentence("{first}, {then}"), Sentence("{first} or {then}")

Mask = npt.NDArray[np.bool_]

ScoresOf = Callable[[str], npt.NDArray[np.float32]]
"""A stage's scores of a snapshot's photos and labels, e.g. `partial(snapshot.matrix_of, project)`."""


class FilterError(WrongUsage):
    """A filter cannot be understood: `sentence` says why, `position` is where in the text, counted from 0."""

    def __init__(self, sentence: Sentence, position: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.position = position


class Filter(Protocol):
    """A condition on photos. `str` gives text that parses to an equal filter."""

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        """Which photos of the snapshot it holds for.

        Args:
            scores_of: needed where the filter names a stage, as in `score(dog, initial)>0.4`.

        Raises:
            FilterError: the label set has no label of that name.
        """
        ...

    def phrase(self, *, negated: bool = False) -> Sentence:
        """What it says, to be read after "photos"; empty if nothing."""
        ...


@dataclass(frozen=True)
class Everything:
    """No condition."""

    def __str__(self) -> str:
        return ""

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        return np.ones(len(snapshot), bool)

    def phrase(self, *, negated: bool = False) -> Sentence:
        return Sentence("")


@dataclass(frozen=True)
class Not:
    """The photos for which it does not hold."""

    inner: Filter

    def __str__(self) -> str:
        return f"-({self.inner})" if isinstance(self.inner, All | Either) else f"-{self.inner}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        return ~self.inner.rows(snapshot, scores_of)

    def phrase(self, *, negated: bool = False) -> Sentence:
        return self.inner.phrase(negated=not negated)


@dataclass(frozen=True)
class All:
    """All of these hold."""

    parts: tuple[Filter, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Either) else str(part) for part in self.parts)

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        return np.logical_and.reduce([part.rows(snapshot, scores_of) for part in self.parts])

    def phrase(self, *, negated: bool = False) -> Sentence:
        return _listed(self.parts, _OR if negated else _AND, negated)


@dataclass(frozen=True)
class Either:
    """At least one of these holds."""

    parts: tuple[Filter, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.parts))

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        return np.logical_or.reduce([part.rows(snapshot, scores_of) for part in self.parts])

    def phrase(self, *, negated: bool = False) -> Sentence:
        return _listed(self.parts, _AND if negated else _OR, negated)


def joined(kind: Callable[[tuple[Filter, ...]], Filter], parts: Sequence[Filter]) -> Filter:
    """One part as it is, several as one filter, without groups of the same kind inside one another."""
    flat: list[Filter] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, All | Either) and type(part) is kind else [part])
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def explain(condition: Filter) -> Sentence:
    """In words: `photos with dog, without cat, not reviewed`."""
    phrase = condition.phrase()
    return Sentence("photos {phrase}").format(phrase=phrase) if phrase else Sentence("all photos")


def _listed(parts: Sequence[Filter], template: Sentence, negated: bool) -> Sentence:
    phrases = [part.phrase(negated=negated) for part in parts]
    bracketed = [
        Sentence("({phrase})").format(phrase=phrase) if _has_parts(part) else phrase
        for part, phrase in zip(parts, phrases, strict=True)
    ]
    return reduce(lambda first, then: template.format(first=first, then=then), bracketed)


def _has_parts(part: Filter) -> bool:
    return _has_parts(part.inner) if isinstance(part, Not) else isinstance(part, All | Either)


def negation_of(phrase: Sentence) -> Sentence:
    """The opposite of what is read after "photos"."""
    return Sentence("not {phrase}").format(phrase=phrase)


def mask_of(answers: Sequence[bool]) -> Mask:
    """Answers photo by photo, as a mask."""
    return np.array(answers, bool)


def folded_paths(snapshot: Snapshot) -> list[str]:
    """The photos' paths without regard to capitals."""
    # In one call, which is several times faster than one for each; no path holds a NUL.
    return "\0".join(snapshot.paths).casefold().split("\0") if snapshot.paths else []

"""What the tree of everyday words tells of labels that are none of the things which the detector knows.

Whatever is a dog is an animal as surely; where there is no person there is no bride; and where a giraffe was seen, an
animal that stands alone in a photo, as most do, is no lion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from engine.models.detector import thing_of
from engine.models.encoders.starter.glossary import name_among, named_by
from engine.models.everyday.words import ancestors, everyday_words

_ALONE = ("animal", "vehicle")
"""Of these mostly one kind is on a photo, as against food and what stands in a room."""


@dataclass(frozen=True)
class RelatedThings:
    """Places of things among those that the detector knows, by what they are to a label that is none of them."""

    kinds: tuple[int, ...] = ()
    """Each is one of what the label is."""
    implied: tuple[int, ...] = ()
    """The label is a kind of each, so that all are on its photos."""
    others: tuple[int, ...] = ()
    """Of these and the label mostly one is on a photo."""


def related_things(texts: Sequence[str]) -> RelatedThings:
    """How a label, by its prompts, is related to the things; not at all where it is no everyday word."""
    named = {_by_name()[name] for text in texts if (name := name_among(_by_name(), text)) is not None}
    if len(named) != 1:
        return RelatedThings()
    return _related()[named.pop()]


@cache
def _by_name() -> dict[str, int]:
    return {name: at for at, word in enumerate(everyday_words()) for name in {word.name, *map(named_by, word.texts)}}


@cache
def _related() -> list[RelatedThings]:
    """For each everyday word."""
    words = everyday_words()
    above = ancestors(words)
    places = {word.name: place for place, word in enumerate(words)}
    things = [thing_of(word.texts) for word in words]
    kinds: list[set[int]] = [set() for _ in words]
    for thing, wholes in zip(things, above, strict=True):
        for whole in wholes:
            kinds[whole] |= set() if thing is None else {thing}
    alone = [places[name] for name in _ALONE]
    found = []
    for at, wholes in enumerate(above):
        implied = tuple(thing for place in _kind_of(at, places) if (thing := things[place]) is not None)
        group = next((one for one in alone if one in wholes), None)
        others = kinds[group] if group is not None and not implied and not kinds[at] else set[int]()
        found.append(RelatedThings(tuple(sorted(kinds[at])), implied, tuple(sorted(others))))
    return found


def _kind_of(at: int, places: Mapping[str, int]) -> Iterator[int]:
    """What a word is a kind of, and what that is. What else is on its photos, as the racket of tennis, may be small and
    not be seen.

    Args:
        places: of all words by name.
    """
    while parents := everyday_words()[at].parents:
        at = places[parents[0]]
        yield at

"""What the tree of everyday words tells of labels that are none of the things which the detector knows.

Whatever is a dog is an animal as surely; where there is no person there is no bride; and where a giraffe was seen, an
animal that stands alone in a photo, as most do, is no lion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from engine.models.detector import thing_of
from engine.models.encoders.starter.glossary import name_among, named_by
from engine.models.everyday.words import EverydayWord, ancestors, everyday_words

_ALONE = ("animal", "vehicle")
"""Of these mostly one kind is on a photo, as against food, what stands in a room, and parts of them such as wheels."""


@dataclass(frozen=True)
class RelatedThings:
    """Places of things among those that the detector knows, by what they are to a label that is none of them."""

    kinds: tuple[int, ...] = ()
    """Each is one of what the label is."""
    implied: tuple[int, ...] = ()
    """The label is a kind of each, so that all are on its photos."""
    others: tuple[int, ...] = ()
    """Of these and the label mostly one is on a photo."""


def alone_on_photos(words: Sequence[EverydayWord]) -> list[list[int]]:
    """Groups of words, by their places, of which mostly one is on a photo: the animals, and the vehicles."""
    names = [word.name for word in words]
    return [
        [at for at, above in enumerate(_kind_of(words)) if whole in (at, *above)] for whole in map(names.index, _ALONE)
    ]


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
    things = [thing_of(word.texts) for word in words]
    kinds: list[set[int]] = [set() for _ in words]
    for thing, wholes in zip(things, ancestors(words), strict=True):
        for whole in wholes:
            kinds[whole] |= set() if thing is None else {thing}
    others: list[set[int]] = [set() for _ in words]
    for group in alone_on_photos(words):
        for at in group:
            others[at] = {thing for place in group if (thing := things[place]) is not None}
    found = []
    for at, wholes in enumerate(_kind_of(words)):
        implied = tuple(thing for place in wholes if (thing := things[place]) is not None)
        of_one = others[at] if not implied and not kinds[at] else ()
        found.append(RelatedThings(tuple(sorted(kinds[at])), implied, tuple(sorted(of_one))))
    return found


def _kind_of(words: Sequence[EverydayWord]) -> list[list[int]]:
    """For each word the places of what it is a kind of. What else is on its photos, as the racket of tennis, may be
    small and not be seen."""
    return ancestors([replace(word, parents=word.parents[:1]) for word in words])

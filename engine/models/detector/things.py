"""The 80 things of COCO that the detector knows, and which label is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from engine.models.encoders.starter.glossary import name_among, named_by, read_glossary
from engine.resources import resource


def _read_things() -> list[tuple[str, str]]:
    """Each thing's name, and what its photos are of: a "mouse" is a "computer mouse"."""
    text = resource("label_sets", "coco.txt").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [(row[0], named_by(row[2]) if len(row) > 2 else row[0]) for row in rows]


THINGS = tuple(name for name, _ in _read_things())
"""Names of the 80 things, in COCO's official order, which is that of the detector's answers."""


def thing_of(prompts: Sequence[str]) -> int | None:
    """Which thing a label is, by its place in `THINGS`; None where it is none of them.

    A label is a thing where a prompt names it, by the name or by one of the glossary's for the same ("aeroplane" of
    airplane) or in the plural, and no prompt names another. A synonym counts; a parent ("animal"), a kind ("terrier")
    or a neighbour does not: the detector was not asked for those. Nor does a name that means other things as well
    ("mouse").

    Args:
        prompts: the label's, like "a photo of a dog".
    """
    named = {_places()[name] for prompt in prompts if (name := name_among(_places(), prompt)) is not None}
    return named.pop() if len(named) == 1 else None


def says_no_more_than_a_thing(prompts: Sequence[str]) -> bool:
    """Whether all prompts of a label are names of things and nothing else, as against "a photo of a sleeping dog"."""
    return all(name_among(_places(), prompt) is not None for prompt in prompts)


@cache
def _places() -> dict[str, int]:
    """Each name of each thing, and its place."""
    synonyms = {name: meaning.names for meaning in read_glossary() for name in meaning.names}
    things = [(place, (thing, *synonyms.get(thing, ()))) for place, (_, thing) in enumerate(_read_things())]
    return {name: place for place, names in things for name in names}

"""Hidden competitors: what else a photo might show, so that a label's score means the same in any label set.

A score is a share among the labels. With a single label every photo would have all of it, and with a few it would go to
whatever is least unlike. So the labels are scored in company: beside those of COCO's 80 things that no label covers,
whose scores are then left out. A label covers a thing that it means as well (a hidden car would take its score from an
"automobile") and one that is a kind of it (a hidden dog from "animal").

Of what it is a kind itself competes: where a dog explains a photo better, "puppy" is as weak alone as it is beside
"dog". With none to compete all cats were kittens and all horses ponies: six of seven such suggestions were wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.models.encoders.starter.glossary import PLURALS, digest_of_glossary, singulars, text_directions
from engine.models.everyday.words import digest_of_words
from engine.project.labels import LabelRow, NewLabel, texts_of
from engine.resources import resource
from engine.stages.labelling.label_sets import built_in_label_set
from engine.stages.labelling.words_and_things import related_things

if TYPE_CHECKING:
    from engine.models.encoders.starter.sentences import SentenceEncoder

_ALIKE = 0.7
"""From this cosine on two labels' texts mean the same: other names for a thing lie above .9, siblings at .5 to .8."""


@dataclass(frozen=True)
class Competitor:
    """A thing that may compete in secret, by its name, prompts, and the words for what is too near to compete with."""

    name: str
    texts: tuple[str, ...]
    relatives: frozenset[str]


def hidden_labels(labels: Sequence[LabelRow | NewLabel]) -> list[list[str]]:
    """The prompts of the hidden competitors of a label set, always in the order of COCO.

    Which they are depends on which labels there are, not on their order, nor on the encoder that scores them.

    Args:
        labels: the label set. All 80 of COCO have no hidden competitors.

    Raises:
        EncoderUnavailable: the package of the texts' weights is missing or damaged.
    """
    things, texts = competitors(), [texts_of(label.name, label.prompts) for label in labels]
    leaves_room = _leaves_room(texts)
    named = [_things_named_by(label.name) for label in labels]
    rest = [
        place
        for place, thing in enumerate(things)
        if not any(thing.name in own and not leaves_room[place, label] for label, own in enumerate(named))
    ]
    if rest and labels:
        minilm = sentences()
        directions = text_directions([things[place].texts for place in rest], minilm)
        likeness = directions @ text_directions(texts, minilm).T
        covered = set(np.nonzero((likeness > _ALIKE) & ~leaves_room[rest])[0].tolist())
        rest = [place for at, place in enumerate(rest) if at not in covered]
    return [list(things[place].texts) for place in rest]


def _leaves_room(texts: Sequence[Sequence[str]]) -> npt.NDArray[np.bool_]:
    """Where a thing competes although a label is near to it: things x labels.

    The label is a kind of it, or the word for a whole beside another label that is: "animal" beside "puppy" has a dog.
    """
    related = [related_things(of_label) for of_label in texts]
    is_above, is_kind = np.zeros((2, len(competitors()), len(texts)), bool)
    for label, each in enumerate(related):
        is_above[list(each.implied), label] = True
        is_kind[list(each.kinds), label] = True
    return is_above | (is_kind & is_above.any(axis=1, keepdims=True))


@cache
def digest_of_company() -> str:
    """Another one whenever the same labels would have other hidden competitors; needs no network."""
    files = b"".join(resource("label_sets", name).read_bytes() for name in ("company.tsv", "coco.txt"))
    rules = f"{_ALIKE} {PLURALS} {digest_of_glossary()} {digest_of_words()}"
    return hashlib.blake2b(files + rules.encode(), digest_size=8).hexdigest()


@cache
def competitors() -> tuple[Competitor, ...]:
    """All things that may compete: COCO's 80, with the relatives that `resources/label_sets/company.tsv` gives them."""
    text = resource("label_sets", "company.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    relatives = {name: frozenset(word.strip() for word in words.split(",")) for name, words in lines}
    return tuple(
        Competitor(label.name, texts_of(label.name, label.prompts), relatives[label.name] | {label.name})
        for label in built_in_label_set("coco")
    )


@cache
def sentences() -> SentenceEncoder:
    """MiniLM, opened once.

    Raises:
        EncoderUnavailable: the package of its weights is missing or damaged.
    """
    from engine.models.encoders.starter.sentences import SentenceEncoder

    return SentenceEncoder()


def _things_named_by(label: str) -> frozenset[str]:
    """Competitors that a label's name is a word for, or else the longest end of it that is a word for any.

    A "red sports car" is a car; a "hot dog" is known as a whole and no dog.
    """
    things = _things_by_word()
    words = re.sub(r"[\s_‐‑-]+", " ", label.casefold()).strip().split(" ")
    for first in range(len(words)):
        found = [things[word] for word in singulars(" ".join(words[first:])) if word in things]
        if found:
            return frozenset[str]().union(*found)
    return frozenset()


@cache
def _things_by_word() -> dict[str, frozenset[str]]:
    things: dict[str, set[str]] = {}
    for competitor in competitors():
        for word in competitor.relatives:
            things.setdefault(word.replace("-", " "), set()).add(competitor.name)
    return {word: frozenset(names) for word, names in things.items()}

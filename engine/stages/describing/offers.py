"""The words of a collection as they are offered: where each stands out, its best photos, and under what it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.models.everyday.words import EverydayWord

BEST_PHOTOS = 8

_WORTH_SHOWING = 0.1
"""A photo whose chance is lower is no example of a word."""

NEVER_OFFERED = "words never offered"
"""The setting of a project that keeps what a person does not want offered again."""


@dataclass(frozen=True)
class BestPhoto:
    """A photo by its id and path in the project, with the chance that the word fits, from 0 to 1."""

    photo_id: int
    path: str
    chance: float


@dataclass(frozen=True)
class WordOffer:
    """A word that may become a label."""

    name: str
    group: str
    """The heading that it is listed under, like "animals"."""
    kinds_of: tuple[str, ...]
    """What it is a kind of, the nearest first."""
    prompts: tuple[str, ...]
    """What to ask an encoder for; none for the default prompt."""
    photos: int
    """On about so many of the project's photos it stands out among all words. As a label it is compared with fewer, and
    may be suggested for more."""
    best: tuple[BestPhoto, ...]


@dataclass(frozen=True)
class Described:
    """What is in the photos: `words` group by group, of `compared` photos among so many that are encoded."""

    photos: int
    compared: int
    encoder: str
    words: tuple[WordOffer, ...]
    never: tuple[str, ...]
    """Words that a person does not want offered again."""


def headings_of(words: Sequence[EverydayWord], above: Sequence[Sequence[int]]) -> list[str]:
    """The heading that each word is listed under: its own, or that of the nearest thing it is a kind of."""
    return [
        next(heading for one in (word, *(words[place] for place in kinds)) for heading in one.headings)
        for word, kinds in zip(words, above, strict=True)
    ]


def in_groups(words: Sequence[int], headings: Sequence[str], above: Sequence[Sequence[int]]) -> list[int]:
    """Words, by their places, group by group, the group of the most telling word first; kinds before what they are of.

    Args:
        words: the most telling first.
        headings: of all words.
        above: of all words, what each is a kind of.
    """
    groups = list(dict.fromkeys(headings[word] for word in words))
    depth = {word: sum(word in above[other] for other in words) for word in words}
    return sorted(words, key=lambda word: (groups.index(headings[word]), depth[word] > 0, words.index(word)))


def best_photos(
    chances: npt.NDArray[np.floating], photo_ids: npt.NDArray[np.int64], paths: Sequence[str]
) -> tuple[BestPhoto, ...]:
    """The photos that a word fits best, the best first, and at least one: of photos' chances, ids and paths.

    Where it fits few there are few: a photo that it does not fit is no example.
    """
    order = np.argsort(-chances, kind="stable")[:BEST_PHOTOS]
    order = order[: max(1, int((chances[order] >= _WORTH_SHOWING).sum()))]
    return tuple(BestPhoto(int(photo_ids[row]), paths[row], round(float(chances[row]), 3)) for row in order)

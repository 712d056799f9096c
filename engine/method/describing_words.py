"""Which words tell the photos of a collection apart: out of thousands that compete, the few that a person would name.

Each photo is shared out among all words by a softmax, sharper than for a label set because so many share it. What is
shared out among the kinds of a thing is the thing's own as well: a photo that may be of any of forty breeds is surely
of a dog. A word is worth as much as knowing it tells of a photo: the mutual information of word and photo (Shannon
1948), which asks for evidence and for difference at once. A word that is on every photo tells nothing, nor does one
that is a little on each. Words are taken one after the other, each worth less the more it goes along with one that was
taken before (maximal marginal relevance, Carbonell and Goldstein 1998), until no word with evidence is left.

No photos of others are needed for comparison: the words themselves are the yardstick.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.method.similarity import class_probabilities

Floats = npt.NDArray[np.floating]
Values = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

SHARPER = 0.4
"""The tau of the softmax over the words, as a share of the one that ranks a label set best."""

EVIDENCE = 0.4
"""The chance from which a photo counts as evidence for a word."""

SURE = 0.5
"""The mean chance that a word must have on its best photos, as many as it must be on."""

MOST_PHOTOS = 0.9
"""A word that is on a larger share of the photos does not tell them apart."""

MOST_TOGETHER = 0.75
"""Words that go along more than this (Pearson's correlation over the photos) are one: only the first is taken."""

MOST_ALIKE, ALIKE_TOGETHER = 0.85, (0.6, 0.3)
"""So are words whose texts are more alike than this (cosine), or both rather alike and rather much together. Texts
alone do not tell: a zebra and a giraffe are as alike as a cat and a kitten, and on other photos. A thing and a kind of
it are always alike, and only the first rule is for them."""

_AS_TELLING = 0.97
"""A kind takes the place of the whole where it tells at least so much of what that tells."""


@dataclass(frozen=True)
class Kinds:
    """What is a kind of what: for each place in `wholes` the places of all its kinds, itself among them."""

    wholes: Places
    parts: tuple[Places, ...]

    @classmethod
    def of(cls, ancestors: Sequence[Sequence[int]]) -> Kinds:
        """From what each word is a kind of, at whatever distance."""
        parts: dict[int, list[int]] = {}
        for word, above in enumerate(ancestors):
            for whole in above:
                parts.setdefault(whole, [whole]).append(word)
        wholes = sorted(parts)
        return cls(np.array(wholes, np.intp), tuple(np.array(parts[whole], np.intp) for whole in wholes))


def word_chances(similarities: Floats, temperature: float, kinds: Kinds) -> Values:
    """The chance of each word on each photo: photos x words, from 0 to 1.

    softmax over the words in the whole photo and in each snippet, the kinds of a thing summed into it, and the mean of
    the whole photo's chance and the best snippet's, as pseudo labels have it.

    Args:
        similarities: photos x (1 + snippets) x words, the whole photo first.
        temperature: tau > 0.
    """
    chances = class_probabilities(similarities, temperature)
    of_wholes = np.stack([chances[..., parts].sum(axis=-1) for parts in kinds.parts], -1) if kinds.parts else None
    if of_wholes is not None:
        chances[..., kinds.wholes] = of_wholes
    made: Values = chances[:, 0] if chances.shape[1] == 1 else (chances[:, 0] + chances[:, 1:].max(axis=1)) / 2
    return made.clip(0, 1).astype(np.float32, copy=False)


def at_least_their_kinds(chances: Values, kinds: Kinds) -> None:
    """Raise what is a whole to the chance of its surest kind, in place: whatever is a dog is an animal as surely."""
    for whole, parts in zip(kinds.wholes, kinds.parts, strict=True):
        chances[:, whole] = chances[:, parts].max(axis=1)


def leave_to_the_seen(chances: Values, alone: Sequence[int], seen: Sequence[int], kinds: Kinds) -> None:
    """Take from words what is surely another thing, in place: chance * (1 - that of the surest thing that was seen).

    Who knows nothing of giraffes takes one for a leopard; where somebody else saw a giraffe, it is none.

    Args:
        chances: photos x words.
        alone: places of words of which mostly one is on a photo.
        seen: of these, the places of those that somebody saw or did not see. What they are, and what is a kind of them,
            keeps its chance.
    """
    related: dict[int, set[int]] = {}
    for whole, parts in zip(kinds.wholes.tolist(), kinds.parts, strict=True):
        for part in parts.tolist():
            related.setdefault(whole, set()).add(part)
            related.setdefault(part, set()).add(whole)
    factors: dict[tuple[int, ...], Values] = {}
    for word in alone:
        if word not in seen:
            others = tuple(thing for thing in seen if thing not in related.get(word, ()))
            if others not in factors:
                factors[others] = 1 - chances[:, list(others)].max(axis=1, initial=0)
            chances[:, word] *= factors[others]


def mutual_information(chances: Floats) -> Values:
    """What a word tells of a photo: h(mean chance) - mean h(chance), in bits, h the binary entropy; words.

    >>> mutual_information(np.array([[1.0, 0.5, 1.0], [0.0, 0.5, 1.0]])).tolist()
    [1.0, 0.0, 0.0]
    """
    told: Values = _entropy(chances.mean(axis=0)) - _entropy(chances).mean(axis=0)
    return told.clip(0)


def telling_words(
    chances: Values, likeness: Floats, kinds: Kinds, *, may: Flags, least: int, there: Sequence[int] = ()
) -> Iterator[int]:
    """The words that tell these photos apart, by their places, the most telling first; ends where the evidence does.

    Where a thing and a kind of it are on the same photos, the kind is taken: the specific before the general.

    Args:
        chances: photos x words, from 0 to 1.
        likeness: words x dimensions, of unit length: their cosines are how alike the texts are.
        may: words; those that may be taken.
        least: on so many photos a word must have evidence.
        there: words that were taken before, by their places; what goes along with them tells nothing new.
    """
    candidates = np.flatnonzero(may & _has_evidence(chances, least))
    worth = mutual_information(chances[:, candidates])
    directions = _directions(chances[:, candidates])
    narrower = _narrower(candidates, kinds)
    related = narrower | narrower.T
    together = (directions.T @ _directions(chances[:, list(there)])).max(axis=1, initial=0)
    left = np.any(directions != 0, axis=0) & (together < MOST_TOGETHER)
    while left.any():
        best = int(np.where(left, worth * (1 - together), -1).argmax())
        with_best = directions.T @ directions[:, best]
        same = np.flatnonzero(narrower[best] & left & (with_best >= MOST_TOGETHER))
        if len(same) and worth[same].max() >= _AS_TELLING * worth[best]:
            best = int(same[worth[same].argmax()])
            with_best = directions.T @ directions[:, best]
        yield int(candidates[best])
        together = np.maximum(together, with_best)
        alike = likeness[candidates] @ likeness[candidates[best]]
        differs = (alike < ALIKE_TOGETHER[0]) | ((alike < MOST_ALIKE) & (with_best < ALIKE_TOGETHER[1]))
        left &= (with_best < MOST_TOGETHER) & (differs | related[best])
        left[best] = False


def _has_evidence(chances: Values, least: int) -> Flags:
    """Of each word whether it is on so many photos, surely enough on the best of them, and not on nearly all."""
    if not len(chances):
        return np.zeros(chances.shape[1], bool)
    count = (chances > EVIDENCE).sum(axis=0)
    least = min(least, len(chances))
    best = np.partition(chances, len(chances) - least, axis=0)[len(chances) - least :].mean(axis=0)
    enough: Flags = (count >= least) & (count <= max(1, MOST_PHOTOS * len(chances))) & (best >= SURE)
    return enough


def _narrower(words: Places, kinds: Kinds) -> Flags:
    """Of these words, by their places: words x words, whether the second is a kind of the first."""
    place = {int(word): at for at, word in enumerate(words)}
    narrower = np.zeros((len(words), len(words)), bool)
    for whole, parts in zip(kinds.wholes.tolist(), kinds.parts, strict=True):
        if whole in place:
            narrower[place[whole], [place[part] for part in parts.tolist() if part in place and part != whole]] = True
    return narrower


def _directions(chances: Floats) -> Values:
    """The columns less their means, of unit length: their products are correlations. One that is level is 0."""
    centred = chances - chances.mean(axis=0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    made: Values = centred / np.where(lengths > 1e-6, lengths, np.inf)
    return made


def _entropy(chances: Floats) -> Values:
    """Of a yes with each chance, in bits."""
    inner = np.clip(chances, 1e-9, 1 - 1e-7).astype(np.float64)
    bits = -(inner * np.log2(inner) + (1 - inner) * np.log2(1 - inner))
    return np.where((chances <= 0) | (chances >= 1), 0, bits).astype(np.float32)

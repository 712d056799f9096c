"""What a person may have meant who typed a label that no encoder here knows: German, or a label set's name misspelt.

The encoders' texts are English. They give "Katze" a score like any other text, and it means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from engine.models.encoders.starter.english import unknown_part
from engine.models.encoders.starter.glossary import name_among, read_glossary
from engine.models.everyday.words import everyday_words
from engine.project.label_names import TRANSLATED, display_name, english_name, label_names
from engine.stages.labelling.label_sets import BUILT_IN
from engine.wording import Sentence, some_of

_MOSTLY = 0.6
"""A label is doubted where as much of it is unknown: "grüne Wiese", but not "Eiffel Tower"."""

_TOLD_EACH = 3

_CLOSE = 0.7
"""As alike as "coko" and "coco", by difflib's ratio of letters in common, are names that are taken for misspelt."""


@dataclass(frozen=True)
class DoubtfulLabel:
    """A label's name that is no English the encoders know, and the English name that may be meant."""

    name: str
    instead: str | None = None

    @property
    def sentence(self) -> Sentence:
        """What to tell a person."""
        if self.instead is None:
            return Sentence(
                "The encoders know English words, and {name!r} is none that is known. Check its spelling, or give it a "
                "prompt in English."
            ).format(name=self.name)
        return Sentence("The encoders know English words: {instead!r} in place of {name!r}.").format(
            instead=self.instead, name=self.name
        )


def doubtful_labels(names: Sequence[str], language: str = "en") -> list[DoubtfulLabel]:
    """Those of the typed names that are probably no English words, in their order.

    A German word that is an English one too ("Strand", "Boot") is doubted where the person's language is German, or
    where one beside it can only be German. A word for no label of ours is known by `is_english`.

    Args:
        names: labels' names as typed; those with prompts of their own need not be asked about.
        language: that of the window or the system, like "de" or "de_AT".
    """
    plain = [name for name in names if not _is_known(name)]
    unknown = {name for name in plain if unknown_part(name) >= _MOSTLY and not _is_everyday(name)}
    tongues = [
        tongue
        for tongue in TRANSLATED
        if language.lower().startswith(tongue) or any(english_name(name, tongue) for name in unknown)
    ]
    doubts = []
    for name in plain:
        meant = [_meant(name, tongue, name in unknown) for tongue in tongues]
        instead = next((each for each in meant if each is not None), None)
        if instead is not None or name in unknown:
            doubts.append(DoubtfulLabel(name, instead))
    return doubts


def doubts_in_words(doubts: Sequence[DoubtfulLabel]) -> tuple[Sentence, ...]:
    """What to tell of doubtful labels: of each by itself, or of many, as a list from elsewhere has them, at once."""
    if len(doubts) <= _TOLD_EACH:
        return tuple(one.sentence for one in doubts)
    named = [repr(one.name) if one.instead is None else f"{one.name!r} ({one.instead!r})" for one in doubts]
    return (
        Sentence(
            "The encoders, which know English words, do not know {count:,} of the labels: {names}. Check their "
            "spelling, or give them prompts in English."
        ).format(count=len(doubts), names=some_of(named)),
    )


def doubtful_words(text: str) -> list[DoubtfulLabel]:
    """Of words to search by those that are names of labels in another language; else the whole, if it is no English.

    A foreign word among English ones that no table has is let pass: "a dog in a dirndl" is understood.
    """
    whole = doubtful_labels([text])
    if whole and whole[0].instead is not None:
        return whole
    return [one for one in doubtful_labels(text.split()) if one.instead is not None] or whole


def looks_like_built_in(text: str) -> str | None:
    """The label set that is probably meant by a misspelt name, such as "coko" or "NUS wide"; None for anything else.

    To be asked about what is no label set, no file, and has no comma: a comma says that it is a label.
    """
    letters = {_letters(name): name for name in BUILT_IN}
    typed = _letters(text)
    if typed in letters:
        return letters[typed]
    if "," in text or not typed or unknown_part(text) < _MOSTLY:
        return None
    close = get_close_matches(typed, letters, n=1, cutoff=_CLOSE)
    return letters[close[0]] if close else None


def _meant(name: str, tongue: str, is_unknown: bool) -> str | None:
    """The English of a word that can only be of the tongue, or of one that is the name of a label in it.

    Other words that both languages have mostly mean the same in both, like "hamster" and "steak".
    """
    instead = english_name(name, tongue)
    if instead is None or is_unknown:
        return instead
    is_shown_so = label_names(tongue).shown[instead.casefold()].casefold() == name.casefold()
    return instead if is_shown_so else None


@cache
def _known_names() -> frozenset[str]:
    """English names that are known by what they mean, whatever their words look like; of those that are a word for
    something else in another language ("rock" is a skirt in German) the glossary's alone."""
    of_glossary = (name for meaning in read_glossary() for name in meaning.names)
    of_labels = (
        name for tongue in TRANSLATED for name in label_names(tongue).shown if not _is_false_friend(name, tongue)
    )
    return frozenset(of_glossary).union(of_labels)


def _is_false_friend(name: str, tongue: str) -> bool:
    instead = english_name(name, tongue)
    return instead is not None and display_name(instead, tongue) not in (display_name(name, tongue), name)


def _is_known(name: str) -> bool:
    return " ".join(name.casefold().split()) in _known_names()


def _is_everyday(name: str) -> bool:
    return name_among(_everyday_names(), name) is not None


@cache
def _everyday_names() -> frozenset[str]:
    """English words that a tokenizer may cut ("selfie")."""
    return frozenset(word.name for word in everyday_words())


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())

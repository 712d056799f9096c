"""The everyday words that labels are proposed from: a tidy table, and what lies beside it fits it."""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.models.encoders.starter.glossary import text_directions
from engine.models.encoders.starter.sentences import SentenceEncoder
from engine.models.everyday.words import ancestors, everyday_words, word_directions

WORDS = everyday_words()
NAMES = [word.name for word in WORDS]


def test_there_are_as_many_as_compete_well_and_none_twice() -> None:
    assert 1500 <= len(WORDS) <= 4000
    assert [name for name, times in Counter(name.casefold() for name in NAMES).items() if times > 1] == []


def test_what_a_word_is_a_kind_of_is_a_word_and_nothing_is_a_kind_of_itself() -> None:
    assert {kind for word in WORDS for kind in word.parents} <= set(NAMES)
    above = ancestors(WORDS)
    assert [NAMES[place] for place, kinds in enumerate(above) if place in kinds] == []
    assert all(word.headings or word.parents for word in WORDS)


def test_parents_come_before_grandparents() -> None:
    poodle = NAMES.index("poodle")
    assert [NAMES[place] for place in ancestors(WORDS)[poodle]] == ["dog", "animal"]


def test_the_directions_are_those_of_the_words_of_now() -> None:
    places = list(range(0, len(WORDS), len(WORDS) // 25))
    made = text_directions([WORDS[place].texts for place in places], SentenceEncoder())
    kept = word_directions()
    assert kept.shape == (len(WORDS), made.shape[1])
    np.testing.assert_allclose(kept[places], made, atol=2e-3)

"""Whether what stands between commas in texts beside photos is labels or prose, told from many of them at once.

"A dog runs, happily" is two short words of a list as much as "dog, grass" is: only together do the texts of a folder
tell. Labels come again from photo to photo and are names; prose does not come again and is held together by small
words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

# English, German, French, Spanish, Italian, Portuguese, Dutch
_SMALL_WORDS = frozenset(
    """
    a an the is are was were with of and or to in on at by for from his her their its we he she they it this that
    der die das ein eine einen einem einer ist sind war und oder mit auf im am zu von vor bei wir sie er es
    le la les un une des du est sont et avec dans sur au aux nous il elle
    el los las una con en del y son por para lo gli uno di nel nella sul che os as um uma com no na do da
    de het een met op van
    """.split()  # noqa: SIM905 - as words of languages, line by line
)
_WORD = re.compile(r"\w+")
_MANY_WORDS = 3
_MANY_TEXTS = 10
_SELDOM = 0.1
_WIDE = 12
"""Letters of a name; those of Chinese or Japanese say as much as two."""


def are_captions(texts: Sequence[Collection[str]]) -> bool:
    """Whether texts, each given as what stands between its commas, are prose rather than labels."""
    texts = [text for text in texts if text]
    if not texts:
        return False
    counts = Counter(name.casefold() for text in texts for name in {*text})
    parts = [part for text in texts for part in text]
    again = sum(counts[part.casefold()] > 1 for part in parts) / len(parts)
    if 2 * sum(map(_is_a_sentence, texts)) > len(texts):
        return again < 0.5
    width = sum(map(_width, parts)) / len(parts)
    return len(texts) >= _MANY_TEXTS and again < _SELDOM and width >= _WIDE


def _is_a_sentence(parts: Collection[str]) -> bool:
    first, *others = parts
    words = [_WORD.findall(part) for part in parts]
    held_together = sum(len(part) > 1 and not _SMALL_WORDS.isdisjoint(map(str.casefold, part)) for part in words)
    if 2 * held_together >= len(words):
        return True
    begins = first[:1].isupper() and all(other[:1].islower() for other in others)
    return begins and len(words[0]) >= _MANY_WORDS


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

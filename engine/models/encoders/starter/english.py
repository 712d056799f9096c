"""Which words the starter's text encoder can know: English ones, and no others.

MiniLM cuts what is not among its whole words into pieces, and gives "Katze" a meaning all the same, but a wrong one.
That a word is cut does not yet say that it is unknown: "okapi" is cut as well. So the words of WordNet's nouns for what
can be seen count too, which timm brings as the names of ImageNet's 21,844 classes.
"""

from __future__ import annotations

import json
import re
from functools import cache

from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.starter.weights import TOKENIZER, folder_of, weights_file

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_PART = 3
_ENDINGS = (("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("er", ""))


def unknown_part(text: str) -> float:
    """How much of a label's letters is in words that are not English, from 0 to 1; 0 for a text without letters.

    Plurals and the like are English where their stem is, and so are words of two ("screenshot").
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = sum(map(len, words))
    return sum(len(word) for word in words if not is_english(word)) / letters if letters else 0.0


def is_english(word: str) -> bool:
    """Whether a single word is known, as it is or as one of two words or endings joined."""
    word = word.casefold()
    return _is_listed(word) or _has_known_stem(word) or _is_two_words(word)


def _has_known_stem(word: str) -> bool:
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + _SHORTEST_PART:
            stem = word.removesuffix(ending) + instead
            # "running" doubles its consonant
            if _is_listed(stem) or (stem[-1:] == stem[-2:-1] and _is_listed(stem[:-1])):
                return True
    return False


def _is_two_words(word: str) -> bool:
    return any(
        word[:cut] in _names_of_things() and word[cut:] in _names_of_things()
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    )


def _is_listed(word: str) -> bool:
    return word in _whole_words() or word in _names_of_things()


@cache
def _whole_words() -> frozenset[str]:
    """The words that MiniLM does not cut; none where the package is missing, which opening the starter says."""
    try:
        vocabulary = json.loads(weights_file(TOKENIZER).read_text("utf-8"))["model"]["vocab"]
    except (EncoderUnavailable, ValueError, LookupError):
        return frozenset()
    return frozenset(word for word in vocabulary if word.isascii() and word.isalpha())


@cache
def _names_of_things() -> frozenset[str]:
    """Words of WordNet's names for what can be seen. The file is read without opening timm, which takes seconds."""
    folder = folder_of("timm")
    names = folder and folder / "data" / "_info" / "imagenet_synset_to_lemma.txt"
    if names and names.is_file():
        return frozenset(word.casefold() for word in _WORD.findall(names.read_text("utf-8")))
    return frozenset()

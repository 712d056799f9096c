"""The everyday words, what they are kinds of, and which way their texts point as the starter has it.

Embedding two thousand texts takes a slow machine a minute, and the result is always the same, so it lies beside this
module. `python -m engine.models.everyday.words` makes it again after a change of words.tsv or of the glossary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

_WORDS = Path(__file__).with_name("words.tsv")
_DIRECTIONS = Path(__file__).with_name("words.npy")

_PROMPT = "a photo of a {word}"


@dataclass(frozen=True)
class EverydayWord:
    """A word. `parents`: words for what is on a photo whenever it is, what it is a kind of first. `headings`: under
    which it is listed where it is a kind of nothing."""

    name: str
    parents: tuple[str, ...]
    headings: tuple[str, ...]
    prompts: tuple[str, ...]
    """What to ask for where the bare word misleads; mostly none, for the default prompt."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What an encoder is asked for."""
        return self.prompts or (_PROMPT.format(word=self.name),)


@cache
def everyday_words() -> tuple[EverydayWord, ...]:
    """All words of words.tsv, in its order."""
    lines = _WORDS.read_text("utf-8").splitlines()
    return tuple(_word(*line.split("\t")) for line in lines if line and not line.startswith("#"))


def _word(name: str, above: str, *prompts: str) -> EverydayWord:
    kinds = above.split(", ")
    parents = tuple(kind for kind in kinds if not kind.startswith("("))
    return EverydayWord(name, parents, tuple(kind.strip("()") for kind in kinds if kind.startswith("(")), prompts)


@cache
def word_directions() -> npt.NDArray[np.float32]:
    """Where each word's texts point among MiniLM's, drawn to what the glossary says: words x 384, of unit length."""
    directions: npt.NDArray[np.float32] = np.load(_DIRECTIONS, allow_pickle=False).astype(np.float32)
    return directions


@cache
def digest_of_words() -> str:
    """Another one whenever other words would be compared."""
    return hashlib.blake2b(_WORDS.read_bytes(), digest_size=8).hexdigest()


def ancestors(words: Sequence[EverydayWord]) -> list[list[int]]:
    """For each word the places of its parents at whatever distance, the nearest first; a word is none of its own."""
    place = {word.name: at for at, word in enumerate(words)}
    found: list[list[int]] = []
    for word in words:
        above: dict[int, None] = {}
        waiting = [place[name] for name in word.parents]
        while waiting:
            one = waiting.pop(0)
            if one not in above:
                above[one] = None
                waiting += [place[name] for name in words[one].parents]
        found.append(list(above))
    return found


if __name__ == "__main__":
    from engine.models.encoders.starter.glossary import text_directions
    from engine.models.encoders.starter.sentences import SentenceEncoder

    made = text_directions([word.texts for word in everyday_words()], SentenceEncoder())
    np.save(_DIRECTIONS, made.astype(np.float16))

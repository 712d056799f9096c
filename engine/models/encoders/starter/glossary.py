"""What well-known labels mean, beyond their names: definitions and scenes, as MiniLM embeds them.

A sentence encoder knows a label by its words alone: to it a hot dog is a dog, and a fork nothing to do with a plate.
The classes that it is compared with come with definitions, so labels get one too.

As with the classes, embedding takes long and the result is always the same, so it lies beside this module.
`python -m engine.models.encoders.starter.glossary` makes it again after a change of glossary.txt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.method.arrays import unit_vectors
from engine.models.encoders.encoder import FloatArray

if TYPE_CHECKING:
    from engine.models.encoders.starter.sentences import SentenceEncoder

_TEXTS = Path(__file__).with_name("glossary.txt")
_EMBEDDINGS = Path(__file__).with_name("glossary.npy")

_THING = re.compile(r"(?:a photo of )?(?:an? |the |some )?(.+)", re.DOTALL)
"""What a prompt is of, where it says nothing else."""

PLURALS = (
    ("children", "child"), ("men", "man"), ("geese", "goose"),
    ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", ""),
)  # fmt: skip
"""Endings of plurals, and what stands there in the singular."""


@dataclass(frozen=True)
class Meaning:
    names: tuple[str, ...]
    definition: str
    scene: str

    @property
    def texts(self) -> tuple[str, str]:
        """In the form of the classes' descriptions."""
        return f"a photo of a {self.definition}", f"a photo of {self.scene}"


def read_glossary() -> list[Meaning]:
    """All meanings of glossary.txt, in its order."""
    lines = _TEXTS.read_text("utf-8").splitlines()
    parts = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Meaning(tuple(names.split(" = ")), definition, scene) for names, definition, scene in parts]


def with_meanings(prompts: Sequence[str], embeddings: FloatArray) -> FloatArray:
    """Prompts' embeddings, those of well-known things drawn to what these mean.

    Args:
        prompts: texts like "a photo of a hot dog", or "hot dog" alone. One that says more than a name is left as it
            is: whoever wrote it knows better.
        embeddings: MiniLM's of `prompts`, of unit length: prompts x 384.

    Returns:
        prompts x 384, of unit length: for a known name the mean direction of prompt, definition and scene.
    """
    meanings = _meanings_by_name()
    drawn = embeddings.copy()
    for row, prompt in enumerate(prompts):
        meaning = meanings.get(named_by(prompt))
        if meaning is not None:
            drawn[row] += meaning.sum(axis=0)
            drawn[row] /= np.linalg.norm(drawn[row])
    return drawn


def text_directions(prompts: Sequence[Sequence[str]], sentences: SentenceEncoder) -> FloatArray:
    """Which way each label's texts point: their mean by MiniLM, well-known ones drawn to what they mean.

    Args:
        prompts: at least one text a label.
        sentences: MiniLM, opened.

    Returns:
        labels x 384, of unit length.
    """
    texts = [text for of_label in prompts for text in of_label]
    embedded = with_meanings(texts, sentences.encode(texts))
    if not texts:
        return embedded
    starts = np.cumsum([0, *(len(of_label) for of_label in prompts[:-1])])
    return unit_vectors(np.add.reduceat(embedded, starts, axis=0))


def digest_of_glossary() -> str:
    """Another one whenever a name would be drawn elsewhere."""
    return hashlib.blake2b(_TEXTS.read_bytes() + _EMBEDDINGS.read_bytes(), digest_size=8).hexdigest()


def named_by(prompt: str) -> str:
    """What a prompt is of, as the glossary writes names: "hot dog" of "A photo of a hot dog"."""
    found = _THING.fullmatch(" ".join(prompt.lower().split()))
    return found.group(1) if found else ""


def name_among(names: Container[str], prompt: str) -> str | None:
    """Which of the names a prompt is of, as it is written or else as files write it ("traffic_light") or in the plural.

    A name that means something else in the plural ("glasses") should be among the names itself.
    """
    name = named_by(prompt)
    spaced = " ".join(re.split(r"[\s_‐‑-]+", name)).strip()
    return next((one for one in (name, spaced, *singulars(spaced)) if one in names), None)


def singulars(name: str) -> Iterator[str]:
    """A name, and what it may be the plural of."""
    yield name
    for ending, instead in PLURALS:
        if name.endswith(ending):
            yield name.removesuffix(ending) + instead


@cache
def _meanings_by_name() -> dict[str, FloatArray]:
    """Embeddings of each name's definition and scene: 2 x 384."""
    embeddings = np.load(_EMBEDDINGS, allow_pickle=False).astype(np.float32)
    meanings = zip(read_glossary(), embeddings, strict=True)
    return {name: embedding for meaning, embedding in meanings for name in meaning.names}


if __name__ == "__main__":
    from engine.models.encoders.starter.sentences import SentenceEncoder

    texts = [text for meaning in read_glossary() for text in meaning.texts]
    embedded = SentenceEncoder().encode(texts)
    np.save(_EMBEDDINGS, embedded.reshape(-1, 2, embedded.shape[1]).astype(np.float16))

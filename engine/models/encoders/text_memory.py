"""Texts that were embedded before: of a whole label set's prompts mostly a single one is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.models.encoders.encoder import FloatArray
from engine.models.memory import Portions

_MOST = 20_000


class TextMemory:
    """Embeds texts, each once, `at_once` at most at a time. May be asked from several threads."""

    def __init__(self, embed: Callable[[list[str]], FloatArray], at_once: int) -> None:
        self._embed = embed
        self._portions = Portions(at_once)
        self._known: dict[str, FloatArray] = {}

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of at least one text, in their order: texts x dimension."""
        known = self.remember(texts)
        return np.stack([known[text] for text in texts])

    def remember(self, texts: Sequence[str], check: Callable[[], None] = lambda: None) -> dict[str, FloatArray]:
        """Embed those that are not known; `check` is called before every few. Returns all that is known."""
        if len(self._known) > _MOST:
            self._known = {}
        known = self._known
        unknown = [text for text in dict.fromkeys(texts) if text not in known]

        def embed(places: slice) -> None:
            check()
            part = unknown[places]
            known.update(zip(part, self._embed(part), strict=True))

        self._portions.of(embed, len(unknown))
        return known

"""Texts that were embedded before: of a whole label set's prompts mostly a single one is new."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.models.encoders.encoder import FloatArray

_AT_ONCE = 256
_MOST = 20_000


class TextMemory:
    """Embeds texts, each once. May be asked from several threads."""

    def __init__(self, embed: Callable[[list[str]], FloatArray]) -> None:
        self._embed = embed
        self._known: dict[str, FloatArray] = {}

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Embeddings of at least one text, in their order: texts x dimension."""
        if len(self._known) > _MOST:
            self._known = {}
        known = self._known
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        for start in range(0, len(unknown), _AT_ONCE):
            part = unknown[start : start + _AT_ONCE]
            known.update(zip(part, self._embed(part), strict=True))
        return np.stack([known[text] for text in texts])

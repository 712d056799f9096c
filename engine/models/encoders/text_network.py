"""The half of a CLIP that reads texts, no further than they go.

A tokenizer fills each text up to some 77 tokens, and prompts have a dozen. Where a network reads from left to right and
its embedding is that of the last token of the text (Radford et al. 2021, arXiv 2103.00020, section 2.4), what was
filled up changes nothing, and is not computed. Others, as SigLIP, are asked as open_clip does.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.threads import map_in_threads

_AT_ONCE = 32
"""Texts of like length."""


class TextNetwork:
    """From tokens to embeddings of unit length, from any number of threads."""

    def __init__(self, model: Any) -> None:
        """Take a network of open_clip's as it is, on its device."""
        self._model = model
        # Some of open_clip's have it by itself, others among their own parts and by other names.
        self._text = getattr(model, "text", model)
        self._pooled_by = getattr(self._text, "text_pool_type", getattr(self._text, "pool_type", None))
        self._end: Any = getattr(self._text, "text_eos_id", getattr(self._text, "eos_id", None))
        self._ends_with_text = (
            self._pooled_by in ("argmax", "eos")
            and isinstance(getattr(self._text, "attn_mask", None), Tensor)
            and getattr(self._text, "cls_emb", None) is None
        )

    @torch.inference_mode()
    def embeddings(self, tokens: Tensor) -> Tensor:
        """Embed texts, given by their tokens: n x context length, to n x dimension, float32, of unit length."""
        if not self._ends_with_text:
            return functional.normalize(self._model.encode_text(tokens).float(), dim=-1)
        # Of some tokenizers the end is the highest number, see open_clip's `text_global_pool`.
        ends = (tokens if self._pooled_by == "argmax" else torch.eq(tokens, self._end).int()).argmax(dim=-1)
        by_length = ends.argsort()
        parts = [(tokens[some], ends[some]) for some in by_length.split(_AT_ONCE)]
        shared = tokens.device.type == "cpu" and len(parts) > 1
        embedded = torch.cat([*(map_in_threads if shared else map)(self._until_the_end, parts)])
        return functional.normalize(embedded[by_length.argsort()].float(), dim=-1)

    @torch.inference_mode()
    def _until_the_end(self, part: tuple[Tensor, Tensor]) -> Tensor:
        (tokens, ends), text = part, self._text
        length, kind = int(ends.max()) + 1, text.transformer.get_cast_dtype()
        states = text.token_embedding(tokens[:, :length]).to(kind) + text.positional_embedding[:length].to(kind)
        states = text.transformer(states, attn_mask=text.attn_mask[:length, :length])
        last = text.ln_final(states[torch.arange(len(ends), device=ends.device), ends])
        if text.text_projection is None:
            return last
        return (
            text.text_projection(last) if isinstance(text.text_projection, nn.Linear) else last @ text.text_projection
        )

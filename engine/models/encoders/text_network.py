"""The half of a CLIP that reads texts, no further than they go.

A tokenizer fills each text up to some 77 tokens, and prompts have a dozen. Where a network reads from left to right and
its embedding is that of the last token of the text (Radford et al. 2021, arXiv 2103.00020, section 2.4), what was
filled up changes nothing, and is not computed. Others, as SigLIP, are asked as open_clip does. On a processor several
threads read some texts each: sharing every product they would wait for each other all the time.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.threads import map_in_threads

_AT_ONCE = 8
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
        read, ends = self._whole, tokens.new_zeros(len(tokens))
        if self._ends_with_text:
            # Of some tokenizers the end is the highest number, see open_clip's `text_global_pool`.
            is_end = tokens if self._pooled_by == "argmax" else torch.eq(tokens, self._end).int()
            read, ends = self._until_the_end, is_end.argmax(dim=-1)
        by_length = ends.argsort()
        parts = [(tokens[some], ends[some]) for some in by_length.split(_AT_ONCE)]
        shared = tokens.device.type == "cpu" and len(parts) > 1
        embedded = torch.cat([*(map_in_threads if shared else map)(read, parts)])
        return functional.normalize(embedded[by_length.argsort()].float(), dim=-1)

    @torch.inference_mode()
    def _whole(self, part: tuple[Tensor, Tensor]) -> Tensor:
        embedded: Tensor = self._model.encode_text(part[0])
        return embedded

    @torch.inference_mode()
    def _until_the_end(self, part: tuple[Tensor, Tensor]) -> Tensor:
        (tokens, ends), text = part, self._text
        length, kind = int(ends.max()) + 1, text.transformer.get_cast_dtype()
        states = text.token_embedding(tokens[:, :length]).to(kind) + text.positional_embedding[:length].to(kind)
        states = text.transformer(states, attn_mask=text.attn_mask[:length, :length])
        last = text.ln_final(states[torch.arange(len(ends), device=ends.device), ends])
        projection = text.text_projection
        if projection is None:
            return last
        return projection(last) if isinstance(projection, nn.Linear) else last @ projection

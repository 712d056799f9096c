"""Any open_clip model as an encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from engine.models.device import device_for, name_of_precision, precision_named
from engine.models.encoders.checkpoints.network import build, fill, fused
from engine.models.encoders.checkpoints.published import Use
from engine.models.encoders.checkpoints.tokenizer import Tokenize, TokenizerMissing, open_tokenizer
from engine.models.encoders.clip_plan import plan
from engine.models.encoders.clip_weights import find_source, weights_digest
from engine.models.encoders.encoder import FloatArray, LabelEmbeddings
from engine.models.encoders.failures import WeightsMissing
from engine.models.encoders.photo_network import PhotoNetwork
from engine.models.encoders.text_memory import TextMemory
from engine.models.encoders.text_network import TextNetwork
from engine.models.memory import fitting

# Rows compared at a time, few enough for their float32 copy to stay in the processor's cache.
_ROWS_AT_ONCE = 256
# Texts, few, as whoever cancels waits for them.
_TEXTS_AT_ONCE = 16


@dataclass(frozen=True)
class ClipOpening:
    """How a CLIP was opened: its file, how exactly the file keeps the weights, and how they are computed with."""

    weights: Path
    model: str
    stored: str
    computed: str
    device: str
    use: Use


class ClipEncoder:
    """A CLIP: embeddings are unit vectors, similarity is their cosine.

    Open with `ClipEncoder.open`.
    """

    comparison = "cosine"
    contrast = 1.0
    lift_temperature: float | None = None
    takes_witness = False

    def __init__(
        self, name: str, id: str, model: Any, tokenize: Tokenize, *, mean: Sequence[float], std: Sequence[float]
    ) -> None:
        self.name = name
        self.id = id
        self.opening: ClipOpening | None = None
        """How it was opened, for people."""
        self._tokenize = tokenize
        size = model.visual.image_size
        self.input_size = int(size[0] if isinstance(size, tuple | list) else size)
        self.network = PhotoNetwork(model.visual, mean=mean, std=std)
        model.visual = None  # its weights may go once OpenVINO has them
        self._text_network = TextNetwork(model)
        self.device = self.network.device
        # CLIP was trained with similarities multiplied by exp(logit_scale); tau divides.
        self.temperature = 1.0 / float(model.logit_scale.detach().exp().max())
        # Three times CLIP's own tau ranks best from .02 to .05, see docs/results.md.
        self.default_temperature = 3 * self.temperature
        self._texts = TextMemory(self._embed_texts, _TEXTS_AT_ONCE)
        self.dimension = self.feature_count = int(self._texts(["a photo"]).shape[-1])

    @classmethod
    def open(cls, name: str, *, device: str = "auto", precision: str = "auto") -> ClipEncoder:
        """Open a model by `MODEL:TAG`, `MODEL:FILE`, or the path of a file or folder, without any download.

        Args:
            name: see `clip_weights.find_source`.
            device: auto, cuda, mps or cpu.
            precision: float32, bfloat16, float16, or auto for what is fast on this device.

        Raises:
            WeightsMissing: published weights, or their tokenizer, are not on this machine.
            EncoderUnavailable: weights are damaged, of another architecture, or used nobody knows how.
        """
        planned = plan(find_source(name))
        source, use = planned.source, planned.use
        text = planned.configuration["text_cfg"]
        try:
            tokenize = open_tokenizer(source.name, text, beside=source.weights.parent, published=planned.published)
        except TokenizerMissing as error:
            if source.published:  # what fetches the weights fetches the tokenizer too
                raise WeightsMissing(source.name, error.sentence) from error
            raise
        where = device_for(device)
        numbers = precision_named(precision, where)
        model = build(planned.configuration, quick_gelu=planned.made_quick_gelu)
        fill(model, planned.tensors, planned.checkpoint)
        model = fitting(lambda: fused(model.eval().requires_grad_(False)).to(where))
        # Colours last, as pixels come: what a card's convolutions in half precision are fast in.
        model.visual = model.visual.to(numbers).to(memory_format=torch.channels_last)
        computed = name_of_precision(numbers)
        id = f"clip:{weights_digest(source.weights)}:{_digest(planned.identity)}:{computed}"
        opened = cls(source.name, id, model, tokenize, mean=use.mean, std=use.std)
        stored = planned.checkpoint.precision
        opened.opening = ClipOpening(source.weights, planned.model, stored, computed, str(where), use)
        return opened

    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed snippets: n x input_size x input_size x 3, uint8, to n x dimension, unit length."""
        return self.network.embeddings(snippets)

    @torch.inference_mode()
    def encode_labels(self, prompts: Sequence[Sequence[str]]) -> LabelEmbeddings:
        """Embed labels: the mean of each label's prompts, of unit length: labels x dimension."""
        counts = [len(texts) for texts in prompts]
        if 0 in counts:
            raise ValueError(f"Expected at least one prompt for each label, but label {counts.index(0)} has none.")
        if not counts:
            return LabelEmbeddings(np.zeros((0, self.dimension), np.float32))
        vectors = torch.from_numpy(self._texts([text for texts in prompts for text in texts]))
        means = torch.stack([of_label.mean(0) for of_label in vectors.split(counts)])
        return LabelEmbeddings(functional.normalize(means, dim=-1).numpy())

    def similarities(self, embeddings: npt.NDArray[np.floating], labels: LabelEmbeddings) -> FloatArray:
        """Cosine of each embedding (… x dimension) with each label: … x labels, from -1 to 1."""
        rows = embeddings.reshape(-1, embeddings.shape[-1])
        result = np.empty((len(rows), len(labels.vectors)), np.float32)
        by_label = torch.from_numpy(labels.vectors).T
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            # Torch, because NumPy takes longer to widen float16 than to multiply it.
            part = torch.tensor(rows[start : start + _ROWS_AT_ONCE]).float()
            result[start : start + _ROWS_AT_ONCE] = (part @ by_label).numpy()
        return result.reshape(*embeddings.shape[:-1], -1)

    def remember_texts(self, texts: Sequence[str], check: Callable[[], None]) -> None:
        """See `RemembersTexts`."""
        self._texts.remember(texts, check)

    def _embed_texts(self, texts: list[str]) -> FloatArray:
        return self._text_network.embeddings(self._tokenize(texts).to(self.device)).cpu().numpy()


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()

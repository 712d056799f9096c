"""Any open_clip model as an encoder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from engine.models.device import device_for, name_of_precision, precision_named
from engine.models.encoders.clip_weights import LOCAL, ClipSource, find_source, weights_digest
from engine.models.encoders.encoder import EncoderUnavailable, FloatArray, LabelEmbeddings
from engine.models.encoders.text_memory import TextMemory
from engine.wording import Sentence

# Rows compared at a time, few enough for their float32 copy to stay in the processor's cache.
_ROWS_AT_ONCE = 256


class ClipEncoder:
    """A CLIP: embeddings are unit vectors, similarity is their cosine.

    Open with `ClipEncoder.open`.
    """

    comparison = "cosine"
    contrast = 1.0
    lift_temperature: float | None = None
    takes_witness = False

    def __init__(
        self, name: str, id: str, model: Any, tokenizer: Any, *, mean: Sequence[float], std: Sequence[float]
    ) -> None:
        self.name = name
        self.id = id
        self._model, self._tokenizer = model, tokenizer
        size = model.visual.image_size
        self.input_size = int(size[0] if isinstance(size, tuple | list) else size)
        parameter = next(model.visual.parameters())
        self._device, self._precision = parameter.device, parameter.dtype
        self._mean = torch.tensor(mean, device=self._device).view(1, 3, 1, 1) * 255
        self._std = torch.tensor(std, device=self._device).view(1, 3, 1, 1) * 255
        # CLIP was trained with similarities multiplied by exp(logit_scale); tau divides.
        self.temperature = 1.0 / float(model.logit_scale.detach().exp().max())
        # Three times CLIP's own tau ranks best from .02 to .05, see docs/results.md.
        self.default_temperature = 3 * self.temperature
        self._texts = TextMemory(self._embed_texts)
        self.dimension = self.feature_count = int(self._texts(["a photo"]).shape[-1])

    @classmethod
    def open(cls, name: str, *, device: str = "auto", precision: str = "auto") -> ClipEncoder:
        """Open a model by `MODEL:TAG`, `MODEL:FILE` or the path of a folder, without any download.

        Args:
            device: auto, cuda, mps or cpu.
            precision: float32, bfloat16, float16, or auto for what is fast on this device.

        Raises:
            EncoderUnavailable: weights are missing, damaged, or of another architecture.
        """
        import open_clip  # brings 250 MB of other libraries, which comparing embeddings does without

        source = find_source(name)
        where = device_for(device)
        in_folder = source.model.startswith(LOCAL)
        numbers = precision_named(precision, where)
        try:
            model = open_clip.create_model(
                source.model,
                None if in_folder else str(source.weights),
                precision="fp32",
                force_quick_gelu=bool(source.tag.get("quick_gelu", False)),
            )
            if in_folder:
                # Of several checkpoints in a folder open_clip takes one by its own rules, not the one that is meant.
                open_clip.load_checkpoint(model, str(source.weights))
            tokenizer = open_clip.get_tokenizer(source.model)
        except Exception as error:  # open_clip and torch raise many kinds for a file that does not fit
            raise EncoderUnavailable(
                Sentence("The encoder {name} cannot be opened: {weights} does not fit ({why}).").format(
                    name=source.name, weights=source.weights, why=_first_line(error)
                )
            ) from error
        model = model.eval().requires_grad_(False).to(where)
        model.visual = model.visual.to(numbers)
        mean, std = _normalisation(source, model)
        return cls(source.name, _id(source, mean, std, numbers), model, tokenizer, mean=mean, std=std)

    @torch.inference_mode()
    def encode_snippets(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed snippets: n x input_size x input_size x 3, uint8, to n x dimension, unit length."""
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        pixels = torch.from_numpy(snippets).to(self._device, non_blocking=True).permute(0, 3, 1, 2)
        pixels = ((pixels - self._mean) / self._std).to(self._precision)
        embeddings = self._model.visual(pixels)
        if isinstance(embeddings, tuple):
            embeddings = embeddings[0]
        return functional.normalize(embeddings.float(), dim=-1).cpu().numpy()

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

    @torch.inference_mode()
    def _embed_texts(self, texts: list[str]) -> FloatArray:
        tokens = self._tokenizer(texts).to(self._device)
        return functional.normalize(self._model.encode_text(tokens).float(), dim=-1).cpu().numpy()


def _normalisation(source: ClipSource, model: Any) -> tuple[Sequence[float], Sequence[float]]:
    """Mean and deviation of the pixels (0 to 1) that the model was trained with."""
    import open_clip

    configured = getattr(model.visual, "preprocess_cfg", {}) | source.tag
    return (
        configured.get("mean") or open_clip.OPENAI_DATASET_MEAN,
        configured.get("std") or open_clip.OPENAI_DATASET_STD,
    )


def _id(source: ClipSource, mean: Sequence[float], std: Sequence[float], precision: torch.dtype) -> str:
    # The same weights in another activation, or fed other pixels, make other embeddings.
    use = json.dumps([source.architecture, bool(source.tag.get("quick_gelu")), list(mean), list(std)])
    use_digest = hashlib.blake2b(use.encode(), digest_size=4).hexdigest()
    return f"clip:{weights_digest(source.weights)}:{use_digest}:{name_of_precision(precision)}"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

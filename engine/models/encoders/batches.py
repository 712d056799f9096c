"""Full batches through an encoder, as large as the device's memory takes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.models.encoders.encoder import FloatArray, SnippetEncoder


class Batches:
    """Feeds an encoder batches of at most `size` snippets; when the device runs out of memory, halves and goes on."""

    def __init__(self, encoder: SnippetEncoder, size: int) -> None:
        self._encoder = encoder
        self.size = size
        """Snippets in a batch; smaller after the memory did not suffice."""

    def encode(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed any number of snippets: n x side x side x 3 to n x dimension."""
        parts: list[FloatArray] = []
        start = 0
        while start < len(snippets):
            try:
                parts.append(self._encoder.encode_snippets(snippets[start : start + self.size]))
                start += self.size
            except RuntimeError as error:
                if self.size == 1 or not _is_out_of_memory(error):
                    raise
                self.size = max(1, self.size // 2)
                _free_what_is_cached()
        return np.concatenate(parts) if parts else np.zeros((0, self._encoder.dimension), np.float32)


def _is_out_of_memory(error: RuntimeError) -> bool:
    import torch

    # CUDA has an error of its own; MPS and the processor say it in words.
    words = ("out of memory", "can't allocate memory", "not enough memory")
    return isinstance(error, torch.OutOfMemoryError) or any(word in str(error) for word in words)


def _free_what_is_cached() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()

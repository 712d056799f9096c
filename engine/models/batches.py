"""Full batches through an encoder, as large as the device's memory takes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.models.encoder import Encoder, FloatArray


class Batches:
    """Feeds an encoder batches of at most `size` snippets; when the device runs out of memory, halves and goes on."""

    def __init__(self, encoder: Encoder, size: int) -> None:
        self._encoder = encoder
        self.size = size
        """Snippets in a batch; smaller after the memory did not suffice."""

    def encode(self, snippets: npt.NDArray[np.uint8]) -> FloatArray:
        """Embed any number of snippets: n x side x side x 3 to n x dimension."""
        import torch

        parts: list[FloatArray] = []
        start = 0
        while start < len(snippets):
            try:
                parts.append(self._encoder.encode_snippets(snippets[start : start + self.size]))
                start += self.size
            except torch.OutOfMemoryError:
                if self.size == 1:
                    raise
                self.size = max(1, self.size // 2)
                if torch.cuda.is_available():
                    torch.cuda.empty_cache()
        return np.concatenate(parts) if parts else np.zeros((0, self._encoder.dimension), np.float32)

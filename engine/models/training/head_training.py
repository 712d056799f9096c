"""Training of the last layer alone, over features that the backbone gave once: on any machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from engine.models.memory import Portions
from engine.models.threads import one_thread
from engine.models.training.classifier import new_head
from engine.models.training.loop import EpochReport, Training
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings


class HeadTraining(Training):
    """Learns a linear layer over the frozen features of a backbone.

    Args:
        features: photos x d, float32, as the backbone gives them.
        labels, settings: see `Training`.

    The processor computes, in one thread: 10,000 photos in about a second an epoch.
    """

    def __init__(self, features: npt.NDArray[np.float32], labels: TrainingLabels, settings: TrainingSettings) -> None:
        if features.ndim != 2 or len(features) != len(labels.values):
            raise ValueError(
                f"Expected argument `features` to be {len(labels.values)} photos x values, "
                f"but got shape {features.shape}."
            )
        if not np.isfinite(features).all():
            raise ValueError("Expected argument `features` to hold numbers, but got nan or infinity among them.")
        raw = torch.tensor(features, dtype=torch.float32)
        self._mean, spread = raw.mean(0), raw.std(0, correction=0)
        # Standardised values, and photos of about unit length: one weight decay then fits any backbone.
        self._scale = torch.where(spread > 1e-6, spread, 1.0) * features.shape[1] ** 0.5
        self._inputs = (raw - self._mean) / self._scale
        self._all_at_once = Portions(len(features))
        head = new_head(features.shape[1], labels.values, seed=settings.seed)
        super().__init__(head, labels, settings, torch.device("cpu"))

    def run_epoch(self, check: Callable[[], None] = lambda: None) -> EpochReport:
        """See `Training.run_epoch`."""
        with one_thread():
            return super().run_epoch(check)

    def linear_layer(self) -> nn.Linear:
        """The layer for the backbone's features as they come, the standardisation folded into it."""
        head = nn.Linear(self._inputs.shape[1], self.labels.values.shape[1])
        learnt: dict[str, Any] = self.network.state_dict()
        with torch.no_grad():
            head.weight.copy_(learnt["weight"] / self._scale)
            head.bias.copy_(learnt["bias"] - (learnt["weight"] / self._scale) @ self._mean)
        return head

    def _batch_logits(self, photos: Tensor, generator: torch.Generator) -> Tensor:
        return self.network(self._inputs[photos.to(self.device)])

    def _all_logits(self, check: Callable[[], None]) -> Tensor:
        self.network.eval()
        with torch.no_grad():
            return torch.cat(self._all_at_once.of(lambda rows: self.network(self._inputs[rows]), len(self._inputs)))

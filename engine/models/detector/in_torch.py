"""The detector computed by torch: on a graphics card, or where OpenVINO is not installed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from engine.models.detector.nanodet import DEVIATIONS, LEAK, MEANS, NOTHING, SHARPNESS, THING_COUNT, answers_of
from engine.models.detector.weights import Weights
from engine.models.memory import fitting

# On a processor few photos at a time, whose activations its cache can hold.
_AT_ONCE = {"cpu": 1}
_AT_ONCE_ELSEWHERE = 16


class TorchDetector:
    """NanoDet's answers by torch."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._device = torch.device(device)
        tensors = {name: torch.tensor(value) for name, value in weights.items()}
        self._ops = _TorchOperations(fitting(lambda: {name: value.to(self._device) for name, value in tensors.items()}))
        self._means, self._deviations = (
            torch.tensor(values, device=device).view(1, 3, 1, 1) for values in (MEANS, DEVIATIONS)
        )

    @torch.inference_mode()
    def evidence(self, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x 416 x 416 x 3 to the evidence for each thing, see `evidence`: n x 80."""
        parts = torch.tensor(photos).split(_AT_ONCE.get(self._device.type, _AT_ONCE_ELSEWHERE))
        if not len(photos):
            return np.zeros((0, THING_COUNT), np.float32)
        return torch.cat([evidence(self._answers(part)) for part in parts]).cpu().numpy()

    @torch.inference_mode()
    def answers(self, photo: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.float32]]:
        """416 x 416 x 3 to the answers on each scale: 124 x height x width."""
        return [values[0].cpu().numpy() for values in self._answers(torch.tensor(photo[None]))]

    def _answers(self, photos: Tensor) -> list[Tensor]:
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        colours_first = photos.to(self._device).permute(0, 3, 1, 2)
        return answers_of(self._ops, (colours_first - self._means) / self._deviations)


def evidence(answers: list[Tensor]) -> Tensor:
    """How surely each thing is somewhere in the photo, in log odds, where the things share every place.

    Each place has one thing or nothing. The detector was trained to judge each thing by itself, and calls a cow a horse
    as well; so a thing's odds at a place are taken by those of all other things and of nothing:

        log max over places of  exp(s l_t) / (NOTHING + sum over u != t of exp(s l_u)),    s = SHARPNESS

    with l the log odds at the place.

    Args:
        answers: of `answers_of`.

    Returns:
        photos x 80.
    """
    highest = []
    for values in answers:
        odds = (SHARPNESS * values[:, :THING_COUNT]).exp()
        highest.append((odds / (NOTHING + odds.sum(1, keepdim=True) - odds)).amax((2, 3)))
    return torch.stack(highest).amax(0).log()


class _TorchOperations:
    def __init__(self, weights: dict[str, Tensor]) -> None:
        self._weights = {
            name: value.to(memory_format=torch.channels_last) if value.ndim == 4 else value
            for name, value in weights.items()
        }

    def convolve(self, values: Tensor, name: str, stride: int = 1) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return functional.conv2d(values, weight, bias, stride, padding=weight.shape[-1] // 2)

    def activate(self, values: Tensor) -> Tensor:
        return functional.leaky_relu(values, LEAK, inplace=True)

    def pool(self, values: Tensor) -> Tensor:
        return functional.max_pool2d(values, 3, 2, padding=1)

    def resize(self, values: Tensor, scale: float) -> Tensor:
        return functional.interpolate(values, scale_factor=scale, mode="bilinear")

    def add(self, one: Tensor, other: Tensor) -> Tensor:
        return one + other

    def join(self, one: Tensor, other: Tensor) -> Tensor:
        return torch.cat([one, other], 1)

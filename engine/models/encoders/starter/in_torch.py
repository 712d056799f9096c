"""The starter's network computed by torch: on a graphics card, or where OpenVINO is not installed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from engine.models.encoders.starter.lite2 import EXACT, HIGHEST, REST, Block, Convolution, through
from engine.models.encoders.starter.lite2_weights import Layer
from engine.models.memory import fitting

# On a processor few snippets at a time, whose activations its cache can hold: 40 at once take nearly twice as long.
_AT_ONCE_ON_PROCESSOR = 8


class TorchNetwork:
    """EfficientNet-Lite2 by torch, all but `EXACT` in the numbers of this name (float32, bfloat16, float16)."""

    def __init__(self, layers: Mapping[str, Layer], device: str, precision: str) -> None:
        self._device, self._numbers = torch.device(device), getattr(torch, precision)

        def moved(blocks: tuple[Block, ...], numbers: torch.dtype) -> dict[str, tuple[Tensor, Tensor]]:
            return {
                each.name: (
                    torch.tensor(layers[each.name].weight).to(self._device, numbers, memory_format=torch.channels_last),
                    torch.tensor(layers[each.name].bias).to(self._device, numbers),
                )
                for block in blocks
                for each in block.convolutions
            }

        self._ops = _Operations(fitting(lambda: moved(EXACT, torch.float32) | moved(REST, self._numbers)))

    @torch.inference_mode()
    def features(self, snippets: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x 260 x 260 x 3, RGB, 0 to 255, to n x 1280."""
        # Bytes lie as height x width x colour; seen as colour first this is channels_last, without a copy.
        pixels = torch.from_numpy(snippets).to(self._device, non_blocking=True).permute(0, 3, 1, 2)
        # This network was trained with mean and standard deviation 0.5, not ImageNet's own.
        pixels = pixels / 127.5 - 1
        at_once = _AT_ONCE_ON_PROCESSOR if self._device.type == "cpu" else max(1, len(pixels))
        return torch.cat([self._features(part) for part in pixels.split(at_once)]).cpu().numpy()

    def _features(self, pixels: Tensor) -> Tensor:
        values = through(self._ops, EXACT, pixels).to(self._numbers)
        return through(self._ops, REST, values).mean((2, 3)).float()


class _Operations:
    def __init__(self, layers: Mapping[str, tuple[Tensor, Tensor]]) -> None:
        self._layers = layers

    def convolve(self, values: Tensor, convolution: Convolution) -> Tensor:
        weight, bias = self._layers[convolution.name]
        side, stride = weight.shape[-1], convolution.stride
        groups = len(weight) if convolution.alone else 1
        if stride == 1:
            return functional.conv2d(values, weight, bias, padding=side // 2, groups=groups)
        around = [max(0, (-(-length // stride) - 1) * stride + side - length) for length in values.shape[2:]]
        (height, width) = ((each // 2, each - each // 2) for each in around)
        return functional.conv2d(functional.pad(values, (*width, *height)), weight, bias, stride, groups=groups)

    def activate(self, values: Tensor) -> Tensor:
        return functional.hardtanh(values, 0.0, HIGHEST, inplace=True)

    def add(self, one: Tensor, other: Tensor) -> Tensor:
        return one + other

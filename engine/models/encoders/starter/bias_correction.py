"""Biases that take back what rounding the weights to bfloat16 adds on average.

A rounded weight moves its convolution's output by its error times the input: on average, by its error times the
input's mean. The batch norms know that mean, so no photo is needed (Nagel et al. 2019, Data-free quantization through
weight equalization and bias correction, arXiv 1906.04721, section 4.2). In the starter's network this is most of what
bfloat16 changes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.models.encoders.starter.lite2 import HIGHEST, Block
from engine.models.encoders.starter.lite2_weights import Layer

Floats = npt.NDArray[np.float32]


def corrected(layers: Mapping[str, Layer], blocks: Sequence[Block], mean: Floats) -> dict[str, Layer]:
    """The layers of some blocks, with biases for weights in bfloat16.

    Args:
        mean: of what enters the first block, a value a channel.
    """
    made = {}
    for block in blocks:
        entered = mean
        for each in block.convolutions:
            layer = layers[each.name]
            made[each.name] = replace(layer, bias=layer.bias + mean_error(layer.weight, mean, alone=each.alone))
            # What leaves a batch norm is as near to a normal distribution as anything that is known of it.
            mean = clipped_mean(layer.shift, layer.scale) if each.activated else layer.shift
        if block.adds:
            mean = mean + entered
    return made


def mean_error(weight: Floats, mean: Floats, *, alone: bool) -> Floats:
    """What is missing on average in what leaves a convolution whose weights are rounded: output channels.

    Args:
        weight: output x input x side x side.
        mean: of what enters it, a value a channel.
        alone: each channel has one filter; else one for each channel that enters.
    """
    errors = (weight - to_bfloat16(weight)).sum((2, 3))
    return errors[:, 0] * mean if alone else errors @ mean


def clipped_mean(mean: Floats, deviation: Floats) -> Floats:
    """The mean of a normal distribution after ReLU6, which takes all below 0 for 0 and all above 6 for 6."""
    spread = np.maximum(np.abs(deviation.astype(np.float64)), 1e-6)
    zero, six = -mean / spread, (HIGHEST - mean) / spread
    below, above = (0.5 * (1 + np.array([math.erf(each / math.sqrt(2)) for each in at])) for at in (zero, six))
    densities = (np.exp(-(zero**2) / 2) - np.exp(-(six**2) / 2)) / math.sqrt(2 * math.pi)
    return (mean * (above - below) + spread * densities + HIGHEST * (1 - above)).astype(np.float32)


def to_bfloat16(values: Floats) -> Floats:
    """The nearest numbers that bfloat16 has, to even ones from the middle between two."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)

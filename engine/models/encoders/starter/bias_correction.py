"""Biases that take back what rounding the weights to bfloat16 adds on average.

A rounded weight moves its convolution's output by its error times the input: on average, by its error times the
input's mean. The batch norms know that mean, so no photo is needed (Nagel et al. 2019, Data-free quantization through
weight equalization and bias correction, arXiv 1906.04721, section 4.2). In the starter's network this is most of what
bfloat16 changes.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.distributions import Normal


def mean_inputs(network: nn.Module, mean: Tensor) -> dict[str, Tensor]:
    """The mean of what enters each convolution, by the convolution's name: a value a channel.

    Args:
        network: convolutions, batch norms behind them and sums around them, whose children are in the order in which
            they compute; nothing folded yet.
        mean: of the network's own input, a value a channel.
    """
    means: dict[str, Tensor] = {}
    _follow(network, mean, "", means)
    return means


def correct_biases(network: nn.Module, means: Mapping[str, Tensor]) -> None:
    """Correct the biases of the convolutions that `means` names, batch norms folded, for weights in bfloat16."""
    for name, mean in means.items():
        convolution = network.get_submodule(name)
        assert isinstance(convolution, nn.Conv2d)
        assert convolution.bias is not None
        errors = (convolution.weight - convolution.weight.bfloat16().float()).sum((2, 3))
        # Of a depthwise convolution each channel has one filter, of the others one for each channel that enters.
        convolution.bias += errors[:, 0] * mean if errors.shape[1] == 1 else errors @ mean


def clipped_mean(mean: Tensor, deviation: Tensor) -> Tensor:
    """The mean of a normal distribution after ReLU6, which takes all below 0 for 0 and all above 6 for 6."""
    normal = Normal(mean, deviation.abs().clamp_min(1e-6))
    zero, six = torch.zeros_like(mean), torch.full_like(mean, 6.0)
    below, above = normal.cdf(zero), normal.cdf(six)
    densities = normal.log_prob(zero).exp() - normal.log_prob(six).exp()
    return mean * (above - below) + normal.scale**2 * densities + 6 * (1 - above)


def _follow(module: nn.Module, mean: Tensor, prefix: str, means: dict[str, Tensor]) -> Tensor:
    """The mean of what leaves a module, from that of what enters it."""
    entered = mean
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            means[prefix + name] = mean
        elif isinstance(child, nn.BatchNorm2d):
            # What leaves a batch norm is as near to a normal distribution as anything that is known of it.
            clipped = isinstance(getattr(child, "act", None), nn.ReLU6)  # timm's batch norms activate as well
            mean = clipped_mean(child.bias, child.weight) if clipped else child.bias
        else:
            mean = _follow(child, mean, f"{prefix}{name}.", means)
    return mean + entered if getattr(module, "has_skip", False) else mean

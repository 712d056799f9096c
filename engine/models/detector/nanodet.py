"""NanoDet-g (R. Lyu, github.com/RangiLyu/nanodet, 2021), layer by layer, for whatever computes it.

A detector without anchors: a backbone of plain convolutions in cross stage partial blocks (Wang et al. 2019, CSPNet,
arXiv 1911.11929), a path aggregation neck that only adds (after Liu et al. 2018, PANet, arXiv 1803.01534), and a head
on each of three scales that says at every place what is there, and how far each side of its box is (Li et al. 2020,
Generalized focal loss, arXiv 2006.04388). The batch norms are folded into the convolutions.

The network is written once, in terms of `Operations`, and computed by torch or OpenVINO: both follow these lines.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

INPUT_SIZE = 416
"""Side of the square that a photo is resized to."""
STRIDES = (8, 16, 32)
"""Pixels from one place to the next, in each of the three scales."""
THING_COUNT = 80
BINS = 11
"""How far a side of a box is: the chances of 0 to 10 strides."""
ANSWERS = THING_COUNT + 4 * BINS
"""Of a place: the log odds of each thing, then the distributions of left, top, right and bottom."""

MEANS, DEVIATIONS = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Of red, green and blue in the photos that it learnt from, 0 to 255."""
LEAK = 0.1
"""What is left of a negative value behind a convolution."""

SHARPNESS, NOTHING = 1.5, 0.3
"""How the things share a place: see `in_torch.evidence`. Sharpness from 1 to 2 and nothing from 0.3 to 1 do as well."""

_BLOCKS = {1: 1, 2: 2, 3: 2, 4: 3}
"""Blocks in each stage of the backbone."""

Values = TypeVar("Values")


class Operations(Protocol[Values]):
    """What computes the network. Values are photos x channels x height x width."""

    def convolve(self, values: Values, name: str, stride: int = 1) -> Values:
        """By the weights of this name and plus its biases; as large as before, divided by the stride."""
        ...

    def activate(self, values: Values) -> Values:
        """Negative values times `LEAK`."""
        ...

    def pool(self, values: Values) -> Values:
        """The highest of 3 x 3 places, at every second place."""
        ...

    def resize(self, values: Values, scale: float) -> Values:
        """Between the nearest places, linearly; places are the middles of squares."""
        ...

    def add(self, one: Values, other: Values) -> Values: ...

    def join(self, one: Values, other: Values) -> Values:
        """Channels of one, then of the other."""
        ...


def answers_of(ops: Operations[Values], pixels: Values) -> list[Values]:
    """What the network answers.

    Args:
        pixels: photos x 3 x 416 x 416, red, green, blue; `MEANS` subtracted, divided by `DEVIATIONS`.

    Returns:
        For each of `STRIDES`, photos x 124 x 416 / stride x 416 / stride; see `ANSWERS`.
    """
    fine, middle, coarse = _neck(ops, *_backbone(ops, pixels))
    return [_head(ops, values, level) for level, values in enumerate((fine, middle, coarse), 1)]


def _backbone(ops: Operations[Values], pixels: Values) -> list[Values]:
    """Features at the three strides: 128, 256 and 512 channels."""
    values = ops.pool(_convolve(ops, pixels, "stem", stride=2))
    stages = []
    for number, blocks in _BLOCKS.items():
        values = _stage(ops, values, f"stage{number}", blocks, stride=1 if number == 1 else 2)
        stages.append(values)
    return stages[1:]


def _stage(ops: Operations[Values], values: Values, name: str, blocks: int, stride: int) -> Values:
    """Half of the channels pass by the blocks, and are joined again behind them."""
    entered = _convolve(ops, values, f"{name}.enter", stride)
    values = entered
    for block in range(1, blocks + 1):
        narrow = _convolve(ops, values, f"{name}.block{block}.narrow")
        values = ops.join(_convolve(ops, narrow, f"{name}.block{block}.deepen"), narrow)
    return ops.join(_convolve(ops, values, f"{name}.leave"), entered)


def _neck(ops: Operations[Values], fine: Values, middle: Values, coarse: Values) -> tuple[Values, Values, Values]:
    """Each scale told of the others: what is coarse to the finer ones, then what is fine to the coarser ones."""
    fine, middle, coarse = (
        ops.convolve(values, f"neck.level{level}") for level, values in enumerate((fine, middle, coarse), 1)
    )
    middle = ops.add(middle, ops.resize(coarse, 2))
    fine = ops.add(fine, ops.resize(middle, 2))
    middle = ops.add(middle, ops.resize(fine, 0.5))
    coarse = ops.add(coarse, ops.resize(middle, 0.5))
    return fine, middle, coarse


def _head(ops: Operations[Values], values: Values, level: int) -> Values:
    return ops.convolve(_convolve(ops, values, f"head{level}.features"), f"head{level}.answer")


def _convolve(ops: Operations[Values], values: Values, name: str, stride: int = 1) -> Values:
    return ops.activate(ops.convolve(values, name, stride))

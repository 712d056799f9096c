"""EfficientNet-Lite2, layer by layer, for whatever computes it.

Inverted residual blocks (Tan and Le 2019, EfficientNet, arXiv 1905.11946) without squeeze and excitation and with ReLU6
(R. Liu, "Higher accuracy on vision models with EfficientNet-Lite", 2020): a convolution of 1 x 1 that widens, one of
each channel by itself, one of 1 x 1 that narrows again, and around these a sum where nothing changes its size. Widths
are 1.1 and depths 1.2 times those of Lite0.

The network is written once, in terms of `Operations`, and computed by torch or OpenVINO: both follow these lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

INPUT_SIZE = 260
"""Side of the square that a snippet is resized to."""
FEATURE_COUNT = 1280
CLASS_COUNT = 1000

HIGHEST = 6.0
"""Of what leaves an activation; the lowest is 0."""

_STEM = 32
_STAGES = ((1, 3, 1, 16), (3, 3, 2, 24), (3, 5, 2, 48), (4, 3, 2, 88), (4, 5, 1, 120), (5, 5, 2, 208), (1, 3, 1, 352))
"""Blocks, side of the convolution of each channel, stride of the first block, and channels that leave it."""
_WIDER = 6
"""Times as many channels within a block, but for the first."""

Values = TypeVar("Values")


@dataclass(frozen=True)
class Convolution:
    """One with its batch norm. `shape`: output x input x side x side; `alone`: each channel by itself."""

    name: str
    shape: tuple[int, int, int, int]
    stride: int = 1
    alone: bool = False
    activated: bool = True


@dataclass(frozen=True)
class Block:
    """Convolutions one after the other; `adds`: what entered is added to what leaves."""

    convolutions: tuple[Convolution, ...]
    adds: bool = False


def _blocks() -> Iterator[Block]:
    yield Block((Convolution("stem", (_STEM, 3, 3, 3), 2),))
    entering, number = _STEM, 0
    for stage, (count, side, first_stride, leaving) in enumerate(_STAGES):
        for place in range(count):
            stride = 1 if place else first_stride
            wide = entering * (_WIDER if stage else 1)
            name = f"block{number}"
            widen = (Convolution(f"{name}.widen", (wide, entering, 1, 1)),) if stage else ()
            apart = Convolution(f"{name}.apart", (wide, 1, side, side), stride, alone=True)
            narrow = Convolution(f"{name}.narrow", (leaving, wide, 1, 1), activated=False)
            yield Block((*widen, apart, narrow), adds=stride == 1 and entering == leaving)
            entering, number = leaving, number + 1
    yield Block((Convolution("head", (FEATURE_COUNT, entering, 1, 1)),))


BLOCKS = tuple(_blocks())
CONVOLUTIONS = tuple(convolution for block in BLOCKS for convolution in block.convolutions)
EXACT, REST = BLOCKS[:2], BLOCKS[2:]
"""The stem and the first block are computed in float32 always.

Rounding these two as well would save a tenth of the time and nearly double what bfloat16 changes in the features (6 %
instead of 4 %): a filter of the first block whose weights nearly cancel each other comes to another sum.
"""


class Operations(Protocol[Values]):
    """What computes the network. Values are snippets x channels x height x width."""

    def convolve(self, values: Values, convolution: Convolution) -> Values:
        """By its weights and plus its biases, the batch norm folded in; as large as before, divided by the stride.

        Where the stride leaves a place over, it is at the right and at the bottom, as TensorFlow has it.
        """
        ...

    def activate(self, values: Values) -> Values:
        """Held within 0 and `HIGHEST`."""
        ...

    def add(self, one: Values, other: Values) -> Values: ...


def through(ops: Operations[Values], blocks: tuple[Block, ...], values: Values) -> Values:
    """What leaves some of the `BLOCKS`. The first takes pixels from -1 to 1; the mean of each channel that leaves the
    last over all places is a feature."""
    for block in blocks:
        entered = values
        for convolution in block.convolutions:
            values = ops.convolve(values, convolution)
            values = ops.activate(values) if convolution.activated else values
        values = ops.add(values, entered) if block.adds else values
    return values

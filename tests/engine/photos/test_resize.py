"""Photos are cut alike whether torch is loaded or not: to the bit, so that what is stored goes with what is new."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch  # noqa: F401 - loaded, so that it resizes

from engine.photos.resize import resize

SIZES = [((160, 213), 260), ((480, 640), 260), ((1, 3), 7), ((260, 260), 260), ((97, 260), 260), ((700, 33), 64)]


@pytest.mark.parametrize(("size", "side"), SIZES)
def test_numpy_makes_the_same_pixels_as_torch(
    size: tuple[int, int], side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(sum(size))
    noise = random.integers(0, 256, (2, *size, 3), np.uint8)
    # Edges overshoot, which is cut off at black and white.
    edges = (noise > 127).astype(np.uint8) * np.uint8(255)
    for parts in (noise, edges):
        by_torch, by_numpy = (np.zeros((2, side, side + 1, 3), np.uint8) for _ in range(2))
        resize(parts, by_torch)
        with monkeypatch.context() as without:
            without.delitem(sys.modules, "torch")
            resize(parts, by_numpy)
        np.testing.assert_array_equal(by_numpy, by_torch)

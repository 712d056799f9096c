"""Sums over photos that are made part by part, and of which two make a third: what a collection needs no memory for."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


class LogSumExp:
    """log(sum(exp(x))) over all numbers, safe from overflow; -inf of none.

    >>> total = LogSumExp()
    >>> total.add(np.array([1000.0, 1000.0]))
    >>> round(total.value - 1000, 3)
    0.693
    """

    def __init__(self) -> None:
        self.value = -math.inf

    def add(self, values: npt.NDArray[np.floating]) -> None:
        """Take in more numbers, of any shape."""
        if values.size:
            highest = float(values.max())
            self._take(highest + math.log(np.exp(values - highest).sum(dtype=np.float64)))

    def merge(self, other: LogSumExp) -> None:
        """Take in what another one was told."""
        if other.value > -math.inf:
            self._take(other.value)

    def _take(self, value: float) -> None:
        self.value = float(np.logaddexp(self.value, value))

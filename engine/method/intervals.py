"""Fractions with the bounds between which they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class Interval:
    """A fraction with the bounds between which it lies, all from 0 to 1."""

    value: float
    low: float
    high: float


def precision_interval(right: int, total: int, confidence: float = 0.95) -> Interval | None:
    """The share of right answers with its Wilson score interval (E. B. Wilson, 1927); None where nothing was asked.

    Unlike the textbook's interval it stays within 0 to 1 and tells something even when all answers were right.
    """
    if not 0 <= right <= total:
        raise ValueError(f"Expected argument `right` to be from 0 to `total` ({total}), but got {right}.")
    if not 0 < confidence < 1:
        raise ValueError(f"Expected argument `confidence` to be between 0 and 1, but got {confidence}.")
    if total == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    # Rounding must not put the share outside its own interval where all or none were right.
    return Interval(share, max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))

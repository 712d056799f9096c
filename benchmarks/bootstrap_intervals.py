"""How often intervals of AP and mAP hold what they should, by simulation: four ways to make one from resamples.

    python benchmarks/bootstrap_intervals.py [--collections 150] [--resamples 200]

Photos are drawn from made-up distributions, so that the mean AP over collections of a size is known. Wanted: 0.95.
Prints one JSON object: for each case and way, the share of intervals that hold that mean.
"""

from __future__ import annotations

import argparse
from statistics import NormalDist

import numpy as np
from machine import print_report

from engine.method import mean_average_precision
from engine.method.bootstrap import draw_photos, resampled_average_precision
from engine.stages.evaluation.result import mean_of_resamples

TAILS = (0.025, 0.975)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collections", type=int, default=150)
    parser.add_argument("--resamples", type=int, default=200)
    given = parser.parse_args()
    random = np.random.default_rng(0)
    cases = {
        f"1 label, {photos} photos, {round(photos * share)} positives": (photos, np.array([share]), np.array([1.5]))
        for photos, share in ((200, 0.02), (200, 0.1), (1000, 0.02), (1000, 0.1))
    }
    shares, gaps = random.uniform(0.015, 0.15, 40), random.uniform(1, 3, 40)
    cases |= {f"40 labels, {photos} photos": (photos, shares, gaps) for photos in (128, 500, 1000)}
    found = {name: held(*case, given.collections, given.resamples, random) for name, case in cases.items()}
    print_report({**vars(given), "held": found})


def held(
    photos: int,
    shares: np.ndarray,
    gaps: np.ndarray,
    collections: int,
    resamples: int,
    random: np.random.Generator,
) -> dict[str, float]:
    """The share of collections whose interval holds the mean over all of them, by way of making it."""
    figures, resampled = [], []
    for _ in range(collections):
        truth = (random.random((photos, len(shares))) < shares).astype(np.int8)
        scores = random.normal(size=truth.shape) + gaps * truth
        if not truth.any():
            continue
        counts = draw_photos(photos, resamples, seed=int(random.integers(2**31)))
        figures.append(mean_average_precision(scores, truth).value)
        means = mean_of_resamples(resampled_average_precision(scores, truth, counts))
        resampled.append(means[~np.isnan(means)])
    wanted = float(np.mean(figures))
    within = {
        way: float(np.mean([low <= wanted <= high for low, high in map(make, figures, resampled)]))
        for way, make in WAYS.items()
    }
    return {way: round(share, 2) for way, share in within.items()}


def plain(_figure: float, resampled: np.ndarray) -> np.ndarray:
    """Percentiles."""
    return np.quantile(resampled, TAILS)


def moved(figure: float, resampled: np.ndarray) -> np.ndarray:
    """Percentiles, moved to the figure: `engine.method.bootstrap.bootstrap_interval`."""
    return np.quantile(resampled, TAILS) - resampled.mean() + figure


def reflected(figure: float, resampled: np.ndarray) -> np.ndarray:
    """The basic bootstrap."""
    return 2 * figure - np.quantile(resampled, TAILS[::-1])


def bias_corrected(figure: float, resampled: np.ndarray) -> np.ndarray:
    """Efron's, of 1981."""
    normal, least = NormalDist(), 0.5 / len(resampled)
    below = float(np.clip((resampled < figure).mean() + (resampled == figure).mean() / 2, least, 1 - least))
    shift = 2 * normal.inv_cdf(below)
    return np.quantile(resampled, [normal.cdf(shift + normal.inv_cdf(tail)) for tail in TAILS])


WAYS = {"plain": plain, "moved": moved, "reflected": reflected, "bias-corrected": bias_corrected}


if __name__ == "__main__":
    main()

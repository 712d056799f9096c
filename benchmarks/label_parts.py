"""How far the second look holds: what it gains on random parts of the photos and of the labels.

Each part is scored by the engine as a collection of its own. Only labels with five positives or more count, in parts of
30 photos those with two: the rest jump by points when one photo changes its rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from label_collections import Collection

from engine.method import contrast_probabilities, mean_average_precision
from engine.method.stage_one import MeansOfPhotos, StageScores, rerank, score

PHOTOS = (300, 100, 30)
LABELS = (3, 5, 10, 20, 40, 80)
DRAWS = 40


def gains_on_photos(photos: Collection) -> list[str]:
    """For halves (half as many draws) and for each number of `PHOTOS`: mean gain in mAP, least to most."""
    count = len(photos.truth)
    random = np.random.default_rng(0)
    cells = []
    for size in (count // 2, *PHOTOS):
        if size > 0.8 * count:
            cells.append("–")
            continue
        draws = range(DRAWS // 2 if size == count // 2 else DRAWS)
        gains = [gain(photos.part(random.permutation(count)[:size]), 2 if size <= 30 else 5) for _ in draws]
        cells.append(f"{np.nanmean(gains):+.2f} ({np.nanmin(gains):.2f} to {np.nanmax(gains):.2f})")
    return cells


def gains_on_labels(photos: Collection) -> list[str]:
    """For each number of `LABELS`: mean gain in mAP, and the least."""
    count = photos.truth.shape[1]
    random = np.random.default_rng(0)
    cells = []
    for size in LABELS:
        draws = range(DRAWS if size < count else 1)
        gains = [gain(photos.part(slice(None), random.permutation(count)[:size])) for _ in draws if size <= count]
        cells.append(f"{np.nanmean(gains):+.2f} ({np.nanmin(gains):.2f})" if gains else "")
    return cells


def gain(photos: Collection, fewest_positives: int = 5) -> float:
    """Of the second look over the initial pseudo labels, in % of mAP; not a number where no label occurs enough."""
    often = (photos.truth > 0).sum(axis=0) >= fewest_positives
    if not often.any():
        return np.nan
    before = as_the_engine_scores(photos)
    values = [
        mean_average_precision(each.initial[:, often], photos.truth[:, often]).value
        for each in (before, rerank(before))
    ]
    return 100 * (values[1] - values[0])


def as_the_engine_scores(photos: Collection) -> StageScores:
    """Stage 1 before its second look. Of CLIP's snippets only the best is scored, the worst is for the contrast."""
    snippets = photos.snippets if photos.every_snippet else photos.snippets.max(axis=1, keepdims=True)
    similarities = np.concatenate([photos.whole[:, None], snippets], axis=1).astype(np.float32)
    means = MeansOfPhotos(similarities.shape[-1])
    means.add(similarities)
    contrast = photos.contrast if photos.every_snippet else 0.0
    scores = score(similarities, means.means(), photos.temperature, 0.0, contrast)
    if photos.every_snippet or not photos.contrast:
        return scores
    standing_out = contrast_probabilities(photos.snippets, photos.temperature)
    evidence = (2 * scores.initial + photos.contrast * standing_out) / (2 + photos.contrast)
    return replace(scores, evidence=evidence.astype(np.float32))


def print_parts(collections: Sequence[Collection]) -> None:
    print("\n| gain, mean (least to most) | half |", " | ".join(f"{size} photos" for size in PHOTOS), "|")
    print("|---" * (2 + len(PHOTOS)) + "|")
    for photos in collections:
        print("|", " | ".join([photos.name, *gains_on_photos(photos)]), "|", flush=True)
    print("\n| mean gain (least) |", " | ".join(f"{size} labels" for size in LABELS), "|")
    print("|---" * (1 + len(LABELS)) + "|")
    for photos in collections:
        print("|", " | ".join([photos.name, *gains_on_labels(photos)]), "|", flush=True)

"""CDUL's stage 1 on real CLIP similarities, by the engine's own mathematics, with what would be suggested.

    python benchmarks/stage_one_on_similarities.py SIMILARITIES.npz

The file holds `global_similarity`, `snippet_max_similarity`, `snippet_min_similarity` (photos x labels) and `labels`
(1, 0, -1 for difficult). Of each photo's snippets it has the best and the worst similarity only: the softmax
of the best ones stands for the best of all snippets' softmax.

Prints JSON; mAP in %, all-point, difficult objects ignored: at four temperatures, centred and not, and as the program
labels by default. Of the latter also the 95 % interval of mAP, precision, recall and F1 of all likely suggestions
(OF1), the labels' mean F1 (CF1), the share of photos with a wrong suggestion, and of those whose best suggestion is
right.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from machine import print_report

from engine.method import (
    aggregate_min_max,
    centre_by_label,
    class_probabilities,
    contrast_probabilities,
    initial_pseudo_labels,
    log_abundance,
    mean_average_precision,
)
from engine.method.bootstrap import bootstrap_interval, draw_photos, resampled_average_precision
from engine.method.stage_one import StageScores, rerank_scores
from engine.method.strengths import strengths_by_chance
from engine.method.thresholds import shape_of
from engine.models.encoders.clip_encoder import ClipEncoder

TEMPERATURES = (0.01, 0.02, 0.03, 0.05)
DEFAULT = 0.03

Scores = npt.NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    data = np.load(parser.parse_args().file, allow_pickle=False)
    whole, best, worst, truth = (
        data[name] for name in ("global_similarity", "snippet_max_similarity", "snippet_min_similarity", "labels")
    )
    rows = []
    for centred in (False, True):
        centre = centre_by_label if centred else np.asarray
        for temperature in TEMPERATURES:
            of_whole = class_probabilities(centre(whole), temperature)
            of_best = aggregate_min_max(class_probabilities(centre(best), temperature)[:, None], 0)
            scores = {"global": of_whole, "initial": initial_pseudo_labels(of_whole, of_best)}
            figures = {name: round(100 * mean_average_precision(each, truth).value, 2) for name, each in scores.items()}
            rows.append({"centred": centred, "temperature": temperature, **figures})
    default = by_default(whole.astype(np.float32), best.astype(np.float32), worst.astype(np.float32))
    report = {"photos": len(truth), "labels": truth.shape[1], "map": rows, "default": figures_of(default, truth)}
    print_report({**report, "default_map_interval": interval_of(default, truth)})


def by_default(whole: Scores, best: Scores, worst: Scores) -> Scores:
    """The initial pseudo labels as the program's defaults make them of photos x labels each."""
    of_whole, of_best = (class_probabilities(centre_by_label(each), DEFAULT) for each in (whole, best))
    initial = initial_pseudo_labels(of_whole, of_best)
    standing_out = contrast_probabilities(np.stack([best, worst], axis=1), DEFAULT)
    evidence = (2 * initial + ClipEncoder.contrast * standing_out) / (2 + ClipEncoder.contrast)
    abundance = log_abundance(centre_by_label(whole), centre_by_label(best)[:, None], DEFAULT)
    return rerank_scores(StageScores(of_whole, of_best, initial, evidence, abundance)).initial


def interval_of(scores: Scores, truth: npt.NDArray[np.int8]) -> list[float]:
    """mAP's 95 % interval over other photos of the same kind, as `cdul evaluate` makes it."""
    resampled = resampled_average_precision(scores, truth, draw_photos(len(truth), 300)).mean(axis=1)
    found = bootstrap_interval(mean_average_precision(scores, truth).value, resampled)
    assert found is not None
    return [round(100 * found.low, 2), round(100 * found.high, 2)]


def figures_of(scores: Scores, truth: npt.NDArray[np.int8]) -> dict[str, float]:
    """mAP, and what the likely suggestions are worth; all in %."""
    suggested = (scores >= strengths_by_chance(shape_of(scores)).likely) & (truth >= 0)
    right = suggested & (truth == 1)
    present = truth == 1
    precision, recall = right.sum() / suggested.sum(), right.sum() / present.sum()
    by_label = 2 * right.sum(axis=0) / np.maximum(suggested.sum(axis=0) + present.sum(axis=0), 1)
    with_one = suggested.any(axis=1)
    top = np.where(suggested, scores, -1).argmax(axis=1)
    figures = {
        "map": mean_average_precision(scores, truth).value,
        "precision": precision,
        "recall": recall,
        "of1": 2 * precision * recall / (precision + recall),
        "cf1": by_label.mean(),
        "photos_with_a_wrong_one": (suggested & (truth == 0)).any(axis=1).mean(),
        "best_suggestion_right": right[np.arange(len(scores)), top][with_one].mean(),
    }
    return {name: round(100 * float(value), 2) for name, value in figures.items()}


if __name__ == "__main__":
    main()

"""How well thresholds chosen without answers do, beside one threshold for all labels and beside the best there are.

    python benchmarks/thresholds.py --scores scores.csv truth.json --similarities similarities.npz

`--scores` takes what `cdul export --format scores` wrote, and COCO JSON. `--similarities` takes an archive with
global_similarity, snippet_max_similarity and labels (1, 0, -1 ignored), each photos x labels. Both may be repeated.
Prints JSON: for each method the mean F1 over the labels that occur (cf1) and the F1 of all answers together (of1), %.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from machine import print_report

from engine.formats.coco import read_coco
from engine.formats.known_labels import ABSENT
from engine.method import centre_by_label, class_probabilities, initial_pseudo_labels
from engine.method.latent import from_latent, to_latent
from engine.method.thresholds import best_f1_threshold, otsu_threshold, shape_thresholds

TEMPERATURES = (0.01, 0.03, 0.05)


def one_for_all(scores: np.ndarray, threshold: float) -> np.ndarray:
    return np.full(scores.shape[1], threshold)


def otsu(scores: np.ndarray) -> np.ndarray:
    return from_latent(np.array([otsu_threshold(label) for label in to_latent(scores).T]))


def otsu_of_scores(scores: np.ndarray) -> np.ndarray:
    return np.array([otsu_threshold(label) for label in scores.T])


def far_from_the_median(scores: np.ndarray, deviations: float) -> np.ndarray:
    """So many robust standard deviations above each label's median latent."""
    latents = to_latent(scores)
    median = np.median(latents, axis=0)
    return from_latent(median + deviations * 1.4826 * np.median(np.abs(latents - median), axis=0))


def as_often_as_best(scores: np.ndarray) -> np.ndarray:
    """Each label on as many photos as have it as their best label."""
    counts = np.bincount(scores.argmax(axis=1), minlength=scores.shape[1]).clip(1)
    return -np.sort(-scores, axis=0)[counts - 1, np.arange(scores.shape[1])]


def expected_f1(scores: np.ndarray) -> np.ndarray:
    """The best F1 if each score were the probability of its label."""
    ordered = -np.sort(-scores.astype(float), axis=0)
    hits = np.cumsum(ordered, axis=0)
    best = (2 * hits / (hits[-1] + np.arange(1, len(scores) + 1)[:, None])).argmax(axis=0)
    return ordered[best, np.arange(scores.shape[1])]


def mixture_of_all(scores: np.ndarray) -> np.ndarray:
    """One mixture over all labels together."""
    mixed = np.random.default_rng(0).permutation(scores.reshape(-1, 1))
    return one_for_all(scores, shape_thresholds(mixed)[0])


METHODS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    **{f"{value} for all": partial(one_for_all, threshold=value) for value in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)},
    "Otsu, scores": otsu_of_scores,
    "Otsu, latents": otsu,
    "median + 3 deviations": partial(far_from_the_median, deviations=3),
    "as often as best": as_often_as_best,
    "expected F1": expected_f1,
    "mixture of all labels": mixture_of_all,
    "mixture by label (CDUL)": shape_thresholds,
}


def f1(scores: np.ndarray, truth: np.ndarray, thresholds: np.ndarray) -> dict[str, float]:
    taken = scores >= thresholds
    right = (taken & (truth > 0)).sum(axis=0)
    asked = (taken & (truth >= 0)).sum(axis=0) + (truth > 0).sum(axis=0)
    occurs = (truth > 0).any(axis=0)
    by_label = 2 * right[occurs] / asked[occurs]
    return {"cf1": round(100 * by_label.mean(), 1), "of1": round(100 * 2 * right.sum() / asked.sum(), 1)}


def with_truth(scores: np.ndarray, truth: np.ndarray) -> dict[str, np.ndarray]:
    """What could be had with the answers: each label's best threshold, and the best single one."""
    best = [best_f1_threshold(score, answer) for score, answer in zip(scores.T, truth.T, strict=True)]
    singles = [one_for_all(scores, value) for value in np.linspace(0.01, 0.6, 60)]
    return {
        "best for all (with truth)": max(singles, key=lambda one: sum(f1(scores, truth, one).values())),
        "best by label (with truth)": np.array([np.inf if one is None else one for one in best]),
    }


def read_scores(scores_file: Path, truth_file: Path) -> tuple[np.ndarray, np.ndarray]:
    answers = read_coco(truth_file)
    with scores_file.open(newline="", encoding="utf-8") as stream:
        (_, *labels), *rows = csv.reader(stream)
    rows = [row for row in rows if row[0] in answers.answers and "" not in row]
    names = {plain(name): name for name in answers.labels}
    truth = [[answers.answers[row[0]].get(names.get(plain(label), ""), ABSENT) for label in labels] for row in rows]
    return np.array([row[1:] for row in rows], np.float32), np.array(truth)


def plain(label: str) -> str:
    return "".join(letter for letter in label.casefold() if letter.isalnum())


def read_similarities(file: Path, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    with np.load(file) as archive:
        whole, best = (
            class_probabilities(centre_by_label(archive[name]), temperature)
            for name in ("global_similarity", "snippet_max_similarity")
        )
        return initial_pseudo_labels(whole, best), archive["labels"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scores", nargs=2, type=Path, action="append", default=[], metavar=("CSV", "TRUTH"))
    parser.add_argument("--similarities", type=Path, action="append", default=[], metavar="NPZ")
    given = parser.parse_args()
    data = {f"{scores.parent.name}/{scores.name}": read_scores(scores, truth) for scores, truth in given.scores}
    for file in given.similarities:
        data |= {f"{file.name}, tau {tau}": read_similarities(file, tau) for tau in TEMPERATURES}
    report = {}
    for name, (scores, truth) in data.items():
        chosen = {method: choose(scores) for method, choose in METHODS.items()} | with_truth(scores, truth)
        report[name] = {method: f1(scores, truth, thresholds) for method, thresholds in chosen.items()}
    print_report(report)


if __name__ == "__main__":
    main()

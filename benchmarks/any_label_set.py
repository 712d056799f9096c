"""Whether a label means the same in any label set: alone, in fives, among twenty and among all, without the detector.

    python benchmarks/any_label_set.py PHOTOS TRUTH.json [--project FOLDER] [--labels coco] [--count 20]

Takes the labels with most positives. Each is suggested by the starter as `cdul label --no-detector` would: as the only
label, in fives (three draws, mean F1 of each), as a set of so many, and among all of `--labels`; always beside hidden
competitors. Labels FOLDER (a temporary one by default) if it is not labelled; a second time it is only read.

Prints JSON: for likely ones, and for likely and maybe together, the mean F1 over the labels in each set, %, the widest
difference between sets in points, and how many times its photos the label is suggested on that is so most of all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from first_sight import Suggested, by_strength, suggest
from looked_at import LookedAt, look_at
from machine import print_report

from engine.project.labels import NewLabel, texts_of
from engine.stages.labelling.company import hidden_labels
from engine.stages.labelling.label_sets import resolve_label_set
from engine.stages.labelling.score_meaning import likely_lifts

FIVE, DRAWS = 5, 3


def in_sets(photos: LookedAt, sets: Sequence[Sequence[NewLabel]], wanted: Sequence[NewLabel]) -> Suggested:
    """The wanted labels' suggestions, each from the first of the sets that has it: photos x wanted."""
    found: dict[str, dict[str, np.ndarray]] = {"likely": {}, "all": {}}
    for labels in sets:
        texts = [texts_of(label.name, label.prompts) for label in labels] + hidden_labels(labels)
        similarities = photos.starter.similarities(photos.embeddings, photos.starter.encode_labels(texts))
        for strength, scores in by_strength(*suggest(similarities, len(labels)), likely_lifts(labels)).items():
            for column, label in enumerate(labels):
                found[strength].setdefault(label.name, ~np.isnan(scores[:, column]))
    return {
        strength: np.stack([of_label[label.name] for label in wanted], axis=1) for strength, of_label in found.items()
    }


def measure(photos: LookedAt, every: Sequence[NewLabel], count: int) -> dict[str, Any]:
    truth = photos.truth([label.name for label in every]) > 0
    count = min(count, int(truth.any(axis=0).sum()))
    frequent = np.sort(np.argsort(-truth.sum(axis=0), kind="stable")[:count])
    wanted, truth = [every[column] for column in frequent], truth[:, frequent]
    sets: dict[str, Sequence[Sequence[NewLabel]]] = {"alone": [[label] for label in wanted]}
    for draw in range(DRAWS):
        order = np.random.default_rng(draw).permutation(count)
        fives = [[wanted[place] for place in order[start : start + FIVE]] for start in range(0, count, FIVE)]
        sets[f"in fives, draw {draw + 1}"] = fives
    sets |= {f"as a set of {count}": [wanted], f"among all {len(every)}": [every]}
    suggested = {name: in_sets(photos, each, wanted) for name, each in sets.items()}
    report: dict[str, Any] = {"photos": len(truth), "labels": [label.name for label in wanted]}
    for strength in ("likely", "all"):
        by_set = {name: each[strength] for name, each in suggested.items()}
        f1 = {
            name: 200 * float(np.mean((taken & truth).sum(axis=0) / (taken.sum(axis=0) + truth.sum(axis=0))))
            for name, taken in by_set.items()
        }
        times = {name: taken.sum(axis=0) / truth.sum(axis=0) for name, taken in by_set.items()}
        worst = max(times, key=lambda name: times[name].max())
        report[strength] = {
            "mean F1": {name: round(value, 1) for name, value in f1.items()},
            "widest difference": round(max(f1.values()) - min(f1.values()), 1),
            "most suggested": {
                "label": wanted[times[worst].argmax()].name,
                "set": worst,
                "times its photos": round(float(times[worst].max()), 2),
            },
        }
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path, help="COCO JSON")
    parser.add_argument("--project", type=Path, help="where the project is kept; it is used again")
    parser.add_argument("--labels", default="coco", help="all labels: coco, voc, a file, or names with commas")
    parser.add_argument("--count", type=int, default=20, help="of those with most positives")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        photos = look_at(given.photos, given.truth, given.project or Path(folder))
        print_report(measure(photos, resolve_label_set(given.labels), given.count))


if __name__ == "__main__":
    main()

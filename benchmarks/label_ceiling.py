"""How much better labels could be read from the same similarities by one who knew the truth.

    python benchmarks/label_ceiling.py FILE.npz

FILE as in `better_labels.py`. Logistic regression in five folds for each label, which learns from the truth of four
fifths of the photos and is scored on the last: on the label's own numbers, or on all labels'. Prints JSON: all-point
mAP in % for three strengths of its penalty, and the labels for which most is left.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from label_collections import Scores, read_similarities
from label_ideas import initial
from machine import print_report
from second_look_ideas import looked_at_twice
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from engine.method import average_precision

STRENGTHS = (0.01, 0.03, 0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    photos = read_similarities(file)
    branches = (photos.global_(), photos.local())
    logs = np.hstack([np.log(each) for each in branches])
    similarities = np.hstack([photos.centred_whole, photos.centred_best, photos.snippets.min(axis=1)])
    everything = np.hstack([logs, similarities, *branches])
    count = photos.truth.shape[1]
    features: dict[str, Callable[[int], Scores]] = {
        "its own numbers": lambda label: everything[:, label::count],
        "all similarities": lambda label: similarities,
        "all log probabilities": lambda label: logs,
        "everything": lambda label: everything,
    }
    found = {}
    for name, of_label in features.items():
        by_strength = [
            [learnt(of_label(label), photos.truth[:, label], strength) for label in range(count)]
            for strength in STRENGTHS
        ]
        found[name] = [round(float(np.mean(values)), 2) for values in by_strength]
    before, now = (
        np.array([precision(scores, truth) for scores, truth in zip(way.T, photos.truth.T, strict=True)])
        for way in (initial(photos), looked_at_twice(photos))
    )
    best = np.max(by_strength, axis=0)
    with np.load(file, allow_pickle=False) as archive:
        names = archive["classes"]
    most_left = {
        str(names[label]): [round(float(of[label]), 1) for of in (before, now, best)]
        for label in np.argsort(now - best)[:7]
    }
    print_report({"map": found, "initial, second look, with everything and the truth": most_left})


def learnt(features: Scores, truth: Scores, strength: float) -> float:
    known = truth >= 0
    features, truth = (features[known] - features.mean(axis=0)) / features.std(axis=0), truth[known]
    scores = np.zeros(len(truth))
    for learn, ask in KFold(5, shuffle=True, random_state=0).split(features):
        model = LogisticRegression(C=strength, max_iter=300).fit(features[learn], truth[learn])
        scores[ask] = model.decision_function(features[ask])
    return precision(scores, truth)


def precision(scores: Scores, truth: Scores) -> float:
    return 100 * average_precision(scores, truth)


if __name__ == "__main__":
    main()

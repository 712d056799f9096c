"""How much better labels could be read from the same similarities by one who knew the truth.

    python benchmarks/label_ceiling.py FILE.npz

FILE as in `better_labels.py`. Logistic regression in five folds for each label, which learns from the truth of four
fifths of the photos and is scored on the last: on the label's own numbers, or on all labels'. Prints all-point mAP in %
for three strengths of its penalty, and the labels for which most is left.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from label_collections import Scores, read_similarities
from label_ideas import initial
from second_look_ideas import looked_at_twice
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from engine.method import average_precision

STRENGTHS = (0.01, 0.03, 0.1)


def main(file: str) -> None:
    photos = read_similarities(Path(file))
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
    for name, of_label in features.items():
        by_strength = [
            [learnt(of_label(label), photos.truth[:, label], strength) for label in range(count)]
            for strength in STRENGTHS
        ]
        print(f"{name}:", ", ".join(f"{np.mean(values):.2f}" for values in by_strength), flush=True)
    ways = [initial(photos), looked_at_twice(photos)]
    now = np.array(
        [[precision(each, truth) for each, truth in zip(way.T, photos.truth.T, strict=True)] for way in ways]
    )
    best = np.max(by_strength, axis=0)
    print("label: initial, second look, with everything and the truth")
    with np.load(file, allow_pickle=False) as archive:
        names = archive["classes"]
    for label in np.argsort(now[1] - best)[:7]:
        print(f"{names[label]}: {now[0, label]:.1f}, {now[1, label]:.1f}, {best[label]:.1f}")


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
    main(sys.argv[1])

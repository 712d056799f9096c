"""Whether a promised precision is kept on photos that nobody has looked at.

    python benchmarks/promised_precision.py --scores scores.csv truth.json --similarities similarities.npz

Takes what `benchmarks/thresholds.py` takes, and reviews as `benchmarks/reviewed_thresholds.py` does: half of the photos
may be reviewed, all figures are of the other half, of four splits together. Prints JSON: for each review, count of
answers a label, and method the precision reached with all labels together, the share of the yes that is accepted, of
how many labels the precision was promised, the share of labels with 30 accepted photos or more whose 95 % interval
holds what was reached, and how many were accepted in a split. "A label's own" is the calibration that puts thresholds
where F1 is best. Then of all answers the share undecided, and the error among clear yes and clear no.
"""

from __future__ import annotations

import numpy as np
from machine import print_report
from reviewed_thresholds import ANSWERS, REVIEWS, read_scorings, review, scorings_parser, splits

from engine.method.calibration import Calibration, calibrate, chances_out_of_sample, corrected_by_all
from engine.method.expected_thresholds import expected_precision, expected_precision_thresholds
from engine.method.intervals import Interval
from engine.method.thresholds import shape_of
from engine.stages.thresholds.calibrate import NOTHING, SURE

WANTED = 0.9
WAYS = ("by chance", "doubtful first", "highest first")


def measure(scores: np.ndarray, truth: np.ndarray) -> dict[str, object]:
    shape = shape_of(scores)
    counts: dict[str, list[np.ndarray]] = {}
    for random, asked, others in splits(scores, truth):
        held, known = scores[others], truth[others]
        for way in WAYS:
            for count in ANSWERS[1:]:
                if count > 0.8 * len(asked):
                    continue
                answers = review(REVIEWS[way](scores[asked], shape, random), truth[asked], count)
                own = calibrate(scores[asked], answers, shape)
                out_of_sample = chances_out_of_sample(scores[asked], answers, shape)
                corrected = corrected_by_all(own, out_of_sample, answers)
                anyhow, has_yes = np.ones(scores.shape[1], bool), (answers > 0).any(axis=0)
                for method, careful, labels in (
                    ("a label's own", [own], anyhow),
                    ("and corrected by all", [own, corrected], anyhow),
                    ("and with a yes (CDUL)", [own, corrected], has_yes),
                ):
                    found = counts.setdefault(f"{way}, {count} | {method}", [])
                    found.append(kept(careful, labels, np.concatenate([scores[asked], held]), held, known))
                counts.setdefault(f"{way}, {count} | three answers", []).append(clear(own, held, known))
    return {name: [ratio(*pair) for pair in np.sum(found, axis=0)] for name, found in counts.items()}


def kept(
    careful: list[Calibration], labels: np.ndarray, scores: np.ndarray, held: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Four counts and what they are a part of, and a count. Nothing is promised of other labels than those given."""
    cuts = np.max([expected_precision_thresholds(scores, one, WANTED) for one in careful], axis=0)
    cuts = np.where(labels, cuts, np.nan)
    promised = ~np.isnan(cuts)
    cuts = np.nan_to_num(cuts, nan=NOTHING)
    accepted = (held >= cuts) & (known >= 0)
    right, total = (accepted & (known > 0)).sum(axis=0), accepted.sum(axis=0)
    intervals = expected_precision(held, careful[0], cuts)
    many = np.flatnonzero(total >= 30)
    inside = sum(holds(intervals[label], right[label] / total[label]) for label in many)
    return np.array(
        [
            [right.sum(), total.sum()],
            [right.sum(), (known > 0).sum()],
            [promised.sum(), len(cuts)],
            [inside, len(many)],
            [total.sum(), 1],
        ]
    )


def holds(interval: Interval | None, share: float) -> bool:
    return interval is not None and interval.low <= share <= interval.high


def clear(own: Calibration, held: np.ndarray, known: np.ndarray) -> np.ndarray:
    chances = own.chances(held)
    yes, no = (chances >= SURE) & (known >= 0), (chances < 1 - SURE) & (known >= 0)
    asked = (known >= 0).sum()
    return np.array(
        [
            [asked - (yes | no).sum(), asked],
            [(yes & (known == 0)).sum(), yes.sum()],
            [(no & (known > 0)).sum(), no.sum()],
        ]
    )


def ratio(part: float, whole: float) -> float | None:
    return round(float(part / whole), 3) if whole else None


def main() -> None:
    given = scorings_parser(__doc__).parse_args()
    print_report({name: measure(*one) for name, one in read_scorings(given).items()})


if __name__ == "__main__":
    main()

"""Whether a precision promised from how photos look is kept on photos that nobody has looked at.

    python benchmarks/promised_by_looks.py PHOTOS TRUTH [--project FOLDER] [--labels voc] [--precision 0.9]

Takes what `learning_from_answers.py` takes and asks as `promised_precision.py` does: half of the photos may be
reviewed, figures are of the other half, of four splits together. Prints JSON: for each review and count of answers
a label the precision reached and the share of the yes that is accepted, by the thresholds on scores and by
`method.promised_precision`: a label's own promise; corrected by the answers of all; and only of labels with a yes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import promised_precision as by_scores
from learning_from_answers import Collection, read_collection
from machine import print_report
from reviewed_thresholds import ANSWERS, REVIEWS, review, splits

from engine.method.answers import learn_from_answers
from engine.method.calibration import calibrate, chances_out_of_sample, corrected_by_all
from engine.method.promised_precision import correction_by_all, log_odds_without_each, promised_cut


def measure(photos: Collection, wanted: float) -> dict[str, object]:
    scores, truth, shape = photos.scores, photos.truth.astype(int), photos.shape
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    for random, asked, others in splits(scores, truth):
        for way in by_scores.WAYS:
            for count in ANSWERS[1:]:
                if count > 0.8 * len(asked):
                    continue
                answers = review(REVIEWS[way](scores[asked], shape, random), truth[asked], count)
                own = calibrate(scores[asked], answers, shape)
                by_all = corrected_by_all(own, chances_out_of_sample(scores[asked], answers, shape), answers)
                both = np.concatenate([scores[asked], scores[others]])
                kept = by_scores.kept([own, by_all], (answers > 0).any(axis=0), both, scores[others], truth[others])
                found[f"{way}, {count} | by scores"].append(kept[:2])
                for method, counts in by_looks(photos, answers, asked, others, wanted).items():
                    found[f"{way}, {count} | {method}"].append(counts)
    return {name: [by_scores.ratio(*pair) for pair in np.sum(each, axis=0)] for name, each in found.items()}


def by_looks(
    photos: Collection, answers: np.ndarray, asked: np.ndarray, others: np.ndarray, wanted: float
) -> dict[str, np.ndarray]:
    """By method two counts and what they are a part of, as `promised_precision.kept` gives them."""
    taught, without, told = [], [], []
    for column in range(len(photos.labels)):
        rows = asked[answers[:, column] != 0]
        yes = answers[answers[:, column] != 0, column] > 0
        given = photos.guess[rows, column], photos.coordinates[rows]
        taught.append(learn_from_answers(*given, yes))
        without.append(log_odds_without_each(taught[-1], *given, yes))
        told.append(yes)
    by_all = correction_by_all(np.concatenate(without), np.concatenate(told))
    positives = int(photos.truth[others].sum())
    counts: dict[str, np.ndarray] = defaultdict(lambda: np.array([[0, 0], [0, positives]]))
    for column, one in enumerate(taught):
        unanswered = np.concatenate([asked[answers[:, column] == 0], others])
        log_odds = one.log_odds(photos.guess[others, column], photos.coordinates[others])
        for method, correction in (("by looks", None), ("and corrected by all", by_all)):
            cut = promised_cut(
                one, photos.guess[unanswered, column], photos.coordinates[unanswered], wanted, correction
            )
            accepted = log_odds >= cut
            right = int((accepted & photos.truth[others, column]).sum())
            counts[method] += [[right, accepted.sum()], [right, 0]]
            if correction is not None and told[column].any():
                counts["and with a yes"] += [[right, accepted.sum()], [right, 0]]
    return dict(counts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--project", type=Path, help="where the project is kept; it is used again")
    parser.add_argument("--labels", default="coco")
    parser.add_argument("--precision", type=float, default=0.9)
    given = parser.parse_args()
    by_scores.WANTED = given.precision
    with tempfile.TemporaryDirectory() as folder:
        photos = read_collection(given.photos, given.truth, given.project or Path(folder), given.labels)
    print_report(measure(photos, given.precision))


if __name__ == "__main__":
    main()

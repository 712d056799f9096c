"""What reviewed photos bring to thresholds and chances, beside what the scores tell by themselves.

    python benchmarks/reviewed_thresholds.py --scores scores.csv truth.json --similarities similarities.npz

Takes what `benchmarks/thresholds.py` takes. Half of the photos may be reviewed; figures are of the other half, means
over several splits, and differences to thresholds without any answer, in points of CF1 and OF1. A review answers, for
each label, about so many photos: by chance; whole photos by chance; the most doubtful first; or the highest scored
first. Prints JSON; with --suspects it turns answers round instead and tells how many of them are found again. What a
promised precision is worth is measured by `promised_precision.py`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from machine import print_report
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from thresholds import TEMPERATURES, f1, read_scores, read_similarities

from engine.method.calibration import (
    calibrate,
    chances_out_of_sample,
    expected_calibration_error,
    reliability,
)
from engine.method.confident_learning import suspected_mistakes
from engine.method.expected_thresholds import expected_f1_thresholds
from engine.method.latent import from_latent, to_latent
from engine.method.thresholds import Shape, best_f1_threshold, shape_of

ANSWERS = (5, 20, 50, 100, 200)
SPLITS = 4


def by_chance(scores: np.ndarray, shape: Shape, random: np.random.Generator) -> np.ndarray:
    return random.random(scores.shape)


def whole_photos(scores: np.ndarray, shape: Shape, random: np.random.Generator) -> np.ndarray:
    return np.repeat(random.random((len(scores), 1)), scores.shape[1], axis=1)


def doubtful_first(scores: np.ndarray, shape: Shape, random: np.random.Generator) -> np.ndarray:
    return np.abs(guesses(scores, shape))


def highest_first(scores: np.ndarray, shape: Shape, random: np.random.Generator) -> np.ndarray:
    return -scores


REVIEWS = {
    "by chance": by_chance,
    "whole photos": whole_photos,
    "doubtful first": doubtful_first,
    "highest first": highest_first,
}


def guesses(scores: np.ndarray, shape: Shape) -> np.ndarray:
    return shape.steepness * (to_latent(scores.astype(float)) - to_latent(shape.thresholds))


def review(urgency: np.ndarray, truth: np.ndarray, answers: int) -> np.ndarray:
    """The most urgent photos of each label, as answers: 1 yes, -1 no, 0 not asked."""
    rank = np.argsort(np.argsort(np.where(truth >= 0, urgency, np.inf), axis=0, kind="stable"), axis=0)
    return np.where((rank < answers) & (truth >= 0), np.where(truth > 0, 1, -1), 0)


def label_by_label(fit: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]) -> Callable:
    """Chances of all photos from a fit for each label; the guess where only one answer was given."""

    def chances(scores: np.ndarray, answers: np.ndarray, shape: Shape) -> np.ndarray:
        odds = guesses(scores, shape)
        found = from_latent(odds)
        for label in range(scores.shape[1]):
            asked = answers[:, label] != 0
            yes = answers[asked, label] > 0
            if 0 < yes.sum() < len(yes):
                found[:, label] = fit(odds[asked, label], yes, odds[:, label])
        return found

    return chances


@label_by_label
def platt(odds: np.ndarray, yes: np.ndarray, all_odds: np.ndarray) -> np.ndarray:
    return LogisticRegression(C=1.0).fit(odds[:, None], yes).predict_proba(all_odds[:, None])[:, 1]


@label_by_label
def isotonic(odds: np.ndarray, yes: np.ndarray, all_odds: np.ndarray) -> np.ndarray:
    return IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(odds, yes).predict(all_odds)


def pooled_platt(scores: np.ndarray, answers: np.ndarray, shape: Shape) -> np.ndarray:
    odds, asked = guesses(scores, shape), answers != 0
    if len(np.unique(answers[asked])) < 2:
        return from_latent(odds)
    fit = LogisticRegression(C=1.0).fit(odds[asked][:, None], answers[asked] > 0)
    return fit.predict_proba(odds.reshape(-1, 1))[:, 1].reshape(odds.shape)


def shape_and_answers(scores: np.ndarray, answers: np.ndarray, shape: Shape) -> np.ndarray:
    return calibrate(scores, answers, shape).chances(scores)


CALIBRATIONS: dict[str, Callable[[np.ndarray, np.ndarray, Shape], np.ndarray]] = {
    "Platt by label": platt,
    "Platt, pooled": pooled_platt,
    "isotonic by label": isotonic,
    "shape as prior (CDUL)": shape_and_answers,
}


def raw_best_f1(scores: np.ndarray, answers: np.ndarray, shape: Shape) -> np.ndarray:
    """The best F1 on the answered photos as if they were all."""
    truth = np.where(answers == 0, -1, answers > 0)
    best = [best_f1_threshold(score, given) for score, given in zip(scores.T, truth.T, strict=True)]
    return np.array([own if one is None else one for one, own in zip(best, shape.thresholds, strict=True)])


def splits(scores: np.ndarray, truth: np.ndarray) -> Iterator[tuple[np.random.Generator, np.ndarray, np.ndarray]]:
    for seed in range(SPLITS):
        random = np.random.default_rng(seed)
        order = random.permutation(len(scores))
        yield random, order[: len(order) // 2], order[len(order) // 2 :]


def compare(scores: np.ndarray, truth: np.ndarray) -> dict[str, object]:
    shape = shape_of(scores)
    found: dict[str, list[list[float]]] = defaultdict(list)
    without, best = [], []
    for random, asked, others in splits(scores, truth):
        held, known = scores[others], truth[others]
        answers_of_others = np.where(known > 0, 1, np.where(known == 0, -1, 0))
        base = f1(held, known, shape.thresholds)
        error = expected_calibration_error(reliability(from_latent(guesses(held, shape)), answers_of_others))
        without.append([base["cf1"], base["of1"], 100 * (error or 0)])
        own = [best_f1_threshold(score, given) for score, given in zip(held.T, known.T, strict=True)]
        top = f1(held, known, np.array([np.inf if one is None else one for one in own]))
        best.append([top["cf1"], top["of1"]])
        for way, urgency in REVIEWS.items():
            for count in ANSWERS:
                if count > 0.8 * len(asked):
                    continue
                answers = review(urgency(scores[asked], shape, random), truth[asked], count)
                key = f"{way}, {count}"
                result = f1(held, known, raw_best_f1(scores[asked], answers, shape))
                found[f"raw best F1 | {key}"].append([result["cf1"] - base["cf1"], result["of1"] - base["of1"]])
                both = np.concatenate([scores[asked], held])
                unasked = np.concatenate([answers, np.zeros_like(known)])
                for name, calibration in CALIBRATIONS.items():
                    chances = calibration(both, unasked, shape)
                    seen, unseen = chances[: len(asked)], chances[len(asked) :]
                    result = f1(held, known, expected_f1_thresholds(scores[asked], seen))
                    off = expected_calibration_error(reliability(unseen, answers_of_others))
                    gained = [result["cf1"] - base["cf1"], result["of1"] - base["of1"]]
                    found[f"{name} | {key}"].append([*gained, 100 * (off or 0)])
    return {
        "without answers: cf1, of1, calibration error": np.mean(without, axis=0).round(1).tolist(),
        "best by label: cf1, of1": np.mean(best, axis=0).round(1).tolist(),
        **{key: [mean_of(column) for column in zip(*values, strict=True)] for key, values in found.items()},
    }


def mean_of(values: tuple[float, ...]) -> float | None:
    known = [value for value in values if not np.isnan(value)]
    return round(float(np.mean(known)), 3) if known else None


def suspects(scores: np.ndarray, truth: np.ndarray) -> dict[str, object]:
    """Turn a share of the yes round, and as many no; precision, recall and count of the suspects, by method.

    Last the share of turned answers among as many of the most suspected as were turned.
    """
    shape = shape_of(scores)
    found: dict[str, list[list[float]]] = defaultdict(list)
    for reviewed in (400, len(scores)):
        for rate in (0.05, 0.1):
            for seed in range(SPLITS):
                random = np.random.default_rng(seed)
                rows = random.permutation(len(scores))[:reviewed]
                true = np.where(truth[rows] > 0, 1, np.where(truth[rows] == 0, -1, 0))
                turned = np.zeros(true.shape, bool)
                count = round(rate * (true > 0).sum())
                for value in (1, -1):
                    turned.flat[random.choice(np.flatnonzero(true == value), count, replace=False)] = True
                answers = np.where(turned, -true, true)
                chance = from_latent(guesses(scores[rows], shape))
                against = np.where(answers > 0, 1 - chance, chance) * (answers != 0)
                learnt = suspected_mistakes(chances_out_of_sample(scores[rows], answers, shape), answers)
                for name, strength in (
                    ("the score is on the other side of the threshold", np.where(against > 0.5, against, 0)),
                    ("confident learning, uncalibrated scores", suspected_mistakes(scores[rows], answers)),
                    ("confident learning, chances without answers", suspected_mistakes(chance, answers)),
                    ("confident learning (CDUL)", learnt),
                ):
                    suspected = strength > 0
                    right = (suspected & turned).sum()
                    first = np.argsort(-strength, axis=None, kind="stable")[: 2 * count]
                    found[f"{name} | {len(rows)} photos, {rate:.0%}"].append(
                        [
                            right / max(suspected.sum(), 1),
                            right / turned.sum(),
                            suspected.sum(),
                            turned.flat[first].mean(),
                        ]
                    )
    return {key: np.mean(values, axis=0).round(2).tolist() for key, values in found.items()}


def read_scorings(given: argparse.Namespace) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Scores and truth, photos x labels each, of all that was named."""
    data = {f"{scores.parent.name}/{scores.name}": read_scores(scores, truth) for scores, truth in given.scores}
    for file in given.similarities:
        data |= {f"{file.name}, tau {tau}": read_similarities(file, tau) for tau in TEMPERATURES}
    return data


def scorings_parser(told: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scores", nargs=2, type=Path, action="append", default=[], metavar=("CSV", "TRUTH"))
    parser.add_argument("--similarities", type=Path, action="append", default=[], metavar="NPZ")
    return parser


def main() -> None:
    parser = scorings_parser(__doc__)
    parser.add_argument("--suspects", action="store_true", help="find answers again that were turned round")
    given = parser.parse_args()
    work = suspects if given.suspects else compare
    print_report({name: work(*one) for name, one in read_scorings(given).items()})


if __name__ == "__main__":
    main()

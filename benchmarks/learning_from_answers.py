"""What some answers about a label are worth on the photos that were not asked about.

    python benchmarks/learning_from_answers.py PHOTOS TRUTH [--project FOLDER] [--labels voc]

Labels the photos with the starter, into FOLDER (a temporary one by default; a second time it is only read), and lets
an imagined person answer as TRUTH (COCO JSON) says, one label at a time: the most doubtful first (queue), the highest
scored first (sweep), or by chance (random; means over four draws). Prints JSON: for each way and count of answers, %:

- F1 of the whole collection, answered photos included, and of the unanswered photos; without answers (likely ones), by
  thresholds learnt from the scores alone (from 20 answers on), and as `stages.teaching` suggests; the differences with
  95 % intervals over photos (the same answers); the labels that lose most; and the same of the label person alone;
- average precision of the unanswered photos;
- of photo and label pairs that are called .8 and more probable the share that is right, and the expected calibration
  error, with all labels, however rare;
- how precise and complete likely and maybe labels are (see `STRENGTHS`), all labels together.

Means are over labels with at least ten positives of which three are left.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from machine import print_report
from sklearn.metrics import average_precision_score
from thresholds import plain

from engine.formats.coco import read_coco
from engine.formats.known_labels import ABSENT
from engine.jobs import Cancellation, Progress
from engine.method.calibration import calibrate, expected_calibration_error, reliability
from engine.method.expected_thresholds import expected_f1_thresholds
from engine.method.latent import from_latent, to_latent
from engine.method.thresholds import Shape
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import shape_in_run
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.teaching.guesses import Guesses
from engine.stages.teaching.teaching import Looks, Teacher

ANSWERS = (10, 20, 36, 60)
DRAWS = 4
RESAMPLES = 200
FEWEST_BEFORE = 20
"""Answers from which on thresholds were learnt from scores alone."""
LEAST_POSITIVES, LEAST_LEFT = 10, 3
METHODS = ("none", "before", "now")
STRENGTHS = {"maybe": 0.35, "likely": 0.65, "sure": 0.8}
"""Probabilities from which on a label is called so."""


@dataclass(frozen=True)
class Collection:
    """Labelled photos whose truth is known; arrays are photos x labels, `coordinates` photos x axes.

    `thresholds`: labels, from which score on each is likely without answers. `rows`: of the photos, among all that the
    teacher knows, who are `all_photos`.
    """

    labels: list[str]
    scores: np.ndarray
    shape: Shape
    truth: np.ndarray
    of_scores: np.ndarray
    guess: np.ndarray
    coordinates: np.ndarray
    thresholds: np.ndarray
    teacher: Teacher
    rows: np.ndarray
    all_photos: int


@dataclass(frozen=True)
class Case:
    """One label after some answers: `log_odds` and `accepted` by method, of all photos; `rest`: not asked about."""

    label: str
    truth: np.ndarray
    rest: np.ndarray
    log_odds: dict[str, np.ndarray]
    accepted: dict[str, np.ndarray]

    def f1(self, method: str, weights: np.ndarray, *, whole: bool) -> np.ndarray:
        """By resample; `weights`: resamples x photos, how often each is in it."""
        accepted = np.where(self.rest, self.accepted[method], self.truth) if whole else self.accepted[method]
        counted = weights if whole else weights * self.rest
        together = counted @ (accepted.astype(float) + self.truth)
        return 2 * (counted @ (accepted & self.truth)) / np.maximum(together, 1)

    def average_precision(self, method: str) -> float:
        return average_precision_score(self.truth[self.rest], self.log_odds[method][self.rest])


def read_collection(photos: Path, truth_file: Path, folder: Path, labels: str) -> Collection:
    with Project.open(photos, folder) as project:
        snapshot = take_snapshot(project)
        if snapshot.stage is None:
            label_photos(project, LabelRequest(labels=labels), Progress(), Cancellation())
            snapshot = take_snapshot(project)
        assert snapshot.stage is not None
        shape = Shape(*shape_in_run(project, snapshot.stage, snapshot.labels))
        looks = Looks.of(project, snapshot.photo_ids)
        assert looks is not None
        teacher = Teacher(project, snapshot, looks)
        guesses = Guesses(project, snapshot, looks.smoother)
    known = read_coco(truth_file)
    names = {plain(name): name for name in known.labels}
    scored = ~np.isnan(snapshot.scores).any(axis=1)
    rows = np.flatnonzero(scored & [path in known.answers for path in snapshot.paths])
    truth = [
        [known.answers[path].get(names.get(plain(label.name), ""), ABSENT) > 0 for label in snapshot.labels]
        for path in np.array(snapshot.paths)[rows]
    ]
    of_labels = [guesses.of_label(column) for column in range(len(snapshot.labels))]
    return Collection(
        [label.name for label in snapshot.labels],
        snapshot.scores[rows],
        shape,
        np.array(truth),
        np.stack([of_scores for _, of_scores in of_labels], axis=1)[rows],
        np.stack([guess for guess, _ in of_labels], axis=1)[rows],
        looks.smoother.coordinates[rows],
        teacher.thresholds,
        teacher,
        rows,
        len(snapshot),
    )


def queue(of_scores: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return np.argsort(np.abs(of_scores), kind="stable")


def sweep(of_scores: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return np.argsort(-of_scores, kind="stable")


def by_chance(of_scores: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return random.permutation(len(of_scores))


WAYS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "queue": queue,
    "sweep": sweep,
    "random": by_chance,
}


def doubt_about(photos: Collection, column: int) -> np.ndarray:
    """How far each photo's log odds lie above the threshold."""
    return to_latent(photos.scores[:, column].astype(float)) - to_latent(photos.thresholds[column].astype(float))


def cases_of(photos: Collection, way: str, count: int) -> Iterator[Case]:
    """Each label, and each draw of photos by chance."""
    for column, label in enumerate(photos.labels):
        for draw in range(DRAWS if way == "random" else 1):
            asked = WAYS[way](doubt_about(photos, column), np.random.default_rng((draw, column)))[:count]
            yield case_of(photos, column, label, asked)


def case_of(photos: Collection, column: int, label: str, asked: np.ndarray) -> Case:
    truth, scores = photos.truth[:, column], photos.scores[:, column]
    answers = np.zeros(len(truth), np.int8)
    answers[asked] = np.where(truth[asked], 1, -1)
    own = Shape(photos.shape.thresholds[[column]], photos.shape.steepness[[column]])
    before = calibrate(scores[:, None], answers[:, None], own).chances(scores[:, None])
    cut = expected_f1_thresholds(scores[:, None], before)[0]
    without = scores >= photos.thresholds[column]
    of_all = np.zeros((photos.all_photos, len(photos.labels)), np.int8)
    of_all[photos.rows, column] = answers
    taught = photos.teacher.teach(of_all, [column])[column]
    assert taught is not None
    chances = taught.probable.scores[photos.rows].astype(np.float64)
    return Case(
        label,
        truth,
        answers == 0,
        {
            "none": photos.guess[:, column],
            "before": to_latent(before[:, 0]),
            "now": to_latent(chances),
        },
        {
            "none": without,
            "before": scores >= cut if len(asked) >= FEWEST_BEFORE else without,
            "now": chances >= taught.probable.threshold,
        },
    )


def measure(photos: Collection, way: str, count: int, weights: np.ndarray) -> dict[str, object]:
    cases = list(cases_of(photos, way, count))
    scored: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.truth.sum() >= LEAST_POSITIVES and case.truth[case.rest].sum() >= LEAST_LEFT:
            scored[case.label].append(case)
    report: dict[str, object] = {"labels": len(scored)}
    if scored:
        for name, whole in (("whole F1", True), ("unanswered F1", False)):
            report[name] = compared(scored, lambda case, method, whole=whole: case.f1(method, weights, whole=whole))
        report["AP of the rest"] = {
            method: percent(np.mean([np.mean([c.average_precision(method) for c in some]) for some in scored.values()]))
            for method in METHODS
        }
    if "person" in scored:
        ones = np.ones((1, len(weights[0])))
        report["person"] = {
            name: [percent(np.mean([c.f1(m, ones, whole=whole) for c in scored["person"]])) for m in METHODS]
            for name, whole in (("whole F1", True), ("unanswered F1", False))
        }
    return report | {method: honesty(cases, method) for method in METHODS}


def compared(scored: dict[str, list[Case]], f1: Callable[[Case, str], np.ndarray]) -> dict[str, object]:
    by_label = {
        label: {method: np.mean([f1(case, method) for case in cases], axis=0) for method in METHODS}
        for label, cases in scored.items()
    }
    means = {method: np.mean([each[method] for each in by_label.values()], axis=0) for method in METHODS}
    gains = {label: percent((each["now"] - each["before"])[0]) for label, each in by_label.items()}
    difference = means["now"] - means["before"]
    return {
        **{method: percent(means[method][0]) for method in METHODS},
        "now - before": percent(difference[0]),
        "95 %": [percent(bound) for bound in np.quantile(difference[1:], [0.025, 0.975])],
        "worst labels": dict(sorted(gains.items(), key=lambda item: item[1])[:3]),
    }


def honesty(cases: list[Case], method: str) -> dict[str, object]:
    """Of the pairs that were not asked about, all labels together."""
    probabilities = from_latent(np.concatenate([case.log_odds[method][case.rest] for case in cases]))
    truth = np.concatenate([case.truth[case.rest] for case in cases])
    error = expected_calibration_error(reliability(probabilities, np.where(truth, 1, -1)))
    found: dict[str, object] = {"calibration error": percent(error or 0)}
    accepted = {name: probabilities >= least for name, least in STRENGTHS.items()}
    accepted["accepted"] = np.concatenate([case.accepted[method][case.rest] for case in cases])
    for name, those in accepted.items():
        right = int((those & truth).sum())
        found[name] = {
            "pairs": int(those.sum()),
            "precision": percent(right / those.sum()) if those.any() else None,
            "recall": percent(right / max(1, truth.sum())),
        }
    return found


def percent(share: float) -> float:
    return round(100 * float(share), 1)


def resamples(photos: int) -> np.ndarray:
    """How often each photo is in each resample; the first is the collection itself."""
    random = np.random.default_rng(0)
    drawn = random.multinomial(photos, np.full(photos, 1 / photos), size=RESAMPLES)
    return np.vstack([np.ones(photos), drawn])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--project", type=Path, help="where the project is kept; it is used again")
    parser.add_argument("--labels", default="coco")
    given = parser.parse_args()
    warnings.filterwarnings("ignore", message="No positive class found")
    with tempfile.TemporaryDirectory() as folder:
        photos = read_collection(given.photos, given.truth, given.project or Path(folder), given.labels)
    weights = resamples(len(photos.truth))
    report: dict[str, object] = {
        f"{way} {count}": measure(photos, way, count, weights)
        for way in WAYS
        for count in ANSWERS
        if count <= 0.7 * len(photos.truth)
    }
    print_report(report)


if __name__ == "__main__":
    main()

"""What a training is worth on one's own photos, before and after some labels are reviewed.

    python benchmarks/train_on_coco.py PHOTOS TRUTH.json [--label-set coco] [--decisions 30] [--labels 10]
                                       [--seeds 0 1 2] [--preset default] [--no-detector]

Labels the photos with the starter, trains a classifier (head), lets a person that the truth plays decide, and trains
again. Decided are the labels with the most positives; for each of them photos in one of these orders:

- doubtful: those whose refined label is nearest to its threshold, as the review queue has them;
- random: drawn for each label;
- photos: the same random photos for all labels.

`undecided` compares before and after: mAP over the decided labels, each over the photos that nobody decided for it.
`worth` is what is shown before a training, after it, and after one with decisions (of what is undecided then): how
many suggestions are likely, how many of them are right (P), how much of the truth they are (R), and of what is shown
as .8 and more how much is right. Trainings that wait to be looked at are accepted and counted.

The truth is used for the decisions and the figures, for nothing else. Prints JSON; mAP in %, all-point.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from machine import print_report

from engine.formats.coco import read_coco
from engine.formats.known_labels import KnownLabels
from engine.jobs import Cancellation, Progress
from engine.method import mean_average_precision
from engine.method.review_order import chances
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, undo, withdraw_run
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, runs_with
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.evaluation.evaluate import evaluate
from engine.stages.importing.import_truth import match_truth
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.matching import match_labels, match_photos
from engine.stages.training.held_back import accept_training
from engine.stages.training.learners import HEAD
from engine.stages.training.refine import RefineSettings, refine, settings_by_name

ORDERS = ("doubtful", "random", "photos")
STAGES = (INITIAL, REFINED, CLASSIFIER)
HIGH = 0.8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--decisions", type=int, default=30, help="for each label")
    parser.add_argument("--labels", type=int, default=10, help="that are decided")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--label-set", default="coco", help="coco or voc")
    parser.add_argument("--preset", default="default", help="default or paper")
    parser.add_argument("--no-detector", dest="detector", action="store_false", help="label without it")
    parser.add_argument("--no-rerank", dest="rerank", action="store_false", help="label without it")
    parser.add_argument("--project", type=Path, help="where to keep what is encoded; by default nowhere")
    given = parser.parse_args()
    truth = read_coco(given.truth)
    with tempfile.TemporaryDirectory() as nowhere, Project.open(given.photos, given.project or nowhere) as project:
        wanted = LabelRequest(labels=given.label_set, encoder="starter", rerank=given.rerank, detector=given.detector)
        label_photos(project, wanted, Progress(), Cancellation())
        runs = [compare(project, truth, given, seed) for seed in given.seeds]
    print_report(
        {
            "settings": settings_by_name(given.preset, HEAD).training.to_json(),
            "all_photos": mean_of([run["all_photos"] for run in runs]),
            "worth": {when: mean_of([run["worth"][when] for run in runs]) for when in runs[0]["worth"]},
            "held_back": sum(run["held_back"] for run in runs),
            "undecided": {order: mean_of([run["undecided"][order] for run in runs]) for order in ORDERS},
            "runs": runs,
        }
    )


def compare(project: Project, truth: KnownLabels, given: argparse.Namespace, seed: int) -> dict[str, Any]:
    """One seed: mAP in % by stage on all photos, and for each order on the undecided ones, before and after."""
    settings, decisions, labels = settings_by_name(given.preset, HEAD, seed=seed), given.decisions, given.labels
    for run in runs_with(project, REFINED):
        withdraw_run(project, run.id)
    initial = take_snapshot(project)
    answers = answers_of(truth, initial)
    waited = train(project, settings)
    snapshot = take_snapshot(project)
    worth = {"initial": worth_of(initial, answers), "refined": worth_of(snapshot, answers)}
    columns = np.argsort(-answers.sum(axis=0), kind="stable")[:labels]
    before = {stage: snapshot.matrix_of(project, stage) for stage in STAGES}
    undecided = {}
    for order in ORDERS:
        decided = np.zeros(answers.shape, bool)
        for column, rows in zip(columns, photos_to_decide(snapshot, columns, order, decisions, seed), strict=True):
            decided[rows, column] = True
        answer(
            project,
            f"decided by {order}",
            [
                Answer(int(snapshot.photo_ids[row]), snapshot.labels[column].id, bool(answers[row, column]))
                for row, column in np.argwhere(decided)
            ],
        )
        waited += train(project, settings)
        asked = np.where(decided, -1, answers)[:, columns]
        undecided[order] = {"positives_decided": int(answers[decided].sum())}
        for stage in STAGES:
            after = snapshot.matrix_of(project, stage)
            for when, scores in (("before", before[stage]), ("after", after)):
                undecided[order][f"{stage}_{when}"] = 100 * mean_average_precision(scores[:, columns], asked).value
        worth[f"refined, {order}"] = worth_of(take_snapshot(project), np.where(decided, -1, answers))
        undo(project)
    # What is trained last is without decisions again, as the next comparison expects it.
    waited += train(project, settings)
    matched = match_truth(project, truth).table
    all_photos = {stage: 100 * (evaluate(project, matched, stage=stage).map or 0) for stage in STAGES}
    return {"seed": seed, "all_photos": all_photos, "worth": worth, "held_back": waited, "undecided": undecided}


def train(project: Project, settings: RefineSettings) -> int:
    """Train, and use the new scores; whether they waited to be looked at."""
    result = refine(project, settings, Progress(), Cancellation())
    if result.held_back:
        accept_training(project)
    return int(result.held_back)


def worth_of(snapshot: Snapshot, answers: np.ndarray) -> dict[str, float]:
    """What is shown, in %, over what has an answer; without what answers taught, which is another matter."""
    counted, there = answers >= 0, answers > 0
    likely, high = counted & (snapshot.scores >= snapshot.thresholds), counted & (snapshot.scores >= HIGH)
    return {
        "likely": float(likely.sum()),
        "P": 100 * float(there[likely].mean()) if likely.any() else 0.0,
        "R": 100 * float((there & likely).sum() / there.sum()),
        "from_high": float(high.sum()),
        "right_from_high": 100 * float(there[high].mean()) if high.any() else 0.0,
    }


def answers_of(truth: KnownLabels, snapshot: Snapshot) -> np.ndarray:
    """photos x labels: 1 present, 0 absent, -1 ignored."""
    photos = {row: name for name, row in match_photos(snapshot.paths, list(truth.answers)).items()}
    labels = match_labels([label.name for label in snapshot.labels], truth.labels)
    return np.array(
        [
            [0 if at is None else truth.answers[photos[row]].get(truth.labels[at], 0) for at in labels]
            for row in range(len(snapshot))
        ]
    )


def photos_to_decide(snapshot: Snapshot, columns: np.ndarray, order: str, count: int, seed: int) -> list[np.ndarray]:
    """Rows for each label."""
    random = np.random.default_rng(seed)
    if order == "random":
        return [random.permutation(len(snapshot))[:count] for _ in columns]
    if order == "photos":
        return [random.permutation(len(snapshot))[:count]] * len(columns)
    likely = chances(snapshot.scores, snapshot.thresholds)
    return [np.argsort(np.abs(likely[:, column] - 0.5), kind="stable")[:count] for column in columns]


def mean_of(figures: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(float(np.mean([one[name] for one in figures])), 2) for name in figures[0]}


if __name__ == "__main__":
    main()

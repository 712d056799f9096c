"""What comparing with a truth costs: reading a large COCO file, matching it, evaluating with intervals, comparing.

    python benchmarks/evaluation.py [--photos 5000] [--labels 80] [--annotations 1000000]

Scores, truth and file names are made up. Prints JSON: seconds, and the peak memory, of which the benchmark
takes a part itself to make all this up.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import peak_memory_mb, print_report

from engine.formats.coco import read_coco
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import begin_run, finish_run, store_scores
from engine.project.truths import keep_truth, load_truth
from engine.stages.evaluation.compare import Side, compare
from engine.stages.evaluation.evaluate import RESAMPLES, evaluate
from engine.stages.evaluation.report import report
from engine.stages.importing.import_truth import match_truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--labels", type=int, default=80)
    parser.add_argument("--annotations", type=int, default=1_000_000)
    given = parser.parse_args()
    random = np.random.default_rng(0)
    seconds: dict[str, float] = {}

    def timed(what: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        result = work()
        seconds[what] = round(time.perf_counter() - began, 2)
        return result

    with tempfile.TemporaryDirectory() as folder, Project.open(folder) as project:
        names = [f"label {number}" for number in range(given.labels)]
        file = write_coco(Path(folder, "truth.json"), given.photos, names, given.annotations, random)
        labels = use_label_set(project, [NewLabel(name) for name in names])
        record_folder(project, [FoundPhoto(f"{number:07}.jpg", 1, 1) for number in range(given.photos)])
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
        for stage in ("initial", "global"):
            scores = random.random((given.photos, given.labels)).astype(np.float32)
            store_scores(project, run, stage, list(range(1, given.photos + 1)), scores)
        finish_run(project, run)

        known = timed("read", lambda: read_coco(file))
        table = timed("match", lambda: match_truth(project, known)).table
        row = timed("keep", lambda: keep_truth(project, table, source=str(file), format_name="coco"))
        table = timed("load", lambda: load_truth(project, row))
        evaluation = timed("evaluate", lambda: evaluate(project, table))
        timed("to_json", lambda: json.dumps(evaluation.to_json()))
        timed("report", lambda: report(project, evaluation))
        timed("compare", lambda: compare(project, table, Side("global"), Side("initial")))
        megabytes = round(file.stat().st_size / 2**20)
    settings = {**vars(given), "resamples": RESAMPLES, "file_mb": megabytes}
    print_report({**settings, "seconds": seconds, "peak_memory_mb": peak_memory_mb()})


def write_coco(file: Path, photos: int, labels: list[str], annotations: int, random: np.random.Generator) -> Path:
    """A COCO file with boxes; four boxes of each photo and label that it has."""
    cells = random.choice(photos * len(labels), size=min(annotations // 4, photos * len(labels)), replace=False)
    boxes = np.resize(cells, annotations)
    coco = {
        "images": [{"id": number, "file_name": f"{number:07}.jpg"} for number in range(photos)],
        "categories": [{"id": number, "name": name} for number, name in enumerate(labels)],
        "annotations": [
            {
                "id": number,
                "image_id": cell // len(labels),
                "category_id": cell % len(labels),
                "bbox": [1, 2, 30, 40],
                "area": 1200,
                "iscrowd": 0,
            }
            for number, cell in enumerate(boxes.tolist())
        ],
    }
    file.write_text(json.dumps(coco))
    return file


if __name__ == "__main__":
    main()

"""How time and memory grow with the number of photos: a new label set on made-up embeddings. Prints JSON.

    python benchmarks/growth.py [--photos 1000 3000 10000 30000 100000] [--plot growth.png]

A straight line is fitted to the seconds and to the memory above what the program holds before; `r_squared` tells how
straight they are.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report
from made_up import MadeUpClip, make_project

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import use_label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.labelling.label_sets import built_in_label_set


def measure(folder: Path) -> dict[str, float]:
    """Seconds to score all photos and to open the project again, and the memory that the scoring took."""
    gc.freeze()  # as the window does
    encoder, before = MadeUpClip(), peak_memory_mb()
    with Project.open(folder) as project:
        use_label_set(project, built_in_label_set("coco"))
        began, worked = time.perf_counter(), time.process_time()
        initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
        scored, computed, memory = time.perf_counter() - began, time.process_time() - worked, peak_memory_mb()
    began = time.perf_counter()
    with Project.open(folder) as project:
        photos = len(take_snapshot(project))
    return {
        "photos": photos,
        "scoring_seconds": round(scored, 3),
        "scoring_processor_seconds": round(computed, 3),
        "opening_seconds": round(time.perf_counter() - began, 3),
        "memory_before_mb": before,
        "memory_taken_mb": memory - before,
    }


def line(points: list[dict[str, float]], of: str) -> dict[str, float]:
    """The straight line through the points, for each 1,000 photos, and how well it fits."""
    photos, values = (np.array([point[name] for point in points]) for name in ("photos", of))
    slope, start = np.polyfit(photos, values, 1)
    left = ((values - slope * photos - start) ** 2).sum()
    return {
        "per_1000_photos": round(1000 * float(slope), 4),
        "at_none": round(float(start), 3),
        "r_squared": round(1 - float(left / ((values - values.mean()) ** 2).sum()), 4),
    }


def draw(points: list[dict[str, float]], file: Path) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph
    from pyqtgraph.exporters import ImageExporter

    pyqtgraph.mkQApp()
    pyqtgraph.setConfigOptions(background="w", foreground="k", antialias=True)
    plots = pyqtgraph.GraphicsLayoutWidget(size=(900, 320))
    thousands = [point["photos"] / 1000 for point in points]
    for name, title in (
        ("scoring_processor_seconds", "scoring, processor seconds"),
        ("opening_seconds", "opening, seconds"),
        ("memory_taken_mb", "memory beyond the libraries, MB"),
    ):
        plot = plots.addPlot(labels={"bottom": "1,000 photos"}, title=title)
        fitted = line(points, name)
        ends = np.array([0, thousands[-1]])
        plot.plot(ends, fitted["at_none"] + fitted["per_1000_photos"] * ends, pen=pyqtgraph.mkPen("#888", width=1))
        plot.plot(thousands, [point[name] for point in points], pen=None, symbol="o", symbolBrush="#2266cc")
    plots.grab()
    ImageExporter(plots.scene()).export(str(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, nargs="+", default=[1000, 3000, 10_000, 30_000, 100_000])
    parser.add_argument("--plot", type=Path, help="a PNG to draw the lines into")
    arguments = parser.parse_args()
    points = []
    apart = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    with apart:
        for photos in arguments.photos:
            with tempfile.TemporaryDirectory() as folder:
                apart.submit(make_project, Path(folder), photos, MadeUpClip()).result()
                points.append(apart.submit(measure, Path(folder)).result())
    lines = {name: line(points, name) for name in list(points[0])[1:] if name != "memory_before_mb"}
    if arguments.plot:
        draw(points, arguments.plot)
    print_report({"points": points, "lines": lines})


if __name__ == "__main__":
    main()

"""How long the map of the photos takes: to lay out, to draw, to zoom, to colour anew. Prints JSON.

    python benchmarks/map.py [--photos 100000] [--layouts pca umap]

The embeddings are made up around 300 subjects. Drawing is off screen, into 1200 x 300 pixels; milliseconds are medians
of ten, of the processor's time, which grows less with what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import peak_memory_mb, print_report
from PySide6.QtWidgets import QApplication

from cdul_gui.look.appearance import apply_theme
from cdul_gui.panels.map.map_colours import ColourBy, colouring
from cdul_gui.panels.map.map_plot import MapPlot
from engine.method.outline import points_within
from engine.method.photo_map import Layout, Places, can_lay_out, photo_places
from engine.project.labels import LabelRow
from engine.project.snapshot import Snapshot
from engine.project.thresholds import ThresholdSource

_SUBJECTS, _DIMENSION = 300, 1280
_TURNS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--layouts", nargs="+", type=Layout, default=list(Layout))
    given = parser.parse_args()
    laid_out: dict[str, object] = {}
    places = np.zeros((0, 2), np.float32)
    embeddings = made_up_embeddings(given.photos)
    for layout in given.layouts:
        if not can_lay_out(layout):
            laid_out[layout] = "not installed"
            continue
        began, busy = time.perf_counter(), time.process_time()
        found = photo_places(embeddings, layout)
        laid_out[layout] = {
            "seconds": round(time.perf_counter() - began, 1),
            "of_processor": round(time.process_time() - busy, 1),
            "most_megabytes": peak_memory_mb(),
        }
        places = places if len(places) else found
    report = {"photos": given.photos, "laying_out": laid_out, "drawing_ms": drawing(places)}
    print_report(report)


def made_up_embeddings(photos: int) -> np.ndarray:
    random = np.random.default_rng(1)
    subjects = random.standard_normal((_SUBJECTS, _DIMENSION), np.float32)
    embeddings = np.empty((photos, _DIMENSION), np.float16)
    for start in range(0, photos, 1000):
        part = embeddings[start : start + 1000]
        part[:] = subjects[random.integers(0, _SUBJECTS, len(part))] + random.standard_normal(part.shape, np.float32)
    return embeddings


def drawing(places: Places) -> dict[str, float]:
    """Processor time of a frame, and of a frame after what a person may do."""
    app = QApplication([])
    apply_theme(app)
    plot = MapPlot()
    plot.resize(1200, 300)
    plot.show()
    plot.show_points(places)
    snapshot, rows = made_up_snapshot(len(places)), np.arange(len(places))

    def colour(by: ColourBy) -> Callable[[], None]:
        def run() -> None:
            found = colouring(snapshot, rows, 0, by, app.palette())
            assert found is not None
            plot.show_colours(found.groups, found.colours)
            plot.grab()

        return run

    def zoom() -> None:
        plot.getViewBox().scaleBy((0.9, 0.9))
        plot.grab()

    corners = np.linspace(0, 2 * np.pi, 200)
    outline = places.mean(axis=0) + places.std(axis=0) * np.stack([np.cos(corners), np.sin(corners)], axis=1)
    colour(ColourBy.STATE)()
    found = {"frame": median_ms(plot.grab), "zoom step": median_ms(zoom)}
    plot.show_all()
    found |= {f"colours by {by}": median_ms(colour(by)) for by in ColourBy}
    return found | {"choosing what 200 corners enclose": median_ms(lambda: points_within(places, outline))}


def median_ms(run: Callable[[], object]) -> float:
    took = []
    for _ in range(_TURNS):
        began = time.process_time()
        run()
        took.append(time.process_time() - began)
    return round(1000 * statistics.median(took), 1)


def made_up_snapshot(photos: int) -> Snapshot:
    """Photos in a hundred folders, with scores of one label and some answers."""
    random = np.random.default_rng(2)
    numbers = np.zeros(photos, np.int64)
    return Snapshot(
        photo_ids=np.arange(photos),
        paths=[f"{number * 100 // photos:02}/{number:06}.jpg" for number in range(photos)],
        problems=[None] * photos,
        sizes=np.zeros((photos, 2), np.int32),
        orientations=np.ones(photos, np.int8),
        taken_at=[None] * photos,
        file_sizes=numbers,
        modified_ns=numbers,
        reviewed=np.zeros(photos, bool),
        reviewed_at=np.full(photos, "NaT", "datetime64[us]"),
        labels=[LabelRow(1, "dog")],
        decisions=random.choice(np.array([-1, 0, 0, 0, 1], np.int8), (photos, 1)),
        stage="initial",
        scores=random.random((photos, 1), np.float32) ** 4,
        thresholds=np.array([0.2], np.float32),
        maybe_from=np.array([0.2], np.float32),
        threshold_sources=[ThresholdSource.FROM_SCORES],
        stage_calibration=None,
    )


if __name__ == "__main__":
    main()

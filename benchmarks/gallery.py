"""How fast the gallery opens, scrolls and makes thumbnails, and how much memory that takes. Prints JSON.

    python benchmarks/gallery.py [--photos 100000] [--new-folder 10000]

The photos are a few hundred distinct 1024 x 768 JPEGs, each linked many times. Stalls are measured by a timer in the
window's thread: how much later than due it fires.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import peak_memory_mb, print_report
from PIL import Image
from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

from cdul_gui.gallery import GalleryView
from cdul_gui.session.session import Session
from cdul_gui.window.interpreter import share_interpreter, spare_what_is_there
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

DISTINCT = 300
LABELS = 80
WINDOW = QSize(1280, 800)
SECONDS_TO_SCROLL = 12.0
SECONDS_OF_WHEEL = 6.0
SECONDS_OF_PAGING = 4.0
TICK = 0.005


def make_photos(folder: Path, count: int, distinct: list[bytes]) -> None:
    """JPEGs in subfolders of a thousand, links to the distinct ones, each with a time of its own."""
    for number in range(count):
        photo = folder / f"{number // 1000:03}" / f"{number:06}.jpg"
        original = photo.with_name("0.original")
        if number % 1000 == 0:
            photo.parent.mkdir(parents=True)
        if number % 1000 < len(distinct):
            photo.write_bytes(distinct[number % 1000])
        else:
            original = photo.parent / f"{number - len(distinct):06}.jpg"
            photo.hardlink_to(original)


def distinct_photos(folder: Path) -> list[bytes]:
    """Smooth colours with some noise: about 110 KB each, as photos of this size have."""
    random = np.random.default_rng(0)
    photos = []
    for number in range(DISTINCT):
        small = Image.fromarray(random.integers(0, 256, (24, 32, 3), np.uint8)).resize((1024, 768), Image.BICUBIC)
        noisy = np.asarray(small, np.float32) + random.normal(0, 3, (768, 1024, 1))
        file = folder / f"{number}.jpg"
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, quality=85)
        photos.append(file.read_bytes())
    return photos


def readers_limit(files: list[Path]) -> float:
    """Thumbnails a second of Qt's reader alone, on two threads."""

    def read(file: Path) -> None:
        reader = QImageReader(str(file))
        reader.setScaledSize(QSize(256, 192))
        assert not reader.read().isNull()

    with ThreadPoolExecutor(2) as threads:
        begin = time.perf_counter()
        list(threads.map(read, files))
        return len(files) / (time.perf_counter() - begin)


class Stalls:
    """How late the window's thread is, in milliseconds, while it is measured."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._due = time.perf_counter() + TICK
        self._timer = QTimer(interval=round(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self._late.append(max(0.0, now - self._due) * 1000)
        self._due = now + TICK

    def figures(self) -> dict[str, float]:
        """The longest and the 99th percentile."""
        self._timer.stop()
        return {
            "longest_stall_ms": round(max(self._late), 1),
            "stall_99th_percentile_ms": round(float(np.percentile(self._late, 99)), 1),
        }


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> float:
    """Run the event loop until something is true; returns the seconds that took."""
    begin, loop = time.perf_counter(), QEventLoop()
    timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)

    def check() -> None:
        # What held once may be over again before the loop has ended.
        if true():
            loop.exit(1)
        elif time.perf_counter() - begin > seconds:
            loop.exit(0)

    timer.timeout.connect(check)
    timer.start()
    if not loop.exec():
        raise TimeoutError(f"Expected {true.__name__} within {seconds} s.")
    return time.perf_counter() - begin


def shown(view: GalleryView, session: Session) -> Iterator[bool]:
    """Whether there is a thumbnail, for each photo that is visible."""
    places = view.visible_places()
    return (view.thumbnails.thumbnail(int(session.shown[place])) is not None for place in places)


def measure(make: Callable[[], Project]) -> tuple[Session, GalleryView, dict[str, float]]:
    """Open a project in a window: seconds to the first paint of photos, the first thumbnail, a whole screen of them."""
    session = Session()
    session.opened.connect(spare_what_is_there)
    view = GalleryView(session)
    view.resize(WINDOW)
    view.show()
    stalls, begin = Stalls(), time.perf_counter()
    session.open(make)
    wait_until(lambda: len(session.shown) > 0)
    view.repaint()
    first_paint = time.perf_counter() - begin
    wait_until(lambda: any(shown(view, session)))
    first_thumbnails = time.perf_counter() - begin
    wait_until(lambda: all(shown(view, session)))
    screen = time.perf_counter() - begin
    opened = {
        "seconds_to_first_paint": round(first_paint, 3),
        "seconds_to_first_thumbnails": round(first_thumbnails, 3),
        "seconds_to_whole_screen": round(screen, 3),
    }
    return session, view, opened | stalls.figures()


def scroll(view: GalleryView) -> dict[str, float]:
    """Scroll from top to bottom, some sixty steps a second."""
    bar, stalls, begin = view.verticalScrollBar(), Stalls(), time.perf_counter()

    def step() -> None:
        bar.setValue(round(bar.maximum() * min(1.0, (time.perf_counter() - begin) / SECONDS_TO_SCROLL)))

    timer = QTimer(interval=16)
    timer.timeout.connect(step)
    timer.start()
    wait_until(lambda: bar.value() == bar.maximum())
    return stalls.figures()


def wheel(view: GalleryView) -> dict[str, float]:
    """Turn the wheel by a notch thirty times a second, so that thumbnails are made and shown while it moves."""
    bar, stalls, begin = view.verticalScrollBar(), Stalls(), time.perf_counter()
    bar.setValue(0)
    timer = QTimer(interval=33)
    timer.timeout.connect(lambda: bar.setValue(bar.value() + 3 * bar.singleStep()))
    timer.start()
    wait_until(lambda: time.perf_counter() - begin > SECONDS_OF_WHEEL)
    timer.stop()
    return {"photos_passed": view.visible_places().stop, **stalls.figures()}


def make_all(view: GalleryView, session: Session) -> dict[str, float]:
    """Go on as soon as half of the thumbnails ahead are made, to the end; those to be written are waited for."""

    def made(place: int) -> bool:
        return view.thumbnails.thumbnail(int(session.shown[place])) is not None

    bar, end = view.verticalScrollBar(), len(session.shown) - 1
    lacking = sum(not made(place) for place in range(end + 1))
    stalls, begin = Stalls(), time.perf_counter()
    while True:
        ahead = view.places_ahead()
        if ahead.stop > end:
            break
        half = (ahead.start + ahead.stop) // 2
        wait_until(partial(made, half))
        bar.setValue(view.tile_rect(half).top() + view.verticalOffset())
    wait_until(partial(made, end))
    figures = stalls.figures()
    view.shut_down()
    return {"thumbnails_per_second": round(lacking / (time.perf_counter() - begin), 1), **figures}


def page(view: GalleryView, session: Session) -> dict[str, float]:
    """Page down whenever the whole screen has its thumbnails, for some seconds."""
    bar, stalls, begin = view.verticalScrollBar(), Stalls(), time.perf_counter()
    while time.perf_counter() - begin < SECONDS_OF_PAGING and bar.value() < bar.maximum():
        wait_until(lambda: all(shown(view, session)))
        bar.setValue(bar.value() + bar.pageStep())
    seconds = time.perf_counter() - begin
    return {"photos_per_second": round(view.visible_places().start / seconds, 1), **stalls.figures()}


def close(session: Session, view: GalleryView) -> None:
    """Leave nothing behind for the next measurement."""
    view.shut_down()
    session.show_project(None, None)
    session.workers.shut_down()
    view.close()


def label(folder: Path) -> None:
    """Make a project with scores of as many labels as COCO has, for every photo."""
    project = Project.open(folder)
    labels = use_label_set(project, [NewLabel(f"label {number}") for number in range(LABELS)])
    add_photos(project, Progress(), Cancellation())
    photos = take_snapshot(project).photo_ids.tolist()
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
    scores = np.random.default_rng(1).beta(0.5, 8, (len(photos), LABELS)).astype(np.float32)
    store_scores(project, run, INITIAL, photos, scores)
    finish_run(project, run)
    project.close()


def take_in(folder: Path) -> Project:
    """Open a folder as the window does when it is new."""
    project = Project.open(folder)
    add_photos(project, Progress(), Cancellation())
    return project


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000, help="of the project that is known already")
    parser.add_argument("--new-folder", type=int, default=10_000, help="photos of the folder that is new")
    arguments = parser.parse_args()
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    share_interpreter()
    spare_what_is_there()  # as the window does once it is shown
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        distinct = distinct_photos(place)
        report["reader_limit_per_second"] = round(readers_limit(sorted(place.glob("*.jpg"))), 1)

        new, paged, known = place / "new", place / "paged", place / "known"
        make_photos(new, arguments.new_folder, distinct)
        session, view, figures = measure(lambda: take_in(new))
        report["new_folder"] = {"photos": len(session.shown), "open": figures, "make_all": make_all(view, session)}
        close(session, view)

        make_photos(paged, arguments.new_folder, distinct)
        session, view, _ = measure(lambda: take_in(paged))
        report["new_folder"]["page"] = page(view, session)
        close(session, view)

        make_photos(known, arguments.photos, distinct)
        # In a process of its own, so that its memory is not counted.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
            apart.submit(label, known).result()
        session, view, figures = measure(lambda: Project.open(known))
        report["known_project"] = {
            "photos": len(session.shown),
            "open": figures,
            "scroll": scroll(view),
            "wheel": wheel(view),
        }
        close(session, view)
    report["peak_memory_mb"] = peak_memory_mb()
    print_report(report)


if __name__ == "__main__":
    main()

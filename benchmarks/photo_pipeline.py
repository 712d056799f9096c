"""How near reading photos for an encoder comes to bare decoding and cutting, and whether an encoder ever waits. JSON.

    python benchmarks/photo_pipeline.py --pixels 4000x3000 --photos 60 [--from PHOTOS] [--before CHECKOUT]

An encoder that answers at once (zeros) leaves what it costs to read, decode, cut, hand over and keep; the bare rate is
that of as many threads that only read, decode and cut the same files. An encoder that sleeps tells how long it waited
for photos between its batches. All take turns. With --before, another checkout takes turns as well, with batches of 40.
Where other programs keep the processor busy, the time that it worked tells more than rates.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from encoding import make_photos
from machine import print_report

from engine.jobs import NEVER, QUIET
from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.labelling import encode_files, encoding
from engine.stages.labelling.add_photos import add_photos

GRIDS = (1, 3)
SIDE = 260
"""As the starter takes them, which are large."""
BARE = "bare_decoding_and_cutting"


class Zeros:
    """Answers at once, or after as many seconds a snippet."""

    id = name = "zeros"
    input_size = SIDE
    dimension = 512

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self.busy = 0.0
        self.began = self.ended = 0.0

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        began = time.perf_counter()
        self.began = self.began or began
        if self._seconds:
            time.sleep(self._seconds * len(snippets))
        self.ended = time.perf_counter()
        self.busy += self.ended - began
        return np.zeros((len(snippets), self.dimension), np.float32)

    @property
    def idle(self) -> float:
        """The share of the time from the first batch to the last in which it waited."""
        return 1 - self.busy / (self.ended - self.began)


class Taken(NamedTuple):
    """What so many photos took: photos a second, and milliseconds of the processor each."""

    rate: float
    processor_ms: float

    @classmethod
    def by(cls, work: Callable[[], object], photos: int) -> Taken:
        began, worked = time.perf_counter(), time.process_time()
        work()
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        return cls(photos / seconds, 1000 * worked / photos)


def through_the_pipeline(photos: Path, encoder: Zeros) -> Taken:
    """From the first file to the last embedding in the cache."""
    with tempfile.TemporaryDirectory() as folder, Project.open(photos, Path(folder)) as project:
        add_photos(project, QUIET, NEVER)
        wanted = [(photo.id, photo.path) for photo in readable_photos(project)]
        return Taken.by(
            lambda: list(encoding.encode_photos(project, encoder, wanted, GRIDS, set(), QUIET, NEVER)),
            len(wanted),
        )


def use_batches_of(count: int) -> None:
    """What a card with much memory would have the pipeline do."""
    from engine.models.encoders.batches import Batches

    encode_files.Batches = partial(Batches, size=count)


def bare(photos: Path, *, cut: bool) -> Taken:
    """Threads that only read, decode and, if so wished, cut."""
    from engine.photos.decode import decode, read_file
    from engine.photos.loader import cores, count_of, cut_into

    room = threading.local()
    enough = round(max(GRIDS) * SIDE * 0.8)

    def one(file: Path) -> None:
        photo = decode(read_file(file), at_least=(enough, enough))
        if cut:
            if not hasattr(room, "pixels"):
                room.pixels = np.empty((count_of(GRIDS), SIDE, SIDE, 3), np.uint8)
            cut_into(room.pixels, photo.rgb, GRIDS)

    files = sorted(photos.glob("*.jpg"))
    with ThreadPoolExecutor(cores()) as pool:
        return Taken.by(lambda: list(pool.map(one, files)), len(files))


def of_before(checkout: Path, photos: Path) -> Taken:
    """The pipeline of another checkout, in a process of its own."""
    here = Path(__file__)
    environment = {**os.environ, "PYTHONPATH": f"{checkout}{os.pathsep}{here.parent}"}
    command = [sys.executable, str(here), "--only", str(photos)]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return Taken(*json.loads(answer.stdout))


def measure(photos: Path, turns: int, before: Path | None) -> dict[str, object]:
    taken: dict[str, list[Taken]] = {}
    idle: dict[str, list[float]] = {}

    def with_batches(count: int, seconds: float = 0.0) -> tuple[Taken, Zeros]:
        use_batches_of(count)
        encoder = Zeros(seconds)
        return through_the_pipeline(photos, encoder), encoder

    ways: dict[str, Callable[[], Taken]] = {
        "bare_decoding": lambda: bare(photos, cut=False),
        BARE: lambda: bare(photos, cut=True),
        "zeros_batches_of_40": lambda: with_batches(40)[0],
        "zeros_batches_of_512": lambda: with_batches(512)[0],
    }
    if before is not None:
        ways["before"] = lambda: of_before(before, photos)
        ways["now"] = lambda: of_before(Path(__file__).parents[1], photos)
    # Once before, with both: memory that a virtual machine has never used takes seventy times as long to fill.
    for count in (40, 512):
        with_batches(count)
    for _ in range(turns):
        for name, way in ways.items():
            taken.setdefault(name, []).append(way())
        # An encoder that takes twice as long as the threads need.
        slow = 2 / (10 * taken[BARE][-1].rate)
        for count in (40, 512):
            idle.setdefault(f"batches_of_{count}", []).append(round(with_batches(count, slow)[1].idle, 3))

    def ratios(name: str, other: str) -> dict[str, float]:
        """The medians of the turns: by rates, and by what the processor worked."""
        turns_of_both = list(zip(taken[name], taken[other], strict=True))
        by_rate = statistics.median(one.rate / two.rate for one, two in turns_of_both)
        by_work = statistics.median(two.processor_ms / one.processor_ms for one, two in turns_of_both)
        return {"photos_a_second": round(by_rate, 3), "processor": round(by_work, 3)}

    return {
        "photos_a_second": {name: [round(each.rate, 1) for each in several] for name, several in taken.items()},
        "processor_ms_a_photo": {name: [round(one.processor_ms, 2) for one in each] for name, each in taken.items()},
        "batches_of_40_by_bare": ratios("zeros_batches_of_40", BARE),
        "batches_of_512_by_bare": ratios("zeros_batches_of_512", BARE),
        **({"now_by_before": ratios("now", "before")} if before is not None else {}),
        "encoder_idle": idle,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pixels", default="640x480", help="width x height of the JPEGs")
    parser.add_argument("--photos", type=int, default=400)
    parser.add_argument("--turns", type=int, default=6, help="single ones differ by a fifth on a quiet machine")
    parser.add_argument("--from", dest="real", type=Path, help="a folder of JPEGs to enlarge, in place of made-up ones")
    parser.add_argument("--before", type=Path, help="another checkout of this program")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        through_the_pipeline(arguments.only, Zeros())
        print(json.dumps(through_the_pipeline(arguments.only, Zeros())))
        return
    width, height = map(int, arguments.pixels.split("x"))
    real = sorted(arguments.real.glob("*.jpg")) if arguments.real else []
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder) / "photos"
        make_photos(photos, arguments.photos, (width, height), real)
        figures = measure(photos, arguments.turns, arguments.before)
    print_report({"pixels": arguments.pixels, "photos": arguments.photos, **figures})


if __name__ == "__main__":
    main()

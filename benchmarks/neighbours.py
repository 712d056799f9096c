"""CDUL's window beside other programs': how soon it is there, what it holds, and how it opens a folder. Prints JSON.

    python benchmarks/neighbours.py [--photos 10000] [--times 3] [--program labelme=/path/of/its/python ...]

Each program runs in its own Python, with its own door, in turn with the others and offscreen. Seconds from the start of
the process until its window was painted; what it holds two seconds later; then a folder of JPEGs of 1024 x 768 that it
has never seen is opened: the longest that its loop kept a timer of 5 ms waiting, the seconds until the loop had nothing
left to do for a second, and the most memory; and how long a filter by name (000023) takes. Known are cdul, labelme,
labelImg and x-anylabeling.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from gallery import distinct_photos, make_photos
from machine import print_report

_DRIVER = Path(__file__).with_name("in_a_neighbour.py")

PROGRAMS = ("cdul", "labelme", "labelImg", "x-anylabeling")
_MOST_SECONDS = 300
"""Of one run."""


def make(folder: Path, photos: int) -> None:
    with tempfile.TemporaryDirectory() as originals:
        make_photos(folder, photos, distinct_photos(Path(originals)))


def run(program: str, python: str, photos: Path, home: Path) -> dict[str, float]:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **dict.fromkeys(names, str(home))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled once, not at each start
    ran = subprocess.run(
        [python, str(_DRIVER), program, str(photos), str(time.time())],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_MOST_SECONDS,
    )
    found = [line for line in ran.stdout.splitlines() if line.startswith("TOLD ")]
    if not found:
        sys.exit(f"{program} told nothing:\n{ran.stderr[-2000:]}")
    told: dict[str, float] = json.loads(found[0].removeprefix("TOLD "))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--program", action="append", default=[], metavar="NAME=PYTHON")
    given = parser.parse_args()
    pythons = {"cdul": sys.executable, **dict(one.split("=", 1) for one in given.program)}
    unknown = set(pythons) - set(PROGRAMS)
    if unknown:
        parser.error(f"Expected programs among {', '.join(PROGRAMS)}, but got {', '.join(sorted(unknown))}.")
    found: dict[str, list[dict[str, float]]] = {name: [] for name in pythons}
    apart = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    with apart, tempfile.TemporaryDirectory() as temporary:
        for turn in range(given.times + 1):
            for name, python in pythons.items():
                # A folder and settings of its own each time, so that nothing is known of it.
                photos = Path(temporary) / f"photos {name} {turn}"
                home = Path(temporary) / f"home {name} {turn}"
                home.mkdir()
                apart.submit(make, photos, 100 if turn == 0 else given.photos).result()
                told = run(name, python, photos, home)
                if turn:  # the first only has modules compiled
                    found[name].append(told)
    print_report(
        {
            name: {what: round(statistics.median(one[what] for one in runs), 2) for what in runs[0]}
            for name, runs in found.items()
        }
    )


if __name__ == "__main__":
    main()

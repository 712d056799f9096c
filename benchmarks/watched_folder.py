"""Photos that come into a watched folder at random moments: whether each is labelled once and whole, and how soon.

    python benchmarks/watched_folder.py [--photos 500] [--seconds 120] [--seed 1] [--encoder made-up|starter]

A thread puts copies of the sample photos into a folder, as other programs do: at once, bit by bit with rests, made as
large as they will be and then filled, under another name that is changed, moved in with their folder. A few times it
takes the whole folder away in the middle of a copy, brings it back seconds later, and finishes the copy. The watch is
what `cdul watch` runs; a made-up encoder costs nothing, so that it is not the encoder that is measured. Prints JSON:
photos missed and twice, seconds from when a file was whole to when it had labels, and the longest step of the watch.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import threading
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report
from made_up import MadeUpClip
from PIL import Image

from engine.errors import UserError
from engine.jobs import Cancellation
from engine.models.encoders.catalog import open_encoder
from engine.photos.folder_changes import call_on_changes
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import runs
from engine.project.take_snapshot import take_snapshot
from engine.resources import resource
from engine.stages.watching.folder_watch import FolderWatch

TIMES_AWAY, SECONDS_AWAY = 4, 3.0
KINDS = ("at once", "bit by bit", "filled", "renamed", "folder moved in")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--encoder", choices=("made-up", "starter"), default="made-up")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print_report(measured(Path(folder), given.photos, given.seconds, given.seed, given.encoder))


def measured(place: Path, photos: int, seconds: float, seed: int, encoder: str) -> dict[str, object]:
    source, watched, project = place / "source", place / "watched", place / "project"
    make_photos(source, photos)
    watched.mkdir()
    with Project.open(watched, project) as opened:
        use_label_set(opened, [NewLabel(name) for name in ("dog", "cat", "person", "car", "boat", "food")])
    whole: dict[str, float] = {}
    copied, ended, changed = threading.Event(), Cancellation(), threading.Event()

    def put_in() -> None:
        Copying(source, watched, place / "away", random.Random(seed), whole).all(seconds)
        copied.set()

    helpers = [
        threading.Thread(target=put_in, daemon=True),
        threading.Thread(target=call_on_changes, args=(watched, changed.set, ended), daemon=True),
    ]
    for helper in helpers:
        helper.start()
    labelled, steps, away = watch_until_labelled(watched, project, copied, changed, encoder)
    ended.cancel()
    for helper in helpers:
        helper.join()
    with Project.open(watched, project, read_only=True) as opened:
        snapshot = take_snapshot(opened)
        kept_runs = len(runs(opened))
    there = {file.relative_to(watched).as_posix() for file in watched.rglob("*.jpg")}
    known = [path for path, problem in zip(snapshot.paths, snapshot.problems, strict=True) if problem is None]
    waits = sorted(labelled[path] - at for path, at in whole.items() if path in labelled)
    return {
        "photos": photos,
        "seconds": seconds,
        "missed": len(there - set(known)),
        "twice, or said to be missing": len(snapshot) - len(there),
        "without scores": int(np.isnan(snapshot.scores).any(axis=1).sum()),
        "whole to labelled, median s": round(float(np.median(waits)), 1),
        "whole to labelled, 95 % s": round(waits[int(0.95 * (len(waits) - 1))], 1),
        "whole to labelled, most s": round(waits[-1], 1),
        "steps": len(steps),
        "longest step s": round(max(steps), 1),
        "looks while away": away,
        "runs in the history": kept_runs,
        "peak MB": round(peak_memory_mb()),
    }


def make_photos(source: Path, photos: int) -> None:
    """Sample photos, no two the same."""
    source.mkdir()
    samples = sorted(resource("sample_photos").rglob("*.jpg"))
    for number in range(photos):
        with Image.open(samples[number % len(samples)]) as photo:
            photo.thumbnail((640 + number % 97, 640 + number % 89))
            photo.save(source / f"{number:04}.jpg", quality=80 + number % 15)


class Copying:
    """Puts photos into a folder as other programs do, and now and then takes the folder away."""

    def __init__(self, source: Path, watched: Path, away: Path, chance: random.Random, whole: dict[str, float]) -> None:
        self._photos = sorted(source.iterdir())
        self._watched, self._away, self._chance, self._whole = watched, away, chance, whole
        self._outside = away.parent / "outside"

    def all(self, seconds: float) -> None:
        moments = sorted(self._chance.uniform(0, seconds) for _ in self._photos)
        leave = {self._chance.randrange(len(self._photos)) for _ in range(TIMES_AWAY)}
        began = time.monotonic()
        for number, (photo, moment) in enumerate(zip(self._photos, moments, strict=True)):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            if number in leave:
                self._cut_off(photo)
            else:
                self._put(photo, self._chance.choice(KINDS), number)

    def _cut_off(self, photo: Path) -> None:
        """The folder goes in the middle of a copy, which is taken up once it is back."""
        data, there = photo.read_bytes(), self._watched / "cut off" / photo.name
        there.parent.mkdir(exist_ok=True)
        there.write_bytes(data[: len(data) // 2])
        time.sleep(self._chance.choice((0.0, 1.0)))
        self._watched.rename(self._away)
        time.sleep(SECONDS_AWAY)
        self._away.rename(self._watched)
        time.sleep(self._chance.choice((0.0, 2.0)))
        there.write_bytes(data)
        self._whole[there.relative_to(self._watched).as_posix()] = time.monotonic()

    def _put(self, photo: Path, kind: str, number: int) -> None:
        data, there = photo.read_bytes(), self._watched / f"card {number % 7}" / photo.name
        there.parent.mkdir(exist_ok=True)
        if kind == "at once":
            there.write_bytes(data)
        elif kind == "bit by bit":
            with there.open("wb") as file:
                for start in range(0, len(data), 1 + len(data) // 4):
                    file.write(data[start : start + 1 + len(data) // 4])
                    file.flush()
                    time.sleep(self._chance.choice((0.01, 0.1, 2.0 if number % 10 == 0 else 0.05)))
        elif kind == "filled":
            there.write_bytes(bytes(len(data)))
            time.sleep(0.1)
            there.write_bytes(data)
        elif kind == "renamed":
            there.with_suffix(".part").write_bytes(data)
            there.with_suffix(".part").rename(there)
            if number % 3 == 0:  # and once more, after it may have been seen
                time.sleep(0.5)
                there = there.rename(there.with_name(f"again {there.name}"))
        else:
            self._outside.mkdir()
            shutil.copy2(photo, self._outside / photo.name)
            there = self._outside.rename(self._watched / f"moved in {number}") / photo.name
        self._whole[there.relative_to(self._watched).as_posix()] = time.monotonic()


def watch_until_labelled(
    watched: Path, project: Path, copied: threading.Event, changed: threading.Event, encoder: str
) -> tuple[dict[str, float], list[float], int]:
    """When each photo first had labels, by path; the steps' seconds; and looks at a folder that was not there."""
    opened_once = lru_cache(maxsize=1)(open_encoder if encoder == "starter" else lambda _name: MadeUpClip())
    watch = FolderWatch(open_encoder=opened_once, at_first=True)
    labelled: dict[str, float] = {}
    steps, away = [], 0
    while True:
        was_copied = copied.is_set()
        began = time.monotonic()
        try:
            with Project.open(watched, project) as opened:
                step = watch.step(opened)
                snapshot = take_snapshot(opened) if step.came else None
        except UserError:
            away += 1
            changed.wait(1)
            continue
        steps.append(time.monotonic() - began)
        away += step.away
        for photo in step.came:
            assert snapshot is not None
            labelled[snapshot.paths[snapshot.row_of(photo)]] = time.monotonic()
        if was_copied and not (step.waiting or step.left or step.away or step.change):
            return labelled, steps, away
        changed.wait(min(step.again_in, 2.0))
        changed.clear()


if __name__ == "__main__":
    main()

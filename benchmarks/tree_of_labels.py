"""What a tree of labels costs the window: for how long its thread is busy at a stretch. Prints JSON.

    python benchmarks/tree_of_labels.py [--photos 5000] [--labels 1200]

Photos, scores and the tree are made up: like WordNet's nouns it has some eight levels, most labels have no other below
them, and one in ten stands below two. Milliseconds are processor time of the window's thread, from waking up to going
to sleep again, the longest of each action; `engine` is what a whole reading pays for parents, in workers.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import print_report
from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QSettings, QTimer

from cdul_gui.session.shown_photos import Sorting
from cdul_gui.window.application import make_application, make_window
from cdul_gui.window.interpreter import share_interpreter
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.parents import Suggesting
from engine.project.photos import FoundPhoto, ReadPhoto, record_folder, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.snapshot import YES
from engine.project.take_snapshot import take_snapshot

_INNER = 0.18
"""Of the labels: have others below them."""
_TWO_PARENTS = 0.1
_QUIET = 0.4
"""Seconds without anything to do after which an action is over."""
_MOST = 10
"""Seconds of one action."""


def made_up_tree(labels: int) -> list[NewLabel]:
    """Labels of which each stands below one or two that come before it; the first is on top of most."""
    random = np.random.default_rng(1)
    inner = max(2, int(labels * _INNER))
    found = [NewLabel("thing 0000")]
    for at in range(1, labels):
        # Children of those that came lately make it deep.
        among = range(max(0, at // 3), min(at, inner)) if at < inner else range(inner)
        parents = random.choice(
            np.array(among), size=2 if random.random() < _TWO_PARENTS and len(among) > 1 else 1, replace=False
        )
        found.append(NewLabel(f"thing {at:04}", parents=tuple(f"thing {one:04}" for one in parents.tolist())))
    return found


def make_project(folder: Path, photos: int, labels: int) -> None:
    """Photos of which each has a few labels likely."""
    random = np.random.default_rng(2)
    folder.mkdir()
    with Project.open(folder) as project:
        rows = use_label_set(project, made_up_tree(labels))
        record_folder(project, [FoundPhoto(f"{number:07}.jpg", 1, 1) for number in range(photos)])
        record_read(project, [ReadPhoto(n + 1, b"%016d" % n, 640, 480) for n in range(photos)])
        scores = (random.random((photos, labels), np.float32) ** 8 * 0.4).astype(np.float32)
        run = begin_run(project, "initialise", label_ids=[row.id for row in rows], settings={"grids": [3]})
        store_scores(project, run, INITIAL, list(range(1, photos + 1)), scores)
        finish_run(project, run)


class Busy:
    """How long the window's thread is busy at a stretch, in milliseconds of processor time."""

    def __init__(self) -> None:
        self.longest, self._began, self.at = 0.0, time.thread_time(), time.monotonic()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._wake)
        dispatcher.aboutToBlock.connect(self._sleep)

    def _wake(self) -> None:
        self._began = time.thread_time()

    def _sleep(self) -> None:
        took = 1000 * (time.thread_time() - self._began)
        self._began = time.thread_time()
        if took > 1:
            self.at = time.monotonic()
        self.longest = max(self.longest, took)


def of_action(busy: Busy, window: MainWindow, act: Callable[[], object]) -> float:
    """The longest stretch that an action and all that follows from it keep the thread busy."""
    loop = QEventLoop()
    QTimer.singleShot(0, act)

    def look() -> None:
        waits = window.session.edits.waiting or window.desk.teaching.busy
        quiet = not waits and time.monotonic() - busy.at > _QUIET
        if quiet or time.monotonic() - began > _MOST:
            loop.quit()

    began = time.monotonic()
    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    busy.longest, busy.at = 0.0, time.monotonic()
    timer.start()
    loop.exec()
    return round(busy.longest, 1)


def measure(window: MainWindow, busy: Busy) -> dict[str, float]:
    """Each action once to warm up and twice to measure; the longest stretch of the two."""
    session, desk = window.session, window.desk

    def labels() -> list:
        assert session.snapshot is not None
        return session.snapshot.labels

    leaf, top = len(labels()) - 1, 0
    many = np.arange(500)

    def select(rows: np.ndarray) -> None:
        session.look_at(int(rows[0]))
        session.select(rows)

    def confirm(column: int, rows: np.ndarray) -> None:
        select(rows)
        desk.review.confirm(column)

    def reject(column: int, rows: np.ndarray) -> None:
        select(rows)
        session.look_at_label(column)
        desk.review.reject_label()

    actions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "confirm a label on a photo": (lambda: confirm(leaf, many[:1]), session.edits.undo),
        "confirm a label on 500 photos": (lambda: confirm(leaf, many), session.edits.undo),
        "reject the top on a photo": (lambda: reject(top, many[:1]), session.edits.undo),
        "reject the top on 500 photos": (lambda: reject(top, many), session.edits.undo),
        "filter by the top": (
            lambda: desk.arrangement.filter_by('label:"thing 0000"'),
            lambda: desk.arrangement.filter_by(""),
        ),
        "filter by what is below it": (
            lambda: desk.arrangement.filter_by('below:"thing 0001"'),
            lambda: desk.arrangement.filter_by(""),
        ),
        "sweep the top": (
            lambda: (session.look_at_label(top), desk.sweep_label()),
            lambda: desk.arrangement.sort_by(Sorting.NAME),
        ),
        "set a threshold": (lambda: (session.look_at_label(leaf), desk.sweep.keep(0.3)), session.edits.undo),
        "put a label under another": (
            lambda: desk.label_set.move_below(labels()[leaf], None, labels()[1]),
            session.edits.undo,
        ),
        "look for a label": (lambda: desk.labels.find_box.setText("007"), desk.labels.find_box.clear),
        "open the whole tree": (desk.labels.view.expandAll, desk.labels.view.collapseAll),
    }
    found = {}
    for name, (act, back) in actions.items():
        taken = []
        for _ in range(3):
            taken.append(of_action(busy, window, act))
            taken[-1] = max(taken[-1], of_action(busy, window, back))
        found[name] = max(taken[1:])
    return found


def of_engine(folder: Path) -> dict[str, float]:
    """Milliseconds of processor time for what a reading pays once."""
    with Project.open(folder, read_only=True) as project:
        began = time.process_time()
        snapshot = take_snapshot(project)
        reading = time.process_time() - began
    by = Suggesting(snapshot.thresholds, snapshot.maybe_from, np.zeros(len(snapshot.labels), bool))
    own = snapshot.untaught_scores()
    said = np.zeros_like(snapshot.decisions)
    said[np.random.default_rng(3).random(said.shape) < 0.002] = YES

    def timed(work: Callable[[], object]) -> float:
        began = time.process_time()
        work()
        return round(1000 * (time.process_time() - began), 1)

    parents = snapshot.parents
    return {
        "reading": round(1000 * reading, 1),
        "lifting all scores": timed(lambda: parents.lifted(own, own, by)),
        "lifting above one label": timed(lambda: parents.lifted(own, snapshot.scores, by, [len(snapshot.labels) - 1])),
        f"what follows from {int(said.sum()):,} answers": timed(lambda: parents.known(said)),
        "what follows from answers on one photo": timed(lambda: parents.known(said[:1])),
        "labels": len(snapshot.labels),
        "levels": int(max(depth for depth, _ in parents.as_tree())) + 1,
        "lines": sum(1 for _ in parents.as_tree()),
    }


def main() -> None:
    """Make the project, open it, act."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--labels", type=int, default=1200)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)
        folder = Path(home) / "photos"
        make_project(folder, wishes.photos, wishes.labels)
        engine = of_engine(folder)
        share_interpreter()
        make_application(sys.argv[:1])
        window = make_window()
        window.resize(1280, 800)
        window.show()
        busy = Busy()
        opening = of_action(busy, window, lambda: window.desk.opening.open_folder(folder))
        while window.session.snapshot is None:
            opening = max(opening, of_action(busy, window, lambda: None))
        report = {"photos": wishes.photos, "engine": engine, "window": {"open": opening, **measure(window, busy)}}
        window.close()
    print_report(report)


if __name__ == "__main__":
    main()

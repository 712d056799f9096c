"""How soon the window shows what an answer teaches. Prints JSON.

    python benchmarks/answers_in_the_window.py [--photos 10000] [--labels 80] [--answered 20]

Photos, scores and embeddings are made up. Of each label some photos are answered; then somebody answers one photo after
the other for the label that is looked at, and marks photos as reviewed, which answers all labels. Milliseconds from the
answer until what it taught is on the screen: of the label that is looked at and, for a mark, of all of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import print_report
from made_up import MadeUpClip
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, QTimer, Slot

from cdul_gui.window.application import make_application, make_window
from cdul_gui.window.interpreter import share_interpreter
from cdul_gui.window.main_window import MainWindow
from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.answer import Answer
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, ReadPhoto, record_folder, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.stages.teaching.teaching import snapshot_in_force
from engine.stages.thresholds.calibrate import shape_settings

TIMES = 10
_AT_ONCE = 5000
_SHARE = 0.02
"""Of the photos that have a label."""


def make_project(folder: Path, photos: int, labels: int, answered: int) -> dict[str, float]:
    """Returns what it took to make the coordinates and then to read and to teach the project, in seconds."""
    random, encoder = np.random.default_rng(1), MadeUpClip()
    folder.mkdir()
    with Project.open(folder) as project:
        rows = use_label_set(project, [NewLabel(f"label {number}") for number in range(labels)])
        record_folder(project, [FoundPhoto(f"{number:07}.jpg", 1, 1) for number in range(photos)])
        contents = [b"%016d" % number for number in range(photos)]
        record_read(project, [ReadPhoto(n + 1, content, 640, 480) for n, content in enumerate(contents)])
        there = random.random((photos, labels)) < _SHARE
        kinds = random.standard_normal((labels, encoder.dimension), np.float32)
        for start in range(0, photos, _AT_ONCE):
            part = contents[start : start + _AT_ONCE]
            vectors = random.standard_normal((len(part), encoder.dimension), np.float32)
            vectors = (vectors + 2 * there[start : start + _AT_ONCE] @ kinds).astype(np.float16)
            store_embeddings(project, encoder.id, {c: {WHOLE: v[None]} for c, v in zip(part, vectors, strict=True)})
        latents = random.normal(-5, 1.5, (photos, labels)) + 4 * there
        scores = (1 / (1 + np.exp(-latents))).astype(np.float32)
        settings = {
            **shape_settings(INITIAL, shape_of(scores)),
            "encoder": encoder.name,
            "encoder_id": encoder.id,
            "dimension": encoder.dimension,
            "feature_count": encoder.feature_count,
            "grids": [],
        }
        run = begin_run(project, "initialise", label_ids=[label.id for label in rows], settings=settings)
        store_scores(project, run, INITIAL, range(1, photos + 1), scores)
        finish_run(project, run)
        order = np.argsort(-scores, axis=0)[: 3 * answered : 3]
        said = [
            Answer(int(row) + 1, label.id, bool(there[row, column]))
            for column, label in enumerate(rows)
            for row in order[:, column]
        ]
        answer(project, "made up", said)
        took = {}
        for name in ("first", "again"):
            began = time.perf_counter()
            snapshot_in_force(project)
            took[name] = round(time.perf_counter() - began, 2)
    return took


def wait_until(true: Callable[[], bool], seconds: float = 200.0) -> None:
    """Run the event loop. It is asked rarely: on a busy machine a timer that is always due keeps others from firing."""
    loop, poll, began = QEventLoop(), QTimer(interval=50), time.perf_counter()
    poll.timeout.connect(lambda: loop.quit() if true() or time.perf_counter() - began > seconds else None)
    poll.start()
    loop.exec()
    if not true():
        raise TimeoutError(f"Expected the window to be done within {seconds} s.")


class Painted(QObject):
    """When what was taught came onto the screen: the times after the paintings of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._told = False
        self.times: list[tuple[float, float, float]] = []
        """In seconds: by the clock, computed by all threads, and computed by the window's alone."""
        window.installEventFilter(self)
        window.desk.teaching.taught.connect(self._tell)

    def begin(self) -> None:
        """An answer is given now."""
        self.times.clear()
        self._told = False

    @Slot()
    def _tell(self) -> None:
        self._told = True
        self._note()

    @Slot()
    def _note(self) -> None:
        self.times.append(_times())

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        # Everything is painted while the window takes this one.
        if self._told and event.type() == QEvent.Type.UpdateRequest:
            QTimer.singleShot(0, self._note)
        return False


def _times() -> tuple[float, float, float]:
    return time.perf_counter(), time.process_time(), time.thread_time()


def measure(window: MainWindow, do: Callable[[int], None], all_labels: bool) -> dict[str, float]:
    """Milliseconds over some answers; each begins when nothing is under way any more.

    What all threads together computed is what would pass on a machine that nobody else keeps busy, at most.
    """
    teaching, workers, painted = window.desk.teaching, window.session.workers, Painted(window)
    took = []
    for place in range(TIMES):
        wait_until(lambda: not (workers.busy or window.desk.arrangement.following))
        painted.begin()
        began = _times()
        do(place)
        wait_until(lambda: len(painted.times) > 1 and not (all_labels and teaching.busy))
        took.append([1000 * (after - before) for before, after in zip(began, painted.times[-1], strict=True)])
    window.removeEventFilter(painted)
    return _figures(took)


def measure_undo(window: MainWindow, say: Callable[[int], None]) -> dict[str, float]:
    """Milliseconds from an undo, while an answer before it is learnt from, until the window knows what it did."""
    session, took = window.session, []
    for place in range(TIMES):
        wait_until(lambda: not (session.workers.busy or window.desk.arrangement.following))
        say(place)
        # How sure the scores are is learnt two seconds later.
        pause = QEventLoop()
        QTimer.singleShot(2050, pause.quit)
        pause.exec()
        loop, began = QEventLoop(), _times()
        job = session.edits.undo()
        assert job is not None
        job.finished.connect(loop.quit)
        loop.exec()
        took.append([1000 * (after - before) for before, after in zip(began, _times(), strict=True)])
    return _figures(took)


def _figures(took: list[list[float]]) -> dict[str, float]:
    passed, computed, in_window = np.array(took).T
    return {
        "median": round(float(np.median(passed)), 1),
        "worst": round(float(passed.max()), 1),
        "median of computing": round(float(np.median(computed)), 1),
        "of that the window": round(float(np.median(in_window)), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--labels", type=int, default=80)
    parser.add_argument("--answered", type=int, default=20, help="photos for each label")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
        report: dict[str, Any] = {"photos": given.photos, "labels": given.labels}
        report["seconds to read and teach"] = make_project(place / "photos", given.photos, given.labels, given.answered)
        app = make_application(sys.argv[:1])
        share_interpreter()
        window = make_window()
        window.session.failed.connect(lambda failure: sys.stderr.write(failure.sentence + failure.details))
        window.resize(1600, 1000)
        window.show()
        began = time.perf_counter()
        window.desk.opening.open_folder(place / "photos")
        session = window.session
        wait_until(lambda: session.snapshot is not None and len(session.snapshot.taught) == given.labels, 300)
        report["seconds to open"] = round(time.perf_counter() - began, 2)
        wait_until(lambda: window.desk.teaching.reaches and not session.workers.busy, 300)
        snapshot = session.snapshot
        assert snapshot is not None
        session.look_at_label(0)
        free = np.flatnonzero((snapshot.decisions == 0).all(axis=1))
        label = snapshot.labels[0].id

        def say(number: int) -> None:
            photo = int(snapshot.photo_ids[free[number]])
            session.edits.answer("said", [Answer(photo, label, number % 2 == 0)])

        def mark(number: int) -> None:
            session.edits.answer("seen", [Answer(int(snapshot.photo_ids[free[-1 - number]]), None, True)])

        report["one label, ms"] = measure(window, say, all_labels=False)
        report["an undo, ms"] = measure_undo(window, say)
        report["a reviewed mark: the label looked at, ms"] = measure(window, mark, all_labels=False)
        free = free[:-TIMES]
        report["a reviewed mark: all labels, ms"] = measure(window, mark, all_labels=True)
        window.close()
        app.quit()
    print_report(report)


if __name__ == "__main__":
    main()

"""How long an edit of many selected photos takes, and undoing it. Prints JSON.

    python benchmarks/bulk_edit.py [--photos 10000] [--labels 80] [--selected 5000]

The project is made up and opened in the window itself. An edit is shown when the gallery, the labels and the photo's
panel are painted anew, and committed when the database holds it. The longest stall is how much later than due a timer
in the window's thread fired meanwhile. An undo is shown once it is committed: only then is known what it changed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from cdul_gui.appearance import dress
from cdul_gui.interpreter import favour_window
from cdul_gui.main_window import MainWindow
from cdul_gui.session import Session
from engine.jobs import Control, Progress
from engine.project import Project
from engine.project.history import history
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.snapshot import YES, take_snapshot
from engine.stages.add_photos import add_photos

COLUMN = 3
"""Of the label that is confirmed."""
TICK = 0.005


def make_project(folder: Path, photos: int, labels: int) -> Path:
    """A folder of small photos with made-up scores."""
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    first = folder / "00000.jpg"
    Image.fromarray(pixels).save(first)
    for number in range(1, photos):
        (folder / f"{number:05}.jpg").write_bytes(first.read_bytes())
    with Project.open(folder) as project:
        kept = use_label_set(project, [NewLabel(f"label {number}") for number in range(labels)])
        add_photos(project, Progress(), Control())
        ids = take_snapshot(project).photo_ids.tolist()
        run = begin_run(project, "initialise", label_ids=[label.id for label in kept], settings={})
        scores = np.random.default_rng(1).beta(0.5, 8, (photos, labels)).astype(np.float32)
        store_scores(project, run, INITIAL, ids, scores)
        finish_run(project, run)
    return folder


def measure(window: MainWindow, begin: Callable[[], object]) -> dict[str, float]:
    """Seconds until an edit is shown and until it is committed, the processor's seconds, and the longest stall."""
    session, loop = window.session, QEventLoop()
    assert session.snapshot is not None
    before = session.snapshot.decisions[:, COLUMN].copy()
    timer = QTimer(interval=round(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
    late = [0.0]
    began = due = time.perf_counter()
    worked = time.process_time()

    def tick() -> None:
        nonlocal due
        now = time.perf_counter()
        late.append(now - due)
        due = now + TICK

    timer.timeout.connect(tick)
    timer.start()
    session.said.connect(loop.quit)
    begin()
    window.repaint()
    shown = time.perf_counter() - began
    at_once = not np.array_equal(before, session.snapshot.decisions[:, COLUMN])
    loop.exec()
    committed = time.perf_counter() - began
    window.repaint()
    if not at_once:
        shown = time.perf_counter() - began
    session.said.disconnect(loop.quit)
    return {
        "seconds_until_shown": round(shown, 3),
        "seconds_until_committed": round(committed, 3),
        "processor_seconds": round(time.process_time() - worked, 3),
        "longest_stall_ms": round(1000 * max(late), 1),
    }


def settle(window: MainWindow) -> None:
    """Wait until nothing is under way."""
    workers = window.session.workers
    while workers.busy:
        loop = QEventLoop()
        workers.idle.connect(loop.quit)
        loop.exec()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--labels", type=int, default=80)
    parser.add_argument("--selected", type=int, default=5_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        # Before Qt reads where a person's settings are.
        os.environ["XDG_CONFIG_HOME"] = temporary
        favour_window()
        app = QApplication(sys.argv[:1])
        dress(app)
        folder = Path(temporary) / "photos"
        folder.mkdir()
        make_project(folder, given.photos, given.labels)
        window = MainWindow(Session())
        window.show()
        session = window.session
        session.open(lambda: Project.open(folder))
        settle(window)
        assert session.snapshot is not None
        assert session.project is not None
        session.look_at_label(COLUMN)
        session.select(session.shown[: given.selected])
        report: dict[str, object] = dict(vars(given))
        for name, begin in (
            ("edit", lambda: window.desk.review.confirm(COLUMN)),
            ("undo", session.undo),
            ("redo", session.redo),
        ):
            figures = measure(window, begin)
            confirmed = int((session.snapshot.decisions[:, COLUMN] == YES).sum())
            report[name] = figures | {"confirmed_afterwards": confirmed}
            settle(window)
        report["edits_in_the_history"] = sum(edit.kind == "edit" for edit in history(session.project))
        window.close()
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()

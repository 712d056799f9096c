"""How long an edit of many selected photos takes, and undoing it. Prints JSON.

    python benchmarks/bulk_edit.py [--photos 10000] [--labels 80] [--selected 5000]

The project is made up and opened in the window itself. An edit is shown when the gallery is painted anew, and committed
when the database holds it. The longest stall is how much later than due a timer in the window's thread fired meanwhile;
the longest turn is the most processor time that this thread spent between two such ticks, which tells the same where
other work has the cores. An undo is shown once it is committed: only then is known what it changed.
Last, all that is suggested on these photos is accepted, some five labels a photo.
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
from PIL import Image
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from cdul_gui.look.appearance import apply_theme
from cdul_gui.session.session import Session
from cdul_gui.window.interpreter import share_interpreter, spare_what_is_there
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.history import history
from engine.project.label_state import YES
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

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
        add_photos(project, Progress(), Cancellation())
        ids = take_snapshot(project).photo_ids.tolist()
        run = begin_run(project, "initialise", label_ids=[label.id for label in kept], settings={})
        scores = np.random.default_rng(1).beta(0.5, 8, (photos, labels)).astype(np.float32)
        store_scores(project, run, INITIAL, ids, scores)
        finish_run(project, run)
    return folder


class Paintings(QObject):
    """When a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times: list[float] = []
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return False


def measure(window: MainWindow, begin: Callable[[], object]) -> dict[str, float]:
    """Seconds until an edit is shown and until it is committed, the processor's seconds, the longest stall and turn."""
    session, loop = window.session, QEventLoop()
    assert session.snapshot is not None
    before = session.snapshot.decisions.copy()
    paintings, committed = Paintings(window.desk.pages.gallery.viewport()), 0.0
    timer = QTimer(interval=round(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
    late, turns, at_once = [0.0], [0.0], False
    began = due = time.perf_counter()
    worked, turn = time.process_time(), time.thread_time()

    def tick() -> None:
        nonlocal due, turn
        now, used = time.perf_counter(), time.thread_time()
        late.append(now - due)
        turns.append(used - turn)
        due, turn = now + TICK, used
        if committed and paintings.times and paintings.times[-1] > (began if at_once else committed):
            loop.quit()

    def commit() -> None:
        nonlocal committed
        committed = time.perf_counter()

    timer.timeout.connect(tick)
    timer.start()
    session.said.connect(commit)
    begin()
    at_once = not np.array_equal(before, session.snapshot.decisions)
    loop.exec()
    session.said.disconnect(commit)
    shown = next(moment for moment in paintings.times if moment > (began if at_once else committed))
    return {
        "seconds_until_shown": round(shown - began, 3),
        "seconds_until_committed": round(committed - began, 3),
        "processor_seconds": round(time.process_time() - worked, 3),
        "longest_stall_ms": round(1000 * max(late), 1),
        "longest_turn_processor_ms": round(1000 * max(turns), 1),
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
        share_interpreter()
        app = QApplication(sys.argv[:1])
        apply_theme(app)
        folder = Path(temporary) / "photos"
        folder.mkdir()
        make_project(folder, given.photos, given.labels)
        window = MainWindow(Session())
        window.show()
        session = window.session
        # As the program itself does.
        session.opened.connect(spare_what_is_there)
        session.open(lambda: Project.open(folder))
        settle(window)
        assert session.snapshot is not None
        assert session.project is not None
        session.look_at_label(COLUMN)
        # What is measured comes once that is meant.
        window.desk.review.many_meant.disconnect()
        window.desk.review.many_meant.connect(lambda _what, go_on: go_on())
        report: dict[str, object] = dict(vars(given))
        for name, begin in (
            ("edit", lambda: window.desk.review.confirm(COLUMN)),
            ("undo", session.edits.undo),
            ("redo", session.edits.redo),
            ("accept", window.desk.review.accept_and_go_on),
        ):
            session.select(session.shown[: given.selected])
            figures = measure(window, begin)
            confirmed = int((session.snapshot.decisions[:, COLUMN] == YES).sum())
            report[name] = figures | {"confirmed_afterwards": confirmed}
            settle(window)
        report["edits_in_the_history"] = sum(edit.kind == "edit" for edit in history(session.project))
        window.close()
    print_report(report)


if __name__ == "__main__":
    main()

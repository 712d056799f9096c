"""A long afternoon in one window: thousands of photos reviewed by real keys. Prints JSON.

    python benchmarks/long_session.py [--photos 5000] [--seconds 20] [--rest 100]

On each photo its first chip is confirmed or rejected by its digit, and Space accepts the rest and goes on; every tenth
time something is undone and every fiftieth photo is shown large and left again. Milliseconds from a key until what it
did is on the screen (scores and counts beside the photo follow once that was painted), the next key following at once,
which is ten times as fast as a hand, or after a rest; the memory of the process after every 250 photos and, over the
second half, how it grows. Then the same for some seconds while 300 new photos are labelled by the starter, and while a
last layer is trained. Photos, scores and features are made up.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from gallery import distinct_photos, make_photos, wait_until
from machine import print_report
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.window.application import make_application, make_window
from cdul_gui.window.interpreter import share_interpreter, spare_what_is_there
from cdul_gui.window.main_window import MainWindow
from engine.models.training.training_settings import TrainingSettings

EVERY = 250
PHOTOS_TO_LABEL = 300
_PLAIN, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_LONGEST = 2.0
"""Seconds; a key that changes nothing that is seen is not counted after these."""


_ANSWERS = ("digit", "undo", "space")
"""Keys that are on the screen once what is said of a photo is."""

Press = tuple[str, Qt.Key, Qt.KeyboardModifier]
"""What a key is for, and the key."""


def seconds_without_a_core() -> float:
    """For how long this thread was ready and waited for a core, as Linux tells; 0 elsewhere."""
    told = Path("/proc/thread-self/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0.0


class Hand(QObject):
    """Presses keys, the next once the window was painted after the one before, and tells how long that took.

    Whatever a key does at once is in that picture. Keys are pressed from the event loop, as a person's are: what is
    deleted later stays for ever where there is none that could do it.
    """

    def __init__(self, window: MainWindow, rest: int) -> None:
        super().__init__(window)
        self._window, self._rest = window, rest
        self._loop = QEventLoop()
        self._script: Iterator[Press] = iter(())
        self._name, self._began, self._processor, self._queued = "", 0.0, 0.0, 0.0
        self._answered = False
        self._late = QTimer(self, singleShot=True, interval=int(1000 * _LONGEST))
        self._late.timeout.connect(self._next)
        self.milliseconds: dict[str, list[float]] = {}
        self.processor_milliseconds: list[float] = []
        """Of the window's thread."""
        self.alone_milliseconds: list[float] = []
        """Without the time for which the window's thread was ready and had no core, as other work had them all."""
        self.unseen: list[str] = []
        """Keys whose answer was not seen within `_LONGEST`."""
        self.photos_there: list[bool] = []
        """For each photo that was gone on to whether its pixels were in the first picture."""
        window.installEventFilter(self)
        window.session.answers_changed.connect(self._see_answer)

    def play(self, script: Iterator[Press]) -> None:
        """Press all keys of a script, which is asked for each once the one before is on the screen."""
        self._script = script
        QTimer.singleShot(0, self._next)
        self._loop.exec()
        self._window.removeEventFilter(self)
        self._window.session.answers_changed.disconnect(self._see_answer)

    def _next(self) -> None:
        if self._name:
            self.unseen.append(self._name)
        pressed = next(self._script, None)
        if pressed is None:
            self._name = ""
            self._loop.quit()
            return
        self._name, key, modifiers = pressed
        self._late.start()
        self._answered = self._name not in _ANSWERS
        self._began, self._processor, self._queued = time.perf_counter(), time.thread_time(), seconds_without_a_core()
        QTest.keyClick(QApplication.focusWidget() or self._window, key, modifiers)

    def _painted(self) -> None:
        if not self._name:
            return
        took = time.perf_counter() - self._began
        self.milliseconds.setdefault(self._name, []).append(1000 * took)
        self.alone_milliseconds.append(1000 * (took - seconds_without_a_core() + self._queued))
        self.processor_milliseconds.append(1000 * (time.thread_time() - self._processor))
        if self._name == "space":
            self.photos_there.append(self._window.desk.photo.pixels is not None)
        self._name = ""
        self._late.stop()
        QTimer.singleShot(self._rest, self._next)

    @Slot(object)
    def _see_answer(self, _rows: object) -> None:
        self._answered = True

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        # Everything is painted while the window takes this one.
        if self._name and self._answered and event.type() == QEvent.Type.UpdateRequest:
            QTimer.singleShot(0, self._painted)
        return False

    def figures(self) -> dict[str, Any]:
        every = np.concatenate([np.array(each) for each in self.milliseconds.values()])
        by_key = {name: round(float(np.percentile(each, 99)), 1) for name, each in self.milliseconds.items()}
        return {
            "keys": len(every),
            "median_ms": round(float(np.median(every)), 1),
            "99th_percentile_ms": round(float(np.percentile(every, 99)), 1),
            "longest_ms": round(float(every.max()), 1),
            "99th_percentile_ms_by_key": by_key,
            "without_waiting_for_a_core_median_ms": round(float(np.median(self.alone_milliseconds)), 1),
            "without_waiting_for_a_core_99th_percentile_ms": round(
                float(np.percentile(self.alone_milliseconds, 99)), 1
            ),
            "processor_median_ms": round(float(np.median(self.processor_milliseconds)), 1),
            "processor_99th_percentile_ms": round(float(np.percentile(self.processor_milliseconds, 99)), 1),
            "keys_whose_answer_was_not_seen": Counter(self.unseen),
            "share_of_photos_there_at_once": round(float(np.mean(self.photos_there)), 3),
        }


def reviewing(window: MainWindow, number: int) -> Iterator[Press]:
    """Answer the photo that is looked at, and go on to the next one."""
    if window.desk.labels_of_photo.labels:
        yield "digit", Qt.Key.Key_1, _SHIFT if number % 3 == 2 else _PLAIN
    if number % 10 == 9:
        yield "undo", Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
    if number % 50 == 49:
        yield "large", Qt.Key.Key_Return, _PLAIN
        yield "back", Qt.Key.Key_Escape, _PLAIN
    yield "space", Qt.Key.Key_Space, _PLAIN


def memory_mb() -> float:
    """What the process holds now."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS:")).split()[1]) / 1024


def afternoon(window: MainWindow, photos: int, rest: int) -> dict[str, Any]:
    hand, held = Hand(window, rest), [round(memory_mb())]
    began = time.perf_counter()

    def script() -> Iterator[Press]:
        for number in range(photos):
            yield from reviewing(window, number)
            if number % EVERY == EVERY - 1:
                held.append(round(memory_mb()))
                sys.stderr.write(f"{number + 1} photos, {held[-1]} MB, {time.perf_counter() - began:.0f} s\n")

    hand.play(script())
    half = np.array(held[len(held) // 2 :])
    slope = np.polyfit(np.arange(len(half)) * EVERY / 1000, half, 1)[0] if len(half) > 1 else float("nan")
    snapshot = window.session.snapshot
    assert snapshot is not None
    return {
        "photos": photos,
        "reviewed": int(snapshot.reviewed.sum()),
        **hand.figures(),
        "memory_mb": held,
        "second_half_mb_per_1000_photos": round(float(slope), 1),
    }


def for_seconds(window: MainWindow, seconds: float, rest: int) -> dict[str, Any]:
    hand, until = Hand(window, rest), time.perf_counter() + seconds

    def script() -> Iterator[Press]:
        for number in count():
            if time.perf_counter() > until:
                return
            snapshot, row = window.session.snapshot, window.session.current
            if snapshot is not None and row is not None and not snapshot.has_scores(row):
                look_at_first(window)  # what is still to be labelled is not accepted
            yield from reviewing(window, number)

    hand.play(script())
    return hand.figures()


def open_in(window: MainWindow, folder: Path) -> None:
    """Open a folder and wait until nothing is under way."""
    window.desk.opening.open_folder(folder)
    session = window.session
    wait_until(
        lambda: session.project is not None and session.project.photos == folder and not session.workers.busy, 300
    )


def look_at_first(window: MainWindow) -> None:
    window.desk.pages.gallery.setFocus()
    window.session.go_to(int(window.session.shown[0]))


def make(place: Path, known: Path, new: Path, photos: int) -> None:
    from window_under_load import make_labelled  # it opens torch, which the window does when it needs it

    distinct = distinct_photos(place)
    make_photos(known, photos, distinct)
    make_photos(new, PHOTOS_TO_LABEL, distinct)
    make_labelled(known, distinct)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=20.0, help="of the reviews beside other work")
    parser.add_argument("--rest", type=int, default=0, help="milliseconds from a picture to the next key")
    given = parser.parse_args()
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
        known, new = place / "known", place / "new"
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
            apart.submit(make, place, known, new, given.photos + 1).result()
        app = make_application(sys.argv[:1])
        share_interpreter()
        window = make_window()
        window.session.opened.connect(spare_what_is_there)
        window.session.failed.connect(lambda failure: sys.stderr.write(failure.sentence + failure.details))
        window.resize(1600, 1000)
        window.show()
        open_in(window, known)
        look_at_first(window)
        report["review"] = afternoon(window, given.photos, given.rest)
        look_at_first(window)
        report["while_training"] = while_training(window, given.seconds, given.rest)
        open_in(window, new)
        report["while_labelling"] = while_labelling(window, given.seconds, given.rest)
        window.close()
        app.quit()
    print_report(report)


def while_training(window: MainWindow, seconds: float, rest: int) -> dict[str, Any]:
    window.desk.training.learn(TrainingChoice(None, TrainingSettings(epochs=1_000_000, patience=0), train="head"))
    wait_until(lambda: len(window.desk.training.live.epoch) > 0, 300)
    figures = for_seconds(window, seconds, rest)
    cancel(window)
    return figures


def while_labelling(window: MainWindow, seconds: float, rest: int) -> dict[str, Any]:
    session = window.session
    window.desk.labelling.label()
    wait_until(lambda: session.snapshot is not None and session.snapshot.stage is not None, 120)
    look_at_first(window)
    figures = for_seconds(window, seconds, rest)
    cancel(window)
    return figures


def cancel(window: MainWindow) -> None:
    if window.session.job is not None:
        window.session.job.cancellation.cancel()
    wait_until(lambda: not window.session.workers.busy, 120)


if __name__ == "__main__":
    main()

"""What thousands of labels cost: scoring, opening, and each thing that a person does with one of them. Prints JSON.

    python benchmarks/many_labels.py [--photos 2000] [--labels 4000] [--profile accept]

Embeddings are made up, the photos are small JPEGs, each another one; the project is scored by the engine and then
opened in the window itself. Of each step the processor's milliseconds until nothing is under way any more: of all
threads, of the window's alone, and the most that the window's thread spent between two ticks of a timer of 5 ms, the
longest turn. Only processor time is told, which means the same beside other work. With `--profile` the window's thread
is profiled in one of the steps.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import peak_memory_mb, print_report
from made_up import GRID, MadeUpClip
from PIL import Image
from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer

from cdul_gui.window.application import make_application, make_window
from cdul_gui.window.interpreter import share_interpreter
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.models.encoders.encoder import FloatArray, LabelEmbeddings
from engine.models.everyday.words import everyday_words
from engine.project import Project
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.history.edit_thresholds import threshold_by_hand
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import ReadPhoto, readable_contents, record_read
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise

TICK = 0.005
_LABELS_OF_A_PHOTO, _STRENGTH = 5, 0.5
QUIET = 0.3
"""Seconds without any work after which a step has ended; what waits for a pause longer than this is another."""


class KnowingClip(MadeUpClip):
    """Embeds the labels in the directions that the photos' embeddings are made of."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.directions = self.encode_snippets(np.zeros(labels))

    def encode_labels(self, prompts: Sequence[Sequence[str]]) -> LabelEmbeddings:
        # Words that compete in secret come along where labels are few.
        others = self.encode_snippets(np.zeros(max(0, len(prompts) - len(self.directions))))
        return LabelEmbeddings(np.concatenate([self.directions, others])[: len(prompts)])


def _often(labels: int) -> FloatArray:
    """How often photos have each label: the second half as often as the first, as words go."""
    often = 1 / np.arange(1, labels + 1)
    return often / often.sum()


def make_project(folder: Path, photos: int, labels: int) -> dict[str, float]:
    """Photos, labels, made-up embeddings and their scores; returns what scoring took of the processor."""
    random, encoder = np.random.default_rng(1), KnowingClip(labels)
    folder.mkdir()
    first = folder / "00000.jpg"
    Image.fromarray(random.integers(0, 256, (48, 64, 3), np.uint8)).save(first)
    for number in range(1, photos):
        # What follows a JPEG's end is no part of the picture, but of the photo's content.
        (folder / f"{number:05}.jpg").write_bytes(first.read_bytes() + b"%d" % number)
    words = [word.name for word in everyday_words()]
    names = [words[n] if n < len(words) else f"{words[n % len(words)]} {n // len(words)}" for n in range(labels)]
    with Project.open(folder) as project:
        use_label_set(project, [NewLabel(name) for name in names])
        add_photos(project, Progress(), Cancellation())
        contents = {photo: b"%016d" % photo for photo, _content in readable_contents(project)}
        record_read(project, [ReadPhoto(photo, content, 64, 48) for photo, content in contents.items()])
        shown = random.choice(labels, (photos, _LABELS_OF_A_PHOTO), p=_often(labels))
        noise = encoder.encode_snippets(np.zeros(photos * (1 + GRID * GRID))).reshape(photos, 1 + GRID * GRID, -1)
        vectors = (noise + _STRENGTH * encoder.directions[shown].sum(axis=1, keepdims=True)).astype(np.float16)
        of_photos = zip(contents.values(), vectors, strict=True)
        store_embeddings(project, encoder.id, {content: {WHOLE: of[:1], GRID: of[1:]} for content, of in of_photos})
        took = {}
        for name, prompt in (("first", None), ("another prompt", "a picture of it")):
            if prompt is not None:
                use_label_set(project, [NewLabel(label.name, prompts=(prompt,)) for label in label_set(project)])
            began = time.process_time()
            initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
            took[name] = round(time.process_time() - began, 2)
    return took


def measure(window: MainWindow, do: Callable[[], object], profile: cProfile.Profile | None = None) -> dict[str, float]:
    """Milliseconds of the processor from the call until nothing is under way any more."""
    loop, quiet_since = QEventLoop(), time.perf_counter()
    timer = QTimer(interval=round(1000 * TICK), timerType=Qt.TimerType.PreciseTimer)
    turns, worked, mine = [0.0], time.process_time(), time.thread_time()
    turn = mine

    def tick() -> None:
        nonlocal turn, quiet_since
        used, now = time.thread_time(), time.perf_counter()
        turns.append(used - turn)
        if window.session.workers.busy or turns[-1] > TICK:
            quiet_since = now
        turn = used
        if now - quiet_since > QUIET:
            loop.quit()

    timer.timeout.connect(tick)
    timer.start()
    if profile is not None:
        profile.enable()
    do()
    called = time.thread_time() - mine
    loop.exec()
    if profile is not None:
        profile.disable()
    return {
        "all threads": round(1000 * (time.process_time() - worked), 1),
        "the window's": round(1000 * (time.thread_time() - mine), 1),
        "the call": round(1000 * called, 1),
        "longest turn": round(1000 * max(turns), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--labels", type=int, default=4000)
    parser.add_argument("--profile", metavar="STEP")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
        report: dict[str, object] = {"photos": given.photos, "labels": given.labels}
        report["scoring, s"] = make_project(place / "photos", given.photos, given.labels)
        make_application(sys.argv[:1])
        share_interpreter()
        window = make_window()
        session, desk = window.session, window.desk
        session.failed.connect(lambda failure: sys.stderr.write(failure.sentence + failure.details))
        window.resize(1600, 1000)
        window.show()
        profile = cProfile.Profile()

        def step(name: str, do: Callable[[], object]) -> None:
            report[name] = measure(window, do, profile if name == given.profile else None)

        step("open", lambda: desk.opening.open_folder(place / "photos"))
        assert session.snapshot is not None
        step("look at a label", lambda: session.look_at_label(3))
        step("confirm one", lambda: desk.review.confirm(3))
        step("next photo", lambda: session.go_to(1))
        step("confirm another", lambda: desk.review.confirm(7))
        step("undo", session.edits.undo)
        step("redo", session.edits.redo)
        step("accept", desk.review.accept_and_go_on)
        step("a threshold", lambda: session.edits.set_thresholds(threshold_by_hand(session.snapshot, 3, 0.4)))
        # What is measured comes once that is meant.
        desk.review.many_meant.disconnect()
        desk.review.many_meant.connect(lambda _what, go_on: go_on())
        session.select(session.shown[:50])
        step("accept 50", desk.review.accept_and_go_on)
        report["peak memory, MB"] = peak_memory_mb()
        window.close()
    if given.profile:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
    print_report(report)


if __name__ == "__main__":
    main()

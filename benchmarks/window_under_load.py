"""Whether the window stays usable while its workers labour: how late its event loop is. Prints JSON.

    python benchmarks/window_under_load.py [--photos 10000] [--seconds 15]

The window is idle, then labels photos with the starter, then trains on many photos with as many labels as COCO has,
live curves and all. Meanwhile somebody steps from photo to photo. A stall is how much later than due a timer in the
window's thread fires. Photos, scores and features are made up.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from gallery import Stalls, distinct_photos, make_photos, wait_until
from machine import print_report
from PySide6.QtCore import QSettings, QTimer

from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.window.application import make_application, make_window
from cdul_gui.window.interpreter import share_interpreter, spare_what_is_there
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.training.training_settings import TrainingSettings
from engine.photos.decode import content_digest
from engine.project import Project
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import ReadPhoto, record_read
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

PHOTOS_TO_LABEL = 300
LABELS = 80
MILLISECONDS_A_PHOTO = 400
"""How fast somebody steps through the photos."""


def measure(window: MainWindow, seconds: float) -> dict[str, float]:
    """Step through photos for some seconds; returns the stalls."""
    stepping = QTimer(interval=MILLISECONDS_A_PHOTO)
    stepping.timeout.connect(lambda: window.desk.review.step(1))
    stepping.start()
    stalls, begin = Stalls(), time.perf_counter()
    wait_until(lambda: time.perf_counter() - begin > seconds, seconds + 60)
    stepping.stop()
    return stalls.figures()


def open_in(window: MainWindow, folder: Path) -> None:
    """Open a folder and wait until nothing is under way."""
    window.desk.opening.open_folder(folder)
    session = window.session
    wait_until(lambda: session.project is not None and session.project.photos == folder and not session.workers.busy)


def labelling(window: MainWindow, seconds: float) -> dict[str, float]:
    """Label with the starter."""
    job = window.desk.labelling.label()
    assert job is not None
    session, done = window.session, [0]
    job.progressed.connect(lambda report: done.append(report.done))
    loading = Stalls()
    wait_until(lambda: session.snapshot is not None and session.snapshot.stage is not None, 120)
    figures: dict[str, Any] = {"until_first_labels": loading.figures()}
    before, begin = done[-1], time.perf_counter()
    figures["then"] = measure(window, seconds)
    figures["photos_per_second"] = round((done[-1] - before) / (time.perf_counter() - begin), 1)
    job.cancellation.cancel()
    wait_until(lambda: not window.session.workers.busy)
    return figures


def training(window: MainWindow, seconds: float) -> dict[str, float]:
    """Train the last layer, longer than is looked at."""
    opening = Stalls()
    window.training_dock.show()
    shown = time.perf_counter()
    wait_until(lambda: time.perf_counter() - shown > 1)
    figures: dict[str, Any] = {"opening_the_dock": opening.figures()}
    window.desk.training.learn(TrainingChoice(None, TrainingSettings(epochs=1_000_000, patience=0), train="head"))
    loading = Stalls()
    wait_until(lambda: len(window.desk.training.live.epoch) > 0, 120)
    figures["until_first_epoch"] = loading.figures()
    before, begin = len(window.desk.training.live.epoch), time.perf_counter()
    figures["then"] = measure(window, seconds)
    epochs = len(window.desk.training.live.epoch) - before
    figures["seconds_an_epoch"] = round((time.perf_counter() - begin) / max(epochs, 1), 3)
    job = window.session.job
    assert job is not None
    job.cancellation.cancel()
    wait_until(lambda: not window.session.workers.busy)
    return figures


def make_labelled(folder: Path, distinct: list[bytes]) -> None:
    """A project whose photos have been looked at, with scores and features."""
    random = np.random.default_rng(1)
    encoder = StarterEncoder.open()
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel(f"label {number}") for number in range(LABELS)])
        add_photos(project, Progress(), Cancellation())
        photos = take_snapshot(project)
        contents = [content_digest(data) for data in distinct]
        embeddings = random.random((len(contents), 1, encoder.dimension)).astype(np.float16)
        by_content = zip(contents, embeddings, strict=True)
        store_embeddings(project, encoder.id, {content: {WHOLE: vectors} for content, vectors in by_content})
        read = [contents[int(Path(path).stem) % 1000 % len(contents)] for path in photos.paths]
        ids = photos.photo_ids.tolist()
        record_read(project, [ReadPhoto(p, c, 1024, 768, 1, None, None) for p, c in zip(ids, read, strict=True)])
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
        store_scores(project, run, INITIAL, ids, random.beta(0.5, 8, (len(ids), LABELS)).astype(np.float32))
        finish_run(project, run)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000, help="to train on")
    parser.add_argument("--seconds", type=float, default=15.0, help="to look at each kind of work")
    arguments = parser.parse_args()
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
        distinct = distinct_photos(place)
        new, known = place / "new", place / "known"
        make_photos(new, PHOTOS_TO_LABEL, distinct)
        make_photos(known, arguments.photos, distinct)
        make_labelled(known, distinct)
        app = make_application(sys.argv[:1])
        share_interpreter()
        window = make_window()
        window.session.opened.connect(spare_what_is_there)
        window.session.failed.connect(lambda failure: sys.stderr.write(failure.sentence + failure.details))
        window.resize(1600, 1000)
        window.show()
        open_in(window, new)
        report["idle"] = measure(window, arguments.seconds / 2)
        report["labelling"] = labelling(window, arguments.seconds)
        open_in(window, known)
        report["training"] = {"photos": arguments.photos, "labels": LABELS, **training(window, arguments.seconds)}
        window.close()
        app.quit()
    print_report(report)


if __name__ == "__main__":
    main()

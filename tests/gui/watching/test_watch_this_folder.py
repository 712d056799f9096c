""" "Watch this folder": photos that come are labelled by themselves and offered for review, behind all other work."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from acting import settle, wait_until
from making import make_photo
from PySide6.QtGui import QAction

from cdul_gui.session.jobs import Workers
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.stages.labelling.label_photos import LabelRequest, label_photos


@pytest.fixture
def labelled_window(empty_window: MainWindow, photo_folder: Path, tiny_clip: Path) -> MainWindow:
    """On eight photos that the small CLIP labelled."""
    with Project.open(photo_folder) as project:
        label_photos(project, LabelRequest("cat,dog,boat", str(tiny_clip)))
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    return empty_window


def watch_action(window: MainWindow) -> QAction:
    action = window.findChild(QAction, "watch")
    assert action is not None
    return action


def all_scored(window: MainWindow, photos: int) -> bool:
    snapshot = window.session.snapshot
    return snapshot is not None and len(snapshot) == photos and not np.isnan(snapshot.scores).any()


def test_photos_that_come_are_labelled_and_offered_for_review(labelled_window: MainWindow, photo_folder: Path) -> None:
    window = labelled_window
    watch_action(window).trigger()
    assert watch_action(window).isChecked()
    make_photo(photo_folder / "new.jpg", 30)
    make_photo(photo_folder / "trip" / "another.jpg", 31)
    (photo_folder / "broken.jpg").write_bytes(b"no photo")  # neither counted nor made up for by an older one
    wait_until(lambda: "2 photos came" in window.messages.text.text())
    window.messages.choices[0].click()
    wait_until(lambda: window.desk.queues.name == "new")
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert {snapshot.paths[row] for row in window.session.shown} == {"new.jpg", "trip/another.jpg"}
    assert window.session.job is None


def test_it_is_remembered_with_the_photos(labelled_window: MainWindow, photo_folder: Path, tmp_path: Path) -> None:
    window = labelled_window
    watch_action(window).trigger()
    settle(window)
    window.desk.opening.open_folder(make_photo(tmp_path / "others" / "one.jpg").parent)
    wait_until(lambda: window.session.project is not None and window.session.project.photos != photo_folder)
    settle(window)
    assert not watch_action(window).isChecked()
    window.desk.opening.open_folder(photo_folder)
    wait_until(watch_action(window).isChecked)
    make_photo(photo_folder / "new.jpg", 30)
    wait_until(lambda: all_scored(window, 9))
    watch_action(window).trigger()
    assert not watch_action(window).isChecked()


def test_other_long_work_goes_first(labelled_window: MainWindow, photo_folder: Path) -> None:
    window = labelled_window
    watch_action(window).trigger()
    make_photo(photo_folder / "new.jpg", 30)
    done = list[str]()
    window.session.run_job("work of a person", lambda _progress, _cancellation: None, lambda _none: done.append("done"))
    wait_until(lambda: bool(done))
    wait_until(lambda: all_scored(window, 9))


def test_a_folder_that_is_away_is_waited_for(labelled_window: MainWindow, photo_folder: Path) -> None:
    window = labelled_window
    watch_action(window).trigger()
    settle(window)
    away = photo_folder.rename(photo_folder.parent / "away")
    wait_until(lambda: window.desk.watching.away)
    away.rename(photo_folder)
    wait_until(lambda: not window.desk.watching.away)
    settle(window)
    assert window.session.snapshot is not None
    assert window.session.snapshot.problems == [None] * 8


def test_work_behind_rests_while_there_is_other_work_and_is_cancelled_by_long_work(qtbot: object) -> None:
    workers = Workers()
    began, rested, go_on = threading.Event(), list[bool](), threading.Event()

    def behind(_progress: Progress, cancellation: Cancellation) -> None:
        began.set()
        while not cancellation.wait(0.01):
            cancellation.check()
        cancellation.check()

    job = workers.start_behind(behind)
    ended = list[str]()
    job.cancelled.connect(lambda: ended.append("cancelled"))
    assert began.wait(60)
    look_up = workers.read(lambda: go_on.wait(60))
    rested.append(job.cancellation.paused)
    go_on.set()
    look_up.finished.connect(lambda _result: ended.append("looked up"))
    wait_until(lambda: ended == ["looked up"] and not job.cancellation.paused)
    assert rested == [True]
    workers.start(lambda _progress, _cancellation: None)
    wait_until(lambda: not workers.busy)
    assert ended == ["looked up", "cancelled"]

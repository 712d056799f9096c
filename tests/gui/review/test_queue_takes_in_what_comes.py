"""A queue that began while labelling runs takes in the photos that are labelled or added after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from acting import ALT, LABELS, SUGGESTED, current_path, press, settle, wait_until
from filtering import shown_paths
from making import make_photo
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.stages.labelling.add_photos import add_photos
from engine.stages.review.queues import DOUBTFUL

ALL = list(SUGGESTED)


def score(project: Project, run: int, paths: list[str]) -> None:
    """As a run that goes on does, some photos at a time."""
    with project.reading() as connection:
        ids = dict(connection.exec_driver_sql("SELECT path, id FROM photo").all())
    scores = np.full((len(paths), len(LABELS)), 0.05, np.float32)
    scores[:, 0] = 0.52 + 0.01 * np.arange(len(paths))
    store_scores(project, run, INITIAL, [ids[path] for path in paths], scores)


@pytest.fixture
def half_labelled(empty_window: MainWindow, photo_folder: Path) -> tuple[MainWindow, Project, int]:
    """The window on photos of which three have scores by now."""
    with Project.open(photo_folder) as project:
        labels = use_label_set(project, [NewLabel(name) for name in LABELS])
        add_photos(project, Progress(), Cancellation())
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={}, basis="made up")
        score(project, run, ALL[:3])
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    project = empty_window.session.project
    assert project is not None
    return empty_window, project, run


def test_a_stretch_grows_no_longer_once_it_began(half_labelled: tuple[MainWindow, Project, int]) -> None:
    window, project, run = half_labelled
    window.desk.queues.start(DOUBTFUL, most=5)
    settle(window)
    total = window.desk.queues.total
    assert 0 < total <= 3
    score(project, run, ALL[3:])
    finish_run(project, run)
    window.session.scores_arrived.emit()
    snapshot = window.session.snapshot
    wait_until(lambda: window.session.snapshot is not snapshot)
    press(window, Qt.Key.Key_Space)
    settle(window)
    assert window.desk.queues.total == total


def test_what_was_looked_at_ahead_stays_where_it_was(half_labelled: tuple[MainWindow, Project, int]) -> None:
    window, project, run = half_labelled
    window.resize(760, 560)
    window.desk.pages.gallery.thumbnail_side = 320
    press(window, Qt.Key.Key_1, ALT)
    before = shown_paths(window)
    assert len(window.session.in_view) < len(before) == 3
    for key in (Qt.Key.Key_N, Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_P):
        press(window, key)
    score(project, run, ALL[3:])  # more doubtful ones
    finish_run(project, run)
    window.session.scores_arrived.emit()
    wait_until(lambda: len(window.session.shown) > len(before))
    settle(window)
    assert shown_paths(window)[:3] == before


@pytest.mark.parametrize("key", [Qt.Key.Key_0, Qt.Key.Key_1])
def test_photos_that_are_labelled_later_come_behind_the_current_one(
    half_labelled: tuple[MainWindow, Project, int], key: Qt.Key
) -> None:
    window, project, run = half_labelled
    press(window, key, ALT)
    before = shown_paths(window)
    assert 0 < len(before) <= 3
    press(window, Qt.Key.Key_N)
    looked_at = current_path(window)
    score(project, run, ALL[3:])
    finish_run(project, run)
    window.session.scores_arrived.emit()
    wait_until(lambda: len(window.session.shown) > len(before))
    settle(window)
    assert shown_paths(window)[: len(before)] == before
    assert set(shown_paths(window)) > set(before)
    assert current_path(window) == looked_at
    assert window.desk.queues.total == len(window.session.shown)
    assert window.desk.queue_bar.left.text() == f"{window.desk.queues.total} left"


def test_photos_that_are_added_come_into_the_queue_of_new_ones(window: MainWindow, scored_photos: Path) -> None:
    press(window, Qt.Key.Key_5, ALT)
    before = shown_paths(window)
    make_photo(scored_photos / "another.jpg", 77, size=(40, 30))
    window.desk.opening.look_for_photos()
    wait_until(lambda: len(window.session.shown) == len(before) + 1)
    settle(window)
    assert window.desk.queue_bar.isVisible()
    assert shown_paths(window)[: len(before)] == before
    assert window.desk.queue_bar.left.text() == "9 left"

"""What the tests of the window share: photos with made-up scores, so that no encoder runs, and a window on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import LABELS, SUGGESTED, settle
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from windows import shown_window, use_settings_in

from cdul_gui.session.session import Session
from cdul_gui.window.main_window import MainWindow
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.similarities import SimilarityFile
from engine.stages.labelling.add_photos import add_photos


@pytest.fixture(autouse=True)
def settings_of_its_own(machine_of_its_own: Path) -> None:
    """Settings that are empty, so that no test sees or changes those of the person who runs it."""
    use_settings_in(machine_of_its_own)


@pytest.fixture
def scored_photos(photo_folder: Path) -> Path:
    """The folder of photos with a project whose scores suggest what `SUGGESTED` says."""
    with Project.open(photo_folder) as project:
        labels = use_label_set(project, [NewLabel(name) for name in LABELS])
        add_photos(project, Progress(), Cancellation())
        with project.reading() as connection:
            ids = dict(connection.exec_driver_sql("SELECT path, id FROM photo").all())
        scores = np.full((len(SUGGESTED), len(LABELS)), 0.05, np.float32)
        for place, suggested in enumerate(SUGGESTED.values()):
            for rank, name in enumerate(suggested):
                scores[place, LABELS.index(name)] = 0.9 - 0.1 * rank
        photos = [ids[path] for path in SUGGESTED]
        run = begin_run(
            project,
            "initialise",
            label_ids=[label.id for label in labels],
            settings={"grids": [3], "temperature": 0.1},
            basis="made up",
        )
        store_scores(project, run, INITIAL, photos, scores)
        similarities = np.random.default_rng(1).random((len(photos), 10, len(LABELS)), np.float32)
        SimilarityFile(project, run, (1, 3), len(LABELS)).store(photos, similarities)
        finish_run(project, run)
    return photo_folder


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session with nothing open."""
    session = Session()
    yield session
    session.shut_down()


@pytest.fixture
def empty_window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The window with nothing open."""
    with shown_window(qtbot, qapp) as window:
        yield window


@pytest.fixture
def window(empty_window: MainWindow, scored_photos: Path) -> MainWindow:
    """The window on the photos with made-up scores."""
    empty_window.desk.opening.open_folder(scored_photos)
    settle(empty_window)
    empty_window.desk.pages.gallery.setFocus()
    return empty_window

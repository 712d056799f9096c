"""The list of labels begins with those that are on photos, or is in another order that is chosen; it does not move
under the hand that answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from acting import click_photo, press, settle, wait_until
from making import make_photo
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication

from cdul_gui.session.kept_label_order import LABEL_ORDER, LabelOrder
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.history.edit_parents import set_parents
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.settings import keep_setting
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos

NAMES = ("yak", "cow", "zebra", "ant", "dog")
LIKELY = {"zebra": 1, "dog": 3}
"""On how many photos."""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "some"
    for number in range(4):
        make_photo(folder / f"{number}.jpg", number, size=(32, 24))
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel(name) for name in NAMES])
        add_photos(project)
        ids = take_snapshot(project).photo_ids.tolist()
        scores = np.full((len(ids), len(NAMES)), 0.01, np.float32)
        for name, count in LIKELY.items():
            scores[:count, NAMES.index(name)] = 0.95
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={}, basis="made up")
        store_scores(project, run, INITIAL, ids, scores)
        finish_run(project, run)
    return folder


@pytest.fixture
def listed(empty_window: MainWindow, photos: Path) -> MainWindow:
    empty_window.desk.opening.open_folder(photos)
    settle(empty_window)
    return empty_window


def names(window: MainWindow) -> list[str]:
    tree = window.desk.labels.tree
    return [str(tree.index(row, 0).data()) for row in range(tree.rowCount())]


def choose(window: MainWindow, text: str) -> None:
    menu = window.desk.labels.order_button.menu()
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == text).trigger()
    settle(window)


def test_labels_on_photos_come_first(listed: MainWindow) -> None:
    assert names(listed) == ["zebra", "dog", "yak", "cow", "ant"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As in the label set", list(NAMES)),
        ("Most photos first", ["dog", "zebra", "yak", "cow", "ant"]),
        ("By name", ["ant", "cow", "dog", "yak", "zebra"]),
    ],
)
def test_another_order_is_chosen_and_is_there_again(
    listed: MainWindow, photos: Path, text: str, expected: list[str]
) -> None:
    choose(listed, text)
    assert names(listed) == expected
    listed.desk.opening.close()
    wait_until(lambda: not listed.session.workers.busy)
    listed.desk.opening.open_folder(photos)
    settle(listed)
    assert names(listed) == expected
    menu = listed.desk.labels.order_button.menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions() if action.isChecked()] == [text]
    choose(listed, "Labels on photos first")
    assert names(listed) == ["zebra", "dog", "yak", "cow", "ant"]


def test_no_line_moves_under_the_hand_that_answers(listed: MainWindow) -> None:
    before = names(listed)
    click_photo(listed, "3.jpg")
    listed.desk.review.confirm(NAMES.index("ant"))
    settle(listed)
    listed.session.refresh()
    settle(listed)
    assert names(listed) == before
    view = listed.desk.labels.view
    QApplication.sendEvent(view, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    listed.desk.opening.look_for_photos()  # long work
    settle(listed)
    assert names(listed) == before
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert names(listed) == ["zebra", "ant", "dog", "yak", "cow"]
    press(listed, Qt.Key.Key_Space)
    assert names(listed) == ["zebra", "ant", "dog", "yak", "cow"]


def test_what_stands_above_a_label_in_use_comes_with_it(listed: MainWindow, photos: Path) -> None:
    project = listed.session.project
    assert project is not None
    by_name = {label.name: label for label in take_snapshot(project).labels}
    listed.session.change(lambda project: set_parents(project, [by_name["zebra"].id], [by_name["cow"].id]))
    settle(listed)
    assert names(listed) == ["cow", "dog", "yak", "ant"]


def test_an_order_that_is_not_known_is_passed_over(empty_window: MainWindow, photos: Path) -> None:
    with Project.open(photos) as project:
        keep_setting(project, LABEL_ORDER, "by the moon")
    empty_window.desk.opening.open_folder(photos)
    settle(empty_window)
    assert empty_window.desk.label_order.order == LabelOrder.IN_USE

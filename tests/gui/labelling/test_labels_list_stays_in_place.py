"""The list of labels and the order of the photos stay where they are when labels join; what joined is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, click_row, press, settle, type_text, wait_until
from filtering import be_active
from making import make_photo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.history.edit_labels import choose_label_set
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.describing.adopting import adopt_words
from engine.stages.labelling.add_photos import add_photos

JUST_ADDED = "; in bold because it was just added"


@pytest.fixture
def many_labels(empty_window: MainWindow, tmp_path: Path) -> MainWindow:
    folder = tmp_path / "many"
    for number in range(6):
        make_photo(folder / f"{number}.jpg", number, size=(32, 24))
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel(f"thing {number:02}") for number in range(80)])
        add_photos(project)
        photos = take_snapshot(project).photo_ids.tolist()
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={}, basis="made up")
        scores = np.random.default_rng(2).random((len(photos), 80)).astype(np.float32)
        store_scores(project, run, INITIAL, photos, scores)
        finish_run(project, run)
    empty_window.desk.opening.open_folder(folder)
    settle(empty_window)
    return empty_window


def adopt(window: MainWindow, word: str) -> None:
    window.session.change(lambda project: adopt_words(project, [word]))
    settle(window)
    QApplication.sendPostedEvents()


def in_sight(window: MainWindow, name: str) -> bool:
    view = window.desk.labels.view
    rows = [row for row, label in window.desk.labels.model.things if label.name == name]
    [index] = window.desk.labels.tree.indices_of(rows[0])
    return view.viewport().rect().contains(view.visualRect(index))


def told_of(window: MainWindow, name: str) -> str:
    tree = window.desk.labels.tree
    rows = [row for row, label in window.desk.labels.model.things if label.name == name]
    return str(tree.indices_of(rows[0])[0].data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_word_that_was_adopted_is_scrolled_to_and_marked_until_a_label_is_chosen(many_labels: MainWindow) -> None:
    adopt(many_labels, "boat")
    assert in_sight(many_labels, "boat")
    assert told_of(many_labels, "boat").endswith(JUST_ADDED)
    adopt(many_labels, "cat")
    assert told_of(many_labels, "boat").endswith(JUST_ADDED)
    assert not told_of(many_labels, "thing 79").endswith(JUST_ADDED)
    # It stands out, and does not look chosen.
    model = many_labels.desk.labels.model
    row = next(row for row, label in model.things if label.name == "boat")
    assert model.index(row, 0).data(Qt.ItemDataRole.FontRole).bold()
    assert model.index(row, 0).data(Qt.ItemDataRole.BackgroundRole) is None
    click_row(many_labels.desk.labels.view, 3)
    settle(many_labels)
    assert not told_of(many_labels, "boat").endswith(JUST_ADDED)


def test_the_list_stays_where_it_is_when_a_label_is_added_to_a_photo(many_labels: MainWindow) -> None:
    view = many_labels.desk.labels.view
    view.verticalScrollBar().setValue(40)
    for name in ("frisbee", "kite"):
        be_active(many_labels)
        press(many_labels, Qt.Key.Key_K, CTRL)
        type_text(name)
        press(many_labels, Qt.Key.Key_Return)
        press(many_labels, Qt.Key.Key_Return)  # the button has the keyboard: it joins the label set
        QApplication.sendPostedEvents()
        assert view.verticalScrollBar().value() == 40
        assert not in_sight(many_labels, name)
        assert told_of(many_labels, name).endswith(JUST_ADDED)
    adopt(many_labels, "boat")
    assert in_sight(many_labels, "boat")


def test_the_list_stays_where_it_is_when_labels_are_read_anew(many_labels: MainWindow) -> None:
    view = many_labels.desk.labels.view
    click_row(view, 3)
    settle(many_labels)
    view.verticalScrollBar().setValue(40)
    many_labels.session.change(lambda project: use_label_set(project, _all_but_the_last(project)))
    settle(many_labels)
    assert view.verticalScrollBar().value() == 40


def _all_but_the_last(project: Project) -> list[NewLabel]:
    return [NewLabel(label.name) for label in take_snapshot(project).labels[:-1]]


def test_photos_that_are_opened_show_their_labels_from_the_first(many_labels: MainWindow) -> None:
    window, project = many_labels, many_labels.session.project
    assert project is not None
    window.desk.labels.view.verticalScrollBar().setValue(40)
    window.desk.opening.close()
    wait_until(lambda: not window.session.workers.busy)
    window.desk.opening.open_folder(project.photos)
    settle(window)
    QApplication.sendPostedEvents()
    assert window.desk.labels.view.verticalScrollBar().value() == 0


def test_the_order_by_a_label_stays_after_a_restart_and_when_a_word_is_adopted(many_labels: MainWindow) -> None:
    window, project = many_labels, many_labels.session.project
    assert project is not None
    click_row(window.desk.labels.view, 7)
    settle(window)
    before = window.session.shown.tolist()
    order = window.desk.filter_bar.sort_button.text()
    assert "thing 07" in order
    window.desk.opening.close()
    wait_until(lambda: not window.session.workers.busy)
    window.desk.opening.open_folder(project.photos)
    settle(window)
    adopt(window, "boat")
    assert window.desk.filter_bar.sort_button.text() == order
    assert window.session.shown.tolist() == before


@pytest.mark.parametrize("opens", ["choose-label-set", "words", "keys", "label-with"])
def test_the_keyboard_is_where_it_was_once_a_dialog_is_closed(many_labels: MainWindow, opens: str) -> None:
    window = many_labels
    ask = window.desk.ask
    run: Callable[[], object] = {
        "choose-label-set": ask.edit_label_set,
        "words": ask.describe_photos,
        "keys": ask.show_keys,
        "label-with": ask.edit_rules,
    }[opens]
    for place in (window.desk.pages.gallery, window.desk.labels.view, window.desk.filter_bar.line):
        be_active(window)
        place.setFocus()
        run()
        wait_until(lambda: QApplication.activeModalWidget() is not None)
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        wait_until(lambda: QApplication.activeModalWidget() is None)
        settle(window)
        be_active(window)
        assert QApplication.focusWidget() is place


def test_labels_that_come_back_by_undo_are_not_marked_as_new(many_labels: MainWindow) -> None:
    model = many_labels.desk.labels.model
    many_labels.session.change(lambda project: choose_label_set(project, [NewLabel("thing 00")], "one"))
    settle(many_labels)
    assert len(model.things) == 1
    be_active(many_labels)
    press(many_labels, Qt.Key.Key_Z, CTRL)
    assert len(model.things) == 80
    assert not told_of(many_labels, "thing 79").endswith(JUST_ADDED)
    # What somebody adds then is.
    adopt(many_labels, "boat")
    assert told_of(many_labels, "boat").endswith(JUST_ADDED)
    assert not told_of(many_labels, "thing 79").endswith(JUST_ADDED)

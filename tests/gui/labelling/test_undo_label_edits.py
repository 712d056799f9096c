"""What was changed in the label set dialog is undone in the window, and the scores follow."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, SHIFT, click_photo, press, settle, states_kept, type_into_cell, type_text, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.label_set.dialog import LabelSetDialog
from cdul_gui.dialogs.label_set.label_set_model import LabelSetColumn
from cdul_gui.panels.history.history_model import HistoryColumn
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.labels import LabelRow, label_set
from engine.project.runs import INITIAL, load_scores


@pytest.fixture
def desk(empty_window: MainWindow, labelled: Project) -> Iterator[MainWindow]:
    """The window on photos that the small CLIP labelled with cat, dog, boat."""
    labelled.close()
    empty_window.desk.opening.open_folder(labelled.photos)
    settle(empty_window)
    # The window's encoder may have another precision than the one that labelled them.
    empty_window.desk.labelling.score_again()
    settle(empty_window)
    yield empty_window
    settle(empty_window)


def open_dialog(window: MainWindow) -> LabelSetDialog:
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_E, CTRL | SHIFT)
    [dialog] = [one for one in window.findChildren(LabelSetDialog) if one.isVisible()]
    wait_until(dialog.isActiveWindow)
    return dialog


def close(window: MainWindow, dialog: LabelSetDialog) -> None:
    dialog.close()
    settle(window)
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.desk.pages.gallery.setFocus()


def labels_kept(photos: Path) -> list[LabelRow]:
    with Project.open(photos, read_only=True) as project:
        return label_set(project)


def scores_kept(photos: Path) -> np.ndarray:
    with Project.open(photos, read_only=True) as project:
        matrix = load_scores(project, INITIAL)
    assert matrix is not None
    return matrix.values


def check_same_scores(found: np.ndarray, expected: np.ndarray) -> None:
    """The same but for the rounding of products, which is another where fewer labels are compared at once."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_prompts_are_undone_with_their_scores(desk: MainWindow, photo_folder: Path) -> None:
    before = scores_kept(photo_folder)
    dialog = open_dialog(desk)
    QTest.keyClicks(dialog.prompts.prompts, "a lion")
    QTest.mouseClick(dialog.prompts.apply, Qt.MouseButton.LeftButton)
    settle(desk)
    close(desk, dialog)
    after = scores_kept(photo_folder)
    assert not np.allclose(after, before, atol=1e-6)
    press(desk, Qt.Key.Key_Z, CTRL)
    assert labels_kept(photo_folder)[0].prompts == ()
    check_same_scores(scores_kept(photo_folder), before)
    snapshot = desk.session.snapshot
    assert snapshot is not None
    assert snapshot.labels[0].prompts == ()
    check_same_scores(np.sort(snapshot.scores[:, 0]), np.sort(before[:, 0]))
    press(desk, Qt.Key.Key_Z, CTRL | SHIFT)
    assert labels_kept(photo_folder)[0].prompts == ("a lion",)
    check_same_scores(scores_kept(photo_folder), after)


def test_a_new_name_is_undone_with_its_scores(desk: MainWindow, photo_folder: Path) -> None:
    before = scores_kept(photo_folder)
    dialog = open_dialog(desk)
    index = dialog.model.index(1, LabelSetColumn.NAME)
    dialog.view.setCurrentIndex(index)
    dialog.view.edit(index)
    type_into_cell(dialog.view, "hound")
    settle(desk)
    assert labels_kept(photo_folder)[1].name == "hound"
    close(desk, dialog)
    assert not np.allclose(scores_kept(photo_folder), before, atol=1e-6)
    press(desk, Qt.Key.Key_Z, CTRL)
    assert labels_kept(photo_folder)[1].name == "dog"
    assert desk.desk.labels.model.index(1, 0).data() == "dog"
    check_same_scores(scores_kept(photo_folder), before)


def test_edits_of_labels_stand_in_the_history(window: MainWindow) -> None:
    dialog = open_dialog(window)
    dialog.choose(2)
    QTest.mouseClick(dialog.up, Qt.MouseButton.LeftButton)
    settle(window)
    QTest.keyClicks(dialog.new, "horse")
    QTest.keyClick(dialog.new, Qt.Key.Key_Return)
    settle(window)
    close(window, dialog)
    press(window, Qt.Key.Key_H, CTRL)
    model = window.desk.history.model

    def titles() -> list[str]:
        return [model.index(row, HistoryColumn.TITLE).data() for row in range(model.rowCount())]

    wait_until(lambda: titles()[:2] == ["horse added to the label set", "order of labels changed"])
    settle(window)


def test_a_label_that_joined_with_a_photo_leaves_with_it(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_K, CTRL)
    type_text("garden party")
    press(window, Qt.Key.Key_Return)
    QTest.mouseClick(window.desk.inspector.add_label.join, Qt.MouseButton.LeftButton)
    settle(window)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely", "garden party": "confirmed"}
    # For the next label, and yet Ctrl+Z is not the line's. Offscreen the completion stays the active window.
    assert window.focusWidget() is window.desk.inspector.add_label.edit
    press(window, Qt.Key.Key_Z, CTRL)
    assert states_kept(scored_photos, "city.png") == {"cat": "likely"}
    assert [label.name for label in labels_kept(scored_photos)] == ["cat", "dog", "boat", "tree"]

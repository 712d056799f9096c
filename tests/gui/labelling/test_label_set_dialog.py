"""The label set is changed in a dialog: each edit is written at once, and what is refused is said there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from acting import CTRL, SHIFT, click_row, press, settle, states_kept, type_into_cell, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox
from shiboken6 import isValid

from cdul_gui.dialogs.label_set.dialog import LabelSetDialog
from cdul_gui.dialogs.label_set.label_set_model import LabelSetColumn
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.labels import LabelRow, label_set

ALT = Qt.KeyboardModifier.AltModifier


def kept(photos: Path) -> list[LabelRow]:
    with Project.open(photos, read_only=True) as project:
        return label_set(project)


def names(photos: Path) -> list[str]:
    return [label.name for label in kept(photos)]


@pytest.fixture
def dialog(window: MainWindow) -> Iterator[LabelSetDialog]:
    """The dialog, as Ctrl+Shift+E opens it."""
    press(window, Qt.Key.Key_E, CTRL | SHIFT)
    found = window.findChild(LabelSetDialog)
    assert found is not None
    yield found
    if isValid(found):
        found.close()
    settle(window)


def edit_cell(dialog: LabelSetDialog, row: int, column: LabelSetColumn, text: str) -> None:
    """Double click a cell and type."""
    index = dialog.model.index(row, column)
    dialog.view.setCurrentIndex(index)
    dialog.view.edit(index)
    type_into_cell(dialog.view, text)


def confirm(window: MainWindow) -> str:
    """Say yes to the question that is asked; returns its text."""
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    asked = box.informativeText()
    button = box.defaultButton()
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(window)
    return asked


def test_a_label_is_added(window: MainWindow, dialog: LabelSetDialog, scored_photos: Path) -> None:
    QTest.keyClicks(dialog.new, "horse")
    QTest.keyClick(dialog.new, Qt.Key.Key_Return)
    settle(window)
    assert names(scored_photos) == ["cat", "dog", "boat", "tree", "horse"]
    assert dialog.chosen is not None
    assert dialog.chosen.name == "horse"


def test_a_label_is_renamed_in_place(window: MainWindow, dialog: LabelSetDialog, scored_photos: Path) -> None:
    edit_cell(dialog, 1, LabelSetColumn.NAME, "hound")
    settle(window)
    assert names(scored_photos) == ["cat", "hound", "boat", "tree"]
    assert states_kept(scored_photos, "zebra.bmp") == {"hound": "likely"}


def test_a_name_that_is_taken_is_refused(window: MainWindow, dialog: LabelSetDialog, scored_photos: Path) -> None:
    edit_cell(dialog, 1, LabelSetColumn.NAME, "Cat")
    settle(window)
    assert dialog.message.isVisible()
    assert "There is a label 'cat' already" in dialog.message.text()
    assert names(scored_photos) == ["cat", "dog", "boat", "tree"]


def test_alt_and_arrows_move_a_label(window: MainWindow, dialog: LabelSetDialog, scored_photos: Path) -> None:
    click_row(dialog.view, 2)
    QTest.keyClick(dialog.view, Qt.Key.Key_Up, ALT)
    settle(window)
    assert names(scored_photos) == ["cat", "boat", "dog", "tree"]
    QTest.keyClick(dialog.view, Qt.Key.Key_Up, ALT)
    settle(window)
    QTest.keyClick(dialog.view, Qt.Key.Key_Up, ALT)
    settle(window)
    assert names(scored_photos) == ["boat", "cat", "dog", "tree"]
    QTest.keyClick(dialog.view, Qt.Key.Key_Down, ALT)
    settle(window)
    assert names(scored_photos) == ["cat", "boat", "dog", "tree"]


def test_a_label_gets_a_key_that_nothing_else_has(
    window: MainWindow, dialog: LabelSetDialog, scored_photos: Path
) -> None:
    edit_cell(dialog, 0, LabelSetColumn.KEY, "c")
    settle(window)
    assert kept(scored_photos)[0].key == "C"
    edit_cell(dialog, 1, LabelSetColumn.KEY, "C")
    settle(window)
    assert "belongs to the label 'cat'" in dialog.message.text()
    edit_cell(dialog, 1, LabelSetColumn.KEY, "x")
    settle(window)
    assert "X belongs to a command" in dialog.message.text()
    assert kept(scored_photos)[1].key is None
    dialog.close()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_C)
    assert states_kept(scored_photos, "beach.jpg")["cat"] == "confirmed"


def test_removing_says_what_goes_with_it(window: MainWindow, dialog: LabelSetDialog, scored_photos: Path) -> None:
    click_row(dialog.view, 3)
    QTest.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
    assert "confirmed on 0, rejected on 0 and likely on 2 photos" in confirm(window)
    assert names(scored_photos) == ["cat", "dog", "boat"]


def test_merging_says_what_moves_and_what_does_not(window: MainWindow, scored_photos: Path) -> None:
    session = window.session
    assert session.project is not None
    cat, dog = label_set(session.project)[:2]
    answers = [Answer(1, cat.id, True), Answer(2, cat.id, True), Answer(3, cat.id, False), Answer(1, dog.id, False)]
    answer(session.project, "made up", answers)
    session.refresh()
    settle(window)
    press(window, Qt.Key.Key_E, CTRL | SHIFT)
    dialog = window.findChild(LabelSetDialog)
    assert dialog is not None
    click_row(dialog.view, 0)
    QTest.mouseClick(dialog.merge, Qt.MouseButton.LeftButton)
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QInputDialog))
    question = QApplication.activeModalWidget()
    assert isinstance(question, QInputDialog)
    assert question.textValue() == ""  # a hasty Enter merges nothing
    question.setTextValue("dog")
    question.accept()
    asked = confirm(window)
    assert "Answers that move to dog: 1 yes, 1 no. Answers that are there already: 0." in asked
    assert "A photo without cat is then one without dog." in asked
    assert "Photos: 1, beach.jpg" in asked
    assert names(scored_photos) == ["dog", "boat", "tree"]
    assert dialog.chosen is not None
    assert dialog.chosen.name == "dog"
    dialog.close()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    press(window, Qt.Key.Key_Z, CTRL)
    assert names(scored_photos) == ["cat", "dog", "boat", "tree"]
    assert window.desk.labels.model.index(0, 0).data() == "cat"
    assert states_kept(scored_photos, "city.png")["cat"] == "confirmed"


def test_a_label_is_renamed_where_its_menu_leads_and_undone_there(window: MainWindow, scored_photos: Path) -> None:
    window.desk.labels.edit_wanted.emit(1)
    settle(window)
    dialog = window.findChild(LabelSetDialog)
    assert dialog is not None
    assert dialog.focusWidget() is dialog.view  # not the line for the name of a new label
    QTest.keyClick(dialog.view, Qt.Key.Key_F2)
    type_into_cell(dialog.view, "hound")
    settle(window)
    assert names(scored_photos) == ["cat", "hound", "boat", "tree"]
    QTest.keyClick(dialog.view, Qt.Key.Key_Z, CTRL)
    settle(window)
    assert names(scored_photos) == ["cat", "dog", "boat", "tree"]
    dialog.close()


def test_export_and_import(window: MainWindow, dialog: LabelSetDialog, scored_photos: Path, tmp_path: Path) -> None:
    def choose(button: Callable[[], None], file: Path) -> None:
        button()
        wait_until(lambda: isinstance(QApplication.activeModalWidget(), QFileDialog))
        files = QApplication.activeModalWidget()
        assert isinstance(files, QFileDialog)
        files.fileSelected.emit(str(file))
        files.close()
        settle(window)

    choose(dialog._export, tmp_path / "labels.txt")
    assert (tmp_path / "labels.txt").read_text() == "cat\ndog\nboat\ntree\n"
    (tmp_path / "labels.txt").write_text("tree\tplant\ncat\n")
    choose(dialog._import, tmp_path / "labels.txt")
    assert [(label.name, label.supercategory) for label in kept(scored_photos)] == [("tree", "plant"), ("cat", "")]
    (tmp_path / "labels.txt").write_text("tree\nTree\n")
    choose(dialog._import, tmp_path / "labels.txt")
    assert "'Tree' is there twice" in dialog.message.text()
    assert names(scored_photos) == ["tree", "cat"]

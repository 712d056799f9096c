"""Filters are saved under a name, in the project, and are one click away from then on."""

from pathlib import Path

from acting import command, open_dialog, settle, wait_until
from filtering import be_active, shown_paths, type_filter
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu

from cdul_gui.session.kept_filters import SAVED
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.settings import setting

LEFT = Qt.MouseButton.LeftButton


def test_a_filter_is_saved_and_applied_by_a_click(window: MainWindow, scored_photos: Path) -> None:
    assert not window.desk.labels.saved.isVisible()
    _save(window, "label:dog -label:cat", "only dogs")
    assert _kept(scored_photos) == {"only dogs": "label:dog -label:cat"}
    command(window, "show-all").trigger()
    settle(window)
    assert _names(window) == ["only dogs"]
    _click(window, 0)
    assert shown_paths(window) == ["zebra.bmp"]
    assert window.desk.filter_bar.line.text() == "label:dog -label:cat"


def test_after_a_filter_was_saved_down_leads_to_the_photos_as_before(window: MainWindow) -> None:
    line = window.desk.filter_bar.line
    line.setFocus()
    type_filter(window, "label:dog")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.entered
    command(window, "save-filter").trigger()
    asked = open_dialog(window)
    assert isinstance(asked, QInputDialog)
    asked.setTextValue("dogs")
    asked.accept()
    settle(window)
    be_active(window)
    line.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert window.desk.pages.gallery.hasFocus()


def test_saved_filters_are_there_again_with_the_folder(window: MainWindow, scored_photos: Path) -> None:
    _save(window, "label:tree", "trees")
    window.desk.opening.close()
    assert _names(window) == []
    window.desk.opening.open_folder(scored_photos)
    settle(window)
    assert _names(window) == ["trees"]


def test_the_same_name_replaces(window: MainWindow, scored_photos: Path) -> None:
    _save(window, "label:tree", "mine")
    _save(window, "label:cat", "mine")
    assert _kept(scored_photos) == {"mine": "label:cat"}


def test_rename(window: MainWindow, scored_photos: Path) -> None:
    _save(window, "label:tree", "trees")
    _save(window, "label:cat", "cats")
    _choose(window, 0, "Rename")
    _retype(window, "woods")
    assert _kept(scored_photos) == {"woods": "label:tree", "cats": "label:cat"}
    assert _names(window) == ["woods", "cats"]


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(window: MainWindow, scored_photos: Path) -> None:
    _save(window, "label:tree", "trees")
    _save(window, "label:cat", "cats")
    _choose(window, 0, "Rename")
    _retype(window, "cats")
    assert "“cats” already" in window.messages.text.text()
    assert _names(window) == ["trees", "cats"]
    assert _kept(scored_photos) == {"trees": "label:tree", "cats": "label:cat"}


def test_delete(window: MainWindow, scored_photos: Path) -> None:
    _save(window, "label:tree", "trees")
    _choose(window, 0, "Delete")
    settle(window)
    assert _kept(scored_photos) == {}
    assert not window.desk.labels.saved.isVisible()


def test_a_deleted_filter_comes_back_at_its_place(window: MainWindow, scored_photos: Path) -> None:
    for text, name in (("label:tree", "trees"), ("label:cat", "cats")):
        _save(window, text, name)
    _choose(window, 0, "Delete")
    settle(window)
    assert window.messages.text.text() == "The filter “trees” is deleted."
    QTest.mouseClick(window.messages.undo, LEFT)
    settle(window)
    assert _names(window) == ["trees", "cats"]
    assert list(_kept(scored_photos)) == ["trees", "cats"]
    assert not window.messages.isVisible()


def test_without_a_filter_there_is_nothing_to_save(window: MainWindow) -> None:
    assert not window.desk.filter_bar.save_button.isEnabled()
    command(window, "save-filter").trigger()
    assert window.said.text() == "There is no filter to save: type one first."
    assert QApplication.activeModalWidget() is None


def _save(window: MainWindow, text: str, name: str) -> None:
    type_filter(window, text)
    QTest.mouseClick(window.desk.filter_bar.save_button, LEFT)
    dialog = open_dialog(window)
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == text
    dialog.setTextValue(name)
    dialog.accept()
    wait_until(lambda: name in _names(window))
    settle(window)


def _names(window: MainWindow) -> list[str]:
    saved = window.desk.labels.saved.list
    return [saved.item(row).text() for row in range(saved.count())]


def _kept(photos: Path) -> dict[str, str]:
    with Project.open(photos, read_only=True) as project:
        return setting(project, SAVED, {})


def _place(window: MainWindow, row: int) -> QPoint:
    saved = window.desk.labels.saved.list
    return saved.visualItemRect(saved.item(row)).center()


def _click(window: MainWindow, row: int) -> None:
    QTest.mouseClick(window.desk.labels.saved.list.viewport(), LEFT, pos=_place(window, row))
    settle(window)


def _choose(window: MainWindow, row: int, text: str) -> None:
    saved = window.desk.labels.saved
    saved.list.customContextMenuRequested.emit(_place(window, row))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == text)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def _retype(window: MainWindow, name: str) -> None:
    editor = window.desk.labels.saved.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, name)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_until(lambda: window.desk.labels.saved.list.findChild(QLineEdit) is None)
    settle(window)

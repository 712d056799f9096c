"""A screen reader is told the name and the kind of everything that the keyboard reaches, and Tab reaches everything."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest
from acting import click_label, click_photo, command, press, settle, wait_until
from naming import controls, nameless
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import cdul_gui
from cdul_gui.window.main_window import MainWindow

DIALOGS = (
    "set-up",
    "encoders",
    "label-set",
    "export",
    "import",
    "import-truth",
    "keys",
    "change-keys",
    "rules",
    "take-photos",
    "open-address",
)


SEEN_ELSEWHERE = {"WordsDialog", "MeaningDialog", "PlaceOfLabelDialog", "GuideDialog"}
"""In the tests of what they are about, filled."""
SEEN_HERE = {
    "EncodersDialog", "ExportDialog", "ImportDialog", "KeysDialog", "LabelSetDialog", "NameDialog",
    "OpenAddressDialog", "RulesDialog", "SetUpDialog", "ShortcutsDialog", "SourceDialog", "TakeDialog", "TruthDialog",
}  # fmt: skip


@pytest.fixture
def full_window(window: MainWindow) -> MainWindow:
    """With a label, all bars and a queue."""
    click_photo(window, "trip/turned.jpg")
    window.desk.queues.start("new")
    settle(window)
    window.session.look_at_label(1)
    window.desk.find_bar.ask()
    settle(window)
    return window


def test_everything_in_the_window_has_a_name(full_window: MainWindow) -> None:
    assert nameless(full_window) == []


def test_everything_in_the_docks_has_a_name(window: MainWindow) -> None:
    click_label(window, "cat")
    for dock in window.lower_docks:
        dock.show()
        dock.raise_()
        settle(window)
        assert nameless(window) == [], dock.windowTitle()


@pytest.mark.parametrize("name", DIALOGS)
def test_everything_in_the_dialogs_has_a_name(window: MainWindow, name: str) -> None:
    command(window, name).trigger()
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    settle(window)
    found = nameless(dialog)
    dialog.close()
    settle(window)
    assert found == []


def test_every_dialog_that_there_is_was_listened_to() -> None:
    for module in pkgutil.walk_packages(cdul_gui.__path__, "cdul_gui."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    ours = {one.__name__ for one in QDialog.__subclasses__() if one.__module__.startswith("cdul_gui.")}
    assert ours == SEEN_HERE | SEEN_ELSEWHERE


@pytest.mark.parametrize("ask", ["choose_source_of_encoders", "choose_another_encoder"])
def test_everything_in_the_dialogs_behind_encoders_has_a_name(window: MainWindow, ask: str) -> None:
    getattr(window.desk.ask_encoders, ask)()
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    found = nameless(dialog)
    dialog.close()
    settle(window)
    assert found == []


def test_tab_reaches_every_control_and_comes_back(full_window: MainWindow) -> None:
    window = full_window
    window.desk.pages.gallery.setFocus()
    reached: list[QWidget] = []
    for _ in range(200):
        press(window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.isVisible()
        reached.append(focus)
        if focus is window.desk.pages.gallery:
            break
    wanted = [one for one in controls(window) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert QApplication.focusWidget() is window.desk.pages.gallery
    missed = {f"{type(one).__name__} {one.accessibleName() or one.toolTip()}" for one in wanted if one not in reached}
    assert missed == set()

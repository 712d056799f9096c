"""Commands get other keys in a dialog that refuses conflicts; the keys can be taken along as a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import command, press, reviewed_kept, settle, wait_until
from filtering import be_active
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from shiboken6 import isValid

from cdul_gui.commands.every_command import COMMANDS
from cdul_gui.commands.shortcuts import keys_in_force
from cdul_gui.window.main_window import MainWindow
from cdul_gui.window.shortcuts_dialog import ShortcutsDialog


@pytest.fixture
def dialog(window: MainWindow) -> Iterator[ShortcutsDialog]:
    """The dialog, as the menu opens it."""
    command(window, "change-keys").trigger()
    found = window.findChild(ShortcutsDialog)
    assert found is not None
    yield found
    if isValid(found):
        found.close()
    settle(window)


def give(dialog: ShortcutsDialog, command_id: str, key: str) -> None:
    """Type a key for a command and set it."""
    dialog.choose(command_id)
    dialog.keys.setKeySequence(QKeySequence(key))
    QTest.mouseClick(dialog.set_key, Qt.MouseButton.LeftButton)


def test_a_command_is_run_by_its_new_key(window: MainWindow, dialog: ShortcutsDialog, scored_photos: Path) -> None:
    give(dialog, "reviewed", "F8")
    assert not dialog.message.isVisible()
    dialog.close()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_M)
    assert reviewed_kept(scored_photos) == []
    press(window, Qt.Key.Key_F8)
    assert reviewed_kept(scored_photos) == ["beach.jpg"]
    assert "F8" in command(window, "reviewed").toolTip()


def test_commands_are_called_as_where_they_stand(dialog: ShortcutsDialog) -> None:
    named = dict(zip((one.id for one in COMMANDS), (line.text(0) for line in dialog._lines), strict=True))
    assert named["find-words"] == "Find: By words"
    assert named["reviewed"] == "Reviewed"


def test_texts_that_name_a_key_name_the_new_one(window: MainWindow, dialog: ShortcutsDialog) -> None:
    give(dialog, "sweep", "F8")
    give(dialog, "show-all", "F9")
    dialog.choose("accept-label")
    QTest.mouseClick(dialog.no_key, Qt.MouseButton.LeftButton)
    dialog.close()
    assert window.desk.sweep_panel.sort.toolTip() == "Show the photos by this label's score, highest first (F8)"
    assert window.desk.sweep_panel.accept.toolTip() == "Confirm the label on all selected photos, as one step of undo"
    window.desk.arrangement.filter_by("label:cat label:tree")
    settle(window)
    assert window.desk.pages.gallery.message.endswith("show all photos again (F9).")


def test_a_key_of_another_command_is_refused(window: MainWindow, dialog: ShortcutsDialog) -> None:
    give(dialog, "reviewed", "X")
    assert dialog.message.text() == ("X belongs to “Reject” already. Choose another key, or remove it there first.")
    assert command(window, "reviewed").shortcuts() == [QKeySequence("M")]
    dialog.choose("reject")
    QTest.mouseClick(dialog.no_key, Qt.MouseButton.LeftButton)
    give(dialog, "reviewed", "X")
    assert command(window, "reviewed").shortcuts() == [QKeySequence("X")]
    assert command(window, "reject").shortcuts() == []


@pytest.mark.parametrize(("key", "owner"), [("P", "Previous photo"), ("X", "Reject")])
def test_a_key_that_is_refused_is_said_to_be_its_owner_s(dialog: ShortcutsDialog, key: str, owner: str) -> None:
    give(dialog, "next", key)  # it comes before its owner
    assert f"{key} belongs to “{owner}” already." in dialog.message.text()
    dialog.choose("next")
    give(dialog, "next", "F8")
    give(dialog, "previous", "N")
    dialog.choose("next")
    QTest.mouseClick(dialog.default, Qt.MouseButton.LeftButton)
    assert "N belongs to “Previous photo” already." in dialog.message.text()


def test_a_digit_given_to_a_command_is_no_label_s_any_more(window: MainWindow, dialog: ShortcutsDialog) -> None:
    labels = window.desk.labels_of_photo
    assert [label.key for label in labels.labels] == ["1", "2"]
    give(dialog, "reviewed", "1")
    assert [label.key for label in labels.labels] == ["2", "3"]
    dialog.close()
    be_active(window)
    window.desk.pages.gallery.setFocus()
    press(window, Qt.Key.Key_1)
    press(window, Qt.Key.Key_3)
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert snapshot.reviewed[0]
    assert snapshot.decisions[0].tolist() == [0, 0, 0, 1]  # a tree, the second of its labels


def test_all_keys_go_back_to_their_own(window: MainWindow, dialog: ShortcutsDialog) -> None:
    give(dialog, "reviewed", "F8")
    give(dialog, "reject", "Ctrl+X")
    dialog.choose("reject")
    QTest.mouseClick(dialog.default, Qt.MouseButton.LeftButton)
    assert command(window, "reject").shortcuts() == [QKeySequence("X")]
    dialog._reset_all()
    assert keys_in_force() == {one.id: one.keys for one in COMMANDS}


def test_keys_are_taken_along_as_a_file(dialog: ShortcutsDialog, tmp_path: Path) -> None:
    give(dialog, "reviewed", "F8")
    dialog.export_file(tmp_path / "keys.json")
    dialog._reset_all()
    dialog.import_file(tmp_path / "keys.json")
    assert keys_in_force()["reviewed"] == ("F8",)
    (tmp_path / "twice.json").write_text(json.dumps({"reviewed": ["R"]}))
    dialog.import_file(tmp_path / "twice.json")
    assert "R belongs to" in dialog.message.text()
    for wrong in ("[1]", "no json", '{"reviewed": 3}', '{"reviewed": ["nonsense"]}'):
        (tmp_path / "wrong.json").write_text(wrong)
        dialog.message.clear()
        dialog.import_file(tmp_path / "wrong.json")
        assert "There is no key" in dialog.message.text() or "is no file of keys" in dialog.message.text()
    assert keys_in_force()["reviewed"] == ("F8",)

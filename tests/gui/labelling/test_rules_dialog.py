"""The dialog of rules: what one would do is shown first, then it suggests, and goes as it came."""

from __future__ import annotations

from pathlib import Path

import pytest
from acting import click_photo, settle, states_kept, wait_until
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cdul_gui.dialogs.rules.dialog import RulesDialog
from cdul_gui.panels.photo.chips_of_photo import LabelChip
from cdul_gui.window.main_window import MainWindow


@pytest.fixture
def dialog(window: MainWindow) -> RulesDialog:
    window.desk.ask.edit_rules()
    dialog = window.findChild(RulesDialog)
    assert dialog is not None
    settle(window)
    return dialog


def type_rule(dialog: RulesDialog, pattern: str, label: str) -> None:
    dialog.label.setText(label)
    dialog.pattern.setText(pattern)
    wait_until(lambda: "…" not in dialog.said.text() and (dialog.add.isEnabled() or not dialog.message.isHidden()))


def test_a_rule_is_tried_made_and_taken_back(window: MainWindow, dialog: RulesDialog, scored_photos: Path) -> None:
    before = states_kept(scored_photos, "trip/day two/lamp.JPG")
    type_rule(dialog, "day*", "cat")
    assert "Matches: 2 photos." in dialog.said.text()
    assert "cat would be suggested on 2 photos" in dialog.said.text()
    assert len(dialog.strip.photos) == 2
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == before
    QTest.keyClick(dialog.pattern, Qt.Key.Key_Return)
    wait_until(lambda: dialog.table.rowCount() == 1)
    settle(window)
    assert [dialog.table.item(0, column).text() for column in range(5)] == ["Folder", "day*", "cat", "2", "2"]
    dialog.reject()
    click_photo(window, "trip/day two/lamp.JPG")
    (chip,) = (one for one in window.findChildren(LabelChip) if one.text() == "cat")
    assert "by the rule folder:day*" in chip.toolTip()
    window.session.edits.undo()
    settle(window)
    assert not [one for one in window.findChildren(LabelChip) if one.text() == "cat" and one.isVisible()]
    assert states_kept(scored_photos, "trip/day two/lamp.JPG") == before


def test_enter_presses_the_button_that_has_the_keyboard(window: MainWindow, dialog: RulesDialog) -> None:
    type_rule(dialog, "day*", "cat")
    dialog.add.setFocus()
    QTest.keyClick(dialog.add, Qt.Key.Key_Return)
    wait_until(lambda: dialog.table.rowCount() == 1)
    settle(window)


def test_a_rule_that_is_none_says_what_is_expected(dialog: RulesDialog) -> None:
    dialog.field.setCurrentIndex(4)
    type_rule(dialog, "yesterday", "cat")
    assert "Expected days such as 2024" in dialog.message.text()
    assert not dialog.add.isEnabled()


def test_a_rule_is_taken_back_in_the_table(window: MainWindow, dialog: RulesDialog) -> None:
    type_rule(dialog, "trip", "dog")
    dialog.add.click()
    wait_until(lambda: dialog.table.rowCount() == 1)
    dialog.table.selectRow(0)
    dialog.remove.click()
    wait_until(lambda: dialog.table.rowCount() == 0)
    settle(window)


def test_a_rule_is_typed_at_once_and_enter_need_not_wait(window: MainWindow, dialog: RulesDialog) -> None:
    QTest.keyClicks(dialog.focusWidget(), "trip")
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClicks(dialog.focusWidget(), "horse")
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    wait_until(lambda: dialog.table.rowCount() == 1)
    settle(window)
    assert [dialog.table.item(0, column).text() for column in range(3)] == ["Folder", "trip", "horse"]

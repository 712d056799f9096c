"""A sentence with too little room is not cut off in the middle of a letter."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cdul_gui.look.controls import OneLine


@pytest.mark.parametrize(("width", "whole"), [(400, True), (60, False)])
def test_what_does_not_fit_is_in_the_tool_tip_and_seen_to_go_on(qtbot: QtBot, width: int, whole: bool) -> None:
    line, shortened = OneLine(), OneLine()
    for one in (line, shortened):
        qtbot.addWidget(one)
        one.resize(width, 24)
    line.setText("Photos must have been labelled")
    shortened.setText(line.fontMetrics().elidedText(line.text(), Qt.TextElideMode.ElideRight, width))
    assert line.toolTip() == line.text()
    assert (shortened.text() == line.text()) == whole
    assert line.grab().toImage() == shortened.grab().toImage()

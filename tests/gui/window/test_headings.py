"""A heading is written out whole."""

import pytest
from pytestqt.qtbot import QtBot

from cdul_gui.look.controls import heading


@pytest.mark.parametrize(("plain", "marked"), [("a", "ä"), ("u", "ü"), ("e", "é")])
def test_marks_above_capitals_are_not_cut_off(qtbot: QtBot, plain: str, marked: str) -> None:
    assert _height_of_ink(qtbot, marked) >= _height_of_ink(qtbot, plain) + 2


def _height_of_ink(qtbot: QtBot, text: str) -> int:
    label = heading(text)
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    image = label.grab().toImage()
    ground = image.pixel(image.width() - 1, 0)
    return sum(any(image.pixel(x, y) != ground for x in range(image.width())) for y in range(image.height()))

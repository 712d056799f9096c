"""No name is taken for markup in a tool tip."""

import pytest
from PySide6.QtGui import QTextDocument

from cdul_gui.look.tips import plain_tip


@pytest.mark.parametrize("name", ["<img src='//elsewhere/a.png'>cat", "a <b>bold</b>\nname & more", "cat & dog > 3"])
def test_a_tip_reads_as_the_name(name: str) -> None:
    shown = plain_tip(name)
    document = QTextDocument()
    if shown.startswith("<qt>"):
        document.setHtml(shown)
        assert document.toPlainText() == name
        assert "<img" not in shown
    else:
        assert "<" not in shown
        assert shown == name

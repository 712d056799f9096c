"""What the colours of the map mean, in one line: of what they are, and named dots, or a scale with its ends."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from cdul_gui.look.controls import cut
from cdul_gui.panels.map.map_colours import Colouring

_LONGEST_NAME = 16
_WIDEST_CAPTION = 160
"""Pixels."""


class MapLegend(QLabel):
    """Rich text; its accessible name and tool tip hold the names in full."""

    def __init__(self) -> None:
        super().__init__()
        # Rather cut off than in the way of the rest.
        self.setMinimumWidth(1)

    def show_colouring(self, colouring: Colouring) -> None:
        """Show another legend."""
        parts, told = [], []
        if colouring.ends is not None:
            low, high = colouring.ends
            # The first colour is of dots that are not on the scale.
            blocks = "".join(_coloured("█", colour) for colour in colouring.colours[1:])
            parts.append(f"{escape(low)} {blocks} {escape(high)}")
            told.append(self.tr("from {low} to {high}").format(low=low, high=high))
        for group, name in colouring.names.items():
            short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
            parts.append(f"{_coloured('●', colouring.colours[group])} {escape(short)}")
            told.append(name)
        caption = cut(self, colouring.caption, _WIDEST_CAPTION)
        self.setText(f"<b>{escape(caption)}</b>&nbsp; " + "&nbsp;&nbsp;".join(parts))
        told_in_full = f"{colouring.caption} {', '.join(told)}"
        self.setAccessibleName(told_in_full)
        self.setToolTip(escape(told_in_full))


def _coloured(text: str, colour: QColor) -> str:
    return f"<span style='color:{colour.name()}'>{text}</span>"

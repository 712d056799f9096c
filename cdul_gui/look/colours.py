"""A colour for each label, and one for thresholds."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from cdul_gui.look.appearance import is_dark
from engine.project.labels import LabelRow

_GOLDEN_ANGLE = 137.508
"""Turning the hue by it keeps any number of neighbours apart."""


def label_colour(label: LabelRow) -> QColor:
    """The label's own colour, or one that it keeps whatever labels come and go."""
    if label.colour:
        return QColor(label.colour)
    return QColor.fromHslF((label.id * _GOLDEN_ANGLE % 360) / 360, 0.62, 0.58)


def threshold_colour(palette: QPalette) -> QColor:
    """Of the line that is a threshold; the window's colour can be read on it."""
    return QColor("#f0b04a" if is_dark(palette) else "#a95c06")

"""A colour for each label."""

from __future__ import annotations

from PySide6.QtGui import QColor

from engine.project.labels import LabelRow

_GOLDEN_ANGLE = 137.508
"""Turning the hue by it keeps any number of neighbours apart."""


def label_colour(label: LabelRow, column: int) -> QColor:
    """The label's own colour, or one by its place in the label set."""
    if label.colour:
        return QColor(label.colour)
    return QColor.fromHslF((column * _GOLDEN_ANGLE % 360) / 360, 0.62, 0.58)

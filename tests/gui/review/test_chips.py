"""Chips: each state, and what stands folded, told apart without colour, readable on light and dark."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from cdul_gui.look.chips import chip_colours, chip_size, paint_chip, paint_fold
from engine.project.label_state import LabelState

LIGHT, DARK = "#ffffff", "#17191d"


def palette_on(ground: str) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(ground))
    return palette


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.1."""
    channels = [colour.redF(), colour.greenF(), colour.blueF()]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", [LIGHT, DARK])
@pytest.mark.parametrize("state", LabelState)
def test_text_has_contrast(ground: str, state: LabelState) -> None:
    colours = chip_colours(state, palette_on(ground))
    for text in (colours.text, colours.muted):
        lighter, darker = sorted((luminance(text), luminance(colours.ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def shape(state: LabelState | None, size: QSize) -> QImage:
    """A chip in black and white: what of it differs from its ground; None for the one that others are folded behind."""
    palette = palette_on(LIGHT)
    image = QImage(size, QImage.Format.Format_RGB32)
    ground = chip_colours(LabelState.ABSENT if state is None else state, palette).ground.rgb()
    image.fill(ground)
    painter = QPainter(image)
    if state is None:
        paint_fold(painter, QRect(QPoint(0, 0), size), "dog", palette)
    else:
        paint_chip(painter, QRect(QPoint(0, 0), size), "dog", state, None, palette)
    painter.end()
    mask = image.createMaskFromColor(ground, Qt.MaskMode.MaskOutColor)
    return mask.convertToFormat(QImage.Format.Format_Mono)


def test_states_differ_in_shape(qapp: QApplication) -> None:
    size = QSize(90, 20)
    shapes = [shape(state, size) for state in (*LabelState, None)]
    assert all(one != other for one, other in combinations(shapes, 2))


def test_a_chip_has_room_for_its_chance_mark_and_key(qapp: QApplication) -> None:
    font = QFont()
    plain = chip_size(font, "dog", LabelState.ABSENT).width()
    assert chip_size(font, "dog", LabelState.CONFIRMED).width() > plain
    assert chip_size(font, "dog", LabelState.LIKELY, 0.5).width() > plain
    assert chip_size(font, "dog", LabelState.ABSENT, None, "3").width() > plain
    assert chip_size(font, "dog", LabelState.MAYBE, 0.3).width() > chip_size(font, "dog", LabelState.MAYBE).width()
    # A chance is shown on what nobody has answered alone.
    assert chip_size(font, "dog", LabelState.REJECTED, 0.5).width() == plain

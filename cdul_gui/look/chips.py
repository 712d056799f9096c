"""Labels as chips: one look for each state, told apart by shape and mark as well as by colour.

Confirmed is filled with a check mark, implied outlined with an arrow up from the label below that says so, likely
outlined in dashes, maybe in dots with a question mark, rejected struck through, ruled out outlined and struck through,
absent plainly outlined. Those that may be stand folded behind a small round one that counts them. The tiles of
the gallery and the photo's panel draw the same chips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from PySide6.QtCore import QLine, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter, QPalette, QPen, QStaticText

from cdul_gui.wording import as_chance
from engine.project.label_state import NOT_THERE, THERE, LabelState

CHIP_SPACING = 4
"""Between neighbours, pixels."""
_PADDING = 6
_GAP = 4
_RADIUS = 4.0
_DASHES = {LabelState.LIKELY: (3.0, 2.0), LabelState.MAYBE: (1.0, 2.0)}
"""Of the outline, in pixels drawn and left out; the others' outlines are whole."""


@dataclass(frozen=True)
class ChipColours:
    """Of one state: the ground, the outline (None: none), the label's name and what is beside it."""

    ground: QColor
    outline: QColor | None
    text: QColor
    muted: QColor


_DARK = {
    LabelState.CONFIRMED: ChipColours(QColor("#2c5238"), None, QColor("#d3f3d6"), QColor("#9fd6a8")),
    LabelState.LIKELY: ChipColours(QColor("#17191d"), QColor("#5aa4ee"), QColor("#a5d0fb"), QColor("#8bb4dc")),
    LabelState.REJECTED: ChipColours(QColor("#442a2c"), None, QColor("#dfa9a6"), QColor("#c48d8a")),
    LabelState.MAYBE: ChipColours(QColor("#17191d"), QColor("#8d96a3"), QColor("#a9b1bd"), QColor("#8d96a3")),
    LabelState.ABSENT: ChipColours(QColor("#17191d"), QColor("#5f6773"), QColor("#a9b1bd"), QColor("#8d96a3")),
    LabelState.IMPLIED: ChipColours(QColor("#17191d"), QColor("#4d8a5f"), QColor("#bfe6c6"), QColor("#9fd6a8")),
    LabelState.RULED_OUT: ChipColours(QColor("#17191d"), QColor("#8a5a57"), QColor("#dfa9a6"), QColor("#c48d8a")),
}
_LIGHT = {
    LabelState.CONFIRMED: ChipColours(QColor("#cdebd2"), None, QColor("#12451f"), QColor("#1d6b30")),
    LabelState.LIKELY: ChipColours(QColor("#ffffff"), QColor("#3b82cf"), QColor("#134d8a"), QColor("#33689e")),
    LabelState.REJECTED: ChipColours(QColor("#f7dedc"), None, QColor("#8a2620"), QColor("#a34b45")),
    LabelState.MAYBE: ChipColours(QColor("#ffffff"), QColor("#7a828e"), QColor("#4d5560"), QColor("#646c78")),
    LabelState.ABSENT: ChipColours(QColor("#ffffff"), QColor("#8c939e"), QColor("#4d5560"), QColor("#646c78")),
    LabelState.IMPLIED: ChipColours(QColor("#ffffff"), QColor("#3f8f57"), QColor("#12451f"), QColor("#1d6b30")),
    LabelState.RULED_OUT: ChipColours(QColor("#ffffff"), QColor("#b4736e"), QColor("#8a2620"), QColor("#a34b45")),
}


def chip_colours(state: LabelState, palette: QPalette) -> ChipColours:
    """The colours of a state on this palette; a chip's text has a contrast of at least 4.5 : 1 on its ground."""
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    return (_DARK if dark else _LIGHT)[state]


def chip_size(font: QFont, text: str, state: LabelState, chance: float | None = None, key: str | None = None) -> QSize:
    """Width and height of a chip in pixels, everything written out."""
    measures = _measures(font)
    width = 2 * _PADDING + measures.width(text)
    if state in THERE:
        width += _mark_side(measures) + _GAP
    if state == LabelState.MAYBE:
        width += measures.small.width("?") + _GAP
    if key:
        width += _key_width(measures, key) + _GAP
    if written := _chance_on(state, chance):
        width += _GAP + measures.small.width(written)
    return QSize(width, chip_height(font))


def chip_height(font: QFont) -> int:
    """Of every chip with this font, pixels."""
    return _measures(font).metrics.height() + 4


def paint_chip(
    painter: QPainter,
    rect: QRect,
    text: str,
    state: LabelState,
    chance: float | None,
    palette: QPalette,
    key: str | None = None,
) -> None:
    """Draw a chip with the painter's font; a name that does not fit into `rect` is elided.

    Args:
        chance: that the label is there, 0 to 1, where that is known; shown on likely and maybe chips.
        key: the key that toggles the label, shown on the chip.
    """
    measures = _measures(painter.font())
    colours = chip_colours(state, palette)
    _paint_ground(painter, rect, colours, _RADIUS, _DASHES.get(state))
    left, right = rect.left() + _PADDING, rect.right() + 1 - _PADDING
    if key:
        width = _key_width(measures, key)
        _paint_key(painter, QRect(left, rect.top() + 2, width, rect.height() - 4), key, colours, measures.small)
        left += width + _GAP
    if state in THERE:
        side = _mark_side(measures)
        paint = paint_check if state == LabelState.CONFIRMED else paint_arrow_up
        paint(painter, QRect(left, rect.center().y() - side // 2, side, side), colours.muted)
        left += side + _GAP
    if state == LabelState.MAYBE:
        width = measures.small.width("?")
        painter.setPen(colours.muted)
        measures.small.paint(painter, QRect(left, rect.top(), width, rect.height()), "?")
        left += width + _GAP
    if written := _chance_on(state, chance):
        width = measures.small.width(written)
        painter.setPen(colours.muted)
        measures.small.paint(painter, QRect(right - width, rect.top(), width, rect.height()), written)
        right -= width + _GAP
    painter.setPen(colours.text)
    measures.paint(painter, QRect(left, rect.top(), right - left, rect.height()), text)
    if state in NOT_THERE:
        middle = rect.center().y() + 1
        painter.drawLine(QLine(left, middle, min(left + measures.width(text), right), middle))


def fold_size(font: QFont, text: str) -> QSize:
    """Width and height of the chip that others stand folded behind, in pixels."""
    height = chip_height(font)
    return QSize(max(_measures(font).small.width(text) + 2 * _PADDING, height), height)


def paint_fold(painter: QPainter, rect: QRect, text: str, palette: QPalette) -> None:
    """Draw the chip that others stand folded behind: small, grey, with round ends."""
    font = painter.font()
    measures = _measures(font).small
    colours = chip_colours(LabelState.ABSENT, palette)
    _paint_ground(painter, rect, colours, rect.height() / 2)
    painter.setPen(colours.muted)
    measures.paint(painter, rect.adjusted((rect.width() - measures.width(text)) // 2, 0, 0, 0), text)
    painter.setFont(font)


def paint_check(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Draw a check mark into a square."""
    _paint_line(painter, rect, colour, ((0.1, 0.55), (0.4, 0.85), (0.92, 0.2)))


def paint_arrow_up(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Draw an arrow up into a square: it follows from what is below."""
    _paint_line(painter, rect, colour, ((0.5, 0.95), (0.5, 0.15)))
    _paint_line(painter, rect, colour, ((0.18, 0.48), (0.5, 0.15), (0.82, 0.48)))


def _paint_line(painter: QPainter, rect: QRect, colour: QColor, points: Sequence[tuple[float, float]]) -> None:
    width = max(1.6, rect.width() / 6)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    side = rect.width()
    painter.drawPolyline([rect.topLeft() + QPoint(round(x * side), round(y * side)) for x, y in points])


def text_width(font: QFont, text: str) -> int:
    """Pixels that a text takes."""
    return _measures(font).width(text)


class _Measures:
    """One font, the smaller one beside it, and the widths of the texts that were asked for."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        # Not of the method itself: whose documentation `lru_cache` copies, for which Qt reads all of its signatures.
        self.width = lru_cache(maxsize=4096)(lambda text: self.metrics.horizontalAdvance(text))
        self.laid_out = lru_cache(maxsize=4096)(self._laid_out)

    @cached_property
    def small(self) -> _Measures:
        font = QFont(self.font)
        font.setPointSizeF(QFontInfo(font).pointSizeF() * 0.88)
        return _Measures(font)

    def paint(self, painter: QPainter, rect: QRect, text: str) -> None:
        """Draw a text from the left of a rectangle, elided where it does not fit, halfway down."""
        painter.setFont(self.font)
        top = rect.top() + (rect.height() - self.metrics.height()) // 2
        painter.drawStaticText(rect.left(), top, self.laid_out(text, rect.width()))

    def _laid_out(self, text: str, width: int) -> QStaticText:
        # Widths are rounded, so that eliding may cut even a text that was given what it asked for.
        fits = self.width(text) <= width
        laid_out = QStaticText(text if fits else self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        laid_out.setTextFormat(Qt.TextFormat.PlainText)
        laid_out.prepare(font=self.font)
        return laid_out


_MEASURED: list[_Measures] = []


def _measures(font: QFont) -> _Measures:
    # Fonts that share their data compare fast, while hashing one writes it out as text.
    for known in _MEASURED:
        if known.font == font:
            return known
    # A copy, since Qt hands out fonts that die with what they belong to.
    _MEASURED.append(_Measures(QFont(font)))
    return _MEASURED[-1]


def _chance_on(state: LabelState, chance: float | None) -> str:
    """The chance as the chip says it; empty where it says none."""
    return as_chance(chance) if chance is not None and state in (LabelState.LIKELY, LabelState.MAYBE) else ""


def _mark_side(measures: _Measures) -> int:
    return round(measures.metrics.ascent() * 0.72)


def _key_width(measures: _Measures, key: str) -> int:
    return max(measures.small.width(key) + 6, measures.metrics.height() - 2)


def _paint_ground(
    painter: QPainter, rect: QRect, colours: ChipColours, radius: float, dashes: tuple[float, float] | None = None
) -> None:
    painter.setBrush(colours.ground)
    if colours.outline is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        pen = QPen(colours.outline, 1.0)
        if dashes is not None:
            pen.setDashPattern(dashes)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def _paint_key(painter: QPainter, rect: QRect, key: str, colours: ChipColours, measures: _Measures) -> None:
    painter.setPen(QPen(colours.muted, 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    measures.paint(painter, rect.adjusted((rect.width() - measures.width(key)) // 2, 0, 0, 0), key)

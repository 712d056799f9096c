"""The line between the photos at or above a label's threshold and those below, where they are sorted by its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

_WIDTH = 3
_PADDING = 8


@dataclass(frozen=True)
class ThresholdLine:
    """It runs before the photo at `place`; `caption` says which photos are above it."""

    place: int
    caption: str


def place_of_threshold(
    scores: npt.NDArray[np.float32], threshold: float, held: npt.NDArray[np.bool_] | None = None
) -> int | None:
    """The place before which the line runs; None where all are on one side, or where they are not sorted by score.

    Args:
        scores: of the photos in the order of the gallery, nan where there is none.
        threshold: photos with this score or a higher one are accepted.
        held: photos that stand where they are seen, though their scores belong elsewhere by now: as few of them as
            can be are on the wrong side.
    """
    known = np.flatnonzero(~np.isnan(scores))
    accepted = scores[known] >= threshold
    if not len(known) or accepted.all() or not accepted.any():
        return None
    weights = np.ones(len(known)) if held is None else np.where(held[known], 1.0, len(known) + 1.0)
    least, place = min(_wrong_side(accepted, weights), _wrong_side(~accepted, weights))
    in_order = least < (1 if held is None else len(known) + 1)
    return int(known[place]) if in_order and 0 < place < len(known) else None


def _wrong_side(before: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]) -> tuple[float, int]:
    """The least weight of what stands on the wrong side of a line, and the place before which it runs."""
    late = np.concatenate([np.cumsum((before * weights)[::-1])[::-1], [0.0]])
    wrong = late + np.concatenate([[0.0], np.cumsum(~before * weights)])
    place = int(wrong.argmin())
    return float(wrong[place]), place


def paint_threshold_line(
    painter: QPainter, corners: Sequence[tuple[int, int]], caption: str, colour: QColor, ink: QColor
) -> None:
    """Paint the line through these points, with its caption in `ink` at its right end."""
    painter.setPen(QPen(colour, _WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPoint(x, y) for x, y in corners])
    metrics = painter.fontMetrics()
    # As high as the space between two lines of tiles, so that it covers nothing.
    height = metrics.height() + 2
    (left, top), (right, _) = corners[-2:]
    width = min(metrics.horizontalAdvance(caption) + 2 * _PADDING, right - left)
    pill = QRect(right - width, max(0, top - height // 2), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setPen(ink)
    text = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, width - _PADDING)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

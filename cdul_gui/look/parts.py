"""Parts of a photo, as shares of its sides and as rectangles on the screen."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from engine.stages.finding.search import Part


def rect_of(part: Part, photo: QRectF) -> QRectF:
    """Where a part is in a photo that fills this rectangle."""
    return QRectF(
        photo.left() + part.left * photo.width(),
        photo.top() + part.top * photo.height(),
        (part.right - part.left) * photo.width(),
        (part.bottom - part.top) * photo.height(),
    )


def part_of(rect: QRectF, photo: QRectF) -> Part | None:
    """The part of a photo that a rectangle covers; None where it covers nothing of it."""
    inside = rect.intersected(photo)
    if inside.isEmpty():
        return None
    return Part(
        (inside.left() - photo.left()) / photo.width(),
        (inside.top() - photo.top()) / photo.height(),
        (inside.right() - photo.left()) / photo.width(),
        (inside.bottom() - photo.top()) / photo.height(),
    )

"""What is below a photo, its chips or its name, painted once and then shown as a picture.

Chips are some dozen strokes and texts a tile, and every arrow key paints all tiles of the screen anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

_MOST = 600
"""Pictures that are kept, of some 25 KB; several screens of tiles."""


class LabelStrips:
    """Pictures on one ground colour, so that text is as sharp as on the screen itself."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Hashable, QImage]] = OrderedDict()

    def paint(
        self,
        painter: QPainter,
        room: QRect,
        row: int,
        shows: Hashable,
        ground: QColor,
        draw: Callable[[QPainter], None],
    ) -> None:
        """Paint what a row has in a room.

        Args:
            shows: all that it depends on besides the ground, the size and the font.
            ground: what it stands on, opaque.
            draw: paints it, the room's upper left corner at 0, 0.
        """
        ratio = painter.device().devicePixelRatioF()
        if ratio != round(ratio):
            # On parts of pixels a picture would be blurred.
            painter.save()
            painter.translate(room.topLeft())
            draw(painter)
            painter.restore()
            return
        depends_on = (shows, room.width(), room.height(), ratio, ground.rgb(), painter.font().key())
        known, strip = self._kept.get(row, (None, None))
        if strip is None or known != depends_on:
            strip = QImage(room.size() * ratio, QImage.Format.Format_RGB32)
            strip.setDevicePixelRatio(ratio)
            strip.fill(ground)
            inside = QPainter(strip)
            inside.setRenderHints(painter.renderHints())
            inside.setFont(painter.font())
            draw(inside)
            inside.end()
            self._kept[row] = depends_on, strip
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(row)
        painter.drawImage(room.topLeft(), strip)

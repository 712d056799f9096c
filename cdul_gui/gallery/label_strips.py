"""What is below a photo, its chips or its name, made a picture of once it is painted again.

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
        self._kept: OrderedDict[int, tuple[Hashable, QImage | None]] = OrderedDict()

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
        depends_on = (shows, room.width(), room.height(), ratio, ground.rgb(), painter.font().key())
        known, strip = self._kept.get(row, (None, None))
        seen_before = known == depends_on
        # On parts of pixels a picture would be blurred; and who pages on sees a photo once or twice.
        if not seen_before or ratio != round(ratio):
            self._keep(row, depends_on, None)
            painter.save()
            painter.translate(room.topLeft())
            draw(painter)
            painter.restore()
            return
        if strip is None:
            strip = QImage(room.size() * ratio, QImage.Format.Format_RGB32)
            strip.setDevicePixelRatio(ratio)
            strip.fill(ground)
            inside = QPainter(strip)
            inside.setRenderHints(painter.renderHints())
            inside.setFont(painter.font())
            draw(inside)
            inside.end()
        self._keep(row, depends_on, strip)
        painter.drawImage(room.topLeft(), strip)

    def _keep(self, row: int, depends_on: Hashable, strip: QImage | None) -> None:
        self._kept[row] = depends_on, strip
        self._kept.move_to_end(row)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

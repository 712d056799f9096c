"""A strip of photos with a score under each, where it has one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.session.session import Session

_SIDE, _GAP = 84, 8


class PhotoStrip(QWidget):
    """Photos side by side, in lines; as many as there is room for."""

    def __init__(self, session: Session, thumbnails: ThumbnailSource, *, asks: bool = True, lines: int = 2) -> None:
        """`asks`: it asks for its thumbnails itself; of several strips somebody has to ask for all together."""
        super().__init__()
        self._session, self._thumbnails = session, thumbnails
        self._asks, self._lines = asks, lines
        thumbnails.arrived.connect(self._repaint)
        self.photos: list[tuple[int, float]] = []
        """Rows of the snapshot, and scores; nan for none."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_photos(self, photos: Sequence[tuple[int, float]]) -> None:
        """Show these rows of the snapshot with their scores."""
        self.photos = list(photos)
        snapshot = self._session.snapshot
        if snapshot is not None:
            said = ", ".join(f"{snapshot.paths[row]} {_said(score)}".rstrip() for row, score in self.photos)
            self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * (_SIDE + _GAP) - _GAP, self._lines * self._line())

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * (_SIDE + _GAP), self._line())

    @Slot()
    def _repaint(self) -> None:
        self.update()

    @property
    def missing(self) -> list[int]:
        """Rows whose thumbnails are not there yet."""
        return [row for row, _ in self.photos if not self._known(row)]

    @property
    def box(self) -> QSize:
        """What a thumbnail has to fit into."""
        return QSize(_SIDE, _SIDE)

    def _known(self, row: int) -> bool:
        return self._thumbnails.thumbnail(row) is not None or self._thumbnails.problem(row) is not None

    def _line(self) -> int:
        return _SIDE + self.fontMetrics().height() + _GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        # The gallery may ask for others meanwhile; what is missing is asked for until it is there.
        if self._asks and (missing := self.missing):
            self._thumbnails.want(np.array(missing, np.int64), self.box, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        across = max(1, (self.width() + _GAP) // (_SIDE + _GAP))
        most = across * max(1, self.height() // self._line())
        for place, (row, score) in enumerate(self.photos[:most]):
            line, column = divmod(place, across)
            tile = QRect(column * (_SIDE + _GAP), line * self._line(), _SIDE, _SIDE)
            self._paint_photo(painter, tile, row)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            under = QRect(tile.left(), tile.bottom() + 2, _SIDE, self.fontMetrics().height())
            painter.drawText(under, Qt.AlignmentFlag.AlignHCenter, _said(score))

    def _paint_photo(self, painter: QPainter, tile: QRect, row: int) -> None:
        painter.fillRect(tile, self.palette().color(QPalette.ColorRole.Base))
        image = self._thumbnails.whole(row)
        if image is not None:
            size = image.size().scaled(tile.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(tile.topLeft(), size)
            place.moveCenter(tile.center())
            painter.drawImage(place, image)


def _said(score: float) -> str:
    return "" if score != score else f"{score:.2f}"

"""The photos themselves on the map, in the place of their dots, once so few are in view that there is room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPen

from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.snapshot_reading import Rows

if TYPE_CHECKING:
    from cdul_gui.panels.map.map_plot import MapPlot

MOST_IN_VIEW = 80
"""Points; with more there are dots alone."""
BOX = QSize(76, 57)
_FRAME = 3
_MILLISECONDS_AT_REST = 60


class MapThumbnails(QObject):
    """Asks for the thumbnails of what is in view once zooming and moving rests; paints those that are there.

    Each has a frame in the colour of its dot. One that would lie over another stays a dot, until there is room.
    """

    def __init__(self, session: Session, plot: MapPlot) -> None:
        super().__init__(plot)
        self._session, self._plot = session, plot
        # Of its own: what the gallery wants meanwhile is made as well.
        self._source = ThumbnailSource(session, self)
        self._rows = NO_ROWS
        self._in_view = NO_ROWS
        self.placed: list[tuple[QRectF, int]] = []
        """Where thumbnails are, in the view's pixels, and of which points."""
        self._at_rest = QTimer(self, singleShot=True, interval=_MILLISECONDS_AT_REST)
        self._at_rest.timeout.connect(self._want)
        self._source.arrived.connect(self._repaint)
        plot.view_changed.connect(self._at_rest.start)
        plot.painted_over = self

    def show_rows(self, rows: Rows) -> None:
        """The rows of the snapshot that the points are of."""
        self._rows = rows
        self._in_view = NO_ROWS
        self._at_rest.start()

    def shut_down(self) -> None:
        """Make no more, and wait until what was made is written."""
        self._source.shut_down()

    @Slot()
    def _repaint(self) -> None:
        self._plot.viewport().update()

    @Slot()
    def _want(self) -> None:
        places = self._plot.places_in_view()
        few = len(places) <= MOST_IN_VIEW and len(self._rows) == len(self._plot.points)
        self._in_view = places if few and self._plot.isVisible() else NO_ROWS
        if len(self._in_view):
            self._source.want(self._rows[self._in_view], BOX, self._plot.devicePixelRatioF())
        self._repaint()

    def point_at(self, place: QPointF) -> int:
        """The point whose thumbnail is at a place in the view's pixels; -1 if none is."""
        return next((point for room, point in reversed(self.placed) if room.contains(place)), -1)

    def paint(self, painter: QPainter) -> None:
        """Paint what is there, in the scene's coordinates."""
        self.placed = []
        snapshot = self._session.snapshot
        if snapshot is None or not len(self._in_view) or len(self._rows) != len(self._plot.points):
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for point in self._in_view.tolist():
            image = self._source.whole(int(self._rows[point]))
            if image is None:
                continue
            size = image.size().scaled(BOX, Qt.AspectRatioMode.KeepAspectRatio)
            room = QRectF(0, 0, size.width() + 2 * _FRAME, size.height() + 2 * _FRAME)
            room.moveCenter(self._plot.place_of(point))
            if any(room.intersects(other) for other, _point in self.placed):
                continue
            self.placed.append((room, point))
            painter.fillRect(room, self._plot.colour_of(point))
            inside = room.adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
            painter.drawImage(inside, image)
            if self._plot.is_chosen(point):
                painter.setPen(QPen(self._plot.chosen_colour, _FRAME))
                painter.drawRect(room)

"""Points on a plane: pointed at, and chosen by drawing a line around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem, QStyleOptionGraphicsItem, QWidget

from cdul_gui.look.plotting import pg
from engine.method.photo_map import Places

_SIZE = 6
"""Of a point, pixels; of a chosen one more."""
_MOST_ROUND = 5000
"""More points than this in the plot are drawn as squares."""
_REACH = 8.0
"""A point is pointed at from so many pixels away."""
NO_POINTS: Places = np.zeros((0, 2), np.float32)


class OverPoints(Protocol):
    """Something that is painted over the points and stands for them."""

    def paint(self, painter: QPainter) -> None:
        """In the scene's coordinates."""

    def point_at(self, place: QPointF) -> int:
        """The point that it shows at a place in the view's pixels, -1 where it shows none."""


class MapPlot(pg.PlotWidget):
    """Dragging draws around points, the wheel zooms, the right button zooms too, the middle one moves."""

    pointed = Signal(int)
    """The pointer is on this point; -1: on none."""
    clicked = Signal(int)
    """A point was clicked."""
    outlined = Signal(object)
    """A line was drawn around something: corners x 2."""
    view_changed = Signal()
    """It was zoomed or moved, or there are other points."""

    painted_over: OverPoints | None = None
    """What lies on the points."""

    def __init__(self) -> None:
        self._box = _LassoBox()
        super().__init__(viewBox=self._box, enableMenu=False)
        self.points = NO_POINTS
        self._groups: npt.NDArray[np.int8] = np.zeros(0, np.int8)
        self._colours: Sequence[QColor] = ()
        self._chosen: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._chosen_layer = _Dots(_SIZE + 4)
        self._layers: list[_Dots] = []
        self.addItem(self._chosen_layer)
        # Dots, rims and what is painted over them reach beyond the places they are of, which is all that Qt knows of.
        self.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self._box.outlined.connect(self.outlined)
        self._box.sigRangeChanged.connect(self.view_changed)
        self.hideAxis("left")
        self.hideAxis("bottom")
        self.hideButtons()
        self.setMouseTracking(True)
        self.scene().sigMouseMoved.connect(self._point)
        self.scene().sigMouseClicked.connect(self._click)
        self._colour()

    def show_points(self, points: Places) -> None:
        """Show other points; they are seen once they have colours."""
        self.points = points
        for layer in self._layers:
            layer.show_places(NO_POINTS, of=len(points))
        self.show_chosen(np.zeros(0, np.int64))
        self.show_all()

    def show_colours(self, groups: npt.NDArray[np.int8], colours: Sequence[QColor]) -> None:
        """Give each point one of the colours, by number; the later ones lie on top."""
        self._groups, self._colours = groups, colours
        while len(self._layers) < len(colours):
            self._layers.append(_Dots(_SIZE))
            self.addItem(self._layers[-1])
        for group, layer in enumerate(self._layers):
            layer.show_places(self.points[groups == group], of=len(self.points))
        for layer, colour in zip(self._layers, colours, strict=False):
            layer.colour(colour)

    def show_chosen(self, places: npt.NDArray[np.int64]) -> None:
        """Draw a rim around these points."""
        self._chosen = places
        self._chosen_layer.show_places(self.points[places], of=len(self.points))

    def show_all(self) -> None:
        """Zoom to all points."""
        if len(self.points):
            low, high = self.points.min(axis=0).tolist(), self.points.max(axis=0).tolist()
            self._box.setRange(xRange=(low[0], high[0]), yRange=(low[1], high[1]), padding=0.06)

    def point_at(self, place: QPointF) -> int:
        """The point nearest to a place in the view's pixels, -1 if none is near."""
        if not len(self.points):
            return -1
        if self.painted_over is not None and (point := self.painted_over.point_at(place)) >= 0:
            return point
        here, scale = self._box.mapSceneToView(place), self._box.viewPixelSize()
        away = np.hypot((self.points[:, 0] - here.x()) / scale[0], (self.points[:, 1] - here.y()) / scale[1])
        nearest = int(away.argmin())
        return nearest if away[nearest] <= _REACH else -1

    def place_of(self, point: int) -> QPointF:
        """Where a point is, in the view's pixels."""
        return self._box.mapViewToScene(QPointF(*self.points[point].tolist()))

    def places_in_view(self) -> npt.NDArray[np.int64]:
        """The points that can be seen."""
        seen = self._box.viewRect()
        low, high = (seen.left(), seen.top()), (seen.right(), seen.bottom())
        return np.flatnonzero(((self.points >= low) & (self.points <= high)).all(axis=1))

    def colour_of(self, point: int) -> QColor:
        """Of a point's dot."""
        return self._colours[self._groups[point]] if point < len(self._groups) else QColor(Qt.GlobalColor.gray)

    def is_chosen(self, point: int) -> bool:
        """Whether it has a rim."""
        return point in self._chosen

    @property
    def chosen_colour(self) -> QColor:
        """Of the rims."""
        return self.palette().color(QPalette.ColorRole.Accent)

    def dots(self, group: int) -> int:
        """How many points are drawn in a group's colour."""
        return len(self._layers[group].places) if group < len(self._layers) else 0

    def _point(self, place: QPointF) -> None:
        self.pointed.emit(self.point_at(place))

    def _click(self, event: Any) -> None:
        point = self.point_at(event.scenePos())
        if point >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(point)

    # Qt's events

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        super().drawForeground(painter, rect)
        if self.painted_over is not None:
            self.painted_over.paint(painter)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(-1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_layers"):
            self._colour()

    def _colour(self) -> None:
        palette = self.palette()
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        accent = palette.color(QPalette.ColorRole.Accent)
        self._chosen_layer.colour(accent)
        self._box.colour(accent)


class _Dots(pg.GraphicsObject):
    """Dots of one look, handed to Qt in one piece: a hundred thousand are drawn in a fiftieth of a second.

    A `ScatterPlotItem`, whose points may each have a look of their own, takes ten times as long.
    """

    def __init__(self, size: float) -> None:
        super().__init__()
        self.places = NO_POINTS
        self._round = True
        self._bounds = QRectF()
        self._pen = QPen(Qt.GlobalColor.black, size)

    def show_places(self, places: Places, *, of: int) -> None:
        """Draw other dots, which are some `of` so many in the plot."""
        self.prepareGeometryChange()
        self.places = places
        self._bounds = QRectF()
        if len(places):
            low, high = places.min(axis=0).tolist(), places.max(axis=0).tolist()
            self._bounds = QRectF(QPointF(*low), QPointF(*high))
        # Round dots cost much more than square ones, and where there are so many nobody can tell.
        self._round = of <= _MOST_ROUND
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap if self._round else Qt.PenCapStyle.SquareCap)
        self.update()

    def colour(self, colour: QColor) -> None:
        """Of the dots."""
        self._pen.setColor(colour)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not len(self.places):
            return
        painter.setPen(self._pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._round)
        # In pixels: Qt's own way from the plot's unit to them takes four times as long.
        to_pixels = painter.worldTransform()
        x = self.places[:, 0] * to_pixels.m11() + to_pixels.dx()
        y = self.places[:, 1] * to_pixels.m22() + to_pixels.dy()
        painter.resetTransform()
        painter.drawPoints(pg.functions.arrayToQPolygonF(x, y))


class _LassoBox(pg.ViewBox):
    """A view box in which the left button draws a line around points."""

    outlined = Signal(object)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self._corners: list[QPointF] = []
        self._line = QGraphicsPolygonItem()
        self._line.setZValue(100)
        self.addItem(self._line, ignoreBounds=True)

    def colour(self, colour: QColor) -> None:
        """Of the line."""
        pen = QPen(colour, 1.5)
        pen.setCosmetic(True)
        self._line.setPen(pen)

    def mouseDragEvent(self, ev: Any, axis: Any = None) -> None:
        if ev.button() != Qt.MouseButton.LeftButton:
            super().mouseDragEvent(ev, axis)
            return
        ev.accept()
        if ev.isStart():
            self._corners = [self.mapSceneToView(ev.buttonDownScenePos())]
        self._corners.append(self.mapSceneToView(ev.scenePos()))
        self._line.setPolygon(QPolygonF(self._corners))
        if ev.isFinish():
            self._line.setPolygon(QPolygonF())
            self.outlined.emit(np.array([(corner.x(), corner.y()) for corner in self._corners]))

"""The view that a photo is drawn in, which zooms and pans; what else the mouse does there is told as signals."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsScene, QGraphicsView, QRubberBand, QWidget

_LEAST_IN_VIEW = 8
"""Pixels of the photo across or down the view; nothing is to be seen of fewer."""
_A_NOTCH = 1.35
"""By how much a notch of the wheel zooms."""
_A_PIXEL = 1.02
"""By how much dragging with the right button zooms, for each pixel upwards."""


class PhotoView(QGraphicsView):
    """Coordinates of its scene are the photo's pixels, upright, from its top left corner.

    The wheel zooms, and so does dragging with the right button; other drags pan. With Shift they draw a rectangle.
    """

    moved_by_hand = Signal()
    """It was zoomed or panned with the mouse."""

    double_clicked = Signal()
    pointed = Signal(QPoint)
    """The pointer is here, or off the view."""
    asked = Signal(QPoint)
    """The pointer stayed here for a moment."""
    part_dragged = Signal(QRect)
    """A rectangle was drawn."""
    menu_wanted = Signal(QPoint)
    """It was clicked with the right button, at this place of the screen; dragging with it zooms."""

    _band: QRubberBand | None = None
    _from = QPoint()
    _draws_next = False
    _right_at: QPoint | None = None
    _dragged_at: QPoint | None = None
    _photo = QRectF()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setMouseTracking(True)

    # Zoom

    def show_photo(self, photo: QRectF) -> None:
        """Take a photo of this size. It can be moved out of the middle by its own length, and no further."""
        self._photo = photo
        edge = max(photo.width(), photo.height())
        self.setSceneRect(photo.adjusted(-edge, -edge, edge, edge))

    def fit(self) -> None:
        """Show the whole photo."""
        if self.viewport().width() and self.viewport().height() and not self._photo.isEmpty():
            self.resetTransform()
            fitting = self._scale_of(self._photo)
            self.scale(fitting, fitting)
            self.centerOn(self._photo.center())

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Zoom in by a factor above 1, out by one below, about a place in the view (None: its middle)."""
        if self._photo.isEmpty():
            return
        now, least = self.transform().m11(), self._scale_of(self.sceneRect())
        most = min(self.viewport().width(), self.viewport().height()) / _LEAST_IN_VIEW
        factor = min(max(factor * now, least), max(most, least)) / now
        at = about or QPointF(self.viewport().rect().center())
        stays = self._in_photo(at)
        self.scale(factor, factor)
        away = self.viewportTransform().map(stays) - at
        self._scroll(round(away.x()), round(away.y()))

    def _in_photo(self, at: QPointF) -> QPointF:
        return self.viewportTransform().inverted()[0].map(at)

    def _scale_of(self, area: QRectF) -> float:
        """At which all of an area can be seen."""
        return min(self.viewport().width() / area.width(), self.viewport().height() / area.height())

    def _scroll(self, right: int, down: int) -> None:
        across, along = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + right)
        along.setValue(along.value() + down)

    def draw_next(self) -> None:
        """The next drag draws a rectangle, without Shift."""
        self._draws_next = True
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)

    # Qt's events

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        self.zoom_by(_A_NOTCH ** (turned / 120), event.position())
        self.moved_by_hand.emit()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() == Qt.MouseButton.RightButton:
            self._right_at = at
        if event.button() != Qt.MouseButton.LeftButton or not (self._draws_next or shift):
            self._from = self._dragged_at = at
            return
        self._from = at
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._band.setGeometry(QRect(self._from, self._from))
        self._band.show()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._band is not None:
            self._band.setGeometry(QRect(self._from, at).normalized())
            return
        if self._dragged_at is not None and event.buttons():
            by = at - self._dragged_at
            if event.buttons() & Qt.MouseButton.RightButton:
                self.zoom_by(_A_PIXEL ** -by.y(), QPointF(self._from))
            else:
                self._scroll(-by.x(), -by.y())
            self._dragged_at = at
            self.moved_by_hand.emit()
        self.pointed.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._band is None:
            self._dragged_at = None
            if event.button() == Qt.MouseButton.RightButton and self._right_at is not None:
                moved = (event.position().toPoint() - self._right_at).manhattanLength()
                self._right_at = None
                if moved < QApplication.startDragDistance():
                    self.menu_wanted.emit(event.globalPosition().toPoint())
            return
        drawn = self._band.geometry()
        self._band.deleteLater()
        self._band = None
        self._draws_next = False
        self.viewport().unsetCursor()
        if min(drawn.width(), drawn.height()) >= QApplication.startDragDistance():
            self.part_dragged.emit(drawn)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(QPoint(-1, -1))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.asked.emit(event.pos())
            return True
        return bool(super().viewportEvent(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

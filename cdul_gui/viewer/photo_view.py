"""The view that a photo is drawn in: what the mouse does there is told as signals."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QRubberBand

from cdul_gui.look.plotting import pg


class PhotoView(pg.GraphicsView):
    """Drags pan, as in any such view; with Shift they draw a rectangle."""

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

    def draw_next(self) -> None:
        """The next drag draws a rectangle, without Shift."""
        self._draws_next = True
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._right_at = event.position().toPoint()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() != Qt.MouseButton.LeftButton or not (self._draws_next or shift):
            super().mousePressEvent(event)
            return
        self._from = event.position().toPoint()
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._band.setGeometry(QRect(self._from, self._from))
        self._band.show()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._band is not None:
            self._band.setGeometry(QRect(self._from, event.position().toPoint()).normalized())
            return
        super().mouseMoveEvent(event)
        self.pointed.emit(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._band is None:
            super().mouseReleaseEvent(event)
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

"""A frame around a flat button or a slider that has the keyboard: the style's own is one grey pixel, or none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QFocusFrame, QMainWindow, QSlider, QToolButton, QWidget
from shiboken6 import isValid

_PEN, _RADIUS = 2.0, 4.0
"""Pixels."""

_FRAMED_BY_ITSELF = "primary"
"""Name of the coloured buttons, whose frame is a part of their look."""


class _Frame(QFocusFrame):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), _PEN))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = _PEN / 2
        painter.drawRoundedRect(self.rect().toRectF().adjusted(half, half, -half, -half), _RADIUS, _RADIUS)
        painter.end()


class FocusFrame(QObject):
    """Follows the keyboard through a window."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.frame: QFocusFrame | None = None
        """What is drawn; it lies in what holds the widget that it frames, and may have gone with that."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        framed = now if isinstance(now, QToolButton | QSlider) and self._window.isAncestorOf(now) else None
        if framed is not None and framed.objectName() == _FRAMED_BY_ITSELF:
            framed = None
        if self.frame is None or not isValid(self.frame):
            if framed is None:
                return
            self.frame = _Frame(self._window)
        self.frame.setWidget(framed)  # type: ignore[arg-type]  # None frames nothing

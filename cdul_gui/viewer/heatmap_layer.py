"""The heatmap of one label, drawn over a photo: a colour for each snippet, grid lines, and the values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

_COLOURS = (
    "#560f6d", "#66156e", "#751b6d", "#85216b", "#942667", "#a42c60", "#b33259", "#c13a4f", "#ce4346",
    "#d94d3c", "#e45b30", "#ed6924", "#f47917", "#f98b0a", "#fb9c06", "#fcaf13", "#fac228",
)  # fmt: skip
"""Of "inferno" (perceptually even, and told apart without colour by its lightness alone) from .25 to .86."""

_ABOVE_PHOTO, _ABOVE_HEATMAP, _ABOVE_GRID = 10, 20, 30


class HeatmapLayer:
    """Items in a scene whose coordinates are the photo's pixels, upright, from its top left corner."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._heat = QGraphicsPixmapItem()
        self._lookup_table = _lookup_table()
        self._heat.setZValue(_ABOVE_PHOTO)
        self._lines = QGraphicsPathItem()
        self._lines.setZValue(_ABOVE_HEATMAP)
        pen = QPen(QColor(255, 255, 255, 150), 1)
        pen.setCosmetic(True)
        self._lines.setPen(pen)
        self._mark = QGraphicsRectItem()
        self._mark.setZValue(_ABOVE_GRID)
        marking = QPen(QColor(255, 255, 255), 2)
        marking.setCosmetic(True)
        self._mark.setPen(marking)
        self._part = QGraphicsRectItem()
        self._part.setZValue(_ABOVE_GRID)
        framing = QPen(QColor("#f0b04a"), 3)
        framing.setCosmetic(True)
        self._part.setPen(framing)
        self._texts: list[_Value] = []
        self.values: npt.NDArray[np.float32] | None = None
        """What is shown: n x n, from 0 to 1."""
        self.strengths: npt.NDArray[np.floating] | None = None
        """How strongly it glows, from 0 to 1, on the same grid or a finer one."""
        self.boxes: list[QRectF] = []
        self._boxes = QGraphicsPathItem()
        self._boxes.setZValue(_ABOVE_GRID)
        outlining = QPen(QColor("#57d9a3"), 2)
        outlining.setCosmetic(True)
        self._boxes.setPen(outlining)
        for item in (self._heat, self._lines, self._mark, self._part, self._boxes):
            scene.addItem(item)
        self.clear()
        self.frame_part(None)

    def clear(self) -> None:
        """Show the bare photo."""
        self.values = self.strengths = None
        self.show_boxes((), QRectF())
        self._heat.hide()
        self._lines.hide()
        self._mark.hide()
        self._show_values(None, QRectF())

    def show_grid(self, grid: int, photo: QRectF) -> None:
        """Draw the lines of an n x n grid."""
        path = QPainterPath()
        for part in range(1, grid):
            x = photo.left() + photo.width() * part / grid
            y = photo.top() + photo.height() * part / grid
            path.moveTo(x, photo.top())
            path.lineTo(x, photo.bottom())
            path.moveTo(photo.left(), y)
            path.lineTo(photo.right(), y)
        self._lines.setPath(path)
        self._lines.show()

    def mark(self, snippet: QRectF | None) -> None:
        """Draw a frame around one snippet, or around none."""
        self._mark.setVisible(snippet is not None)
        if snippet is not None:
            self._mark.setRect(snippet)

    def frame_part(self, part: QRectF | None) -> None:
        """Draw a frame around what was looked for, or around nothing; it stays when the heatmap changes."""
        self._part.setVisible(part is not None)
        if part is not None:
            self._part.setRect(part)

    @property
    def framed(self) -> QRectF | None:
        """The part that is framed because it was looked for."""
        return self._part.rect() if self._part.isVisible() else None

    @property
    def marked(self) -> QRectF | None:
        """The snippet that is framed."""
        return self._mark.rect() if self._mark.isVisible() else None

    def show_heatmap(
        self,
        values: npt.NDArray[np.float32],
        strengths: npt.NDArray[np.floating],
        photo: QRectF,
        opacity: float,
        *,
        with_values: bool,
    ) -> None:
        """Draw the values of n x n snippets.

        Args:
            values: n x n, row by row from the top, from 0 to 1.
            strengths: how strongly they glow, from 0 to 1, on a grid that may be finer.
            opacity: of the full strength, from 0 to 1.
            with_values: also write each value into its snippet.
        """
        self.values = values
        self.strengths = strengths
        rows, columns = strengths.shape
        colours = self._lookup_table[(256 * np.nan_to_num(strengths)).clip(0, 255).astype(np.uint8)]
        image = QImage(colours.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        self._heat.setPixmap(QPixmap.fromImage(image))
        self._heat.setPos(photo.topLeft())
        self._heat.setTransform(QTransform.fromScale(photo.width() / columns, photo.height() / rows))
        self._heat.setOpacity(opacity)
        self._heat.show()
        self._show_values(values if with_values else None, photo)

    def show_boxes(self, boxes: Sequence[tuple[float, float, float, float]], photo: QRectF) -> None:
        """Draw where a detector sees the thing: left, top, right, bottom, from 0 to 1 of the photo."""
        at, size = photo.topLeft(), photo.size()
        self.boxes = [
            QRectF(
                QPointF(at.x() + left * size.width(), at.y() + top * size.height()),
                QPointF(at.x() + right * size.width(), at.y() + bottom * size.height()),
            )
            for left, top, right, bottom in boxes
        ]
        path = QPainterPath()
        for box in self.boxes:
            path.addRect(box)
        self._boxes.setPath(path)

    def _show_values(self, values: npt.NDArray[np.float32] | None, photo: QRectF) -> None:
        count = 0 if values is None else values.size
        while len(self._texts) > count:
            self._scene.removeItem(self._texts.pop())
        while len(self._texts) < count:
            self._texts.append(self._new_text())
        if values is None:
            return
        rows, columns = values.shape
        for place, value in enumerate(values.flat):
            row, column = divmod(place, columns)
            text = self._texts[place]
            text.setText(f"{value:.2f}".lstrip("0") if value < 1 else "1")
            text.setPos(photo.left() + photo.width() * column / columns, photo.top() + photo.height() * row / rows)

    def _new_text(self) -> _Value:
        text = _Value()
        text.setZValue(_ABOVE_GRID)
        self._scene.addItem(text)
        return text


class _Value(QGraphicsSimpleTextItem):
    """A number on a dark ground, as large however far one zooms, a little within the snippet whose corner it is at."""

    def __init__(self) -> None:
        super().__init__()
        font = QFont()
        font.setPointSizeF(font.pointSizeF() * 0.95)
        self.setFont(font)
        self.setBrush(QColor("#ffffff"))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setTransform(QTransform.fromTranslate(3, 2))

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(-2, -1, 2, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.fillRect(self.boundingRect(), QColor(0, 0, 0, 120))
        super().paint(painter, option, cast(QWidget, widget))  # Qt takes none as well


def _lookup_table() -> npt.NDArray[np.uint8]:
    """256 colours whose strength grows with the value, so that the photo stays to be seen where nothing speaks."""
    colours = [QColor(name) for name in _COLOURS]
    known = np.array([(one.red(), one.green(), one.blue()) for one in colours])
    at, places = np.linspace(0, 255, len(known)), np.arange(256)
    return np.stack([*(np.interp(places, at, channel) for channel in known.T), places], -1).round().astype(np.uint8)

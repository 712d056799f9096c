"""One photo in a view that zooms and pans, with the heatmap of the label that is looked at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPalette, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGraphicsPixmapItem, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from cdul_gui.look.parts import part_of, rect_of
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.drawn_over import DrawnOver
from cdul_gui.session.session import Session
from cdul_gui.viewer.heatmap_layer import HeatmapLayer
from cdul_gui.viewer.photo_view import PhotoView
from cdul_gui.viewer.snippet import Snippet, told_of_snippet
from engine.method.heat import heat, smoothed
from engine.project.label_state import THERE, LabelState
from engine.project.snapshot import Snapshot
from engine.stages.finding.search import WHOLE_PHOTO, Part
from engine.stages.labelling.explain import Heatmap

_SEEN_FROM = 0.4
"""Strength of a heatmap below which hardly anything is seen to glow; half of it is where the label may be."""

MOST_ZOOM = 16.0
"""Screen pixels a photo pixel."""


class PhotoCanvas(QWidget):
    """Shows the session's current photo. `stepped` asks for the photo so many places on."""

    stepped = Signal(int)
    double_clicked = Signal()
    part_chosen = Signal(Part)
    """Something like this part of the photo is looked for."""
    heatmap_shown = Signal()
    """The heatmap was drawn anew or taken away."""
    menu_wanted = Signal(QPoint)
    """The menu of the photo should be shown at this place of the screen."""

    def __init__(self, session: Session, photo: CurrentPhoto, drawn_over: DrawnOver) -> None:
        super().__init__()
        self._session, self._photo, self.drawn_over = session, photo, drawn_over
        self._grid: int | None = None
        self._opacity = 0.6
        self.with_grid = self.with_heatmap = True
        self._parts: Mapping[int, Part] = {}
        self._fitted = True
        self.says_nothing = False
        """Whether the label is there and no part of the photo glows: the detector or the whole photo says so."""

        self.view = PhotoView(self)
        self.view.setBackgroundBrush(self.palette().color(QPalette.ColorRole.Window))
        self.view.setAccessibleName(self.tr("Photo"))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pixels = QGraphicsPixmapItem()
        self._pixels.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.view.scene().addItem(self._pixels)
        self._layer = HeatmapLayer(self.view.scene())
        self._message = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._message.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message.setForegroundRole(QPalette.ColorRole.PlaceholderText)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The current photo"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

        self.view.double_clicked.connect(self.double_clicked)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.view.pointed.connect(self._mark_snippet)
        self.view.asked.connect(self._tell_snippet)
        self.view.part_dragged.connect(self._choose_part)
        self.view.moved_by_hand.connect(self._zoomed_by_hand)
        photo.pixels_changed.connect(self._show_pixels)
        photo.heatmap_changed.connect(self.show_heatmap)
        drawn_over.changed.connect(self.show_heatmap)
        session.label_changed.connect(self.show_heatmap)
        self._show_pixels()

    # Zoom

    @property
    def zoom(self) -> float:
        """Screen pixels a photo pixel."""
        return self.view.transform().m11() * self.devicePixelRatioF()

    def fit(self) -> None:
        """Show the whole photo."""
        self._fitted = True
        if self._photo.pixels is not None:
            self.view.fit()

    def zoom_to(self, zoom: float) -> None:
        """Zoom about the middle of the view; 1 shows each pixel of the photo as one of the screen."""
        if self._photo.pixels is not None:
            self._fitted = False
            self.view.zoom_by(min(max(zoom, 0.02), MOST_ZOOM) / self.zoom)
            self._photo_may_need_sharpening()

    def zoom_by(self, factor: float) -> None:
        """Zoom in by a factor above 1, out by one below."""
        self.zoom_to(self.zoom * factor)

    @Slot()
    def _zoomed_by_hand(self) -> None:
        self._fitted = False
        self._photo_may_need_sharpening()

    def _photo_may_need_sharpening(self) -> None:
        pixels = self._photo.pixels
        if pixels is not None and self.zoom * pixels.width > 1.2 * pixels.image.width():
            self._photo.sharpen()

    # What is drawn

    @property
    def grid(self) -> int | None:
        """The grid whose snippets are shown; the finest there is when None."""
        return self._grid

    @grid.setter
    def grid(self, grid: int | None) -> None:
        self._grid = grid
        self.show_heatmap()

    def set_opacity(self, percent: int) -> None:
        """Of the heatmap."""
        self._opacity = percent / 100
        self.show_heatmap()

    def set_with_heatmap(self, on: bool) -> None:
        """Show or hide the heatmap."""
        self.with_heatmap = on
        self.show_heatmap()

    def set_with_grid(self, on: bool) -> None:
        """Show or hide the lines between the snippets."""
        self.with_grid = on
        self.show_heatmap()

    @property
    def heatmap_values(self) -> object:
        """The values that are drawn, n x n, or None."""
        return self._layer.values

    @property
    def strengths(self) -> npt.NDArray[np.floating] | None:
        """How strongly the heatmap glows, from 0 to 1."""
        return self._layer.strengths

    @property
    def boxes(self) -> list[QRectF]:
        """Where the detector sees the label, in the photo's pixels."""
        return self._layer.boxes

    @property
    def marked(self) -> QRectF | None:
        """The snippet that is framed, in the photo's pixels."""
        return self._layer.marked

    @property
    def framed(self) -> QRectF | None:
        """What was looked for, in the photo's pixels."""
        return self._layer.framed

    def grids(self) -> list[int]:
        """The grids that the photo was cut by."""
        return sorted(self._photo.heatmap.snippets) if self._photo.heatmap is not None else []

    @property
    def reading(self) -> bool:
        """Whether it is still to be known if the photo has a heatmap."""
        return self._photo.reading_heatmap

    @property
    def parts(self) -> Mapping[int, Part]:
        """By row of the snapshot: the part of the photo that is framed, since it was looked for."""
        return self._parts

    @parts.setter
    def parts(self, parts: Mapping[int, Part]) -> None:
        self._parts = parts
        self._frame_part()

    def choose_part(self) -> None:
        """The next rectangle that is dragged is a part that is looked for, as it is with Shift at any time."""
        self.view.draw_next()

    def _frame_part(self) -> None:
        row, photo = self._session.current, self.photo_rect
        part = self._parts.get(row, WHOLE_PHOTO) if row is not None else WHOLE_PHOTO
        self._layer.frame_part(rect_of(part, photo) if part != WHOLE_PHOTO and not photo.isEmpty() else None)

    @Slot(QRect)
    def _choose_part(self, drawn: QRect) -> None:
        area = self.view.mapToScene(drawn).boundingRect()
        part = part_of(area, self.photo_rect)
        if part is not None:
            self.part_chosen.emit(part)

    def _grid_of(self, found: Heatmap) -> int:
        return self._grid if self._grid in found.snippets else max(found.snippets)

    @property
    def photo_rect(self) -> QRectF:
        """The photo in its own pixels; empty while there is none."""
        pixels = self._photo.pixels
        return QRectF(0, 0, pixels.width, pixels.height) if pixels is not None else QRectF()

    @Slot()
    def _show_pixels(self) -> None:
        if not self.isVisible():
            return  # drawn when it is shown
        pixels = self._photo.pixels
        another = self._photo.path != self._pixels.data(0)
        self._message.setText(self._photo.problem or "")
        self._pixels.setVisible(pixels is not None)
        if pixels is not None:
            self._pixels.setPixmap(QPixmap.fromImage(pixels.image))
            self._pixels.setScale(pixels.width / pixels.image.width())
            self._pixels.setData(0, self._photo.path)
            self.view.show_photo(self.photo_rect)
            if another or self._fitted:
                self.fit()
        self._frame_part()
        self.show_heatmap()

    @Slot()
    def show_heatmap(self) -> None:
        """Draw the heatmap of the label that is looked at or pointed at."""
        if not self.isVisible():
            return
        snapshot, column, found = self._session.snapshot, self._session.heatmap_label, self._photo.heatmap
        self._layer.clear()
        self.says_nothing = False
        if self._photo.pixels is not None and snapshot is not None:
            grid = None if found is None else self._grid_of(found)
            if grid is not None and self.with_grid:
                self._layer.show_grid(grid, self.photo_rect)
            if column is not None:
                self._draw_label(snapshot, column, found, grid)
        self.heatmap_shown.emit()

    def _draw_label(self, snapshot: Snapshot, column: int, found: Heatmap | None, grid: int | None) -> None:
        label, row = snapshot.labels[column].id, self._session.current
        values = found.of(label, grid) if found is not None and self.with_heatmap else None
        if found is not None and values is not None:
            strengths = heat(values, found.may_be_from.get(label, 1.0))
            self._layer.show_heatmap(
                values,
                smoothed(strengths) if self.drawn_over.smooth else strengths,
                self.photo_rect,
                self._opacity,
                with_values=self.width() >= 60 * len(values),
            )
            # A photo without the thing is to stay dark.
            is_there = row is not None and snapshot.states([row])[0, column] in (*THERE, LabelState.LIKELY)
            self.says_nothing = is_there and bool(strengths.max() < _SEEN_FROM)
        over = self.drawn_over
        boxes = over.boxes_in_place_of_heat(label) if self.says_nothing else over.boxes_of(label)
        self._layer.show_boxes([one.box for one in boxes], self.photo_rect)

    # The snippet under the pointer

    def _snippet_at(self, place: QPoint) -> Snippet | None:
        found, photo = self._photo.heatmap, self.photo_rect
        point = self.view.mapToScene(place)
        if found is None or not photo.contains(point):
            return None
        grid = self._grid_of(found)
        column, row = (int(part * grid) for part in (point.x() / photo.width(), point.y() / photo.height()))
        return Snippet(grid, min(row, grid - 1), min(column, grid - 1))

    @Slot(QPoint)
    def _mark_snippet(self, place: QPoint) -> None:
        snippet = self._snippet_at(place)
        self._layer.mark(snippet.rect_in(self.photo_rect) if snippet is not None else None)

    @Slot(QPoint)
    def _tell_snippet(self, place: QPoint) -> None:
        found, snapshot, snippet = self._photo.heatmap, self._session.snapshot, self._snippet_at(place)
        if found is None or snapshot is None or snippet is None:
            QToolTip.hideText()
            return
        rect = self.view.mapFromScene(snippet.rect_in(self.photo_rect)).boundingRect()
        QToolTip.showText(
            self.view.viewport().mapToGlobal(place),
            told_of_snippet(snippet, found, snapshot, self.tr("Best labels of this snippet")),
            self.view.viewport(),
            rect,
        )

    # Qt's events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.view.setBackgroundBrush(self.palette().color(QPalette.ColorRole.Window))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_pixels()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._message.setGeometry(self.rect())
        if self._fitted:
            self.fit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The right button also zooms: the view tells a click from that.
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().center()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.stepped.emit(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.stepped.emit(-1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and len(shown := self._session.shown):
            self._session.go_to(int(shown[0 if key == Qt.Key.Key_Home else -1]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.double_clicked.emit()  # as in the gallery, where Enter opens a photo
        else:
            super().keyPressEvent(event)

"""A view of items in a `Grid`: scrolling, the keyboard's moves, selecting by click, key and band."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Slot,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from cdul_gui.gallery.grid import Grid

Index = QModelIndex | QPersistentModelIndex

_MARGIN = 6
"""Around all tiles, pixels."""

_Cursor = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint
_State = QStyle.StateFlag
_DRAWING_BAND = QAbstractItemView.State.DragSelectingState


class GridView(QAbstractItemView):
    """Qt's own grid asks every item for its size before it shows the first; this one knows where each is.

    Everything else, such as the selection and what screen readers are told, is Qt's. The items of a list model are
    shown in tiles of the size that the delegate gives; headers are for a subclass to paint.
    """

    def __init__(self) -> None:
        super().__init__()
        self._grid = Grid(0, columns=1, tile=(1, 1))
        self._starts: Sequence[int] = (0,)
        self._header = 0
        self._hovered = -1
        self._band_start = self._band_end = QPoint()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # One that comes and goes would change the number of columns.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        # Where all is in sight it says so.
        self.verticalScrollBar().rangeChanged.connect(
            lambda least, most: self.verticalScrollBar().setEnabled(least < most)
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewportEntered.connect(lambda: self._hover(-1))

    def divide(self, starts: Sequence[int], header: int) -> None:
        """Begin a group at each of these places, with a header of so many pixels, and lay everything out anew."""
        self._starts, self._header = starts, header
        self.lay_out()

    def lay_out(self) -> None:
        """Lay everything out anew; what was in sight stays where it was."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        room = max(1, self.viewport().width() - 2 * _MARGIN)
        columns = max(1, room // self.itemDelegate().sizeHint(option, QModelIndex()).width())
        option.rect = QRect(0, 0, room // columns, 0)
        grid = Grid(
            self.model().rowCount() if self.model() is not None else 0,
            columns=columns,
            tile=(room // columns, self.itemDelegate().sizeHint(option, QModelIndex()).height()),
            starts=self._starts,
            header=self._header,
            margin=_MARGIN,
        )
        place = self._in_sight(grid.count)
        below = 0 if place is None else self.tile_rect(place).top()
        self._grid = grid
        self._hovered = -1
        self.updateGeometries()
        if place is not None:
            self.verticalScrollBar().setValue(grid.rect(place)[1] - below)
        self.viewport().update()

    def visible_places(self, screens_above: int = 0) -> range:
        """The places of what is visible, and of so many screens before it."""
        top, height = self.verticalOffset(), self.viewport().height()
        return self._grid.visible(top - screens_above * height, top + height - 1)

    def tile_rect(self, place: int) -> QRect:
        """Where an item is on the screen."""
        left, top, width, height = self._grid.rect(place)
        return QRect(left, top - self.verticalOffset(), width, height)

    @property
    def current_is_out_of_view(self) -> bool:
        """Whether the current item is scrolled away."""
        return self.currentIndex().isValid() and self.currentIndex().row() not in self.visible_places()

    @Slot()
    def show_current(self) -> None:
        """Bring the current item into view, if it is out of it."""
        if self.current_is_out_of_view:
            self.scrollTo(self.currentIndex(), _Hint.PositionAtCenter)

    def _in_sight(self, count: int) -> int | None:
        """The item to stay put while all else moves: the current one, or else the first one that is visible."""
        visible = self.visible_places()
        current = self.currentIndex().row()
        place = current if current in visible else visible.start
        return place if visible and place < count and self.verticalOffset() > 0 else None

    # What Qt asks a view

    def updateGeometries(self) -> None:
        super().updateGeometries()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._grid.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(1, self._grid.tile_height // 4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        current, before = self.currentIndex(), event.oldSize().height()
        place = self.tile_rect(current.row()) if 0 <= current.row() < self._grid.count else QRect()
        self.lay_out()
        if place.isValid() and place.top() >= 0 and place.bottom() < before:
            # A bar that comes below the photos covers not the one that is looked at.
            self.scrollTo(current)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.lay_out()

    def visualRect(self, index: Index) -> QRect:
        return self.tile_rect(index.row()) if 0 <= index.row() < self._grid.count else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        place = self._grid.place_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if place is None else self.model().index(place, 0)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        # Of thousands that are selected only those in sight are painted.
        region, visible = QRegion(), self.visible_places()
        for span in selection.toList():
            for place in range(max(span.top(), visible.start), min(span.bottom() + 1, visible.stop)):
                region += self.tile_rect(place)
        return region

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # Where they are now: the view may have scrolled.
        for index in (current, previous):
            self.viewport().update(self.visualRect(index))

    def scrollTo(self, index: Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        if not 0 <= index.row() < self._grid.count:
            return
        bar, height, margin = self.verticalScrollBar(), self.viewport().height(), self._grid.margin
        _, top, _, tile = self._grid.rect(index.row())
        if hint == _Hint.PositionAtCenter:
            bar.setValue(top - (height - tile) // 2)
        elif hint == _Hint.PositionAtTop or top - margin < bar.value():
            bar.setValue(top - margin)
        elif hint == _Hint.PositionAtBottom or top + tile + margin > bar.value() + height:
            bar.setValue(top + tile + margin - height)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self.state() == _DRAWING_BAND:
            self.viewport().update()
        else:
            self.viewport().scroll(0, dy)

    def moveCursor(self, action: _Cursor, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last, place = self._grid.count - 1, self.currentIndex().row()
        if last < 0:
            return QModelIndex()
        if place < 0:
            return self.model().index(self.visible_places().start, 0)
        page = max(1, self.viewport().height() // self._grid.tile_height)
        lines = {_Cursor.MoveUp: -1, _Cursor.MoveDown: 1, _Cursor.MovePageUp: -page, _Cursor.MovePageDown: page}
        targets = {_Cursor.MoveHome: 0, _Cursor.MoveEnd: last}
        if action in lines:
            target = self._grid.beside(place, lines[action])
        elif action in targets:
            target = targets[action]
        else:
            target = place + (1 if action in (_Cursor.MoveRight, _Cursor.MoveNext) else -1)
        return self.model().index(min(max(target, 0), last), 0)

    # Selecting

    def select_places(self, spans: Sequence[range], command: QItemSelectionModel.SelectionFlag) -> None:
        """Select spans of places, none of them empty."""
        selection = QItemSelection()
        for span in spans:
            selection.select(self.model().index(span[0], 0), self.model().index(span[-1], 0))
        self.selectionModel().select(selection, command)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        if self.state() == _DRAWING_BAND:
            band = rect.normalized().translated(0, self.verticalOffset())
            self.select_places(self._grid.band(band.left(), band.top(), band.right(), band.bottom()), command)
            return
        # From the one corner to the other, as one reads.
        ends = [index.row() for index in map(self.indexAt, (rect.topLeft(), rect.bottomRight())) if index.isValid()]
        self.select_places([range(min(ends), max(ends) + 1)] if ends else [], command)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._band_start = self._band_end = event.position().toPoint() + QPoint(0, self.verticalOffset())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.state() == _DRAWING_BAND:
            self._band_end = event.position().toPoint() + QPoint(0, self.verticalOffset())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        # Of a band, or once a click took one of several out, what is looked at is one of those that are selected.
        chosen = self.selectionModel().selection().toList()
        if chosen and not self.selectionModel().isSelected(self.currentIndex()):
            last = self.model().index(chosen[-1].bottom(), 0)
            self.selectionModel().setCurrentIndex(last, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, place: int) -> None:
        for changed in {self._hovered, place} - {-1}:
            self.viewport().update(self.tile_rect(changed))
        self._hovered = place

    # Painting

    def paint_tiles(self, painter: QPainter, event: QPaintEvent) -> None:
        """Paint the items that are exposed by the delegate. `State_HasFocus` marks the current one, and
        `State_Active` says that the keyboard is here."""
        top, exposed, region = self.verticalOffset(), event.rect(), event.region()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = _State.State_Enabled | (_State.State_Active if self.hasFocus() else _State.State_None)
        current, selection = self.currentIndex().row(), self.selectionModel()
        for place in self._grid.visible(top + exposed.top(), top + exposed.bottom()):
            left, y, width, height = self._grid.rect(place)
            rect = QRect(left, y - top, width, height)
            if not region.intersects(rect):
                continue
            index = self.model().index(place, 0)
            option.rect = rect
            option.state = plain
            if selection.isSelected(index):
                option.state |= _State.State_Selected
            if place == current:
                option.state |= _State.State_HasFocus
            if place == self._hovered:
                option.state |= _State.State_MouseOver
            self.itemDelegate().paint(painter, option, index)

    def paint_band(self, painter: QPainter) -> None:
        """Paint the band that is being drawn, if any."""
        if self.state() != _DRAWING_BAND:
            return
        band = QRect(self._band_start, self._band_end).normalized().translated(0, -self.verticalOffset())
        colour = self.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(colour)
        colour.setAlpha(40)
        painter.setBrush(colour)
        painter.drawRect(band)

"""The gallery: as many photos as one likes, of which only what is visible is laid out, read and painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from math import inf

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent

from cdul_gui.gallery.delegate import TileDelegate
from cdul_gui.gallery.grid_view import GridView, Index
from cdul_gui.gallery.headers import header_title, paint_header
from cdul_gui.gallery.model import GalleryModel
from cdul_gui.gallery.threshold_line import ThresholdLine, paint_threshold_line
from cdul_gui.gallery.thumbnails import MOST_BYTES, ThumbnailSource
from cdul_gui.look.colours import threshold_colour
from cdul_gui.session.notes import Notes
from cdul_gui.session.order import Grouping, Groups, group_keys, groups_of
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.snapshot_reading import Rows

LEAST_SIDE, MOST_SIDE = 96, 384
"""Of thumbnails, in pixels."""

_SIDE_STEP = 16
_MOST_AHEAD = 300
"""Thumbnails made for photos after those that are visible."""

_LABELS_AT_ONCE = 8
"""Photos new to the screen below which labels are painted in one turn, some milliseconds on a slow processor."""

_Command = QItemSelectionModel.SelectionFlag


class GalleryView(GridView):
    """Shows the session's photos as tiles; the current photo and the selection are the session's.

    Arrows, Home, End, the page keys, Ctrl and Shift select as in a list; dragging draws a band.
    """

    opened = Signal(int)
    """A photo should be shown large: its row in the snapshot."""
    thumbnail_side_changed = Signal(int)
    chips_wanted = Signal()
    """The keyboard should go on to the labels of the current photo."""
    menu_wanted = Signal(QPoint)
    """The menu of the current photo should be shown at this place of the screen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._snapshot = session.snapshot
        self.thumbnails = ThumbnailSource(session, self)
        self._model = GalleryModel(session, self.thumbnails, self)
        self._delegate = TileDelegate(session, self.thumbnails, self)
        self._groups = Groups([], [])
        self._grouping = Grouping.NONE
        self._message = ""
        self._threshold_line: ThresholdLine | None = None
        self._wheel_angle = 0
        self._following = False
        self._is_new = False  # what is in sight, since it was painted last
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._paint_left_out)
        self.setAccessibleName(self.tr("Gallery"))
        self.setFrameShape(GridView.Shape.NoFrame)
        self.setItemDelegate(self._delegate)
        self.setModel(self._model)
        self.doubleClicked.connect(self._open)
        self.thumbnails.arrived.connect(self._repaint_arrived)
        session.opened.connect(self._forget)
        session.shown_changed.connect(self._follow_shown)
        session.selection_changed.connect(self._follow_selection)
        session.current_changed.connect(self._follow_current)
        session.label_changed.connect(self.viewport().update)
        session.answers_changed.connect(self._repaint_answered)
        session.unfolded_changed.connect(self._repaint)
        self._follow_shown()

    def order_labels_by(self, order_of: Callable[[int], Sequence[int]]) -> None:
        """Show the labels of a photo that has an order of its own, columns by row, in the order of their digits."""
        self._delegate.order_of = order_of

    @property
    def thumbnail_side(self) -> int:
        """The longest side of thumbnails, `LEAST_SIDE` to `MOST_SIDE` pixels."""
        return self._delegate.side

    @thumbnail_side.setter
    def thumbnail_side(self, side: int) -> None:
        side = min(max(side, LEAST_SIDE), MOST_SIDE)
        if side != self._delegate.side:
            self._delegate.side = side
            self.lay_out()
            self.thumbnail_side_changed.emit(side)

    @property
    def grouping(self) -> Grouping:
        """Where headers stand between the photos; it is for the rows' order to bring a group's photos together."""
        return self._grouping

    @grouping.setter
    def grouping(self, grouping: Grouping) -> None:
        if grouping != self._grouping:
            self._grouping = grouping
            self._group()

    @property
    def notes(self) -> Notes:
        """What a search tells of the photos: groups, where in them it is, which is best."""
        return self._delegate.notes

    @notes.setter
    def notes(self, notes: Notes) -> None:
        self._delegate.notes = self._model.notes = notes
        self._group()
        self.viewport().update()

    @property
    def message(self) -> str:
        """What is said where no photo is shown."""
        return self._message

    @message.setter
    def message(self, message: str) -> None:
        if message != self._message:
            self._message = message
            self.viewport().update()

    @property
    def threshold_line(self) -> ThresholdLine | None:
        """The line between photos at or above a threshold and those below."""
        return self._threshold_line

    @threshold_line.setter
    def threshold_line(self, line: ThresholdLine | None) -> None:
        if line != self._threshold_line:
            self._threshold_line = line
            self._delegate.sweep(on=line is not None)
            self.viewport().update()

    def shut_down(self) -> None:
        """Stop making thumbnails and wait for the threads that do."""
        self.thumbnails.shut_down()

    # What the session shows

    @Slot()
    def _forget(self) -> None:
        self._snapshot = None

    @Slot(object)
    def _repaint_arrived(self, keys: set[bytes]) -> None:
        for place in self.visible_places():
            if self.thumbnails.key(int(self._model.rows[place])) in keys:
                self.viewport().update(self._delegate.photo_room(self.tile_rect(place)))

    @Slot()
    def show_chances(self) -> None:
        """Something new is known of what labels there are, or of how sure that is: what looks other is painted."""
        # Photos that are read anew are shown in a moment.
        followed = self._snapshot is self._session.snapshot
        rows = self._model.rows[list(self.visible_places())].tolist() if followed else []
        self._repaint_rows(self._delegate.look_up_labels(rows, anew=True))

    @Slot(object)
    def _repaint_answered(self, rows: list[int]) -> None:
        self._delegate.forget_labels_of(rows)
        self._repaint_rows(rows)

    def _repaint_rows(self, rows: Sequence[int]) -> None:
        wanted = set(rows)
        for place in self.visible_places():
            if int(self._model.rows[place]) in wanted:
                self.viewport().update(self.tile_rect(place))

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    def lay_out(self) -> None:
        super().lay_out()
        self._is_new = True
        self._tell_view()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._is_new = True
        self._tell_view()

    def _tell_view(self) -> None:
        if self._model.rows is self._session.shown:
            self._session.look_over(self.visible_places(), self._grid.columns)

    @Slot()
    def _follow_shown(self) -> None:
        session, before = self._session, self._snapshot
        if session.snapshot is before and np.array_equal(session.shown, self._model.rows):
            return
        self._snapshot = session.snapshot
        # Another filter or order is looked at from its beginning; when more was read of the same, all stays put.
        stay = before is not None and session.snapshot is not before
        # Who leaves a choice of photos goes on where they were.
        wider = len(session.shown) > len(self._model.rows) > 0 and np.isin(self._model.rows, session.shown).all()
        offset = self.verticalOffset() if stay else 0
        first = self.visible_places().start if session.shown_in_place and len(self._model.rows) else None
        held = None if first is None else (self._model.rows[first : first + 1], self.tile_rect(first).top())
        self._model.follow()
        self._group()
        if held is not None and len(places := self._model.places_of(held[0])):
            offset = self._grid.rect(int(places[0]))[1] - held[1]
        self.verticalScrollBar().setValue(offset)
        # What cannot be seen must not be edited.
        session.select(self._model.rows[self._model.places_of(session.selection)])
        self._follow_selection()
        self._follow_current()
        self.verticalScrollBar().setValue(offset)
        if wider and not stay:
            self.show_current()

    def shows_labels_of(self, rows: Rows) -> bool:
        """Whether all that is confirmed or likely on these photos can be read on their tiles."""
        shows_all, room = self._delegate.shows_all_labels, self.viewport().rect()
        places = self._model.places_of(rows).tolist()
        return self.shows_photos(rows) and all(shows_all(*self._tile(place), room) for place in places)

    def shows_photos(self, rows: Rows) -> bool:
        """Whether all these photos are in view."""
        places, visible = self._model.places_of(rows).tolist(), self.visible_places()
        return len(places) == len(rows) and all(place in visible for place in places)

    def _tile(self, place: int) -> tuple[QRect, int, QFont]:
        return self.tile_rect(place), int(self._model.rows[place]), self.font()

    def _group(self) -> None:
        snapshot, rows, header = self._session.snapshot, self._model.rows, self.fontMetrics().height() + 22
        if (groups := self.notes.groups_for(rows)) is not None:
            self._groups = groups
            self.divide(groups.starts, header)
        elif snapshot is None or self._grouping == Grouping.NONE:
            self.divide((0,), 0)
        else:
            self._groups = groups_of(group_keys(self._grouping, rows, snapshot.paths, snapshot.taken_at))
            self.divide(self._groups.starts, header)

    @Slot()
    def _follow_selection(self) -> None:
        places = self._model.places_of(self._session.selection)
        if not np.array_equal(places, self._selected_places()):
            spans = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
            self._following = True
            self.select_places([range(span[0], span[-1] + 1) for span in spans if len(span)], _Command.ClearAndSelect)
            self._following = False

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._following:
            self._session.select(self._model.rows[self._selected_places()])

    def _selected_places(self) -> Rows:
        selection = self.selectionModel().selection()
        spans = [np.arange(span.top(), span.bottom() + 1) for span in selection.toList()]
        return np.sort(np.concatenate([NO_ROWS, *spans]))

    @Slot()
    def _follow_current(self) -> None:
        current = self._session.current
        places = NO_ROWS if current is None else self._model.places_of(np.array([current], np.int64))
        index = self._model.index(int(places[0])) if len(places) else QModelIndex()
        if index != self.currentIndex():
            self.selectionModel().setCurrentIndex(index, _Command.NoUpdate)
        # Qt tells screen readers of the items of its own views alone.
        self.setAccessibleDescription(str(index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data() or ""))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self._session.look_at(int(self._model.rows[current.row()]))

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place, index = event.position().toPoint(), self.indexAt(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        on_fold = plain and index.isValid() and self._delegate.is_on_fold(*self._tile(index.row()), place)
        super().mousePressEvent(event)
        # Another photo is looked at by now, with everything folded up.
        if on_fold:
            self._session.toggle_unfolded()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        # Touchpads send parts of a notch.
        self._wheel_angle += event.angleDelta().y()
        notches = int(self._wheel_angle / 120)
        self._wheel_angle -= 120 * notches
        self.thumbnail_side += notches * _SIDE_STEP
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place, current = event.pos(), self.currentIndex()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.scrollTo(current)
            place = self.visualRect(current).center()
        elif not self.indexAt(place).isValid():
            return
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward and self._session.current is not None:
            self.chips_wanted.emit()
            return True
        return super().focusNextPrevChild(forward)

    def keyboardSearch(self, search: str) -> None:
        """Letters are for labels: none jumps to a photo's name."""

    @Slot(QModelIndex)
    def _open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(int(self._model.rows[index.row()]))

    # Painting

    @Slot()
    def _paint_left_out(self) -> None:
        left_out = sorted(self._delegate.left_out.intersection(self.visible_places()))
        self._delegate.left_out = set(left_out[_LABELS_AT_ONCE:])
        for place in left_out[:_LABELS_AT_ONCE]:
            self.viewport().update(self._delegate.room_below(self.tile_rect(place)))
        self._is_new = bool(left_out)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if not len(self._model.rows):
            self._paint_message(painter)
            return
        self._want_thumbnails()
        self._delegate.look_up_labels(self._model.rows[list(self.visible_places())].tolist(), anew=False)
        top = self.verticalOffset()
        for group, y in self._grid.headers(top + event.rect().top(), top + event.rect().bottom()):
            self._paint_header(painter, group, y - top)
        # Who scrolls on cannot read: labels that would keep the next step waiting come after it, and so at first.
        self._delegate.begin(event.region(), _LABELS_AT_ONCE if self._is_new else inf)
        self._is_new = False
        self.paint_tiles(painter, event)
        if self._delegate.left_out:
            self._soon.start()
        if (line := self._threshold_line) is not None and line.place < self._grid.count:
            corners = [(x, y - top) for x, y in self._grid.corners_before(line.place)]
            ground = self.palette().color(QPalette.ColorRole.Base)
            paint_threshold_line(painter, corners, line.caption, threshold_colour(self.palette()), ground)
        self.paint_band(painter)

    def places_ahead(self) -> range:
        """The places after the visible ones for which thumbnails are made as well."""
        box = self._box() * self.devicePixelRatioF()
        # No more than leaves room in memory for what is visible.
        ahead = min(_MOST_AHEAD, MOST_BYTES // 2 // (4 * box.width() * box.height()))
        first = self.visible_places().stop
        return range(first, min(first + ahead, self._grid.count))

    def _box(self) -> QSize:
        return self._delegate.box(self._grid.tile_width)

    def _want_thumbnails(self) -> None:
        visible, above = self.visible_places(), self.visible_places(screens_above=1)
        places = chain(visible, self.places_ahead(), range(above.start, visible.start))
        self.thumbnails.want(self._model.rows[np.fromiter(places, np.int64)], self._box(), self.devicePixelRatioF())

    def _paint_header(self, painter: QPainter, group: int, top: int) -> None:
        room = QRect(0, top, self.viewport().width(), self._grid.header)
        project = self._session.project
        title = header_title(self._groups.titles[group], self._grouping, project.photos.name if project else "")
        paint_header(painter, room, title, self._grid.group_size(group), self.font(), self.palette())

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        room = self.viewport().rect().adjusted(48, 48, -48, -48)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)

"""Paints one photo of the gallery: thumbnail, chips of its labels, and the marks of its states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import ceil, inf

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPalette, QPen, QRegion
from PySide6.QtWidgets import QAbstractItemDelegate, QStyle, QStyleOptionViewItem

from cdul_gui.gallery.decoding import CORNER
from cdul_gui.gallery.label_strips import LabelStrips
from cdul_gui.gallery.model import GalleryModel, Index, name_of
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.gallery.tile_labels import TileLabels, labels_of_tiles, lay_out
from cdul_gui.look.chips import CHIP_SPACING, chip_colours, chip_height, paint_check, paint_chip, paint_fold
from cdul_gui.look.colours import threshold_colour
from cdul_gui.look.parts import rect_of
from cdul_gui.session.notes import Notes
from cdul_gui.session.session import Session
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.stages.finding.search import WHOLE_PHOTO, Part

_MARGIN = 4
"""Around a tile's frame."""
_PADDING = 7
"""Between the frame and what is in it."""
_CHIP_LINES = 2
_BADGE = 18
_FRAMED = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
_MOST_ROWS_KEPT = 20_000
"""Of which the chips are known; few bytes each."""


class TileDelegate(QAbstractItemDelegate):
    """A tile has room for a thumbnail, 4 : 3 and at least `side` pixels wide, and two lines of chips."""

    def __init__(self, session: Session, thumbnails: ThumbnailSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self._labels: dict[int, TileLabels] = {}
        self._strips = LabelStrips()
        self.side = 128
        self.order_of: Callable[[int], Sequence[int]] = lambda _row: ()
        """Columns of a photo's labels in the order of their digits, where it has one."""
        self._swept = False
        self.notes = Notes()
        self._exposed: QRegion | None = None
        self._labels_left = inf
        self._rooms_of: dict[tuple[int, int], tuple[QRect, QRect]] = {}
        self.left_out: set[int] = set()
        """Places of the photos where that was left out."""
        for changed in (session.snapshot_changed, session.label_changed, session.unfolded_changed):
            changed.connect(self.forget_labels)

    @Slot()
    def forget_labels(self) -> None:
        """Something else is to be said of the photos' labels."""
        self._labels.clear()

    def sweep(self, *, on: bool) -> None:
        """Show the label that is looked at on every photo: they are shown by its score, and keys answer for it."""
        if on != self._swept:
            self._swept = on
            self.forget_labels()

    def forget_labels_of(self, rows: Sequence[int]) -> None:
        """Something else is to be said of the labels of these photos."""
        for row in rows:
            self._labels.pop(row, None)

    def look_up_labels(self, rows: Sequence[int], *, anew: bool) -> list[int]:
        """Have the labels of these photos at hand; returns those of which something else is to be said than before.

        Args:
            anew: look all of them up, and none of the other photos' is known any more.
        """
        session, snapshot = self._session, self._session.snapshot
        before, wanted = self._labels, [row for row in rows if anew or row not in self._labels]
        if anew or len(before) + len(wanted) > _MOST_ROWS_KEPT:
            self._labels = {}
        if snapshot is None or not wanted:
            return []
        unfolded = session.current if session.unfolded else None
        found = labels_of_tiles(snapshot, wanted, session.label, unfolded, self.order_of, swept=self._swept)
        self._labels |= found
        return [row for row, labels in found.items() if labels != before.get(row)]

    def begin(self, exposed: QRegion, most_labels: float = inf) -> None:
        """What is to be painted from now on, and below how many photos at most; the others are `left_out`."""
        self._exposed, self._labels_left = exposed, most_labels

    def photo_room(self, tile: QRect) -> QRect:
        """All of a tile that a photo with its marks is painted on."""
        return _around(self._rooms(tile)[0])

    def room_below(self, tile: QRect) -> QRect:
        """The room of a tile for its labels."""
        return self._rooms(tile)[1]

    def box(self, tile_width: int) -> QSize:
        """The room for the thumbnail in a tile."""
        width = tile_width - 2 * (_MARGIN + _PADDING)
        return QSize(width, width * 3 // 4)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The least width, and the height at the width that `option.rect` has."""
        rect: QRect = option.rect
        border = 2 * (_MARGIN + _PADDING)
        least = self.side + border
        chips = _CHIP_LINES * (chip_height(option.font) + CHIP_SPACING) + 2
        return QSize(least, self.box(max(rect.width(), least)).height() + chips + border)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, snapshot = index.model(), self._session.snapshot
        assert isinstance(model, GalleryModel)
        assert snapshot is not None
        row = int(model.rows[index.row()])
        palette: QPalette = option.palette
        rect: QRect = option.rect
        frame = rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        _paint_frame(painter, frame, option.state, palette)

        room, below = self._rooms(rect)
        # Where a thumbnail has come, what is below it stays as it is; and the photo where labels come later.
        if self._is_exposed(_around(room)):
            self._paint_photo(painter, room, row, snapshot, palette)
        if self._is_exposed(below):
            if self._labels_left > 0:
                self._labels_left -= 1
                self._paint_below(painter, below, row, option)
            else:
                self.left_out.add(index.row())

    def _is_exposed(self, room: QRect) -> bool:
        return self._exposed is None or self._exposed.intersects(room)

    def _paint_photo(self, painter: QPainter, room: QRect, row: int, snapshot: Snapshot, palette: QPalette) -> None:
        problem = self._thumbnails.problem(row)
        thumbnail = self._thumbnails.thumbnail(row)
        if problem is not None:
            photo = QRectF(room)
            _paint_broken(painter, photo, palette, self.tr("cannot be read"))
        elif thumbnail is not None:
            photo = _centred(QSizeF(thumbnail.size()), room, painter.device().devicePixelRatioF())
            painter.drawImage(photo, thumbnail)
        else:
            photo = _centred(_known_size(snapshot, row, room.size()), room, 1.0)
            _paint_rounded(painter, photo, palette.color(QPalette.ColorRole.Midlight))
        if snapshot.reviewed[row]:
            _paint_badge(painter, photo, palette)
        if row in self.notes.best:
            _paint_best(painter, photo, palette)
        if (part := self.notes.parts.get(row)) is not None and part != WHOLE_PHOTO and thumbnail is not None:
            _paint_part(painter, photo, part, palette)

    def _paint_below(self, painter: QPainter, room: QRect, row: int, option: QStyleOptionViewItem) -> None:
        """The chips of a row, or the photo's name where it has none."""
        labels, snapshot, palette = self._labels_of(row), self._session.snapshot, option.palette
        assert snapshot is not None

        def draw(onto: QPainter, inside: QRect) -> None:
            if labels:
                _paint_labels(onto, inside, labels, palette)
            else:
                onto.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
                name = name_of(snapshot, row)
                name = onto.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, inside.width())
                onto.drawText(inside, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)

        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            draw(painter, room)  # on the tile's own ground
        else:
            shows = labels or snapshot.paths[row], palette.cacheKey()
            ground = palette.color(QPalette.ColorRole.Base)
            self._strips.paint(painter, room, row, shows, ground, lambda onto: draw(onto, QRect(QPoint(), room.size())))

    def is_on_fold(self, tile: QRect, row: int, font: QFont, place: QPoint) -> bool:
        """Whether a place is on the chip that labels of this photo stand folded behind."""
        if self._session.snapshot is None:
            return False
        labels = self._labels_of(row)
        fold = lay_out(font, self._rooms(tile)[1], labels).fold
        return labels.foldable and fold is not None and fold[0].contains(place)

    def shows_all_labels(self, tile: QRect, row: int, font: QFont, screen: QRect) -> bool:
        """Whether all labels of a photo but for those that may be have room on its tile, and are on the screen."""
        labels, room = self._labels_of(row), self._rooms(tile)[1]
        without_room = labels.chips[len(lay_out(font, room, labels).chips) :]
        return screen.contains(room) and all(chip.state == LabelState.MAYBE for chip in without_room)

    def _rooms(self, tile: QRect) -> tuple[QRect, QRect]:
        """The room for the thumbnail in a tile, and the room for the chips."""
        size, corner = (tile.width(), tile.height()), tile.topLeft()
        if size not in self._rooms_of:  # asked for several times a tile
            border = _MARGIN + _PADDING
            inside = QRect(0, 0, *size).adjusted(border, border, -border, -border)
            photo = QRect(inside.topLeft(), self.box(tile.width()))
            below = QRect(inside.left(), photo.bottom() + 7, inside.width(), inside.bottom() - photo.bottom() - 6)
            self._rooms_of = {size: (photo, below)}
        photo, below = self._rooms_of[size]
        return photo.translated(corner), below.translated(corner)

    def _labels_of(self, row: int) -> TileLabels:
        self.look_up_labels([row], anew=False)
        return self._labels[row]


def _around(photo: QRect) -> QRect:
    """Where strokes on a photo's room may reach to."""
    return photo.adjusted(-1, -1, 1, 1)


def _known_size(snapshot: Snapshot, row: int, otherwise: QSize) -> QSizeF:
    width, height = snapshot.sizes[row].tolist()
    if not (width and height):
        return QSizeF(otherwise)
    return QSizeF(height, width) if snapshot.orientations[row] >= 5 else QSizeF(width, height)


def _centred(size: QSizeF, room: QRect, pixel_ratio: float) -> QRectF:
    """A photo's place in its room: fitted where it is too large, on whole device pixels so that it stays sharp."""
    size = size / pixel_ratio
    if size.width() > room.width() or size.height() > room.height():
        size = size.scaled(QSizeF(room.size()), Qt.AspectRatioMode.KeepAspectRatio)
    left = room.left() + (room.width() - size.width()) / 2
    top = room.top() + (room.height() - size.height()) / 2
    return QRectF(QPointF(round(left), round(top)), size)


def _paint_frame(painter: QPainter, rect: QRect, state: QStyle.StateFlag, palette: QPalette) -> None:
    if not state & _FRAMED:
        return
    selected = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    current = bool(state & QStyle.StateFlag.State_HasFocus)
    if selected or hovered:
        ground = palette.color(QPalette.ColorRole.Highlight)
        ground.setAlpha(84 if selected else 36)
        _paint_rounded(painter, QRectF(rect), ground, 7.0)
    if selected or current:
        # Dark only where the keyboard is, as the frame around a button.
        of_current = (
            QPalette.ColorRole.WindowText
            if state & QStyle.StateFlag.State_Active
            else QPalette.ColorRole.PlaceholderText
        )
        role = of_current if current else QPalette.ColorRole.Accent
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(role), 2.0))
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 6, 6)


def _paint_rounded(painter: QPainter, rect: QRectF, brush: QBrush | QColor, radius: float = CORNER) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)


def _paint_badge(painter: QPainter, photo: QRectF, palette: QPalette) -> None:
    """The mark of a reviewed photo: a disc with a check mark on the upper right corner."""
    colours = chip_colours(LabelState.CONFIRMED, palette)
    corner = QPoint(round(photo.right()) - _BADGE - 5, round(photo.top()) + 3)
    ratio = painter.device().devicePixelRatioF()
    painter.drawImage(corner, _badge(colours.ground.rgba(), colours.text.rgba(), ratio))


@cache
def _badge(ground: int, line: int, ratio: float) -> QImage:
    """As dozens of photos on the screen have it; a pixel wider on every side than the disc."""
    side = ceil((_BADGE + 2) * ratio)
    picture = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(line), 1.5))
    painter.setBrush(QColor.fromRgba(ground))
    disc = QRect(1, 1, _BADGE, _BADGE)
    painter.drawEllipse(disc)
    paint_check(painter, disc.adjusted(4, 4, -4, -4), QColor.fromRgba(line))
    painter.end()
    return picture


def _paint_best(painter: QPainter, photo: QRectF, palette: QPalette) -> None:
    """The mark of the best of near-duplicates: a star on the upper left corner."""
    disc = QRectF(photo.left() + 4, photo.top() + 4, _BADGE, _BADGE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Window))
    painter.drawEllipse(disc)
    painter.setBrush(threshold_colour(palette))
    turns = np.arange(10) * np.pi / 5
    lengths = np.where(np.arange(10) % 2, 0.17, 0.4) * _BADGE
    points = zip(np.sin(turns) * lengths, -np.cos(turns) * lengths, strict=True)
    painter.drawPolygon([disc.center() + QPointF(float(x), float(y)) for x, y in points])


def _paint_part(painter: QPainter, photo: QRectF, part: Part, palette: QPalette) -> None:
    """A frame around the part of a photo where what was looked for is."""
    frame = rect_of(part, photo).adjusted(2, 2, -2, -2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # A dark line around the bright one is seen on any photo.
    for colour, width in ((QColor(0, 0, 0, 150), 4.0), (threshold_colour(palette), 2.0)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(frame)


def _paint_broken(painter: QPainter, rect: QRectF, palette: QPalette, caption: str) -> None:
    """The mark of a photo that cannot be read: a torn frame and words."""
    _paint_rounded(painter, rect, palette.color(QPalette.ColorRole.Midlight))
    colour = palette.color(QPalette.ColorRole.PlaceholderText)
    painter.setPen(QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    frame = QRectF(0, 0, rect.height() * 0.5, rect.height() * 0.38)
    frame.moveCenter(QPointF(rect.center().x(), rect.top() + rect.height() * 0.38))
    painter.drawRoundedRect(frame, 3, 3)
    tear = ((0.62, 0.0), (0.42, 0.35), (0.6, 0.55), (0.38, 1.0))
    painter.drawPolyline([QPointF(frame.x() + x * frame.width(), frame.y() + y * frame.height()) for x, y in tear])
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    words = QRectF(rect.left(), frame.bottom(), rect.width(), rect.bottom() - frame.bottom())
    painter.drawText(words, Qt.AlignmentFlag.AlignCenter, caption)


def _paint_labels(painter: QPainter, room: QRect, labels: TileLabels, palette: QPalette) -> None:
    laid_out = lay_out(painter.font(), room, labels)
    for rect, chip in (*laid_out.chips, *laid_out.without_room):
        paint_chip(painter, rect, chip.text, chip.state, chip.chance, palette)
    if laid_out.fold is not None:
        paint_fold(painter, *laid_out.fold, palette)

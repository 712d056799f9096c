"""The headers between the groups of the gallery."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPalette

from cdul_gui.session.order import Grouping

_INDENT, _GAP = 12, 12


def header_title(group: str, grouping: Grouping, photo_folder: str) -> str:
    """What stands above a group: its folder, or its day in words."""
    if grouping == Grouping.DAY:
        day = QDate.fromString(group, Qt.DateFormat.ISODate)
        unknown = QCoreApplication.translate("GalleryView", "Date unknown")
        return QLocale().toString(day, QLocale.FormatType.LongFormat) if group else unknown
    return group or photo_folder


def paint_header(painter: QPainter, room: QRect, title: str, photos: int, font: QFont, palette: QPalette) -> None:
    """Paint a title and, beside it, how many photos there are."""
    rect = room.adjusted(_INDENT, 0, -_INDENT, 0)
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, title)
    rect.setLeft(rect.left() + painter.fontMetrics().horizontalAdvance(title) + _GAP)
    painter.setFont(font)
    painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, QLocale().toString(photos))

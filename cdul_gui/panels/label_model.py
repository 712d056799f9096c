"""The label set as a table: name, confirmed, suggested, key."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPainter, QPalette, QPixmap

from cdul_gui.colours import label_colour
from cdul_gui.label_use import LabelUse
from cdul_gui.session import Session
from engine.project.labels import LabelRow

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole


class LabelColumn(IntEnum):
    NAME = 0
    CONFIRMED = 1
    SUGGESTED = 2
    KEY = 3


_COLUMNS = len(LabelColumn)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SIZE = QSize(0, 26)
_TOLD_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
        SORT_ROLE,
    }
)


class LabelModel(QAbstractTableModel):
    """Rows are columns of the snapshot."""

    def __init__(self, session: Session, use: LabelUse, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._use = session, use
        self._labels: list[LabelRow] = []
        self._dots: dict[str, QPixmap] = {}
        session.snapshot_changed.connect(self._read)
        use.changed.connect(self._counts_changed)
        use.keys_changed.connect(self._counts_changed)
        self._read()

    @Slot()
    def _read(self) -> None:
        labels = self._session.snapshot.labels if self._session.snapshot is not None else []
        if labels != self._labels:
            self.beginResetModel()
            self._labels = labels
            self.endResetModel()

    @Slot()
    def _counts_changed(self) -> None:
        if self._labels:
            self.dataChanged.emit(
                self.index(0, LabelColumn.CONFIRMED), self.index(len(self._labels) - 1, LabelColumn.KEY)
            )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Label"), self.tr("Yes"), self.tr("New"), self.tr("Key"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                self.tr("The label set; click a heading to sort by it"),
                self.tr("Photos on which the label is confirmed"),
                self.tr("Photos for which the label is suggested"),
                self.tr("The key that toggles the label on the selected photos"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section != LabelColumn.NAME:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Asked some thousand times for one painting: what is the same for all labels is said first.
        if role == Qt.ItemDataRole.SizeHintRole:
            return _SIZE
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return None if column == LabelColumn.NAME else _RIGHT
        if role == Qt.ItemDataRole.ForegroundRole:
            link = QGuiApplication.palette().color(QPalette.ColorRole.Link)
            return QBrush(link) if column == LabelColumn.SUGGESTED else None
        if role not in _TOLD_ROLES or not index.isValid():
            return None
        row = index.row()
        label = self._labels[row]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._dot(label_colour(label, row)) if column == LabelColumn.NAME else None
        confirmed, suggested = self._counts_of(row)
        key = self._use.keys.get(row, "")
        if role == SORT_ROLE:
            return (label.name, -confirmed, -suggested, key or "~")[column]
        if role == Qt.ItemDataRole.DisplayRole:
            if column == LabelColumn.NAME:
                return label.name
            if column == LabelColumn.KEY:
                return key
            count, sign = (confirmed, "") if column == LabelColumn.CONFIRMED else (suggested, "+")
            return f"{sign}{count:,}" if count else ""
        text = self.tr("{label}: confirmed on {confirmed}, suggested for {suggested} photos").format(
            label=label.name, confirmed=confirmed, suggested=suggested
        )
        return text + (self.tr("; key {key}").format(key=key) if key else "")

    def _counts_of(self, row: int) -> tuple[int, int]:
        """Photos on which the label is confirmed, and for which it is suggested."""
        counts = self._use.counts
        # The label set may have become longer a moment ago.
        if counts is None or row >= len(counts.confirmed):
            return 0, 0
        return int(counts.confirmed[row]), int(counts.suggested[row])

    def _dot(self, colour: QColor) -> QPixmap:
        dot = self._dots.get(colour.name())
        if dot is None:
            dot = QPixmap(24, 24)
            dot.setDevicePixelRatio(2)
            dot.fill(Qt.GlobalColor.transparent)
            painter = QPainter(dot)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(2, 2, 8, 8)
            painter.end()
            self._dots[colour.name()] = dot
        return dot

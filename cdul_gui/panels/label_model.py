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
        return 0 if parent.isValid() else len(LabelColumn)

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
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), LabelColumn(index.column())
        label, counts = self._labels[row], self._use.counts
        fresh = counts is not None and row < len(counts.confirmed)
        confirmed, suggested = (int(counts.confirmed[row]), int(counts.suggested[row])) if counts and fresh else (0, 0)
        key = self._use.keys.get(row, "")
        if role in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            as_text = role == Qt.ItemDataRole.DisplayRole
            return {
                LabelColumn.NAME: label.name,
                LabelColumn.CONFIRMED: (f"{confirmed:,}" if confirmed else "") if as_text else -confirmed,
                LabelColumn.SUGGESTED: (f"+{suggested:,}" if suggested else "") if as_text else -suggested,
                LabelColumn.KEY: key if as_text else key or "~",
            }[column]
        if role == Qt.ItemDataRole.DecorationRole and column == LabelColumn.NAME:
            return self._dot(label_colour(label, row))
        if role == Qt.ItemDataRole.TextAlignmentRole and column != LabelColumn.NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == LabelColumn.SUGGESTED:
            return QBrush(QGuiApplication.palette().color(QPalette.ColorRole.Link))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            text = self.tr("{label}: confirmed on {confirmed}, suggested for {suggested} photos").format(
                label=label.name, confirmed=confirmed, suggested=suggested
            )
            return text + (self.tr("; key {key}").format(key=key) if key else "")
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, 26)
        return None

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

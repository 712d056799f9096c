"""The label set as a table that can be edited in place."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPalette

from cdul_gui.colours import label_colour
from cdul_gui.label_set import LabelSetEditing
from cdul_gui.label_use import LabelUse
from cdul_gui.session import Session
from engine.project.labels import LabelRow

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    NAME = 0
    KEY = 1
    KIND = 2
    PROMPTS = 3
    CONFIRMED = 4
    SUGGESTED = 5


EDITABLE = (Column.NAME, Column.KEY, Column.KIND)
_NUMBERS = (Column.CONFIRMED, Column.SUGGESTED)


class LabelSetModel(QAbstractTableModel):
    """Rows are the labels in their order. What is typed is shown once it is written."""

    def __init__(
        self, session: Session, use: LabelUse, editing: LabelSetEditing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._use, self._editing = use, editing
        self.labels: list[LabelRow] = list(editing.labels)
        session.snapshot_changed.connect(self._read)
        use.changed.connect(self._repaint)

    def row_of(self, label_id: int) -> int | None:
        """The row of a label, None if it left the label set."""
        return next((row for row, label in enumerate(self.labels) if label.id == label_id), None)

    @Slot()
    def _read(self) -> None:
        labels = list(self._editing.labels)
        if labels != self.labels:
            self.beginResetModel()
            self.labels = labels
            self.endResetModel()

    @Slot()
    def _repaint(self) -> None:
        if self.labels:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.labels) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in EDITABLE else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Label"),
                self.tr("Key"),
                self.tr("Kind"),
                self.tr("Prompts"),
                self.tr("Yes"),
                self.tr("New"),
            )[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                self.tr("Press F2 or double click to rename"),
                self.tr("The key that toggles the label; empty for one that is handed out"),
                self.tr("What kind of thing it is: COCO's supercategory"),
                self.tr("What the encoder is asked for"),
                self.tr("Photos on which the label is confirmed"),
                self.tr("Photos for which the label is suggested"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), Column(index.column())
        label = self.labels[row]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.EditRole:
            return {Column.NAME: label.name, Column.KEY: label.key or "", Column.KIND: label.supercategory}.get(column)
        if role == Qt.ItemDataRole.DecorationRole and column == Column.NAME:
            return label_colour(label, row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole and column == Column.PROMPTS:
            return "\n".join(label.texts)
        handed_out = column == Column.KEY and not label.key
        if role == Qt.ItemDataRole.ForegroundRole and (handed_out or column == Column.PROMPTS):
            return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or value == self.data(index, role):
            return False
        label = self.labels[index.row()]
        edit = {
            Column.NAME: self._editing.rename,
            Column.KEY: self._editing.set_key,
            Column.KIND: self._editing.set_supercategory,
        }[Column(index.column())]
        edit(label, value)
        return True

    def _text(self, row: int, column: Column) -> str:
        label, counts = self.labels[row], self._use.counts
        fresh = counts is not None and len(counts.confirmed) == len(self.labels)
        confirmed, suggested = (int(counts.confirmed[row]), int(counts.suggested[row])) if counts and fresh else (0, 0)
        return {
            Column.NAME: label.name,
            Column.KEY: label.key or self._use.keys.get(row, ""),
            Column.KIND: label.supercategory,
            Column.PROMPTS: "; ".join(label.texts),
            Column.CONFIRMED: f"{confirmed:,}" if confirmed else "",
            Column.SUGGESTED: f"+{suggested:,}" if suggested else "",
        }[column]


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter

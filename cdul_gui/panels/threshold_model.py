"""The thresholds of all labels as a table: where each lies and why, and what reviewed photos tell of it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QGuiApplication, QPalette

from cdul_gui.panels.queue_bar import as_interval
from cdul_gui.panels.sweep import as_threshold
from cdul_gui.panels.threshold_words import note_in_words, source_in_short
from engine.stages.label_thresholds import LabelThreshold

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole

_MARGINS, _ROW_HEIGHT = 14, 22


class ThresholdColumn(IntEnum):
    LABEL = 0
    THRESHOLD = 1
    SOURCE = 2
    SUGGESTED = 3
    UNDECIDED = 4
    REVIEWED = 5
    RIGHT = 6
    NOTE = 7


_NUMBERS = (
    ThresholdColumn.THRESHOLD,
    ThresholdColumn.SUGGESTED,
    ThresholdColumn.UNDECIDED,
    ThresholdColumn.REVIEWED,
    ThresholdColumn.RIGHT,
)


class ThresholdModel(QAbstractTableModel):
    """Rows are the labels in the order of the label set."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.labels: tuple[LabelThreshold, ...] = ()

    def show_labels(self, labels: tuple[LabelThreshold, ...]) -> None:
        """Show other labels, or the same with other values; what is chosen stays chosen then."""
        if [one.label for one in labels] != [one.label for one in self.labels]:
            self.beginResetModel()
            self.labels = labels
            self.endResetModel()
        elif labels != self.labels:
            self.labels = labels
            self.dataChanged.emit(self.index(0, 0), self.index(len(labels) - 1, len(ThresholdColumn) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(ThresholdColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Label"),
                self.tr("From"),
                self.tr("Why"),
                self.tr("Suggested"),
                self.tr("Undecided"),
                self.tr("Reviewed"),
                self.tr("Right"),
                "",
            )[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                self.tr("The label set; click a heading to sort by it"),
                self.tr("Threshold: the label is suggested from this score on"),
                self.tr("Who says from which score on the label is suggested"),
                self.tr("Photos for which the label is suggested and that nobody has answered"),
                self.tr("Photos whose score is neither a clear yes nor a clear no"),
                self.tr("Answers that this was learnt from: yes and no"),
                self.tr("The share of suggestions that is right, as reviewed photos tell, with its 95 % interval"),
                "",
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(ThresholdColumn(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one, column = self.labels[index.row()], ThresholdColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(one, column)
        if role == Qt.ItemDataRole.SizeHintRole:
            width = QFontMetrics(QGuiApplication.font()).horizontalAdvance(_text(one, column))
            return QSize(width + _MARGINS, _ROW_HEIGHT)
        if role == SORT_ROLE:
            return {
                ThresholdColumn.LABEL: one.label,
                ThresholdColumn.THRESHOLD: one.threshold,
                ThresholdColumn.SOURCE: source_in_short(one.source),
                ThresholdColumn.SUGGESTED: -one.suggested,
                ThresholdColumn.UNDECIDED: -one.undecided,
                ThresholdColumn.REVIEWED: -(one.yes + one.no),
                ThresholdColumn.RIGHT: 2.0 if one.precision is None else one.precision.value,
                ThresholdColumn.NOTE: note_in_words(one.note),
            }[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return note_in_words(one.note)
        if role == Qt.ItemDataRole.ForegroundRole and column in (ThresholdColumn.SOURCE, ThresholdColumn.NOTE):
            return QBrush(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        return None


def _text(one: LabelThreshold, column: ThresholdColumn) -> str:
    return {
        ThresholdColumn.LABEL: one.label,
        ThresholdColumn.THRESHOLD: as_threshold(one.threshold),
        ThresholdColumn.SOURCE: source_in_short(one.source),
        ThresholdColumn.SUGGESTED: f"{one.suggested:,}",
        ThresholdColumn.UNDECIDED: f"{one.undecided:,}",
        ThresholdColumn.REVIEWED: f"{one.yes:,} + {one.no:,}" if one.yes + one.no else "",
        ThresholdColumn.RIGHT: as_interval(one.precision),
        ThresholdColumn.NOTE: note_in_words(one.note),
    }[column]


def _alignment(column: ThresholdColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter

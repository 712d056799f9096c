"""The labels with their figures against a truth, to be sorted by any of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.stages.compare import Difference
from engine.stages.evaluation import LabelEvaluation, percent, percent_interval

Index = QModelIndex | QPersistentModelIndex

SORTED_BY = Qt.ItemDataRole.UserRole


class EvaluationColumn(IntEnum):
    LABEL = 0
    POSITIVES = 1
    AP = 2
    INTERVAL = 3
    PRECISION = 4
    RECALL = 5
    F1 = 6
    DIFFERENCE = 7


class EvaluationModel(QAbstractTableModel):
    """One row a label."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.labels: tuple[LabelEvaluation, ...] = ()
        self.differences: dict[str, Difference] = {}

    def show_labels(self, labels: tuple[LabelEvaluation, ...], differences: Sequence[Difference]) -> None:
        """Show the figures of other labels, or others of the same, and how AP differs from that beside it."""
        self.beginResetModel()
        self.labels = labels
        self.differences = {one.label: one for one in differences}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(EvaluationColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Label"),
                self.tr("Positives"),
                self.tr("AP"),
                self.tr("95 %"),
                self.tr("Prec."),
                self.tr("Recall"),
                self.tr("F1"),
                self.tr("± AP"),
            )[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                self.tr("The label; a click shows its curve and its photos"),
                self.tr("Photos that have the label, by the truth"),
                self.tr("Average precision, in %"),
                self.tr("Where AP would lie with other photos of the same kind"),
                self.tr("Precision: of the suggested photos, the share that has the label, in %"),
                self.tr("Recall: of the photos that have the label, the share for which it is suggested, in %"),
                self.tr("F1: precision and recall in one, in %"),
                self.tr("How much AP is above or below that of the scores beside it, on the same photos"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section != EvaluationColumn.LABEL:
            return Qt.AlignmentFlag.AlignCenter  # at the right the sign of the order would lie on it
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one, column = self.labels[index.row()], EvaluationColumn(index.column())
        difference = self.differences.get(one.label)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DisplayRole:
            return {
                EvaluationColumn.LABEL: one.label,
                EvaluationColumn.POSITIVES: f"{one.positives:,}",
                EvaluationColumn.AP: percent(one.ap),
                EvaluationColumn.INTERVAL: percent_interval(one.ap_interval),
                EvaluationColumn.PRECISION: percent(one.precision),
                EvaluationColumn.RECALL: percent(one.recall),
                EvaluationColumn.F1: percent(one.f1),
                EvaluationColumn.DIFFERENCE: f"{100 * difference.difference:+.1f}" if difference else "",
            }[column]
        if role == Qt.ItemDataRole.ToolTipRole and column == EvaluationColumn.DIFFERENCE and difference:
            return percent_interval(difference.interval)
        if role == SORTED_BY:
            interval = one.ap_interval
            figure = {
                EvaluationColumn.LABEL: one.label.casefold(),
                EvaluationColumn.POSITIVES: one.positives,
                EvaluationColumn.AP: one.ap,
                EvaluationColumn.INTERVAL: interval.high - interval.low if interval else None,
                EvaluationColumn.PRECISION: one.precision,
                EvaluationColumn.RECALL: one.recall,
                EvaluationColumn.F1: one.f1,
                EvaluationColumn.DIFFERENCE: difference.difference if difference else None,
            }[column]
            return -1.0 if figure is None else figure
        return None


class EvaluationTable(QTableView):
    """Sorted by a click on a header; `chosen` says which label is looked at."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels = EvaluationModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.labels)
        self._sorted.setSortRole(SORTED_BY)
        self.setModel(self._sorted)
        self.setAccessibleName(self.tr("Labels against the truth"))
        self.setSortingEnabled(True)
        self.sortByColumn(EvaluationColumn.AP, Qt.SortOrder.DescendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(22)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(52)  # room for the sign of the order beside a short name
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(EvaluationColumn.LABEL, QHeaderView.ResizeMode.Stretch)
        self.selectionModel().currentRowChanged.connect(self._choose)

    @property
    def label(self) -> str | None:
        """The name of the label that is chosen."""
        index = self._sorted.mapToSource(self.currentIndex())
        return self.labels.labels[index.row()].label if index.isValid() else None

    def show_labels(self, labels: tuple[LabelEvaluation, ...], differences: Sequence[Difference] = ()) -> None:
        """Show other figures; the label that was chosen stays so, where it is still there."""
        chosen = self.label
        self.labels.show_labels(labels, differences)
        self.setColumnHidden(EvaluationColumn.DIFFERENCE, not differences)
        names = [one.label for one in labels]
        if labels:
            row = names.index(chosen) if chosen in names else self._sorted.mapToSource(self._sorted.index(0, 0)).row()
            self.setCurrentIndex(self._sorted.mapFromSource(self.labels.index(row, 0)))

    def _choose(self, _current: QModelIndex, _before: QModelIndex) -> None:
        if self.label is not None:
            self.chosen.emit(self.label)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == EvaluationColumn.LABEL else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter

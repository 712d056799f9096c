"""The labels with their figures against a truth, to be sorted by any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from cdul_gui.look.tables import SORT_ROLE, Column, Index, TableModel
from cdul_gui.wording import percent_interval, shown_name
from engine.stages.evaluation.compare import Difference
from engine.stages.evaluation.result import LabelEvaluation, percent


class EvaluationColumn(IntEnum):
    LABEL = 0
    POSITIVES = 1
    AP = 2
    INTERVAL = 3
    PRECISION = 4
    RECALL = 5
    F1 = 6
    DIFFERENCE = 7


@dataclass(frozen=True)
class EvaluationRow:
    """A label's figures, and how its AP differs from that beside it, where something is beside it."""

    figures: LabelEvaluation
    difference: Difference | None


class EvaluationModel(TableModel[EvaluationRow]):
    """One row a label."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = {
            EvaluationColumn.LABEL: Column(
                self.tr("Label"),
                self.tr("The label; a click shows its curve and its photos"),
                lambda row: shown_name(row.figures.label),
                lambda row: shown_name(row.figures.label).casefold(),
            ),
            EvaluationColumn.POSITIVES: Column(
                self.tr("Positives"),
                self.tr("Photos that have the label, by the truth"),
                lambda row: f"{row.figures.positives:,}",
                lambda row: row.figures.positives,
                number=True,
            ),
            EvaluationColumn.AP: Column(
                self.tr("AP"),
                self.tr("Average precision, in %"),
                lambda row: percent(row.figures.ap),
                lambda row: _figure(row.figures.ap),
                number=True,
            ),
            EvaluationColumn.INTERVAL: Column(
                self.tr("95 %"),
                self.tr("Where AP would lie with other photos of the same kind"),
                lambda row: percent_interval(row.figures.ap_interval),
                lambda row: _figure(one.high - one.low if (one := row.figures.ap_interval) else None),
                number=True,
            ),
            EvaluationColumn.PRECISION: Column(
                self.tr("Prec."),
                self.tr("Precision: of the suggested photos, the share that has the label, in %"),
                lambda row: percent(row.figures.precision),
                lambda row: _figure(row.figures.precision),
                number=True,
            ),
            EvaluationColumn.RECALL: Column(
                self.tr("Recall"),
                self.tr("Recall: of the photos that have the label, the share for which it is suggested, in %"),
                lambda row: percent(row.figures.recall),
                lambda row: _figure(row.figures.recall),
                number=True,
            ),
            EvaluationColumn.F1: Column(
                self.tr("F1"),
                self.tr("F1: precision and recall in one, in %"),
                lambda row: percent(row.figures.f1),
                lambda row: _figure(row.figures.f1),
                number=True,
            ),
            EvaluationColumn.DIFFERENCE: Column(
                self.tr("± AP"),
                self.tr("How much AP is above or below that of the scores beside it, on the same photos"),
                lambda row: f"{100 * row.difference.difference:+.1f}" if row.difference else "",
                lambda row: _figure(row.difference.difference if row.difference else None),
                number=True,
            ),
        }

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section != EvaluationColumn.LABEL:
            return Qt.AlignmentFlag.AlignCenter  # at the right the sign of the order would lie on it
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == EvaluationColumn.DIFFERENCE:
            difference = self.things[index.row()].difference
            return percent_interval(difference.interval) if difference else None
        return super().data(index, role)


class EvaluationTable(QTableView):
    """Sorted by a click on a header; `chosen` says which label is looked at."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.labels = EvaluationModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.labels)
        self._sorted.setSortRole(SORT_ROLE)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_room_for_names()

    def _leave_room_for_names(self) -> None:
        """The names take what the figures leave, or all they need: then one scrolls to the figures."""
        header = self.horizontalHeader()
        figures = sum(header.sectionSize(column) for column in EvaluationColumn if column != EvaluationColumn.LABEL)
        fit = figures + self.sizeHintForColumn(EvaluationColumn.LABEL) <= self.viewport().width()
        mode = QHeaderView.ResizeMode.Stretch if fit else QHeaderView.ResizeMode.ResizeToContents
        if mode != header.sectionResizeMode(EvaluationColumn.LABEL):
            header.setSectionResizeMode(EvaluationColumn.LABEL, mode)

    @property
    def label(self) -> str | None:
        """The name of the label that is chosen."""
        index = self._sorted.mapToSource(self.currentIndex())
        return self.labels.things[index.row()].figures.label if index.isValid() else None

    def show_labels(self, labels: tuple[LabelEvaluation, ...], differences: Sequence[Difference] = ()) -> None:
        """Show other figures; the label that was chosen stays so, where it is still there."""
        chosen = self.label
        differs = {one.label: one for one in differences}
        self.labels.show_things([EvaluationRow(one, differs.get(one.label)) for one in labels])
        self.setColumnHidden(EvaluationColumn.DIFFERENCE, not differences)
        self._leave_room_for_names()
        names = [one.label for one in labels]
        if labels:
            row = names.index(chosen) if chosen in names else self._sorted.mapToSource(self._sorted.index(0, 0)).row()
            self.setCurrentIndex(self._sorted.mapFromSource(self.labels.index(row, 0)))

    def _choose(self, _current: QModelIndex, _before: QModelIndex) -> None:
        if self.label is not None:
            self.chosen.emit(self.label)


def _figure(value: float | None) -> float:
    """What is not known is sorted below all that is."""
    return -1.0 if value is None else value

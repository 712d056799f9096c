"""The table of thresholds: sorted by any column, and with as many columns as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeView

from cdul_gui.look.tables import SORT_ROLE, as_table
from cdul_gui.panels.thresholds.threshold_model import HIDDEN_FIRST, ThresholdColumn, ThresholdModel
from cdul_gui.session.session import Session
from engine.stages.thresholds.report import LabelThreshold

_ROOM_FOR_NOTES = 120


class ThresholdTable(QTreeView):
    """Marks the label that is looked at; a click on another one looks at that."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.thresholds = ThresholdModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.thresholds)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        as_table(self, self.tr("Thresholds"))
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setSortingEnabled(True)
        self.header().setSortIndicatorClearable(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.header().setStretchLastSection(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        session.label_changed.connect(self._mark_label)
        self.clicked.connect(self._look)
        self.activated.connect(self._look)

    def show_labels(self, labels: tuple[LabelThreshold, ...]) -> None:
        """Show these labels' thresholds."""
        self.thresholds.show_things(labels)
        self._fit_columns()
        self._mark_label()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Leave out what there is no room for, rather than have it scrolled to."""
        widths: dict[ThresholdColumn, int] = {
            column: max(self.header().sectionSizeHint(column), self.sizeHintForColumn(column))
            for column in ThresholdColumn
            if column != ThresholdColumn.NOTE
        }
        widths[ThresholdColumn.NOTE] = _ROOM_FOR_NOTES
        for column in HIDDEN_FIRST:
            if sum(widths.values()) > self.viewport().width():
                del widths[column]
        # What is left over is the notes', or else the names'.
        wide = ThresholdColumn.NOTE if ThresholdColumn.NOTE in widths else ThresholdColumn.LABEL
        for column in ThresholdColumn:
            self.setColumnHidden(column, column not in widths)
            stretched = QHeaderView.ResizeMode.Stretch if column == wide else QHeaderView.ResizeMode.ResizeToContents
            self.header().setSectionResizeMode(column, stretched)

    @Slot()
    def _mark_label(self) -> None:
        column = self._session.label
        if column is None or column >= self.thresholds.rowCount():
            self.selectionModel().clear()
            return
        index = self._sorted.mapFromSource(self.thresholds.index(column, ThresholdColumn.LABEL))
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    @Slot(QModelIndex)
    def _look(self, index: QModelIndex) -> None:
        if index.isValid():
            self._session.look_at_label(self._sorted.mapToSource(index).row())

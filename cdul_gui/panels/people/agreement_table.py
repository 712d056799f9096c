"""How far people agree, label by label."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTreeView

from cdul_gui.look.tables import SORT_ROLE, Column, TableModel, as_table
from cdul_gui.wording import shown_name
from engine.stages.people.agreement import Agreed, Agreement


class AgreementColumn(IntEnum):
    LABEL = 0
    ANSWERED = 1
    DIFFER = 2
    FIGURE = 3
    INTERVAL = 4


@dataclass(frozen=True)
class AgreementRow:
    """A label, or all of them (None)."""

    label_id: int | None
    label: str
    agreed: Agreed


class AgreementModel(TableModel[AgreementRow]):
    """One row a label, and one for the mean of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        mean = self.tr("mean of labels")
        self.columns = {
            AgreementColumn.LABEL: Column(
                self.tr("Label"),
                self.tr("The label; a double click shows the photos on which they disagree"),
                lambda row: mean if row.label_id is None else shown_name(row.label),
                lambda row: (row.label_id is not None, shown_name(row.label).casefold()),
            ),
            AgreementColumn.ANSWERED: Column(
                self.tr("Answered"),
                self.tr("Photos that two or more of them answered"),
                lambda row: f"{row.agreed.answered:,}",
                lambda row: row.agreed.answered,
                number=True,
            ),
            AgreementColumn.DIFFER: Column(
                self.tr("Disagreed"),
                self.tr("Photos on which one says yes and another no"),
                lambda row: f"{row.agreed.differ:,}",
                lambda row: row.agreed.differ,
                number=True,
            ),
            AgreementColumn.FIGURE: Column(
                "",
                self.tr("1 where all say the same, 0 where they agree as often as by chance"),
                lambda row: "–" if row.agreed.figure is None else f"{row.agreed.figure:.2f}",
                lambda row: -2.0 if row.agreed.figure is None else row.agreed.figure,
                number=True,
            ),
            AgreementColumn.INTERVAL: Column(
                self.tr("95 %"),
                self.tr("Where it would lie with other photos of the same kind"),
                lambda row: f"{one.low:.2f} – {one.high:.2f}" if (one := row.agreed.interval) else "",
                lambda row: one.high - one.low if (one := row.agreed.interval) else 3.0,
                number=True,
            ),
        }
        self.figure = self.tr("Alpha")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if section == AgreementColumn.FIGURE and role == Qt.ItemDataRole.DisplayRole:
            return self.figure
        return super().headerData(section, orientation, role)


class AgreementTable(QTreeView):
    """Sorted by a click on a header; `opened` says of which label (None: of any) the photos are wanted."""

    opened = Signal(object)
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.labels = AgreementModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.labels)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        as_table(self, self.tr("Agreement by label"))
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setSortingEnabled(True)
        self.sortByColumn(AgreementColumn.DIFFER, Qt.SortOrder.DescendingOrder)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(AgreementColumn.LABEL, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(self._open)
        self.selectionModel().currentChanged.connect(self.chosen)

    def row(self) -> AgreementRow | None:
        """The label that is chosen."""
        index = self._sorted.mapToSource(self.currentIndex())
        return self.labels.things[index.row()] if index.isValid() else None

    def show_agreement(self, found: Agreement | None, pair: int | None) -> None:
        """Show how far all agree, or a pair of them."""
        chosen = self.row()
        of = [] if found is None else [found.overall, *found.labels]
        rows = [
            AgreementRow(one.label_id, one.label, one.alpha if pair is None else one.kappas[pair])
            for one in of
            if (one.alpha if pair is None else one.kappas[pair]).answered or one.label_id is None
        ]
        self.labels.figure = self.tr("Alpha") if pair is None else self.tr("Kappa")
        self.labels.headerDataChanged.emit(Qt.Orientation.Horizontal, AgreementColumn.FIGURE, AgreementColumn.FIGURE)
        self.labels.show_things(rows)
        ids = [row.label_id for row in rows]
        if chosen is not None and chosen.label_id in ids:
            self.setCurrentIndex(self._sorted.mapFromSource(self.labels.index(ids.index(chosen.label_id), 0)))

    @Slot(QModelIndex)
    def _open(self, _index: QModelIndex) -> None:
        if (row := self.row()) is not None:
            self.opened.emit(row.label_id)

"""Which label of the project each label of a truth means, to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

Index = QModelIndex | QPersistentModelIndex

_THEIRS, _PHOTOS, _MEANS = range(3)


class MeaningTable(QTableWidget):
    """A row for each label of the truth; its last cell is a choice among the project's labels."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.nothing = self.tr("no label here")
        self.setHorizontalHeaderLabels([self.tr("Label of the truth"), self.tr("Photos"), self.tr("Means")])
        self.setAccessibleName(self.tr("What the labels of the truth mean"))
        self.setItemDelegateForColumn(_MEANS, _LabelChoice(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column in (_THEIRS, _MEANS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_PHOTOS, QHeaderView.ResizeMode.ResizeToContents)
        self.labels: list[str] = []

    def show_meaning(self, meaning: Mapping[str, str | None], photos: Sequence[int], labels: Sequence[str]) -> None:
        """Show what each label of the truth means, on how many photos it is, and what it could mean."""
        self.labels = list(labels)
        self.setRowCount(0)
        self.setRowCount(len(meaning))
        # What means nothing yet is what a person has to look at.
        order = sorted(zip(meaning.items(), photos, strict=True), key=lambda one: one[0][1] is not None)
        for row, ((category, label), count) in enumerate(order):
            for column, text in ((_THEIRS, category), (_PHOTOS, f"{count:,}"), (_MEANS, label or self.nothing)):
                item = QTableWidgetItem(text)
                if column != _MEANS:
                    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                if column == _PHOTOS:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)

    @property
    def meaning(self) -> dict[str, str | None]:
        """Each label of the truth to the label that it means, None for none."""
        found: dict[str, str | None] = {}
        for row in range(self.rowCount()):
            means = self._text(row, _MEANS)
            found[self._text(row, _THEIRS)] = means if means in self.labels else None
        return found

    def _text(self, row: int, column: int) -> str:
        return str(self.model().index(row, column).data())


class _LabelChoice(QStyledItemDelegate):
    def __init__(self, table: MeaningTable) -> None:
        super().__init__(table)
        self._table = table

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        box = QComboBox(parent)
        box.addItems([self._table.nothing, *self._table.labels])
        box.setAccessibleName(self.tr("What it means"))
        # Chosen is chosen, without a further key.
        box.activated.connect(lambda _place: self.commitData.emit(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentText(index.data())

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentText())

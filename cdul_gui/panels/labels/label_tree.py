"""The labels as the dock lists them: a tree where any stands below another, else one after the other.

A label that stands below two is listed under both. While one is looked for those that are found are listed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Slot

from cdul_gui.look.tables import SORT_ROLE, Index
from cdul_gui.panels.labels.label_model import LabelModel
from cdul_gui.session.kept_label_order import LabelOrder
from cdul_gui.wording import shown_name
from engine.project.labels import LabelRow
from engine.project.parents import Parents

_MOST_OPEN = 150
"""Lines of a tree that is shown open at first; of a larger one what stands on top."""

_MOST_LINES = 20_000
"""A tree in which labels stand below many others has more lines than labels; more than these nobody looks through."""


class _Line(NamedTuple):
    """One label at one place: the row of the model, the line that it stands under, its place there."""

    row: int
    above: int | None
    place: int


class LabelTree(QAbstractItemModel):
    """Has the cells of a `LabelModel`, whose rows it lists."""

    def __init__(self, model: LabelModel, parents: Callable[[], Parents | None], parent: QObject) -> None:
        super().__init__(parent)
        self.order = LabelOrder.IN_USE
        """Of the labels while no heading is sorted by; `list_again` puts them so."""
        self._model, self._parents = model, parents
        self._lines: list[_Line] = []
        self._top: list[int] = []
        self._below: dict[int, list[int]] = {}
        """By line those that stand under it, of lines that have any."""
        self._of_row: dict[int, list[int]] = {}
        self._typed = ""
        self._sorted_by, self._order = -1, Qt.SortOrder.AscendingOrder
        model.modelReset.connect(self.list_again)
        model.dataChanged.connect(self._repaint)
        self.list_again()

    @property
    def is_tree(self) -> bool:
        """Whether any label is listed under another one."""
        return any(line.above is not None for line in self._lines)

    @property
    def opens(self) -> bool:
        """Whether it is small enough to be shown open."""
        return len(self._lines) <= _MOST_OPEN

    def look_for(self, text: str) -> None:
        """List the labels alone that have a text in one of their names; with none, all."""
        self._typed = text.strip().casefold()
        self.list_again()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._order = column, order
        self.list_again()

    @Slot()
    def list_again(self) -> None:
        """The labels, or what stands below what, may be others; counts that change alone move no line."""
        self.beginResetModel()
        self._lines, self._top, self._below, self._of_row = [], [], {}, {}
        rows = self._in_order(range(len(self._model.things)))
        parents = self._parents()
        if self._typed:
            self._add([row for row in rows if self._is_found(self._model.things[row][1])], None)
        elif parents:
            rank = {row: place for place, row in enumerate(rows)}
            self._add([row for row in rows if row not in parents.right_above], None)
            for at, line in enumerate(self._lines):  # which grow meanwhile
                if below := parents.right_below.get(line.row):
                    self._add(sorted((row for row in below if row in rank), key=rank.__getitem__), at)
                if len(self._lines) > _MOST_LINES:
                    break
        else:
            self._add(rows, None)
        self.endResetModel()

    def row_at(self, index: Index) -> int | None:
        """The row of the model that an index shows: the column of the snapshot."""
        return self._lines[index.internalId()].row if index.isValid() else None

    def above(self, index: Index) -> int | None:
        """The row of what an index is listed under; None on top."""
        above = self._lines[index.internalId()].above if index.isValid() else None
        return None if above is None else self._lines[above].row

    def indices_of(self, row: int) -> list[QModelIndex]:
        """Where a label is listed."""
        return [self.createIndex(self._lines[at].place, 0, at) for at in self._of_row.get(row, ())]

    def lines(self) -> list[QModelIndex]:
        """All lines that have others below them, from the top."""
        return [self.createIndex(self._lines[at].place, 0, at) for at in sorted(self._below)]

    # Qt's own

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        lines = self._below.get(parent.internalId(), ()) if parent.isValid() else self._top
        if not (0 <= row < len(lines) and 0 <= column < self.columnCount()):
            return QModelIndex()
        return self.createIndex(row, column, lines[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self._lines[index.internalId()].above if index.isValid() else None
        return QModelIndex() if above is None else self.createIndex(self._lines[above].place, 0, above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self._top)
        return len(self._below.get(parent.internalId(), ())) if parent.column() == 0 else 0

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._model.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        return self._model.data(self._model.index(self._lines[index.internalId()].row, index.column()), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._model.headerData(section, orientation, role)

    # What it is made of

    def _add(self, rows: Sequence[int], above: int | None) -> None:
        first = len(self._lines)
        lines = list(range(first, first + len(rows)))
        if above is None:
            self._top = lines
        elif lines:
            self._below[above] = lines
        self._lines += [_Line(row, above, place) for place, row in enumerate(rows)]
        for at, row in zip(lines, rows, strict=True):
            self._of_row.setdefault(row, []).append(at)

    def _in_order(self, rows: Sequence[int]) -> list[int]:
        if self._sorted_by < 0:
            return self._in_chosen_order(rows)

        def key(row: int) -> Any:
            value = self._model.data(self._model.index(row, self._sorted_by), SORT_ROLE)
            return value.casefold() if isinstance(value, str) else value

        return sorted(rows, key=key, reverse=self._order == Qt.SortOrder.DescendingOrder)

    def _in_chosen_order(self, rows: Sequence[int]) -> list[int]:
        if self.order == LabelOrder.NAME:
            return sorted(rows, key=lambda row: shown_name(self._model.things[row][1].name).casefold())
        if self.order == LabelOrder.LABEL_SET:
            return list(rows)
        photos = self._model.photos_of_each()
        if (parents := self._parents()) is not None:
            # What stands above a label that is in use is in use, to be seen below it.
            for row in [row for row, count in photos.items() if count]:
                for above in parents.above(row):
                    photos[above] = max(photos.get(above, 0), photos[row])
        if self.order == LabelOrder.PHOTOS:
            return sorted(rows, key=lambda row: -photos[row])
        return sorted(rows, key=lambda row: not photos[row])

    def _is_found(self, label: LabelRow) -> bool:
        names = (label.name, shown_name(label.name), *(one.name for one in label.other_names))
        return any(self._typed in name.casefold() for name in names)

    @Slot(QModelIndex, QModelIndex)
    def _repaint(self, first: QModelIndex, last: QModelIndex) -> None:
        if last.row() - first.row() + 1 == len(self._model.things):
            # Told of each line by itself, a view looks for it among all others: with thousands a quarter of a second.
            for lines in (self._top, *self._below.values()):
                if lines:
                    self.dataChanged.emit(
                        self.createIndex(0, first.column(), lines[0]),
                        self.createIndex(len(lines) - 1, last.column(), lines[-1]),
                    )
            return
        for row in range(first.row(), last.row() + 1):
            for at in self._of_row.get(row, ()):
                place = self._lines[at].place
                self.dataChanged.emit(
                    self.createIndex(place, first.column(), at), self.createIndex(place, last.column(), at)
                )

"""Tables of things: a row a thing, and the columns as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QTreeView

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole

# Asked for some thousand times for one painting, while a member of one of Qt's enumerations is slow to look up.
_DISPLAY, _ALIGNMENT, _SORT = map(int, (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole, SORT_ROLE))
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Column(Generic[Thing]):
    """`title` and `tip` are the heading's, `text` is what a thing's cell says; it is sorted by `order`, else by that.

    `number`: it stands at the right.
    """

    title: str
    tip: str
    text: Callable[[Thing], str]
    order: Callable[[Thing], Any] | None = None
    number: bool = False

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Of the cells and of the heading."""
        return _RIGHT if self.number else _LEFT


class TableModel(QAbstractTableModel, Generic[Thing]):
    """A subclass says which columns there are, and adds what else is to be seen of a thing."""

    columns: Mapping[int, Column[Thing]]
    """By their places, from 0."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.things: Sequence[Thing] = ()

    def show_things(self, things: Sequence[Thing]) -> None:
        """Show other things; nothing happens where they are the same."""
        if things != self.things:
            self.beginResetModel()
            self.things = things
            self.endResetModel()

    @Slot()
    def repaint(self) -> None:
        """Something else is to be said of the same things."""
        if self.things:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.things) - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.things)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (_DISPLAY, _ALIGNMENT, _SORT) or not index.isValid():
            return None
        thing, column = self.things[index.row()], self.columns[index.column()]
        if role == _DISPLAY:
            return column.text(thing)
        if role == _ALIGNMENT:
            return column.alignment
        return (column.order or column.text)(thing)


def as_table(view: QTreeView, name: str) -> None:
    """Have a view show lines and no tree; `name` is its accessible name."""
    view.setRootIsDecorated(False)
    view.setUniformRowHeights(True)
    view.setAllColumnsShowFocus(True)
    view.setAccessibleName(name)

"""The label set as a table that can be edited in place."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPalette

from cdul_gui.look.colours import label_colour
from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.label_set import LabelSetEditing
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session
from cdul_gui.wording import as_count, shown_name
from engine.project.labels import LabelRow


class LabelSetColumn(IntEnum):
    NAME = 0
    KEY = 1
    KIND = 2
    PROMPTS = 3
    CONFIRMED = 4
    LIKELY = 5


_EDITABLE = (LabelSetColumn.NAME, LabelSetColumn.KEY, LabelSetColumn.KIND)


def _both_names(name: str) -> str:
    """What the window calls a label, and behind it the name that is kept, exported and edited."""
    shown = shown_name(name)
    return name if shown == name else f"{shown} ({name})"


class LabelSetModel(TableModel[tuple[int, LabelRow]]):
    """Rows are the labels in their order. What is typed is shown once it is written."""

    def __init__(
        self, session: Session, use: LabelUse, editing: LabelSetEditing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._use, self._editing = use, editing
        self.columns = {
            LabelSetColumn.NAME: Column(
                self.tr("Label"),
                self.tr("Press F2 or double click to rename"),
                lambda row: _both_names(row[1].name),
            ),
            LabelSetColumn.KEY: Column(
                self.tr("Key"),
                self.tr("The key that toggles the label; empty for one that is handed out"),
                lambda row: row[1].key or use.keys.get(row[0], ""),
            ),
            LabelSetColumn.KIND: Column(
                self.tr("Kind"),
                self.tr("What kind of thing it is: COCO's supercategory"),
                lambda row: row[1].supercategory,
            ),
            LabelSetColumn.PROMPTS: Column(
                self.tr("Prompts"),
                self.tr("What the encoder is asked for"),
                lambda row: "; ".join(row[1].texts),
            ),
            LabelSetColumn.CONFIRMED: Column(
                self.tr("Yes"),
                self.tr("Photos on which the label is confirmed"),
                lambda row: as_count(use.count_of(row[0])[0]),
                number=True,
            ),
            LabelSetColumn.LIKELY: Column(
                self.tr("Likely"),
                self.tr("Photos on which the label is likely, and nobody has answered"),
                lambda row: as_count(use.count_of(row[0])[1], "+"),
                number=True,
            ),
        }
        session.snapshot_changed.connect(self._read)
        use.changed.connect(self.repaint)
        self._read()

    @property
    def labels(self) -> list[LabelRow]:
        """The labels in their order."""
        return [label for _row, label in self.things]

    def row_of(self, label_id: int) -> int | None:
        """The row of a label, None if it left the label set."""
        return next((row for row, label in self.things if label.id == label_id), None)

    @Slot()
    def _read(self) -> None:
        self.show_things(list(enumerate(self._editing.labels)))

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in _EDITABLE else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        (_row, label), column = self.things[index.row()], LabelSetColumn(index.column())
        if role == Qt.ItemDataRole.EditRole:
            return {
                LabelSetColumn.NAME: label.name,
                LabelSetColumn.KEY: label.key or "",
                LabelSetColumn.KIND: label.supercategory,
            }.get(column)
        if role == Qt.ItemDataRole.DecorationRole and column == LabelSetColumn.NAME:
            return label_colour(label)
        if role == Qt.ItemDataRole.ToolTipRole and column == LabelSetColumn.PROMPTS:
            return plain_tip("\n".join(label.texts))
        handed_out = column == LabelSetColumn.KEY and not label.key
        if role == Qt.ItemDataRole.ForegroundRole and (handed_out or column == LabelSetColumn.PROMPTS):
            return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or value == self.data(index, role):
            return False
        _row, label = self.things[index.row()]
        edit = {
            LabelSetColumn.NAME: self._editing.rename,
            LabelSetColumn.KEY: self._editing.set_key,
            LabelSetColumn.KIND: self._editing.set_supercategory,
        }[LabelSetColumn(index.column())]
        edit(label, value)
        return True

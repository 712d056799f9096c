"""Runs and edits as a table."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, QObject, QSize, Qt
from PySide6.QtGui import QBrush, QFont, QGuiApplication, QPalette

from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.look.tips import plain_tip
from cdul_gui.wording import translated
from engine.stages.history.entries import Entry


class HistoryColumn(IntEnum):
    TIME = 0
    BY = 1
    TITLE = 2


class HistoryModel(TableModel[Entry]):
    """The entries as a table: when, by whom, what. What is not in force is struck through."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = {
            HistoryColumn.TIME: Column(self.tr("When"), "", lambda entry: _when(entry.at)),
            HistoryColumn.BY: Column(self.tr("By"), "", lambda entry: entry.by),
            HistoryColumn.TITLE: Column(self.tr("What"), "", lambda entry: translated(entry.title)),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, column = self.things[index.row()], HistoryColumn(index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            text = f"{_when(entry.at)}, {entry.by}: {translated(entry.title)}"
            text = text if entry.in_force else self.tr("{entry} (not in force)").format(entry=text)
            return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        # Of the last column alone: the others are as wide as what stands in them.
        if role == Qt.ItemDataRole.SizeHintRole and column == HistoryColumn.TITLE:
            return QSize(0, 24)
        if role == Qt.ItemDataRole.FontRole and (entry.is_run or not entry.in_force):
            font = QFont()
            font.setBold(entry.is_run and column == HistoryColumn.TITLE)
            font.setStrikeOut(not entry.in_force and column == HistoryColumn.TITLE)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and not (entry.in_force and column == HistoryColumn.TITLE):
            return QBrush(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        return super().data(index, role)


def _when(at: datetime) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(at.replace(tzinfo=UTC).timestamp()))
    today = moment.date() == QDateTime.currentDateTime().date()
    style = QLocale.FormatType.ShortFormat
    return QLocale().toString(moment.time(), style) if today else QLocale().toString(moment, style)

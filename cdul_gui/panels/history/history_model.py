"""Runs and edits in one list, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject, QSize, Qt
from PySide6.QtGui import QBrush, QFont, QGuiApplication, QPalette

from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.look.tips import plain_tip
from cdul_gui.wording import QT_TRANSLATE_NOOP, translated
from engine.project import Project
from engine.project.history.history import history
from engine.project.runs import RunRow, runs

_MOST_ENTRIES = 500

_RUNS = {
    "initialise": QT_TRANSLATE_NOOP("HistoryModel", "Labels suggested"),
    "refine": QT_TRANSLATE_NOOP("HistoryModel", "Suggestions refined by a classifier"),
    "predict": QT_TRANSLATE_NOOP("HistoryModel", "Labels suggested by a classifier"),
    "import": QT_TRANSLATE_NOOP("HistoryModel", "Labels imported"),
}


class HistoryColumn(IntEnum):
    TIME = 0
    BY = 1
    TITLE = 2


@dataclass(frozen=True)
class Entry:
    """A run or an edit. `in_force`: it was not undone or taken back."""

    id: int
    is_run: bool
    at: datetime
    """UTC, without a time zone."""
    by: str
    title: str
    in_force: bool


def entries(project: Project) -> list[Entry]:
    """Runs and edits, newest first. Undoing is no entry of its own: it shows in what was undone."""
    found = [
        Entry(edit.id, False, edit.at, edit.by, translated(edit.title), not edit.undone)
        for edit in history(project, _MOST_ENTRIES)
        if edit.kind == "edit"
    ]
    found += [
        Entry(run.id, True, run.started_at, run.by, _title(run), run.withdrawn_at is None)
        for run in runs(project)[:_MOST_ENTRIES]
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


class HistoryModel(TableModel[Entry]):
    """The entries as a table: when, by whom, what. What is not in force is struck through."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = {
            HistoryColumn.TIME: Column(self.tr("When"), "", lambda entry: _when(entry.at)),
            HistoryColumn.BY: Column(self.tr("By"), "", lambda entry: entry.by),
            HistoryColumn.TITLE: Column(self.tr("What"), "", lambda entry: entry.title),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry, column = self.things[index.row()], HistoryColumn(index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            text = f"{_when(entry.at)}, {entry.by}: {entry.title}"
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


def _title(run: RunRow) -> str:
    text = QCoreApplication.translate("HistoryModel", _RUNS.get(run.stage, run.stage))
    if encoder := run.settings.get("encoder"):
        text += QCoreApplication.translate("HistoryModel", " with {encoder}").format(encoder=encoder)
    if run.finished_at is None:
        text += QCoreApplication.translate("HistoryModel", " (not finished)")
    return text


def _when(at: datetime) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(at.replace(tzinfo=UTC).timestamp()))
    today = moment.date() == QDateTime.currentDateTime().date()
    style = QLocale.FormatType.ShortFormat
    return QLocale().toString(moment.time(), style) if today else QLocale().toString(moment, style)

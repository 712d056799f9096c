"""The thresholds of all labels as a table: where each lies and why, and what reviewed photos tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QGuiApplication, QPalette

from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.panels.thresholds.threshold_words import note_in_words, source_in_short
from cdul_gui.wording import as_interval, as_threshold, shown_name
from engine.stages.thresholds.report import LabelThreshold

_MARGINS, _ROW_HEIGHT = 14, 22


class ThresholdColumn(IntEnum):
    LABEL = 0
    SOURCE = 1
    LIKELY = 2
    MAYBE = 3
    UNDECIDED = 4
    REVIEWED = 5
    RIGHT = 6
    NOTE = 7


HIDDEN_FIRST = (ThresholdColumn.NOTE, ThresholdColumn.UNDECIDED, ThresholdColumn.SOURCE, ThresholdColumn.RIGHT)
"""The columns that make room where all together are too wide, in this order; the tool tip of a row has all of them."""


class ThresholdModel(TableModel[LabelThreshold]):
    """Rows are the labels in the order of the label set."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = {
            ThresholdColumn.LABEL: Column(
                self.tr("Label"),
                self.tr("The label set; click a heading to sort by it"),
                lambda one: shown_name(one.label),
            ),
            ThresholdColumn.LIKELY: Column(
                self.tr("Likely"),
                self.tr("Photos on which the label is likely and nobody has answered, and from which score on it is"),
                lambda one: f"{one.suggested:,} ≥ {as_threshold(one.threshold)}",
                lambda one: -one.suggested,
                number=True,
            ),
            ThresholdColumn.MAYBE: Column(
                self.tr("Maybe"),
                self.tr("Photos on which the label may be and nobody has answered, and from which score on it may"),
                lambda one: f"{one.maybe:,} ≥ {as_threshold(one.maybe_from)}",
                lambda one: -one.maybe,
                number=True,
            ),
            ThresholdColumn.SOURCE: Column(
                self.tr("Why"),
                self.tr("Who says from which score on the label is likely"),
                lambda one: source_in_short(one.source),
            ),
            ThresholdColumn.UNDECIDED: Column(
                self.tr("Undecided"),
                self.tr("Photos whose score is neither a clear yes nor a clear no"),
                lambda one: f"{one.undecided:,}",
                lambda one: -one.undecided,
                number=True,
            ),
            ThresholdColumn.REVIEWED: Column(
                self.tr("Reviewed"),
                self.tr("Answers that this was learnt from: yes and no"),
                lambda one: f"{one.yes:,} + {one.no:,}" if one.yes + one.no else "",
                lambda one: -(one.yes + one.no),
                number=True,
            ),
            ThresholdColumn.RIGHT: Column(
                self.tr("Right"),
                self.tr("The share of likely ones that is right, as reviewed photos tell, with its 95 % interval"),
                lambda one: as_interval(one.precision),
                lambda one: 2.0 if one.precision is None else one.precision.value,
                number=True,
            ),
            ThresholdColumn.NOTE: Column("", "", lambda one: note_in_words(one)),
        }

    def show_things(self, things: Sequence[LabelThreshold]) -> None:
        """Show other labels, or the same with other values; what is chosen stays chosen then."""
        if [one.label for one in things] != [one.label for one in self.things]:
            super().show_things(things)
        elif things != self.things:
            self.things = things
            self.repaint()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one, column = self.things[index.row()], ThresholdColumn(index.column())
        if role == Qt.ItemDataRole.SizeHintRole:
            text = self.columns[column].text(one)
            return QSize(QFontMetrics(QGuiApplication.font()).horizontalAdvance(text) + _MARGINS, _ROW_HEIGHT)
        if role == Qt.ItemDataRole.ToolTipRole:
            told = [(each.title, each.text(one)) for each in self.columns.values() if each.title]
            texts = [f"{title}: {text}" for title, text in told if text]
            return "\n".join([*texts, *filter(None, [note_in_words(one)])])
        if role == Qt.ItemDataRole.ForegroundRole and column in (ThresholdColumn.SOURCE, ThresholdColumn.NOTE):
            return QBrush(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        return super().data(index, role)

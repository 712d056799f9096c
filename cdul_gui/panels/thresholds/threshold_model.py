"""The thresholds of all labels as a table: where each lies and why, and what reviewed photos tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QGuiApplication, QPalette

from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.panels.thresholds.threshold_words import note_in_words, source_in_short
from cdul_gui.wording import as_interval, as_threshold, shown_name
from engine.project.snapshot import LabelState, Snapshot
from engine.stages.thresholds.report import LabelThreshold, ThresholdReport

_MARGINS, _ROW_HEIGHT = 14, 22


class ThresholdColumn(IntEnum):
    LABEL = 0
    SOURCE = 1
    THRESHOLD = 2
    LIKELY = 3
    MAYBE_FROM = 4
    MAYBE = 5
    UNDECIDED = 6
    REVIEWED = 7
    RIGHT = 8
    NOTE = 9


@dataclass(frozen=True)
class BothStrengths:
    """What is known of a label's threshold; it is maybe from `maybe_from` on, for so many photos nobody answered."""

    likely: LabelThreshold
    maybe_from: float
    maybe: int


def both_strengths(report: ThresholdReport, snapshot: Snapshot) -> list[BothStrengths]:
    """The labels of a report with what may be on the photos, as the snapshot that was reported on tells."""
    open_to_answer = (snapshot.states() == LabelState.MAYBE) & ~snapshot.reviewed[:, None]
    counts = np.count_nonzero(open_to_answer, axis=0).tolist()
    return [
        BothStrengths(one, min(maybe_from, one.threshold), maybe)
        for one, maybe_from, maybe in zip(report.labels, snapshot.maybe_from.tolist(), counts, strict=True)
    ]


class ThresholdModel(TableModel[BothStrengths]):
    """Rows are the labels in the order of the label set."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = {
            ThresholdColumn.LABEL: Column(
                self.tr("Label"),
                self.tr("The label set; click a heading to sort by it"),
                lambda one: shown_name(one.likely.label),
            ),
            ThresholdColumn.THRESHOLD: Column(
                self.tr("From"),
                self.tr("Threshold: the label is likely from this score on"),
                lambda one: as_threshold(one.likely.threshold),
                lambda one: one.likely.threshold,
                number=True,
            ),
            ThresholdColumn.SOURCE: Column(
                self.tr("Why"),
                self.tr("Who says from which score on the label is likely"),
                lambda one: source_in_short(one.likely.source),
            ),
            ThresholdColumn.LIKELY: Column(
                self.tr("Likely"),
                self.tr("Photos on which the label is likely, and nobody has answered"),
                lambda one: f"{one.likely.suggested:,}",
                lambda one: -one.likely.suggested,
                number=True,
            ),
            ThresholdColumn.MAYBE_FROM: Column(
                self.tr("From"),
                self.tr("From this score on the label may be there, up to the one from which on it is likely"),
                lambda one: as_threshold(one.maybe_from),
                lambda one: one.maybe_from,
                number=True,
            ),
            ThresholdColumn.MAYBE: Column(
                self.tr("Maybe"),
                self.tr("Photos on which the label may be, and nobody has answered"),
                lambda one: f"{one.maybe:,}",
                lambda one: -one.maybe,
                number=True,
            ),
            ThresholdColumn.UNDECIDED: Column(
                self.tr("Undecided"),
                self.tr("Photos whose score is neither a clear yes nor a clear no"),
                lambda one: f"{one.likely.undecided:,}",
                lambda one: -one.likely.undecided,
                number=True,
            ),
            ThresholdColumn.REVIEWED: Column(
                self.tr("Reviewed"),
                self.tr("Answers that this was learnt from: yes and no"),
                lambda one: f"{one.likely.yes:,} + {one.likely.no:,}" if one.likely.yes + one.likely.no else "",
                lambda one: -(one.likely.yes + one.likely.no),
                number=True,
            ),
            ThresholdColumn.RIGHT: Column(
                self.tr("Right"),
                self.tr("The share of likely ones that is right, as reviewed photos tell, with its 95 % interval"),
                lambda one: as_interval(one.likely.precision),
                lambda one: 2.0 if one.likely.precision is None else one.likely.precision.value,
                number=True,
            ),
            ThresholdColumn.NOTE: Column("", "", lambda one: note_in_words(one.likely)),
        }

    def show_things(self, things: Sequence[BothStrengths]) -> None:
        """Show other labels, or the same with other values; what is chosen stays chosen then."""
        if [one.likely.label for one in things] != [one.likely.label for one in self.things]:
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
            return note_in_words(one.likely)
        if role == Qt.ItemDataRole.ForegroundRole and column in (ThresholdColumn.SOURCE, ThresholdColumn.NOTE):
            return QBrush(QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        return super().data(index, role)

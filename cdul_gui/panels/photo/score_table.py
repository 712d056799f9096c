"""How the current photo scores by stage: what made a label likely, and what it would have taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.session import Session
from cdul_gui.session.thresholds import chances_of
from cdul_gui.wording import as_chance, as_score, shown_name
from engine.project.snapshot import LabelState, Snapshot
from engine.stages.labelling.explain import Heatmap
from engine.stages.review.changes import Changes

MOST_ABSENT = 5
"""Labels that are shown though the photo does not have them: the best scored ones."""


class ScoreColumn(IntEnum):
    NAME = 0
    STATE = 1
    CHANCE = 2
    GLOBAL = 3
    BEST_SNIPPET = 4
    PSEUDO_LABEL = 5
    REFINED = 6
    THRESHOLD = 7


ROOM_FOR_NAMES = 90
"""Pixels that the names of the labels keep, however narrow the table."""

HIDDEN_FIRST = (ScoreColumn.THRESHOLD, ScoreColumn.GLOBAL, ScoreColumn.BEST_SNIPPET, ScoreColumn.PSEUDO_LABEL)
"""The columns that make room for the names where all together are too wide, in this order."""


@dataclass(frozen=True)
class ScoreRow:
    """Scores of one label, from 0 to 1, nan where there is none. `turned`: 1 on, -1 off by training, else 0.

    `chance`: how likely the label is, nan while too few photos are reviewed to tell.
    """

    column: int
    name: str
    state: LabelState
    whole: float
    best_snippet: float
    pseudo_label: float
    refined: float
    threshold: float
    turned: int
    chance: float


def score_rows(snapshot: Snapshot, row: int, heatmap: Heatmap | None, changes: Changes | None = None) -> list[ScoreRow]:
    """The labels a photo has or nearly has, best first."""
    states, scores = snapshot.states([row])[0], snapshot.scores[row]
    order = np.argsort(-np.nan_to_num(scores, nan=-1.0), kind="stable")
    has = [int(column) for column in order if states[column] != LabelState.ABSENT]
    nearly = [int(c) for c in order if states[c] == LabelState.ABSENT and not np.isnan(scores[c])][:MOST_ABSENT]
    chances = chances_of(snapshot, scores, slice(None))
    rows = []
    for column in sorted(has + nearly, key=list(order).index):
        label = snapshot.labels[column]
        whole = best = float("nan")
        if heatmap is not None and label.id in heatmap.label_ids:
            place = heatmap.label_ids.index(label.id)
            whole = float(heatmap.whole[place])
            best = max(float(values[:, :, place].max()) for values in heatmap.snippets.values())
        own = snapshot.untaught.get(column)
        pseudo, refined, turned = float(scores[column] if own is None else own.scores[row]), float("nan"), 0
        if changes is not None:
            pseudo, refined = float(changes.before[row, column]), float(changes.after[row, column])
            turned = int(changes.turned_on[row, column]) - int(changes.turned_off[row, column])
        threshold = float(snapshot.thresholds[column])
        rows.append(
            ScoreRow(
                column,
                shown_name(label.name),
                LabelState(states[column]),
                whole,
                best,
                pseudo,
                refined,
                threshold,
                turned,
                float(chances[column]),
            )
        )
    return rows


class ScoreModel(TableModel[ScoreRow]):
    """The rows of `score_rows`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        states = {
            LabelState.CONFIRMED: self.tr("yes"),
            LabelState.LIKELY: self.tr("likely"),
            LabelState.MAYBE: self.tr("maybe"),
            LabelState.REJECTED: self.tr("no"),
            LabelState.ABSENT: "",
        }
        self.columns = {
            ScoreColumn.NAME: Column(
                self.tr("Label"),
                self.tr("The labels this photo has or nearly has, best first"),
                lambda row: row.name,
            ),
            ScoreColumn.STATE: Column(
                self.tr("State"),
                self.tr("What the label is to this photo: yes or no, as somebody said, else likely, maybe or neither"),
                lambda row: states[row.state],
            ),
            ScoreColumn.CHANCE: Column(
                self.tr("Chance"),
                self.tr("Chance: how likely the label is, as the reviewed photos tell"),
                lambda row: as_chance(row.chance),
                number=True,
            ),
            ScoreColumn.GLOBAL: Column(
                self.tr("Global"),
                self.tr("Global: the score of the whole photo"),
                lambda row: as_score(row.whole),
                number=True,
            ),
            ScoreColumn.BEST_SNIPPET: Column(
                self.tr("Snippet"),
                self.tr("Best snippet: the highest score of any snippet"),
                lambda row: as_score(row.best_snippet),
                number=True,
            ),
            ScoreColumn.PSEUDO_LABEL: Column(
                self.tr("Pseudo"),
                self.tr("Pseudo label: what the label is suggested by, or was before the newest training"),
                lambda row: as_score(row.pseudo_label),
                number=True,
            ),
            ScoreColumn.REFINED: Column(
                self.tr("Refined"),
                self.tr("Refined label: what the label is suggested by since the training; ▲ turned on, ▼ turned off"),
                lambda row: {1: "▲ ", -1: "▼ "}.get(row.turned, "") + as_score(row.refined),
                number=True,
            ),
            ScoreColumn.THRESHOLD: Column(
                self.tr("From"),
                self.tr("Threshold: the label is likely from this score on"),
                lambda row: as_score(row.threshold),
                number=True,
            ),
        }

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid():
            # All of them, also where a narrow table leaves some out.
            row = self.things[index.row()]
            told = [(one.title, one.text(row)) for place, one in self.columns.items() if place != ScoreColumn.NAME]
            return "\n".join([row.name, "  ·  ".join(f"{title} {text}" for title, text in told if text)])
        return super().data(index, role)


class ScoreTable(QTableView):
    """A click looks at a row's label; the pointer shows its heatmap for as long."""

    def __init__(self, session: Session, photo: CurrentPhoto, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._photo = session, photo
        self._changes: Changes | None = None
        self._widths: dict[ScoreColumn, int] = {}
        self._model = ScoreModel(self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("Scores by stage"))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        # Not to their contents: Qt would measure all of them again whenever the room changes.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(ScoreColumn.NAME, QHeaderView.ResizeMode.Stretch)
        self.entered.connect(lambda index: session.point_at_label(self._model.things[index.row()].column))
        self.clicked.connect(lambda index: session.look_at_label(self._model.things[index.row()].column))
        for signal in (session.snapshot_changed, session.current_changed, photo.heatmap_changed):
            signal.connect(self.show_scores)
        session.answers_changed.connect(self._show_answers)
        session.label_changed.connect(self._mark_label)

    def show_changes(self, changes: Changes | None) -> None:
        """Show scores before and after a training beside each other; None where there was none."""
        self._changes = changes
        self.show_scores()

    @Slot()
    def show_scores(self) -> None:
        """Show the current photo's scores."""
        snapshot, row = self._session.snapshot, self._session.current
        rows: list[ScoreRow] = []
        if snapshot is not None and row is not None:
            rows = score_rows(snapshot, row, self._photo.heatmap, self._changes)
        self._model.show_things(rows)
        self._widths = self._wanted_widths()
        self._leave_room_for_names()
        self._mark_label()

    def _wanted_widths(self) -> dict[ScoreColumn, int]:
        """Of the columns that have something to say."""
        shown = set(ScoreColumn) - {ScoreColumn.NAME}
        if self._changes is None:
            shown.remove(ScoreColumn.REFINED)
        if all(np.isnan(row.chance) for row in self._model.things):
            shown.remove(ScoreColumn.CHANCE)
        for column in shown:
            # The heading of one that is hidden measures nothing.
            self.setColumnHidden(column, False)
        header = self.horizontalHeader()
        return {column: max(header.sectionSizeHint(column), self.sizeHintForColumn(column)) for column in shown}

    def _leave_room_for_names(self) -> None:
        """Show as many columns as leave the names their room."""
        widths = dict(self._widths)
        for column in HIDDEN_FIRST:
            if sum(widths.values()) + ROOM_FOR_NAMES > self.viewport().width():
                del widths[column]
        for column in ScoreColumn:
            self.setColumnHidden(column, column != ScoreColumn.NAME and column not in widths)
        for column, width in widths.items():
            self.setColumnWidth(column, width)

    @Slot(object)
    def _show_answers(self, rows: list[int]) -> None:
        if self._session.current in rows:
            self.show_scores()

    @Slot()
    def _mark_label(self) -> None:
        columns = [row.column for row in self._model.things]
        if self._session.label in columns:
            self.selectRow(columns.index(self._session.label))
        else:
            self.clearSelection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_room_for_names()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._session.point_at_label(None)

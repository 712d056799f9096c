"""How the current photo scores by stage: what made a label likely, and what it would have taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QWidget

from cdul_gui.look.chips import text_width
from cdul_gui.look.once_a_turn import AfterThePicture
from cdul_gui.look.pointing import Pointing
from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.current_photo import CurrentPhoto
from cdul_gui.session.labels_of_photo import LabelsOfPhoto
from cdul_gui.session.session import Session
from cdul_gui.session.thresholds import likelihoods_of, says_chance
from cdul_gui.wording import as_chance, as_score, shown_name, told_apart
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.stages.labelling.explain import Heatmap
from engine.stages.review.changes import Changes
from engine.stages.review.photo_labels import rule_that_suggests

_ORDER = (LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.LIKELY, LabelState.MAYBE, LabelState.REJECTED)

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


_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
"""Slow to look up, and compared with some thousand times for one painting."""

_AROUND_TEXT = 12
"""Pixels beside what stands in a column."""

ROOM_FOR_NAMES = 90
"""Pixels that the names of the labels keep, however narrow the table."""

HIDDEN_FIRST = (
    ScoreColumn.GLOBAL,
    ScoreColumn.BEST_SNIPPET,
    ScoreColumn.PSEUDO_LABEL,
    ScoreColumn.CHANCE,
    ScoreColumn.STATE,
)
"""The columns that make room for the names where all together are too wide, in this order."""


_MOST_TO_TELL_APART = len(".000")
"""More digits have no room, and tell nobody more than that the score is just below."""


@dataclass(frozen=True)
class ScoreRow:
    """Scores of one label, from 0 to 1, nan where there is none. `turned`: 1 on, -1 off by training, else 0.

    `score`: what suggests the label, the refined score where `refined_counts`, else the pseudo label, or what answers
    taught; likely from `threshold` on. `chance`: how likely the label is, nan while too few reviewed photos tell.
    """

    column: int
    name: str
    state: LabelState
    whole: float
    best_snippet: float
    pseudo_label: float
    refined: float
    score: float
    threshold: float
    refined_counts: bool
    turned: int
    chance: float
    by_rule: bool = False
    """Whether a rule alone makes it likely."""

    @property
    def compared(self) -> str:
        """The score that suggests with the threshold behind it: no two labels have the same scale."""
        if np.isnan(self.score):
            return ""
        if self.stays:
            return as_score(self.score)
        if self.score >= self.threshold:
            return f"{as_score(self.score)} ≥ {as_score(self.threshold)}"
        # .18 < .18 would be a riddle, and .18 < .177 a wrong one.
        told, threshold = (text.removeprefix("0") for text in told_apart(self.score, self.threshold))
        return f"{told} < {threshold}" if len(told) <= _MOST_TO_TELL_APART else f"< {as_score(self.threshold)}"

    @property
    def stays(self) -> bool:
        """Whether the label would be likely by what was learnt since the photo was looked at or reviewed."""
        return self.state in (LabelState.MAYBE, LabelState.ABSENT) and self.score >= self.threshold


def score_rows(snapshot: Snapshot, row: int, heatmap: Heatmap | None, changes: Changes | None = None) -> list[ScoreRow]:
    """The labels a photo has or nearly has: what is confirmed, likely, maybe, rejected, and then the best of the rest.

    Among these the likeliest first, by what can be compared between labels.
    """
    states, scores = snapshot.states([row])[0], snapshot.scores[row]
    likelihoods = likelihoods_of(snapshot, scores)
    order = snapshot.parents.likeliest_first(likelihoods)
    absent = np.isin(states[order], (LabelState.ABSENT, LabelState.RULED_OUT))
    nearly = order[absent & ~np.isnan(scores[order])][:MOST_ABSENT].tolist()
    chances = np.where(says_chance(snapshot), likelihoods, np.nan)
    by_label = {} if heatmap is None else heatmap.by_label
    unknown = float("nan"), float("nan")
    rows = []
    for column in [*(c for state in _ORDER for c in order[states[order] == state].tolist()), *nearly]:
        label = snapshot.labels[column]
        own = snapshot.untaught.get(column)
        score = float(scores[column] if own is None else own.scores[row])
        pseudo, refined, turned = score, float("nan"), 0
        if changes is not None:
            pseudo, refined = float(changes.before[row, column]), float(changes.after[row, column])
            turned = int(changes.turned_on[row, column]) - int(changes.turned_off[row, column])
        rows.append(
            ScoreRow(
                column,
                shown_name(label.name),
                LabelState(states[column]),
                *by_label.get(label.id, unknown),
                pseudo,
                refined,
                float(scores[column]),
                float(snapshot.thresholds[column]),
                refined == score,  # a training that waits counts for nothing yet
                turned,
                float(chances[column]),
                rule_that_suggests(snapshot, row, column) is not None,
            )
        )
    return rows


def _widest_rows(snapshot: Snapshot) -> list[ScoreRow]:
    """What stands in the table at its widest, but for scores that more than three digits tell from the threshold."""
    followed = (LabelState.IMPLIED, LabelState.RULED_OUT) if snapshot.parents else ()
    return [
        ScoreRow(0, "", state, 0.88, 0.88, 0.88, 0.88, 0.888, 0.889, counts, 1, 0.88, bool(snapshot.of_rules))
        for state in (LabelState.CONFIRMED, LabelState.LIKELY, LabelState.MAYBE, LabelState.REJECTED, *followed)
        for counts in (True, False)
    ]


class ScoreModel(TableModel[ScoreRow]):
    """The rows of `score_rows`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        states = {
            LabelState.CONFIRMED: self.tr("yes"),
            LabelState.LIKELY: self.tr("likely"),
            LabelState.MAYBE: self.tr("maybe"),
            LabelState.REJECTED: self.tr("no"),
            LabelState.IMPLIED: self.tr("yes, implied"),
            LabelState.RULED_OUT: self.tr("no, implied"),
            LabelState.ABSENT: "",
        }
        by_rule = self.tr("likely, by a rule")
        self.columns = {
            ScoreColumn.NAME: Column(
                self.tr("Label"),
                self.tr("The labels this photo has or nearly has, best first"),
                lambda row: row.name,
            ),
            ScoreColumn.STATE: Column(
                self.tr("State"),
                self.tr("What the label is to this photo: yes or no, as somebody said, else likely, maybe or neither"),
                lambda row: by_rule if row.by_rule and row.state == LabelState.LIKELY else states[row.state],
            ),
            ScoreColumn.CHANCE: Column(
                self.tr("Chance"),
                self.tr(
                    "Chance: how likely the label is, as the reviewed photos tell. The chance from which it is called "
                    "likely differs from label to label; see the score."
                ),
                lambda row: as_chance(row.chance),
                number=True,
            ),
            ScoreColumn.GLOBAL: Column(
                self.tr("Photo"),
                self.tr("Photo: the score of the whole photo (global)"),
                lambda row: as_score(row.whole),
                number=True,
            ),
            ScoreColumn.BEST_SNIPPET: Column(
                self.tr("Part"),
                self.tr("Part: the highest score of any part of the photo (snippet)"),
                lambda row: as_score(row.best_snippet),
                number=True,
            ),
            ScoreColumn.PSEUDO_LABEL: Column(
                self.tr("Score"),
                self.tr(
                    "Score: what the label is suggested by, or was before the newest training, and from which "
                    "score on the label is likely (pseudo label). Every label has a scale of its own."
                ),
                lambda row: as_score(row.pseudo_label) if row.refined_counts else row.compared,
                number=True,
            ),
            ScoreColumn.REFINED: Column(
                self.tr("Trained"),
                self.tr(
                    "Trained: what the label is suggested by since the training (refined label); ▲ turned on, "
                    "▼ turned off"
                ),
                lambda row: (
                    {1: "▲ ", -1: "▼ "}.get(row.turned, "")
                    + (row.compared if row.refined_counts else as_score(row.refined))
                ),
                number=True,
            ),
        }

    def show_things(self, things: Sequence[ScoreRow]) -> None:
        # Not as another model: a view measures and paints such a one twice.
        before, now = len(self.things), len(things)
        if now < before:
            self.beginRemoveRows(QModelIndex(), now, before - 1)
            self.things = self.things[:now]
            self.endRemoveRows()
        same = min(before, now)
        changed = [place for place in range(same) if things[place] != self.things[place]]
        if now > before:
            self.beginInsertRows(QModelIndex(), before, now - 1)
            self.things = things
            self.endInsertRows()
        self.things = things
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self.columns) - 1))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == _TOOL_TIP and index.isValid():
            # All of them, also where a narrow table leaves some out.
            row = self.things[index.row()]
            told = [(one.title, one.text(row)) for place, one in self.columns.items() if place != ScoreColumn.NAME]
            lines = [row.name, "  ·  ".join(f"{title} {text}" for title, text in told if text)]
            if row.stays:
                lines.append(self.tr("Learnt since: on a photo that is looked at or reviewed labels stay."))
            return plain_tip("\n".join(lines))
        return super().data(index, role)


class ScoreTable(QTableView):
    """A click looks at a row's label; the pointer shows its heatmap for as long."""

    def __init__(
        self, session: Session, photo: CurrentPhoto, labels: LabelsOfPhoto, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._photo, self._labels = session, photo, labels
        self._changes: Changes | None = None
        self._widths: dict[ScoreColumn, int] = {}
        self._scrolled_for: int | None = None
        """The photo that the table is scrolled for."""
        self._headings: dict[ScoreColumn, int] = {}
        self._model = ScoreModel(self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("Scores"))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # Tab leaves it; the arrows go from cell to cell.
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(24)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        # Not to their contents: Qt would measure all of them again whenever the room changes.
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(ScoreColumn.NAME, QHeaderView.ResizeMode.Stretch)
        Pointing(self, lambda index: session.point_at_label(self._label_at(index)))
        self.clicked.connect(lambda index: session.look_at_label(self._label_at(index)))
        # A key that answers and goes on changes all of these.
        self._soon = AfterThePicture(self.show_scores, self)
        for signal in (session.snapshot_changed, session.current_changed, photo.heatmap_changed):
            signal.connect(self._soon.ask)
        session.answers_changed.connect(self._show_answers)
        session.label_changed.connect(self._mark_label)

    def _label_at(self, index: QModelIndex) -> int | None:
        return self._model.things[index.row()].column if index.isValid() else None

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
            # Those with a digit as their chips stand.
            places = {column: place for place, column in enumerate(self._labels.order_of(row))}
            rows = score_rows(snapshot, row, self._photo.heatmap, self._changes)
            rows.sort(key=lambda one: places.get(one.column, len(places)))
        self._model.show_things(rows)
        self._widths = self._wanted_widths()
        self._leave_room_for_names()
        self._mark_label()
        before, self._scrolled_for = self._scrolled_for, self._session.photo_id
        if before != self._scrolled_for:
            self.scrollToTop()

    def _wanted_widths(self) -> dict[ScoreColumn, int]:
        """Of the columns that have something to say of any photo: from photo to photo they stay where they are."""
        snapshot = self._session.snapshot
        if snapshot is None:
            return {}
        shown = set(ScoreColumn) - {ScoreColumn.NAME}
        if self._changes is None:
            shown.remove(ScoreColumn.REFINED)
        if not says_chance(snapshot).any():
            shown.remove(ScoreColumn.CHANCE)
        # Qt would ask every cell for all it is.
        font, header = self.font(), self.horizontalHeader()
        widths, widest_rows = {}, _widest_rows(snapshot)
        for column in shown:
            if column not in self._headings:
                # The heading of one that is hidden measures nothing.
                self.setColumnHidden(column, False)
                self._headings[column] = header.sectionSizeHint(column)
            texts = {self._model.columns[column].text(row) for row in widest_rows}
            widest = max(text_width(font, text) for text in texts)
            widths[column] = max(self._headings[column], widest + _AROUND_TEXT)
        return widths

    def _leave_room_for_names(self) -> None:
        """Show as many columns as leave the names their room."""
        widths = dict(self._widths)
        # As beside a scroll bar: from photo to photo, with more rows or less, the columns stay the same ones.
        room = self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width()
        for column in HIDDEN_FIRST:
            if sum(widths.values()) + ROOM_FOR_NAMES > room:
                widths.pop(column, None)
        for column in ScoreColumn:
            hidden = column != ScoreColumn.NAME and column not in widths
            if hidden != self.isColumnHidden(column):
                self.setColumnHidden(column, hidden)
        for column, width in widths.items():
            if width != self.columnWidth(column):
                self.setColumnWidth(column, width)

    @Slot(object)
    def _show_answers(self, rows: list[int]) -> None:
        if self._session.current in rows:
            self._soon.ask()

    @Slot()
    def _mark_label(self) -> None:
        columns = [row.column for row in self._model.things]
        if self._session.label in columns:
            # No more: what is current is scrolled to, and the first rows would be out of view.
            index = self._model.index(columns.index(self._session.label), 0)
            command = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(index, command)
        elif self.selectionModel().hasSelection():
            self.clearSelection()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_room_for_names()

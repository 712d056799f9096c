"""The label set as a table: name, confirmed, likely, key."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtGui import QBrush, QColor, QFont, QGuiApplication, QPainter, QPalette, QPixmap

from cdul_gui.look.colours import label_colour
from cdul_gui.look.tables import Column, Index, TableModel
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session
from cdul_gui.wording import as_count, photos_in_words, shown_name
from engine.project.labels import LabelRow


class LabelColumn(IntEnum):
    NAME = 0
    CONFIRMED = 1
    LIKELY = 2
    KEY = 3


_SIZE = QSize(0, 26)
_BOLD = QFont()
_BOLD.setBold(True)
_MOST_ONE_BY_ONE = 100
"""Labels that are painted anew each by itself: more than fit on a screen."""


class LabelModel(TableModel[tuple[int, LabelRow]]):
    """Rows are columns of the snapshot, each with its label."""

    def __init__(self, session: Session, use: LabelUse, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._use = session, use
        self._dots: dict[str, QPixmap] = {}
        self._counts = use.counts_of_all()
        self._known: set[int] = set()
        self._undoing = self._comes_back = False
        self.new: frozenset[int] = frozenset()
        """Ids of labels that joined the label set since one was looked at last: they are marked."""
        self.columns = {
            LabelColumn.NAME: Column(
                self.tr("Label"),
                self.tr("The label set; click a heading to sort by it"),
                lambda row: shown_name(row[1].name),
            ),
            LabelColumn.CONFIRMED: Column(
                self.tr("Yes"),
                self.tr("Photos on which the label is confirmed"),
                lambda row: as_count(use.count_of(row[0])[0]),
                lambda row: -use.count_of(row[0])[0],
                number=True,
            ),
            LabelColumn.LIKELY: Column(
                self.tr("Likely"),
                self.tr("Photos on which the label is likely, and nobody has answered"),
                lambda row: as_count(use.count_of(row[0])[1], "+"),
                lambda row: -use.count_of(row[0])[1],
                number=True,
            ),
            LabelColumn.KEY: Column(
                self.tr("Key"),
                self.tr("The letter that toggles the label on the selected photos, where it has one"),
                lambda row: use.keys.get(row[0], ""),
                lambda row: use.keys.get(row[0], "~"),
                number=True,
            ),
        }
        session.opened.connect(self._forget_new)
        session.edits.undoing.connect(self._follow_undo)
        session.edits.doing.connect(self._follow_edit)
        session.edits.label_set_changed.connect(self._follow_label_set)
        session.snapshot_changed.connect(self._read)
        session.label_changed.connect(self.unmark)
        use.changed.connect(self._repaint_counts)
        use.keys_changed.connect(self.repaint)
        self._read()

    @Slot()
    def _repaint_counts(self) -> None:
        """Of the labels whose counts are others: an answer is of one label, and all cells are slow to paint."""
        before, self._counts = self._counts, self._use.counts_of_all()
        if before.shape != self._counts.shape:
            self.repaint()
            return
        others = np.flatnonzero((before != self._counts).any(axis=1))
        if len(others) > _MOST_ONE_BY_ONE:
            self.repaint()
            return
        for row in others[others < len(self.things)].tolist():
            self.dataChanged.emit(self.index(row, LabelColumn.CONFIRMED), self.index(row, LabelColumn.LIKELY))

    @Slot()
    def _read(self) -> None:
        snapshot = self._session.snapshot
        labels = snapshot.labels if snapshot is not None else []
        ids = {label.id for label in labels}
        # Nobody needs to be shown what is new where all is.
        joined = ids - self._known if self._known & ids and not self._comes_back else set()
        self._comes_back = False
        self.new, self._known = frozenset((self.new & ids) | joined), ids
        self.show_things(list(enumerate(labels)))

    @Slot()
    def _follow_undo(self) -> None:
        self._undoing = True

    @Slot()
    def _follow_edit(self) -> None:
        self._undoing = False

    @Slot()
    def _follow_label_set(self) -> None:
        """What comes back by undo is not new. It is read in a moment, when other work may have begun."""
        self._comes_back = self._undoing

    @Slot()
    def _forget_new(self) -> None:
        self.new, self._known, self._undoing = frozenset(), set(), False

    @Slot()
    def unmark(self) -> None:
        """What is new was seen."""
        if self.new and self._session.label is not None:
            self.new = frozenset()
            self.repaint()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Asked some thousand times for one painting: what is the same for all labels is said first.
        if role == Qt.ItemDataRole.SizeHintRole:
            return _SIZE
        column = index.column()
        if role == Qt.ItemDataRole.ForegroundRole:
            link = QGuiApplication.palette().color(QPalette.ColorRole.Link)
            return QBrush(link) if column == LabelColumn.LIKELY else None
        if role == Qt.ItemDataRole.FontRole:
            # Not by a ground, which would look chosen.
            return _BOLD if column == LabelColumn.NAME and self.things[index.row()][1].id in self.new else None
        if role == Qt.ItemDataRole.DecorationRole:
            return self._dot(label_colour(self.things[index.row()][1])) if column == LabelColumn.NAME else None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and index.isValid():
            text = self._in_words(*self.things[index.row()])
            return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return super().data(index, role)

    def photos_of_each(self) -> dict[int, int]:
        """By row: on how many photos a label is confirmed or likely."""
        confirmed, likely, _maybe = self._use.counts_of_all().T
        counted = (confirmed + likely).tolist()
        # The label set may have become longer a moment ago.
        return {row: counted[row] if row < len(counted) else 0 for row in range(len(self.things))}

    def _in_words(self, column: int, label: LabelRow) -> str:
        confirmed, likely, maybe = self._use.count_of(column)
        snapshot = self._session.snapshot
        # The label set may have become shorter a moment ago.
        known = snapshot is not None and column < len(snapshot.labels)
        unsure = np.count_nonzero(snapshot.unsure([column])) if known and snapshot is not None else 0
        undecided = photos_in_words(int(unsure))
        text = self.tr("{label}: confirmed on {confirmed}, likely on {likely}, maybe on {maybe}, undecided on {photos}")
        text = text.format(
            label=shown_name(label.name), confirmed=confirmed, likely=likely, maybe=maybe, photos=undecided
        )
        if label.other_names:
            also = ", ".join(one.name for one in label.other_names)
            text += self.tr("; also called {names}").replace("{names}", also)
        if known and snapshot is not None and (above := snapshot.parents.right_above.get(column)):
            names = ", ".join(shown_name(snapshot.labels[one].name) for one in above)
            text += self.tr("; below {labels}").replace("{labels}", names)
        if label.id in self.new:
            text += self.tr("; in bold because it was just added")
        key = self._use.keys.get(column)
        return text + (self.tr("; key {key}").format(key=key) if key else "")

    def _dot(self, colour: QColor) -> QPixmap:
        dot = self._dots.get(colour.name())
        if dot is None:
            dot = QPixmap(24, 24)
            dot.setDevicePixelRatio(2)
            dot.fill(Qt.GlobalColor.transparent)
            painter = QPainter(dot)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(2, 2, 8, 8)
            painter.end()
            self._dots[colour.name()] = dot
        return dot

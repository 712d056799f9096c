"""The photos that are shown, as Qt's views and screen readers want them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.session.notes import Notes
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.session.thresholds import likelihoods_of
from cdul_gui.wording import shown_name
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class GalleryModel(QAbstractListModel):
    """One item a photo that is shown; its place in the gallery is the item's row, its row the snapshot's."""

    def __init__(self, session: Session, thumbnails: ThumbnailSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self._shown = NO_ROWS
        self._places = NO_ROWS
        self.notes = Notes()

    @Slot()
    def follow(self) -> None:
        """Take over what the session shows now."""
        snapshot = self._session.snapshot
        self.beginResetModel()
        self._shown = self._session.shown
        self._places = np.full(len(snapshot) if snapshot is not None else 0, -1, np.int64)
        self._places[self._shown] = np.arange(len(self._shown))
        self.endResetModel()

    @property
    def rows(self) -> Rows:
        """The snapshot's rows in the order of the gallery."""
        return self._shown

    def places_of(self, rows: Rows) -> Rows:
        """Where these rows of the snapshot are in the gallery, ascending; those that are not shown are left out."""
        places = self._places[rows]
        return np.sort(places[places >= 0])

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        snapshot = self._session.snapshot
        if not index.isValid() or snapshot is None:
            return None
        row = int(self._shown[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return name_of(snapshot, row)
        if role == Qt.ItemDataRole.ToolTipRole:
            # As rich text with everything escaped, so that no file name is taken for markup.
            lines = [snapshot.paths[row], *self._told(snapshot, row)]
            return f"<qt>{'<br>'.join(map(escape, lines))}</qt>"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "; ".join([name_of(snapshot, row), *self._told(snapshot, row)])
        return None

    def _told(self, snapshot: Snapshot, row: int) -> list[str]:
        """What a tile says of a photo, and what it has no room for, in words."""
        told = []
        if problem := self._thumbnails.problem(row):
            told.append(problem)
        if snapshot.reviewed[row]:
            told.append(self.tr("Reviewed"))
        if row in self.notes.best:
            told.append(self.tr("The best of its near-duplicates, by size and sharpness"))
        states = snapshot.states([row])[0]
        for state, title in (
            (LabelState.CONFIRMED, self.tr("Confirmed: {labels}")),
            (LabelState.IMPLIED, self.tr("Implied: {labels}")),
            (LabelState.LIKELY, self.tr("Likely: {labels}")),
            (LabelState.MAYBE, self.tr("Maybe: {labels}")),
            (LabelState.REJECTED, self.tr("Rejected: {labels}")),
        ):
            columns = np.flatnonzero(states == state).tolist()
            if columns:
                told.append(title.replace("{labels}", ", ".join(_names(snapshot, row, columns, state))))
        return told


def name_of(snapshot: Snapshot, row: int) -> str:
    """A photo's file name; bytes that are no text are shown as replacement characters."""
    name = snapshot.paths[row].rpartition("/")[2]
    return name.encode("utf-8", "replace").decode()


def _names(snapshot: Snapshot, row: int, columns: Sequence[int], state: LabelState) -> list[str]:
    """The likeliest first where it is for a person to say."""
    if state not in (LabelState.LIKELY, LabelState.MAYBE):
        return [shown_name(snapshot.labels[column].name) for column in columns]
    likelihoods = likelihoods_of(snapshot, snapshot.scores[row])
    ordered = sorted(columns, key=lambda column: -likelihoods[column])
    return [shown_name(snapshot.labels[column].name) for column in ordered]

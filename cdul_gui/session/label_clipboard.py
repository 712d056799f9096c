"""Labels on the system's clipboard: from one photo to others, to another window, or out of a list somebody has."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from cdul_gui.session.review import Review
from cdul_gui.session.session import Session
from cdul_gui.wording import shown_name
from engine.project.label_state import LabelState
from engine.stages.matching import places_called

_COPIED = (LabelState.CONFIRMED, LabelState.IMPLIED, LabelState.LIKELY)
"""Of these states the first that the photo has a label in."""

_MOST_LINES = 1000


class LabelClipboard(QObject):
    """On the clipboard labels are text, one name a line, so that any program can take and give them."""

    def __init__(self, session: Session, review: Review) -> None:
        super().__init__(session)
        self._session, self._review = session, review

    def copy(self) -> None:
        """Copy what is confirmed on the current photo, or what is likely where nothing is."""
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None or row is None:
            return
        states = snapshot.states([row])[0]
        columns = next((found for state in _COPIED if len(found := np.flatnonzero(states == state))), ())
        names = [snapshot.labels[column].name for column in columns]
        if not names:
            self._session.said.emit(self.tr("This photo has no labels to copy."))
            return
        QGuiApplication.clipboard().setText("\n".join(names))
        self._session.said.emit(self.tr("Copied: {labels}").replace("{labels}", ", ".join(map(shown_name, names))))

    def paste(self) -> None:
        """Confirm the copied labels on the selected photos, as one step of undo; what they have besides stays."""
        snapshot = self._session.snapshot
        lines = QGuiApplication.clipboard().text().splitlines()[:_MOST_LINES]
        names = [name for line in lines if (name := line.strip())]
        called = places_called(names, snapshot.labels) if snapshot is not None else []
        columns = sorted({column for column in called if column is not None})
        if columns:
            self._review.paste(columns)
        else:
            self._session.said.emit(self.tr("There are no labels to paste: copy those of a photo first."))

"""The columns of the list of labels: as wide as their numbers, and fewer where the names would have no room."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QHeaderView, QTreeView, QWidget

from cdul_gui.look.once_a_turn import OnceATurn
from cdul_gui.panels.labels.label_model import LabelColumn, LabelModel
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session

_AROUND_TEXT = 10
"""Pixels on both sides of what stands in a column."""

_ROOM_FOR_NAMES = 90
"""Pixels, at least, of which the dot and the arrow take some 30."""


class LabelColumns(QObject):
    """Gives the columns of the list their widths."""

    def __init__(self, view: QTreeView, model: LabelModel, session: Session, use: LabelUse, panel: QWidget) -> None:
        super().__init__(panel)
        self._view, self._model, self._session, self._use, self._panel = view, model, session, use, panel
        self._widths: dict[LabelColumn, int] = {}
        self._soon = OnceATurn(self._leave_room_for_names, self)
        header = view.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(LabelColumn.NAME, QHeaderView.ResizeMode.Stretch)
        for column in (LabelColumn.CONFIRMED, LabelColumn.LIKELY, LabelColumn.KEY):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        view.setSortingEnabled(True)
        header.setSortIndicatorClearable(True)
        # The order of the label set, until somebody asks for another.
        view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        session.snapshot_changed.connect(self.fit)
        use.keys_changed.connect(self.fit)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Leave the names what headings and counts do not need, whatever is counted next."""
        snapshot = self._session.snapshot
        most = len(snapshot) if snapshot is not None else 0
        for column, widest in (
            (LabelColumn.CONFIRMED, f"{most:,}"),
            (LabelColumn.LIKELY, f"+{most:,}"),
            (LabelColumn.KEY, "W"),
        ):
            heading = self._model.headerData(column, Qt.Orientation.Horizontal)
            text = max(self._panel.fontMetrics().horizontalAdvance(one) for one in (widest, heading))
            self._widths[column] = text + _AROUND_TEXT
        self._leave_room_for_names()

    def fit_soon(self) -> None:
        """Look at the room once more, in the next turn."""
        self._soon.ask()

    def _leave_room_for_names(self) -> None:
        """Show as many columns as leave the names their room: a label that cannot be read is none."""
        shown = dict(self._widths)
        if not self._use.keys:
            shown.pop(LabelColumn.KEY, None)
        for column in (LabelColumn.KEY, LabelColumn.CONFIRMED):
            if sum(shown.values()) + _ROOM_FOR_NAMES > self._view.viewport().width():
                shown.pop(column, None)
        for column, width in self._widths.items():
            self._view.setColumnHidden(column, column not in shown)
            if column in shown:
                self._view.header().resizeSection(column, width)

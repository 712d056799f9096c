"""What was done to the project, by runs and by people; each can be taken back as a whole."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.look.controls import OneLine
from cdul_gui.look.tables import as_table
from cdul_gui.panels.history.history_model import HistoryColumn, HistoryModel
from cdul_gui.session.jobs import Latest
from cdul_gui.session.session import Session
from engine.stages.history.entries import Entry, entries
from engine.stages.thresholds.carrying import put_in_force

_MILLISECONDS_BEFORE_READING = 100


class HistoryPanel(QWidget):
    """Runs and edits, newest first; read anew in a worker, while it is visible, whenever something was done."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._undo, self._take_back_run = self.tr("Undo this"), self.tr("Take back what this run suggested")
        self._bring_back = self.tr("Bring back")
        self._reading = Latest(self)
        self.model = HistoryModel(self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        as_table(self.view, self.tr("History"))
        self.view.setFrameShape(QTreeView.Shape.NoFrame)
        header = self.view.header()
        header.setStretchLastSection(True)
        for column in range(self.model.columnCount() - 1):
            header.setSectionResizeMode(column, header.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.take_back = QPushButton()
        self.take_back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # As wide as its longest text: it must not shrink away from under the mouse that presses it.
        for text in (self._undo, self._take_back_run, self._bring_back):
            self.take_back.setText(text)
            self.take_back.setMinimumWidth(max(self.take_back.minimumWidth(), self.take_back.sizeHint().width()))
        self.reason = OneLine(QPalette.ColorRole.PlaceholderText)
        bottom = QHBoxLayout()
        bottom.addWidget(self.take_back)
        bottom.addWidget(self.reason, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.view, 1)
        layout.addLayout(bottom)

        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_READING)
        self._soon.timeout.connect(self._read)
        session.opened.connect(self._forget)
        session.snapshot_changed.connect(self._read_soon)
        # Once it is kept, which is later than when it is seen.
        session.edits.settled.connect(self._read_soon)
        session.answers_changed.connect(self._read_soon)
        session.job_changed.connect(self._show_choice)
        self.view.selectionModel().currentChanged.connect(self._show_choice)
        self.view.activated.connect(self._take_back_or_bring_back)
        self.take_back.clicked.connect(self._take_back_or_bring_back)
        self._show_choice()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    @Slot()
    def _forget(self) -> None:
        self._reading.drop()
        self.model.show_things([])
        self._show_choice()
        self._read_soon()

    @Slot()
    def _read_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _read(self) -> None:
        project = self._session.project
        if project is None:
            return
        if not self.model.things:
            self.reason.setText(self.tr("Reading the history…"))
        job = self._session.workers.read(partial(entries, project))
        self._reading.follow(job, self._show_entries, self._session.failed.emit)

    def _show_entries(self, found: list[Entry]) -> None:
        chosen = self._chosen()
        self.model.show_things(found)
        for column in (HistoryColumn.TIME, HistoryColumn.BY):
            self.view.resizeColumnToContents(column)
        keys = [(one.is_run, one.id) for one in found]
        if chosen is not None and (chosen.is_run, chosen.id) in keys:
            self.view.setCurrentIndex(self.model.index(keys.index((chosen.is_run, chosen.id)), 0))
        self._show_choice()

    def _chosen(self) -> Entry | None:
        index = self.view.currentIndex()
        return self.model.things[index.row()] if index.isValid() else None

    @Slot()
    def _show_choice(self) -> None:
        entry, why_not = self._chosen(), ""
        if entry is None:
            text = self._undo
            why_not = self.tr("Choose an edit or a run to take it back as a whole.")
        elif entry.is_run:
            text = self._take_back_run if entry.in_force else self._bring_back
        else:
            text = self._undo
            why_not = "" if entry.in_force else self.tr("This edit is undone already.")
        if entry is not None and entry.is_run and self._session.job is not None:
            why_not = self.tr("Wait until the work under way has ended.")
        if self._session.project is not None and self._session.project.read_only:
            why_not = self.tr("The project is open to look only: another window or command writes to it.")
        self.take_back.setText(text)
        self.take_back.setEnabled(not why_not)
        self.reason.setText(why_not)

    @Slot()
    def _take_back_or_bring_back(self) -> None:
        entry = self._chosen()
        if entry is None or not self.take_back.isEnabled():
            return
        if not entry.is_run:
            self._session.edits.undo(entry.id)
            return
        self._session.change(partial(put_in_force, run_id=entry.id, in_force=not entry.in_force))

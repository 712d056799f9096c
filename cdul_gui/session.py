"""What the window shows and works on: one open project, one snapshot of it, one current photo and label.

Panels never talk to each other. They read the session, call it, and listen to its signals.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.jobs import Failure, Job, Workers
from cdul_gui.pending import PendingEdits
from engine.jobs import Control, Progress
from engine.project import Project
from engine.project.history import Answer, Outcome, answer, redo, set_thresholds, undo
from engine.project.snapshot import Snapshot, take_snapshot
from engine.project.threshold_edits import HandSet

Rows = npt.NDArray[np.int64]
NO_ROWS: Rows = np.zeros(0, np.int64)

MILLISECONDS_BETWEEN_READINGS = 2000
"""At least, while a stage brings new scores."""


class Session(QObject):
    """The open project and what is looked at in it. All of it lives in the window's thread."""

    opened = Signal()
    """Another project is open (or none): everything changed."""
    snapshot_changed = Signal()
    """Photos, labels or scores were read anew."""
    answers_changed = Signal(list)
    """Decisions or reviewed marks of these rows of the snapshot changed."""
    thresholds_kept = Signal()
    """Thresholds set by hand were written, or undone: those in force are to be read anew."""
    shown_changed = Signal()
    """Which photos the gallery shows, or their order, changed."""
    current_changed = Signal()
    """Another photo is looked at."""
    label_changed = Signal()
    """Another label is looked at, or pointed at."""
    selection_changed = Signal()
    """Other photos are selected."""
    stage_changed = Signal()
    """Long work began or ended."""
    scores_arrived = Signal()
    """A stage has new scores to read; may be sent from any thread, as often as it likes."""
    failed = Signal(Failure)
    """Something could not be done: to be shown to the person."""
    noticed = Signal(str)
    """A sentence that should stay until it was read."""
    undoable = Signal(str, object)
    """A sentence on what was done outside the history, and what to call to take it back."""
    said = Signal(str)
    """A sentence for the status bar: what was just done."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workers = Workers(self)
        self.project: Project | None = None
        self.snapshot: Snapshot | None = None
        self.shown = NO_ROWS
        """Rows of the snapshot in the order of the gallery."""
        self.selection = NO_ROWS
        """Selected rows of the snapshot."""
        self.current: int | None = None
        """The row of the photo that is looked at."""
        self.previous: int | None = None
        """The row of the photo that was looked at before."""
        self.label: int | None = None
        """The column of the label that is looked at."""
        self.pointed_label: int | None = None
        """The column of the label under the pointer."""
        self.stage: Job | None = None
        """The long work under way."""
        self._closed = threading.Event()
        """The project before is closed."""
        self._closed.set()
        self._edits: PendingEdits | None = None
        self._reading: Job | None = None
        self._read_again = False
        self._reading_soon = QTimer(self, singleShot=True, interval=MILLISECONDS_BETWEEN_READINGS)
        self._reading_soon.timeout.connect(self.refresh)
        self.scores_arrived.connect(self._refresh_soon)

    # Opening and reading

    def open(self, make: Callable[[], Project]) -> Job:
        """Open a project in a worker and look at it. A stage that is under way in the one before is cancelled."""

        closed = self._closed

        def work(_progress: Progress, _control: Control) -> tuple[Project, Snapshot]:
            # The same project may be opened again before it is closed; only one may write to it.
            closed.wait()
            project = make()
            return project, take_snapshot(project)

        if self.stage is not None:
            self.stage.control.cancel()
        return self._then(self.workers.start(self.tr("Opening"), work), lambda found: self.show_project(*found))

    def show_project(self, project: Project | None, snapshot: Snapshot | None) -> None:
        """Look at another project from now on; the one before is closed once its last edit is written."""
        if self.project is not None and self.project is not project:
            self.workers.write(self.tr("Closing"), _closing(self.project, closed := threading.Event()))
            self._closed = closed
        self.project, self.snapshot = project, snapshot
        self._edits = PendingEdits(snapshot) if snapshot is not None else None
        self._reading, self._read_again = None, False
        self.shown = np.arange(len(snapshot) if snapshot is not None else 0)
        self.current = 0 if len(self.shown) else None
        self.previous = self.label = self.pointed_label = None
        self.selection = NO_ROWS
        self.opened.emit()
        self._everything_changed()

    @property
    def writable(self) -> bool:
        """Whether there is a project that may be changed."""
        return self.project is not None and not self.project.read_only

    @Slot()
    def refresh(self) -> None:
        """Read the snapshot anew, e.g. after a stage, keeping the current photo, label and selection."""
        project = self.project
        if project is None or self._edits is None:
            return
        if self._reading is not None:
            self._read_again = True
            return
        self._edits.reading_begins()
        began = time.monotonic()
        job = self._reading = self.workers.read(self.tr("Reading"), lambda: take_snapshot(project))

        def ended() -> None:
            # A large project is read less often, so that reading takes a tenth of the time at most.
            took = int(1000 * (time.monotonic() - began))
            self._reading_soon.setInterval(max(MILLISECONDS_BETWEEN_READINGS, 10 * took))
            if self._reading is job:
                self._reading = None
                if self._read_again:
                    self._read_again = False
                    self.refresh()

        job.ended.connect(ended)
        self._then(job, lambda snapshot: self._replace(snapshot) if self._reading is job else None)

    @Slot()
    def _refresh_soon(self) -> None:
        if not self._reading_soon.isActive():
            self._reading_soon.start()

    def _replace(self, snapshot: Snapshot) -> None:
        before, edits = self.snapshot, self._edits
        assert before is not None
        assert edits is not None
        edits.rebase(snapshot)
        self.snapshot = snapshot
        if self.label is not None:
            ids = [label.id for label in snapshot.labels]
            label = before.labels[self.label].id
            self.label = ids.index(label) if label in ids else None
        self.pointed_label = None
        if not np.array_equal(before.photo_ids, snapshot.photo_ids):
            rows = np.full(len(before), -1, np.int64)
            _, old, new = np.intersect1d(before.photo_ids, snapshot.photo_ids, return_indices=True)
            rows[old] = new
            added = np.setdiff1d(np.arange(len(snapshot)), new)
            self.shown = np.concatenate([_still_there(rows[self.shown]), added])
            self.selection = _still_there(rows[self.selection])
            self.current = _moved(rows, self.current)
            self.previous = _moved(rows, self.previous)
            if len(before) == 0:
                self.shown = np.sort(self.shown)
        if self.current is None and len(self.shown):
            self.current = int(self.shown[0])
        self._everything_changed()

    def _everything_changed(self) -> None:
        self.snapshot_changed.emit()
        self.shown_changed.emit()
        self.selection_changed.emit()
        self.current_changed.emit()
        self.label_changed.emit()

    # What is looked at

    def show_rows(self, rows: Rows) -> None:
        """Show these rows of the snapshot, in this order."""
        self.shown = rows
        self.shown_changed.emit()

    def look_at(self, row: int | None) -> None:
        """Make another photo the current one."""
        if row != self.current:
            self.previous, self.current = self.current, row
            self.current_changed.emit()

    def select(self, rows: Rows) -> None:
        """Select these rows of the snapshot."""
        if not np.array_equal(rows, self.selection):
            self.selection = rows
            self.selection_changed.emit()

    def go_to(self, row: int) -> None:
        """Look at a photo and select it alone."""
        self.look_at(row)
        self.select(np.array([row], np.int64))

    def step(self, by: int) -> int | None:
        """The row that is shown so many places after (before) the current photo; None past the ends."""
        places = np.flatnonzero(self.shown == self.current)
        place = int(places[0]) + by if len(places) else 0
        return int(self.shown[place]) if 0 <= place < len(self.shown) else None

    def targets(self) -> Rows:
        """The rows that a command works on: the selected ones, else the current one."""
        if len(self.selection):
            return self.selection
        return NO_ROWS if self.current is None else np.array([self.current], np.int64)

    def look_at_label(self, column: int | None) -> None:
        """Make another label the current one: its heatmap is shown, its score sorted by."""
        if column != self.label:
            self.label = column
            self.label_changed.emit()

    def point_at_label(self, column: int | None) -> None:
        """The pointer is on a label (or on none): its heatmap is shown for as long."""
        if column != self.pointed_label:
            self.pointed_label = column
            self.label_changed.emit()

    @property
    def heatmap_label(self) -> int | None:
        """The column of the label whose heatmap is shown."""
        return self.label if self.pointed_label is None else self.pointed_label

    # A person's edits

    def answer(self, title: str, answers: Sequence[Answer]) -> Job | None:
        """Keep answers: shown at once, committed in order by the writing thread, taken back if that fails."""
        project = self.project
        if project is None or not answers:
            return None
        return self._edit(title, answers, lambda: answer(project, title, answers))

    def set_thresholds(self, title: str, thresholds: Sequence[HandSet]) -> Job | None:
        """Keep thresholds set by hand, or take them back, as one step of undo."""
        project = self.project
        if project is None or not thresholds:
            return None
        return self._edit(title, (), lambda: set_thresholds(project, title, thresholds))

    @property
    def edits_wait(self) -> bool:
        """Whether an edit is still to be written."""
        return self._edits is not None and self._edits.waiting

    def undo(self, edit_id: int | None = None) -> Job | None:
        """Undo an edit, by default the last one in force."""
        project = self.project
        if project is None:
            return None
        return self._edit(self.tr("Undone: {title}"), (), lambda: undo(project, edit_id))

    def redo(self, edit_id: int | None = None) -> Job | None:
        """Do again what was undone last."""
        project = self.project
        if project is None:
            return None
        return self._edit(self.tr("Done again: {title}"), (), lambda: redo(project, edit_id))

    def _edit(self, sentence: str, answers: Sequence[Answer], commit: Callable[[], Outcome | None]) -> Job:
        edits = self._edits
        assert edits is not None
        ticket, changed = edits.begin(answers)
        if changed:
            self.answers_changed.emit(changed)

        def settle(committed: Sequence[Answer] | None) -> None:
            changed = edits.end(ticket, committed)
            if edits is self._edits and changed:
                self.answers_changed.emit(changed)

        def end(outcome: Outcome | None) -> None:
            settle(outcome.answers if outcome is not None else ())
            if outcome is not None:
                if outcome.thresholds:
                    self.thresholds_kept.emit()
                self.said.emit(sentence.replace("{title}", outcome.title))
                if outcome.label_set_changed:
                    self.refresh()

        job = self._then(self.workers.write(sentence, commit), end)
        # What was shown but could not be kept must not stay on the screen.
        job.failed.connect(lambda _failure: settle(None))
        return job

    def change(self, title: str, work: Callable[[Project], Any]) -> Job | None:
        """Write something else than answers, in the order of the edits; the snapshot is read anew afterwards."""
        project = self.project
        if project is None:
            return None
        return self._then(self.workers.write(title, lambda: work(project)), lambda _result: self.refresh())

    # Long work

    def run_stage(self, title: str, work: Callable[[Progress, Control], Any], done: Callable[[Any], None]) -> Job:
        """Run a stage in a worker; afterwards, also when it was cancelled, the snapshot is read anew."""
        job = self._then(self.workers.start(title, work), done)
        self.stage = job

        def ended() -> None:
            if self.stage is job:
                self.stage = None
                self.stage_changed.emit()
            self.refresh()

        job.ended.connect(ended)
        self.stage_changed.emit()
        return job

    def shut_down(self) -> None:
        """Cancel long work, write the edits that wait, and close the project."""
        self.workers.shut_down()
        if self.project is not None:
            self.project.close()

    def _then(self, job: Job, done: Callable[[Any], None]) -> Job:
        job.finished.connect(done)
        job.failed.connect(self.failed)
        return job


def _closing(project: Project, closed: threading.Event) -> Callable[[], None]:
    def close() -> None:
        try:
            project.close()
        finally:
            closed.set()

    return close


def _still_there(rows: Rows) -> Rows:
    return rows[rows >= 0]


def _moved(rows: Rows, row: int | None) -> int | None:
    return None if row is None or rows[row] < 0 else int(rows[row])

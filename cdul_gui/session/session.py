"""What the window shows and works on: one open project, one snapshot of it, one current photo and label.

Panels never talk to each other. They read the session, call it, and listen to its signals.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.edits import Edits
from cdul_gui.session.jobs import Failure, Job, Workers
from cdul_gui.session.kept_looks import KeptLooks
from cdul_gui.session.label_counts import LabelCounts
from cdul_gui.session.order import rows_at_first
from cdul_gui.session.snapshot_reading import MovedRows, Rows, SnapshotReading
from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.news import Mark, mark
from engine.project.settings import keep_setting
from engine.project.snapshot import Snapshot
from engine.wording import Sentence

NO_ROWS: Rows = np.zeros(0, np.int64)


class Session(QObject):
    """The open project and what is looked at in it. All of it lives in the window's thread."""

    opened = Signal()
    """Another project is open (or none): everything changed."""
    snapshot_changed = Signal()
    """Photos, labels or scores were read anew."""
    answers_changed = Signal(object)
    """Decisions or reviewed marks of these rows of the snapshot, a list, changed."""
    suggestions_changed = Signal(object)
    """What suggests labels on these rows of the snapshot, a list, changed by what answers taught."""
    thresholds_kept = Signal()
    """Thresholds set by hand were written, or undone: those in force are to be read anew."""
    shown_changed = Signal()
    """Which photos the gallery shows, or their order, changed."""
    view_changed = Signal()
    """Other photos of those that the gallery shows are in view."""
    current_changed = Signal()
    """Another photo is looked at."""
    unfolded_changed = Signal()
    """The labels that may be on the current photo were unfolded, or folded up again."""
    label_changed = Signal()
    """Another label is looked at, or pointed at."""
    selection_changed = Signal()
    """Other photos are selected."""
    job_changed = Signal()
    """Long work began or ended."""
    left_unchanged = Signal()
    """Long work ended that changed nothing, so that no snapshot is read; `job_changed` came before."""
    scores_arrived = Signal()
    """A run has new scores to read; may be sent from any thread, as often as it likes."""
    leaving = Signal()
    """The project is about to be left: the last moment to keep something in it."""
    failed = Signal(Failure)
    """Something could not be done: to be shown to the person."""
    noticed = Signal(str)
    """A sentence that should stay until it was read."""
    undoable = Signal(str, object)
    """A sentence on what was just done, and what to call to take it back."""
    offered = Signal(object)
    """An `Offer`: a sentence that stays until it was read, with buttons for what can be done."""
    done = Signal(object)
    """Long work ended well, a `Done`: to be said together with what to do next."""
    said = Signal(str)
    """A sentence for the status bar: what was just done."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workers = Workers(self)
        self.project: Project | None = None
        self.snapshot: Snapshot | None = None
        self.read_up_to: Mark | None = None
        """How far the project was read when it was opened; None where nobody else writes to it."""
        self.shown = NO_ROWS
        """Rows of the snapshot in the order of the gallery."""
        self.shown_in_place = False
        """Whether they are about the same as before: what is in view stays where it is."""
        self.in_view = range(0)
        """Places of those that can be seen."""
        self.columns = 1
        """Photos in a line."""
        self.selection = NO_ROWS
        """Selected rows of the snapshot."""
        self.current: int | None = None
        """The row of the photo that is looked at."""
        self.previous: int | None = None
        """The row of the photo that was looked at before."""
        self.unfolded = False
        """Whether the labels that may be on the current photo are shown singly, until it is left."""
        self.label: int | None = None
        """The column of the label that is looked at."""
        self.pointed_label: int | None = None
        """The column of the label under the pointer."""
        self.job: Job | None = None
        """The long work under way."""
        self.job_title = ""
        """What it is, for people."""
        self._counted: LabelCounts | None = None
        """Made in the worker that opens a project, and kept until that is shown."""
        self._closed = threading.Event()
        """The project before is closed."""
        self._closed.set()
        self.edits = Edits(self.workers, self)
        self.edits.answers_changed.connect(self.answers_changed)
        self.edits.thresholds_kept.connect(self.thresholds_kept)
        self.edits.label_set_changed.connect(self.refresh)
        self.edits.scores_changed.connect(self.refresh)
        self.edits.went_back.connect(self._show_one_of)
        self.edits.undoable.connect(self.undoable)
        self.edits.failed.connect(self.failed)
        self.edits.said.connect(self.said)
        self.looks = looks = KeptLooks()
        """How the photos look, which answers teach by."""
        self._reading = SnapshotReading(self.workers, lambda project: looks.snapshot_of(project, self.snapshot), self)
        self._reading.began.connect(self.edits.reading_begins)
        self._reading.arrived.connect(self._replace)
        self._reading.failed.connect(self.failed)
        self.scores_arrived.connect(self._reading.read_soon)

    # Opening and reading

    def open(self, make: Callable[[], Project]) -> Job:
        """Open a project in a worker and look at it. Long work on the one before is cancelled."""

        closed = self._closed

        def work(_progress: Progress, _cancellation: Cancellation) -> tuple[Project, LabelCounts, Mark | None]:
            # The same project may be opened again before it is closed; only one may write to it.
            closed.wait()
            project = make()
            read_up_to = mark(project) if project.others_write else None
            snapshot = self.looks.snapshot_of(project)
            rows_at_first(snapshot.paths)
            return project, LabelCounts(snapshot), read_up_to

        def show(found: tuple[Project, LabelCounts, Mark | None]) -> None:
            project, self._counted, read_up_to = found
            self.show_project(project, self._counted.snapshot, read_up_to)
            self._counted = None

        if self.job is not None:
            self.job.cancellation.cancel()
        return self._then(self.workers.start(work), show)

    def show_project(self, project: Project | None, snapshot: Snapshot | None, read_up_to: Mark | None = None) -> None:
        """Look at another project from now on; the one before is closed once its last edit is written."""
        if self.project is not None and self.project is not project:
            self.leaving.emit()
            self.workers.write(_closing(self.project, closed := threading.Event()))
            self._closed = closed
        self.project, self.snapshot, self.read_up_to = project, snapshot, read_up_to
        self.shown_in_place, self.in_view = False, range(0)
        self.edits.follow(project, snapshot)
        self._reading.follow(project if snapshot is not None else None)
        self.shown = rows_at_first(snapshot.paths) if snapshot is not None else NO_ROWS
        self.current = int(self.shown[0]) if len(self.shown) else None
        self.previous = self.label = self.pointed_label = None
        self.unfolded = False
        self.selection = NO_ROWS
        self.opened.emit()
        self._everything_changed()

    def counts_of(self, snapshot: Snapshot) -> LabelCounts:
        """On how many photos each label is; of a project that was just opened the worker has counted."""
        counted = self._counted
        return counted if counted is not None and counted.snapshot is snapshot else LabelCounts(snapshot)

    @property
    def writable(self) -> bool:
        """Whether there is a project that may be changed."""
        return self.project is not None and not self.project.read_only

    @Slot()
    def refresh(self) -> None:
        """Read the snapshot anew, e.g. after a run, keeping the current photo, label and selection."""
        self._reading.read()

    @Slot(Snapshot)
    def _replace(self, snapshot: Snapshot) -> None:
        before = self.snapshot
        assert before is not None
        self.edits.rebase(snapshot)
        snapshot.hold_as(before)
        self.snapshot = snapshot
        if self.label is not None:
            label = before.labels[self.label].id
            self.label = snapshot.column_of(label) if snapshot.has_label(label) else None
        self.pointed_label = None
        if not np.array_equal(before.photo_ids, snapshot.photo_ids):
            moved = MovedRows(before, snapshot)
            self.shown = np.concatenate([moved.of(self.shown), moved.added])
            self.selection = moved.of(self.selection)
            self.current = moved.of_one(self.current)
            self.previous = moved.of_one(self.previous)
            if len(before) == 0:
                self.shown = rows_at_first(snapshot.paths)
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

    @property
    def photo_id(self) -> int | None:
        """Of the photo that is looked at: it stays when photos are read anew, and their rows are others."""
        return None if self.snapshot is None or self.current is None else int(self.snapshot.photo_ids[self.current])

    def show_rows(self, rows: Rows, *, in_place: bool = False) -> None:
        """Show these rows of the snapshot, in this order, from the first one or with what is in view where it is."""
        self.shown, self.shown_in_place = rows, in_place
        self.shown_changed.emit()

    def look_over(self, in_view: range, columns: int) -> None:
        """These places of what is shown can be seen, so many photos in a line."""
        if (in_view, columns) != (self.in_view, self.columns):
            self.in_view, self.columns = in_view, columns
            self.view_changed.emit()

    def look_at(self, row: int | None) -> None:
        """Make another photo the current one."""
        if row != self.current:
            self.previous, self.current = self.current, row
            self._unfold(on=False)
            self.current_changed.emit()

    def toggle_unfolded(self) -> None:
        """Show the labels that may be on the current photo singly, or fold them up again."""
        if self.current is not None:
            self._unfold(on=not self.unfolded)

    def _unfold(self, *, on: bool) -> None:
        if on != self.unfolded:
            self.unfolded = on
            self.unfolded_changed.emit()

    def select(self, rows: Rows) -> None:
        """Select these rows of the snapshot."""
        if not np.array_equal(rows, self.selection):
            self.selection = rows
            self.selection_changed.emit()

    def go_to(self, row: int) -> None:
        """Look at a photo and select it alone."""
        self.look_at(row)
        self.select(np.array([row], np.int64))

    @Slot(list)
    def _show_one_of(self, photo_ids: list[int]) -> None:
        """Look at the nearest of these photos that is shown, unless one of them is looked at."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        rows = [snapshot.row_of(photo) for photo in set(photo_ids) if snapshot.has(photo)]
        places = np.flatnonzero(np.isin(self.shown, rows))
        if len(places) and self.current not in rows:
            here = np.flatnonzero(self.shown == self.current)[:1].sum()
            self.go_to(int(self.shown[places[np.abs(places - here).argmin()]]))

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

    # Work on the project

    def change(self, work: Callable[[Project], Any]) -> Job | None:
        """Write something else than answers, in the order of the edits; the snapshot is read anew afterwards."""
        project = self.project
        if project is None:
            return None
        self.edits.do_otherwise()
        return self._then(self.workers.write(lambda: work(project)), lambda _result: self.refresh())

    def write(self, work: Callable[[Project], object], refused: Callable[[str], None]) -> Job:
        """Write something whose refusal is shown where it was asked for: `refused` gets its sentence."""
        project = self.project

        def write() -> object:
            if project is None:
                raise UserError(Sentence("No photos are open."))
            return work(project)

        self.edits.do_otherwise()
        job = self.workers.write(write)
        job.finished.connect(lambda _result: self.refresh())
        job.failed.connect(lambda failure: refused(failure.sentence))
        return job

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a value of the project, behind all that waits to be written; not where nothing can be written."""
        project = self.project
        if project is not None and self.writable:
            self.workers.write(lambda: keep_setting(project, name, value)).failed.connect(self.failed)

    def run_job(
        self,
        title: str,
        work: Callable[[Progress, Cancellation], Any],
        done: Callable[[Any], None],
        changes: Callable[[Any], bool] = lambda _result: True,
    ) -> Job:
        """Do long work in a worker; afterwards, also when it was cancelled, the snapshot is read anew.

        Args:
            changes: whether by its result the work changed anything; where not, nothing is read.
        """
        job = self._then(self.workers.start(work), done)
        self.job, self.job_title = job, title
        unchanged = False

        def finished(result: Any) -> None:
            nonlocal unchanged
            unchanged = not changes(result)

        def ended() -> None:
            if self.job is job:
                self.job = None
                self.job_changed.emit()
            if unchanged:
                self.left_unchanged.emit()
                return
            # It may have been an edit, as an import is.
            self.edits.do_otherwise()
            self.refresh()

        job.finished.connect(finished)

        job.ended.connect(ended)
        self.job_changed.emit()
        return job

    def shut_down(self) -> None:
        """Cancel long work, write the edits that wait, and close the project."""
        self.leaving.emit()
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

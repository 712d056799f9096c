"""Training on the open project: the one that is under way, those before it, and what the newest changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.jobs import Job
from cdul_gui.session.offers import Choice, Done, Offer
from cdul_gui.session.session import Session
from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.wording import photos_in_words, translated
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.history import history
from engine.project.runs import RunRow, runs
from engine.project.settings import setting
from engine.project.snapshot import Snapshot
from engine.stages.review.changes import Changes, changes_by_training
from engine.stages.training.curves import Curves
from engine.stages.training.held_back import accept_training, discard_training, held_back

if TYPE_CHECKING:
    from engine.stages.training.refine import RefineResult

MILLISECONDS_BETWEEN_CURVES = 200
"""A small training does hundreds of epochs a second; nobody needs to see each."""

REFINE = "refine"
"""As the engine calls its runs; importing it from there would load the networks' library into a window that opens."""

_CUT_OFF = "training cut off"
"""Setting of a project: whether the window was closed amid a training."""


@dataclass(frozen=True)
class _Known:
    """What the project's database tells of its trainings."""

    runs: list[RunRow]
    changes: Changes | None
    waits: bool


class Training(QObject):
    """Runs stage 2, and follows the session."""

    curves_changed = Signal()
    """The training under way did more epochs; at most five times a second."""
    runs_changed = Signal()
    """There is another training to look at, or none under way any more."""
    changes_changed = Signal()
    """What the newest training changed is known, or is another."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.runs: list[RunRow] = []
        """Trainings that were finished, newest first."""
        self.changes: Changes | None = None
        """What the newest training changed, or would change, aligned with the session's snapshot."""
        self.waits = False
        """Whether that training changes so much that it waits to be accepted or discarded."""
        self.job: Job | None = None
        """The training under way."""
        self._epochs: list[dict[str, Any]] = []
        self._shown_epochs = 0
        self._known_for: Snapshot | None = None
        self._timer = QTimer(self, interval=MILLISECONDS_BETWEEN_CURVES)
        self._timer.timeout.connect(self._tell_curves)
        session.opened.connect(self._forget)
        session.leaving.connect(self._keep_that_it_is_cut_off)
        session.snapshot_changed.connect(self._look_up)

    @property
    def live(self) -> Curves:
        """The curves of the training under way."""
        return Curves.of(self._epochs)

    def curves_of(self, run_id: int) -> Curves:
        """The curves of a training that was finished; empty for an unknown one."""
        return Curves.of_run(next((run for run in self.runs if run.id == run_id), None))

    def learn(self, choice: TrainingChoice | None = None) -> Job | None:
        """Train on the pseudo labels and decisions, as is chosen or as was chosen last."""
        session, project = self._session, self._session.project
        if project is None or project.read_only or session.job is not None:
            return None
        if session.snapshot is None or session.snapshot.stage is None:
            session.noticed.emit(
                self.tr("There are no labels to learn from yet. Press Label first, correct some, and then train.")
            )
            return None
        if choice is not None:
            choice.keep()
        chosen = choice or TrainingChoice.kept()
        epochs = self._epochs = []
        self._shown_epochs = 0

        def work(progress: Progress, cancellation: Cancellation) -> RefineResult:
            progress.start(self.tr("Opening the network"), total=None, unit="")
            from engine.stages.training.refine import refine

            # The list grows here and is read in the window's thread; appending is one step to both.
            return refine(
                project, chosen.request(), progress, cancellation, on_epoch=lambda report: epochs.append(asdict(report))
            )

        self.job = session.run_job(self.tr("Training"), work, self._tell)
        self.job.cancelled.connect(partial(self._offer_to_go_on, chosen))
        self.job.ended.connect(self._ended)
        self._timer.start()
        self.runs_changed.emit()
        return self.job

    def accept(self) -> Job | None:
        """Use the new scores of the training that waits."""
        return self._session.change(accept_training) if self.waits and self._session.writable else None

    def discard(self) -> Job | None:
        """Leave the training that waits out of force."""
        return self._session.change(discard_training) if self.waits and self._session.writable else None

    def show_turned(self, *, on: bool, column: int | None = None) -> None:
        """Show the photos on which the newest training turned labels, or this one, on (else: off)."""
        if self.changes is None:
            self._session.noticed.emit(self.tr("No training has changed these labels yet."))
            return
        rows = self.changes.rows(on=on, column=column)
        if not len(rows):
            self._session.said.emit(
                self.tr("The training turned no label on.") if on else self.tr("The training turned no label off.")
            )
            return
        self._session.show_rows(rows)
        self._session.go_to(int(rows[0]))
        if column is not None:
            self._session.look_at_label(column)
        told = self.tr("{photos} with labels turned on") if on else self.tr("{photos} with labels turned off")
        self._session.said.emit(told.format(photos=photos_in_words(len(rows))))

    def _tell(self, result: RefineResult) -> None:
        look = Choice(self.tr("Show what would be new"), partial(self.show_turned, on=True))
        self._session.done.emit(Done(translated(result.sentence), (look,) if result.held_back else ()))

    def offer_the_rest(self) -> None:
        """To go on with a training that closing the program cut off, or, where nothing was answered since, whatever
        did."""
        session, project = self._session, self._session.project
        if project is None or not session.writable:
            return

        def look() -> bool:
            if setting(project, _CUT_OFF, default=False):
                return True
            left = next((run for run in runs(project) if run.stage == REFINE and run.finished_at is None), None)
            edited = next((edit.at for edit in history(project, limit=1)), None)
            return left is not None and (edited is None or edited <= left.started_at)

        def offer(left: bool) -> None:
            if left and project is session.project and session.job is None:
                session.keep_setting(_CUT_OFF, False)
                said = self.tr("A training was cut off. Until answers change it goes on from its last full epoch.")
                session.offered.emit(Offer(said, (Choice(self.tr("Go on training"), self.learn),), waits=True))

        session.workers.read(look).finished.connect(offer)

    @Slot()
    def _keep_that_it_is_cut_off(self) -> None:
        if self.job is not None:
            self._session.keep_setting(_CUT_OFF, True)

    def _offer_to_go_on(self, choice: TrainingChoice) -> None:
        """With a training that was cancelled."""
        said = self.tr("Training stopped. Until answers change it goes on from its last full epoch.")
        self._session.offered.emit(Offer(said, (Choice(self.tr("Go on training"), partial(self.learn, choice)),)))

    @Slot()
    def _tell_curves(self) -> None:
        if len(self._epochs) != self._shown_epochs:
            self._shown_epochs = len(self._epochs)
            self.curves_changed.emit()

    @Slot()
    def _ended(self) -> None:
        self._timer.stop()
        self._tell_curves()
        self.job = None
        self.runs_changed.emit()

    @Slot()
    def _forget(self) -> None:
        self.runs = []
        self._epochs = []
        self._known_for = None
        self._set_changes(None)
        self.runs_changed.emit()

    @Slot()
    def _look_up(self) -> None:
        """Read what is known of the trainings; while a run brings scores, not each time that it does."""
        project, snapshot = self._session.project, self._session.snapshot
        if self.changes is not None and not _aligned(self._known_for, snapshot):
            self._set_changes(None)
        if project is None or snapshot is None or self._session.job is not None:
            return

        def done(known: _Known) -> None:
            if snapshot is not self._session.snapshot:
                return
            self._known_for = snapshot
            if [run.id for run in known.runs] != [run.id for run in self.runs]:
                self.runs = known.runs
                self.runs_changed.emit()
            self._set_changes(known.changes, waits=known.waits)

        job = self._session.workers.read(lambda: _read(project, snapshot))
        job.finished.connect(done)
        job.failed.connect(self._session.failed)

    def _set_changes(self, changes: Changes | None, *, waits: bool = False) -> None:
        if changes is not self.changes or waits != self.waits:
            self.changes, self.waits = changes, waits
            self.changes_changed.emit()


def _read(project: Project, snapshot: Snapshot) -> _Known:
    finished = [run for run in runs(project) if run.stage == REFINE and run.finished_at is not None]
    waiting = held_back(project)
    return _Known(finished, changes_by_training(project, snapshot, waiting), waiting is not None)


def _aligned(one: Snapshot | None, other: Snapshot | None) -> bool:
    """Whether rows and columns of two snapshots are the same photos and labels."""
    return (
        one is not None
        and other is not None
        and np.array_equal(one.photo_ids, other.photo_ids)
        and [label.id for label in one.labels] == [label.id for label in other.labels]
    )

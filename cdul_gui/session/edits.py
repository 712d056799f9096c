"""A person's edits: shown at once, committed in order by the writing thread, and off the screen again if that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Failure, Job, Workers
from cdul_gui.session.last_steps import LastSteps
from cdul_gui.session.pending import PendingEdits
from cdul_gui.wording import translated
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import Outcome, answer, undo
from engine.project.runs import RunRow
from engine.project.snapshot import Snapshot
from engine.project.storage.clock import now
from engine.project.thresholds import ManualThreshold
from engine.stages.history.undo_last import redo_last, undo_last
from engine.stages.thresholds.carrying import put_in_force


class Edits(QObject):
    """Of the open project and on the snapshot of it that is looked at."""

    # An object: a list would be copied for each of a dozen listeners, whatever its thousands of rows.
    answers_changed = Signal(object)
    """Decisions or reviewed marks of these rows of the snapshot, a list, changed."""
    thresholds_kept = Signal()
    """Thresholds set by hand were written, or undone."""
    label_set_changed = Signal()
    """Labels changed, or which are in the label set, or their order."""
    texts_changed = Signal()
    """Undo or redo brought labels back, or what they are asked for with: the scores are out of date."""
    scores_changed = Signal()
    """A training was undone or done again."""
    files_changed = Signal(int)
    """An edit was undone or done again that changed files beside photos, which have to follow; the id of the undo."""
    settled = Signal()
    """What was said last is kept, or could not be."""
    doing = Signal()
    """Something is being done, which can be undone then."""
    undoing = Signal()
    """Something is being undone, which can be done again then."""
    went_back = Signal(list)
    """Undo or redo changed what is said of these photos, a list of ids."""
    failed = Signal(Failure)
    undoable = Signal(str, object)
    """A sentence on what was undone that is no edit, and what to call to have it again."""
    said = Signal(str)
    """What was undone or done."""

    def __init__(self, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._workers = workers
        self._project: Project | None = None
        self._pending: PendingEdits | None = None
        self._steps = LastSteps()

    def follow(self, project: Project | None, snapshot: Snapshot | None) -> None:
        """Edit another project, or none, from now on; what waits is written into the one before."""
        self._project = project
        self._steps.forget()
        self._pending = PendingEdits(snapshot) if snapshot is not None else None

    @Slot()
    def reading_begins(self) -> None:
        """A new snapshot is about to be read."""
        if self._pending is not None:
            self._pending.reading_begins()

    def rebase(self, snapshot: Snapshot) -> None:
        """Go on with the snapshot that was read: what is not in it yet is shown on it."""
        if self._pending is not None:
            self._pending.rebase(snapshot)

    @property
    def waiting(self) -> bool:
        """Whether an edit is still to be written."""
        return self._pending is not None and self._pending.waiting

    def answer(self, title: str, answers: Sequence[Answer]) -> Job | None:
        """Keep answers as one step of undo."""
        project = self._project
        if project is None or not answers:
            return None
        self.doing.emit()
        assert self._pending is not None
        step = self._steps.do(self._pending.snapshot, answers)
        job = self._begin("{title}", answers, lambda: answer(project, title, answers))
        if step is not None:
            job.finished.connect(lambda outcome: self._check(step.after, outcome))
        return job

    def hear(self, answers: Sequence[Answer]) -> None:
        """Show what is in force since others answered."""
        if answers:
            self._steps.forget()
        if self._pending is not None and (changed := self._pending.hear(answers)):
            self.answers_changed.emit(changed)

    def do_otherwise(self) -> None:
        """Something is done, or was, of which only the database knows what undoing it changes."""
        self._steps.forget()
        self.doing.emit()

    def forget_steps(self) -> None:
        """What this person did last is no longer what is undone next."""
        self._steps.forget()

    def set_thresholds(self, thresholds: Sequence[ManualThreshold]) -> Job | None:
        """Keep thresholds set by hand, or take them back, as one step of undo."""
        project = self._project
        if project is None or not thresholds:
            return None
        self.do_otherwise()
        return self._begin("{title}", (), lambda: set_thresholds(project, thresholds))

    def undo(self, edit_id: int | None = None) -> Job | None:
        """Undo an edit, by default what was done last: that may be a training, too."""
        project = self._project
        if project is None:
            return None
        self.undoing.emit()
        assert self._pending is not None
        if edit_id is None:
            guess = self._steps.undo(self._pending.snapshot)
            return self._go_back(self.tr("Undone: {title}"), guess, partial(undo_last, project))
        self._steps.forget()
        return self._go_back(self.tr("Undone: {title}"), (), partial(undo, project, edit_id))

    def redo(self) -> Job | None:
        """Do again what was undone last."""
        project = self._project
        if project is None:
            return None
        self.doing.emit()
        assert self._pending is not None
        guess = self._steps.redo(self._pending.snapshot)
        return self._go_back(self.tr("Done again: {title}"), guess, partial(redo_last, project))

    def _begin(
        self,
        saying: str,
        answers: Sequence[Answer],
        commit: Callable[[], Outcome | RunRow | None],
        *,
        guess: bool = False,
    ) -> Job:
        pending = self._pending
        assert pending is not None
        ticket, changed = pending.begin(answers, guess=guess)
        # Before anybody hears of it: what they write then, e.g. learnt from it, waits for it and not it for them.
        job = self._workers.write(commit)
        if changed:
            self.answers_changed.emit(changed)

        def settle(committed: Sequence[Answer] | None) -> None:
            changed = pending.end(ticket, committed)
            if pending is self._pending and changed:
                self.answers_changed.emit(changed)

        def end(outcome: Outcome | RunRow | None) -> None:
            settle(outcome.answers if isinstance(outcome, Outcome) else ())
            if isinstance(outcome, RunRow):
                self._tell_of_training(outcome)
            elif outcome is not None:
                if outcome.thresholds:
                    self.thresholds_kept.emit()
                self.said.emit(saying.replace("{title}", translated(outcome.title)))
                if outcome.label_set_changed or outcome.rules_changed:
                    self.label_set_changed.emit()
                if outcome.texts_changed:
                    self.texts_changed.emit()
                if outcome.files_changed:
                    self.files_changed.emit(outcome.edit_id)

        job.finished.connect(end)
        job.failed.connect(lambda failure: self.failed.emit(self._not_kept(failure)))
        # What was shown but could not be kept must not stay on the screen.
        job.failed.connect(lambda _failure: settle(None))
        job.failed.connect(lambda _failure: self._steps.forget())
        job.ended.connect(self.settled)
        return job

    def _not_kept(self, failure: Failure) -> Failure:
        """On a server that is away, it has to be said that it is the person's own doing that is lost."""
        if failure.details or self._project is None or not self._project.others_write:
            return failure
        failure.is_loss = True
        failure.sentence = self.tr("What you did last was not kept. {why}").replace("{why}", failure.sentence)
        return failure

    def _go_back(self, saying: str, guess: Sequence[Answer], commit: Callable[[], Outcome | RunRow | None]) -> Job:
        """Undo or do again: what that probably changes is shown at once, and what it did change once it is known."""
        job = self._begin(saying, guess, commit, guess=True)
        if guess:
            self.went_back.emit([one.photo_id for one in guess])

        def tell(outcome: Outcome | RunRow | None) -> None:
            if isinstance(outcome, Outcome) and outcome.answers and set(outcome.answers) != set(guess):
                self.went_back.emit([one.photo_id for one in outcome.answers])
            if guess:
                self._check(guess, outcome)

        job.finished.connect(tell)
        return job

    def _check(self, expected: Sequence[Answer], outcome: Outcome | RunRow | None) -> None:
        """Nothing is guessed any more where the database did something else than was remembered."""
        did = set(outcome.answers) if isinstance(outcome, Outcome) else None
        if did != (set(expected) or None):
            self._steps.forget()

    def _bring_back(self, training: RunRow) -> None:
        """Let a training suggest again that was taken back, whatever was done or undone since."""
        project = self._project
        if project is None:
            return
        self.do_otherwise()

        def commit() -> RunRow:
            put_in_force(project, training.id)
            return replace(training, withdrawn_at=now())

        self._begin("", (), commit)

    def _tell_of_training(self, training: RunRow) -> None:
        """It was in force until now and was taken back, or it is in force again."""
        self.scores_changed.emit()
        if training.withdrawn_at is None:
            self.undoable.emit(
                self.tr("The training is undone: the scores from before it suggest again. No answer is lost."),
                lambda: self._bring_back(training),
            )
        else:
            self.said.emit(self.tr("The training is done again: its scores suggest."))

"""After long work: what was done, what of it is doubtful, and the one thing to do next, as a button."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.activities import Activities
from cdul_gui.session.offers import Choice, Done, Offer
from cdul_gui.session.queues import AT_ONCE
from cdul_gui.wording import photos_in_words, shown_name, suggestions_in_words
from engine.project.labels import LabelRow
from engine.stages.review.left_to_do import LeftToDo, left_to_do
from engine.stages.review.queues import UNSURE

MILLISECONDS_AFTER_ANSWERS = 2_000
"""After an answer what is left is counted anew, together with all answers until then."""

_ABOUT = "what next"


class WhatNext(QObject):
    """Follows what is done, and puts a sentence with a button below the photos once its effects are on the screen."""

    told = Signal()
    """What was done last has been said, or needed no word: others may have their say."""
    sweep_wanted = Signal(int)
    """The photos should be shown by the score of the label in this column of the snapshot, with its threshold."""
    export_wanted = Signal()

    def __init__(self, activities: Activities) -> None:
        super().__init__(activities)
        self._session, self._queues = activities.session, activities.queues
        self._done: Done | None = None
        self._ended: int | None = None
        """How many photos the queue had whose end was told."""
        self._withdrawn_for: object = None
        """The rate of the queue that was on when it was: each queue has its own."""
        self._all_reviewed = True
        self._of_all: Done | None = None
        """What says that all photos are reviewed."""
        self._told: Done | None = None
        """What the bar says, for all that is known here."""
        self._soon = QTimer(self, singleShot=True, interval=MILLISECONDS_AFTER_ANSWERS)
        self._soon.timeout.connect(self._renew)
        self._session.suggestions_changed.connect(self._follow_suggestions)
        self._session.done.connect(self._wait)
        self._session.edits.undoing.connect(self._follow_undo)
        self._session.snapshot_changed.connect(self._count)
        self._session.opened.connect(self._forget)
        self._session.job_changed.connect(self._follow_job)
        self._session.answers_changed.connect(self._follow_answers)
        self._queues.changed.connect(self._follow_queue)
        self._queues.all_reviewed.connect(self._tell_of_all)
        self._session.snapshot_changed.connect(self._look_what_is_reviewed)

    @Slot(object)
    def _wait(self, done: Done) -> None:
        # What it did is read anew in a moment.
        self._done = done

    @Slot()
    def _forget(self) -> None:
        self._done = self._ended = self._told = None

    @Slot()
    def _follow_queue(self) -> None:
        queues = self._queues
        over = queues.name is not None and queues.left == 0
        if over and self._ended is None:
            self._ended = queues.total
            self._look_what_is_reviewed()
            if self._all_reviewed:
                self._tell_of_all(self._said_of_queue())
            else:
                self._count_for(Done(self._said_of_queue()))
        elif not over:
            self._ended = None
            if queues.name is not None and queues.rate is not self._withdrawn_for:
                self._withdrawn_for = queues.rate
                self.withdraw()

    @Slot()
    def _look_what_is_reviewed(self) -> None:
        snapshot = self._session.snapshot
        left = np.flatnonzero(~snapshot.reviewed).tolist() if snapshot is not None else []
        # A photo that cannot be read waits for nobody.
        self._all_reviewed = snapshot is None or all(snapshot.problems[row] for row in left)

    @Slot()
    def _follow_job(self) -> None:
        """What the work before did is no longer what is next."""
        if self._session.job is not None:
            self.withdraw()

    @Slot()
    def _follow_undo(self) -> None:
        """What was told may be what is taken back."""
        if self._told is not None and self._told.undoable:
            self.withdraw()

    def withdraw(self) -> None:
        """No longer say what was done and what is next: who reviews knows, and needs the room."""
        if self._told is not None:
            self._told = None
            self._session.offered.emit(Offer("", about=_ABOUT, renews=True))

    @Slot()
    def _follow_suggestions(self) -> None:
        if self._told is not None and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _renew(self) -> None:
        """What is left is less since it was told."""
        session, told = self._session, self._told
        project, snapshot = session.project, session.snapshot
        if told is None or project is None or snapshot is None:
            return

        def tell(left: LeftToDo) -> None:
            if project is session.project and told is self._told:
                session.offered.emit(replace(self._offer(told, left), renews=True))

        job = session.workers.read(lambda: left_to_do(project, snapshot))
        job.finished.connect(tell)
        job.failed.connect(session.failed)

    @Slot()
    def _follow_answers(self) -> None:
        self._follow_suggestions()
        before, snapshot = self._all_reviewed, self._session.snapshot
        self._look_what_is_reviewed()
        if before and not self._all_reviewed and self._told is not None and self._told is self._of_all:
            self.withdraw()  # it was taken back
        if snapshot is None or before or not self._all_reviewed or self._ended is not None:
            return
        self._tell_of_all()

    @Slot()
    def _tell_of_all(self, of_queue: str = "") -> None:
        """All photos are reviewed, behind what is said of the queue that ended by that."""
        snapshot = self._session.snapshot
        photos = photos_in_words(len(snapshot) if snapshot is not None else 0)
        told = self.tr("{photos} reviewed: that is all of them.").format(photos=photos)
        said = " ".join(one for one in (of_queue, told) if one)
        self._of_all = Done(said, (Choice(self.tr("Export…"), self.export_wanted.emit),))
        self._count_for(self._of_all)

    def _said_of_queue(self) -> str:
        photos, progress = photos_in_words(self._queues.total), self._queues.progress()
        answered = sum(one.answered for one in progress.labels) if progress is not None else 0
        right = sum(one.right for one in progress.labels) if progress is not None else 0
        if not answered:
            return self.tr("The queue is done: {photos} reviewed.").format(photos=photos)
        told = self.tr("The queue is done: {photos} reviewed, {right} of {answered} suggestions right.")
        return told.format(photos=photos, right=f"{right:,}", answered=f"{answered:,}")

    @Slot()
    def _count(self) -> None:
        done = self._done
        if done is not None and self._session.job is None:
            self._done = None
            self._count_for(done)

    def _count_for(self, done: Done) -> None:
        """Say what was done once it is known what is left."""
        session = self._session
        project, snapshot = session.project, session.snapshot
        if project is None or snapshot is None:
            return
        job = session.workers.read(lambda: left_to_do(project, snapshot))
        job.finished.connect(lambda left: self._tell(done, left) if project is session.project else None)
        job.failed.connect(session.failed)

    def _tell(self, done: Done, left: LeftToDo) -> None:
        if done is self._of_all and not self._all_reviewed:
            return
        offer = self._offer(done, left)
        # The status bar says what was done; what else is offered need not wait for that.
        if done.sentence or offer.choices:
            self._told = done
            self._session.offered.emit(offer)
        self.told.emit()

    def _offer(self, done: Done, left: LeftToDo) -> Offer:
        next_thing = self._next(left, done)
        choices = (*done.choices, *((next_thing,) if next_thing is not None else ()))
        in_a_line = done.sentence.endswith(".") and "\n" not in done.sentence
        # What an export did takes lines of its own, and says how much nobody looked at.
        what_is_left = "" if "\n" in done.sentence else self._what_is_left(left)
        sentences = [one for one in (done.sentence, what_is_left) if one]
        return Offer((" " if in_a_line else "\n").join(sentences), choices, about=_ABOUT)

    def _what_is_left(self, left: LeftToDo) -> str:
        if not left.suggestions:
            return self.tr("No suggestion waits for an answer.")
        told = self.tr("{suggestions} on {photos}, none of them doubtful.")
        if left.doubtful:
            # No label need be likely where one is doubtful, so that one count is no part of the other.
            told = self.tr("{suggestions} on {photos} without an answer; on {doubtful} something is doubtful.")
            snapshot = self._session.snapshot
            if left.doubtful > AT_ONCE and snapshot is not None and 2 * left.doubtful > len(snapshot):
                # That something is doubtful nearly everywhere tells nobody where to begin.
                told = self.tr("{suggestions} on {photos} without an answer. Next: the {count} most doubtful photos.")
                if not self._session.writable:
                    told = self.tr("{suggestions} on {photos} without an answer.")
        return told.format(
            suggestions=suggestions_in_words(left.suggestions),
            photos=photos_in_words(left.photos),
            doubtful=photos_in_words(left.doubtful),
            count=AT_ONCE,
        )

    def _next(self, left: LeftToDo, done: Done) -> Choice | None:
        if not self._session.writable:
            return None
        if left.doubtful:
            text = self.tr("Review the {count} most doubtful")
            if left.doubtful <= AT_ONCE:
                text = self.tr("Review what is doubtful")
            return Choice(
                text.format(count=AT_ONCE),
                partial(self._queues.start, UNSURE, most=AT_ONCE),
                self.tr("Space confirms what is likely and goes on; a digit with Shift rejects one label"),
            )
        if left.most_suggested is not None:
            text = self.tr("Sweep {label}").replace("{label}", shown_name(left.most_suggested.name).replace("&", "&&"))
            tip = self.tr("Its photos by score, highest first: accept those above the line at once")
            return Choice(text, partial(self._sweep, left.most_suggested), tip)
        if left.confirmed and not done.choices:  # what was just exported has one
            return Choice(self.tr("Export…"), self.export_wanted.emit)
        return None

    def _sweep(self, label: LabelRow) -> None:
        snapshot = self._session.snapshot
        ids = [one.id for one in snapshot.labels] if snapshot is not None else []
        if label.id in ids:
            self.sweep_wanted.emit(ids.index(label.id))

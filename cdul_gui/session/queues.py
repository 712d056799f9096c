"""The queue that is reviewed: its photos in their order, how many are left, how fast it goes."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cdul_gui.session.arrangement import MILLISECONDS_AFTER_ANSWERS
from cdul_gui.session.jobs import Job, Latest
from cdul_gui.session.offers import Offer
from cdul_gui.session.review_rate import ReviewRate
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.tally import Tally
from cdul_gui.wording import shown_name
from engine.project.labels import LabelRow
from engine.stages.review.queues import (
    DISAGREE,
    DOUBTFUL,
    MISTAKES,
    NEW,
    OPINIONS,
    PEOPLE_DISAGREE,
    TAKEN,
    UNSURE,
    QueueProgress,
    queue,
)

AT_ONCE = 30
"""Photos to review at a stretch, of which one sees the end."""

_SECONDS_TO_SEE = 1.0
"""After going on to another queue by the key that accepts, which is pressed several times a second."""

MOST_UNLIKE = 200
"""Photos of a queue that is spread over unlike ones."""

FOLLOWING = frozenset((UNSURE, DOUBTFUL, DISAGREE, OPINIONS, MISTAKES))
"""Queues whose order answers change. A random audit stays the sample that it is."""

GROWING = FOLLOWING | {NEW}
"""Queues that take in photos which are added or labelled after they began."""

Photos = npt.NDArray[np.int64]
"""Ids: they stay the same when the snapshot is read anew."""
_NO_PHOTOS: Photos = np.zeros(0, np.int64)
_WHY_EMPTY = "empty queue"


@dataclass(frozen=True)
class KeptQueue:
    """A queue that one looks away from for a while; photos are ids."""

    name: str
    label: LabelRow | None
    most: int | None
    photos: Photos
    tally: Tally
    done: frozenset[int]
    rate: ReviewRate
    current: int | None
    """The photo that was looked at."""


class Queues(QObject):
    """At most one queue is on. The session shows its photos, in its order, until it is left.

    What answers teach changes what is urgent: photos that come after those in view follow, all before them stay.
    """

    changed = Signal()
    """A queue began, went on, or was left."""
    began = Signal()
    """A queue began anew: its first photo waits for an answer."""
    ended = Signal()
    """A person left the queue, for what was shown before."""
    all_reviewed = Signal()
    """There is nothing to start: no photo waits for review."""
    came_back = Signal()
    """The queue that was aside is on again, where it was left."""
    wanted_back = Signal()
    """A person wants to go on with the queue that is aside."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._choosing = Latest(self)
        self._following = Latest(self)
        # What was answered is on the screen first; answers in a row are followed together.
        self._soon = QTimer(self, singleShot=True, interval=MILLISECONDS_AFTER_ANSWERS)
        self._soon.timeout.connect(self._follow)
        self._seed = 0
        self._gone_on = -math.inf
        self._if_empty: Sequence[str] = ()
        """Queues to start where the one that was asked for is empty."""
        self._forget()
        self.aside: KeptQueue | None = None
        """The queue that one looks away from, to come back to; None where none is, or where one is on."""
        self.unlike = False
        """Whether queues are spread over photos that are unlike one another."""
        for on in (self.began, self.came_back):
            on.connect(lambda: session.offered.emit(Offer("", about=_WHY_EMPTY, renews=True)))
        session.opened.connect(self._forget_all)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.shown_changed.connect(self._follow_shown)
        session.answers_changed.connect(self._follow_answers)
        session.suggestions_changed.connect(self._follow_soon)
        session.current_changed.connect(self._look_how_far)

    def _forget(self) -> None:
        self._soon.stop()
        self._following.drop()
        self.name: str | None = None
        """One of `engine.stages.review.queues.QUEUES`; None while no queue is on."""
        self.label: LabelRow | None = None
        """The label that the queue is of; None where it is of all."""
        self._most: int | None = None
        self.rate = ReviewRate()
        self._photos = _NO_PHOTOS
        self._rows = NO_ROWS
        self._of_queue: frozenset[int] = frozenset()
        self._tally = Tally()
        self._done: set[int] = set()
        self._looked_at = 0
        """So many places from the first have been looked at: who goes back finds there what was there."""

    @property
    def total(self) -> int:
        """Photos of the queue."""
        return len(self._photos)

    @property
    def is_a_stretch(self) -> bool:
        """Whether the queue holds the most urgent photos alone, so that its end can be seen."""
        return self._most is not None

    @property
    def left(self) -> int:
        """Photos of the queue that were not reviewed since it began."""
        return self.total - len(self._done)

    @property
    def grows(self) -> bool:
        """Whether photos may join while one reviews, so that its total says little."""
        return self.name in GROWING and not self.is_a_stretch

    def start(self, name: str, label: LabelRow | None = None, *, most: int | None = None) -> Job | None:
        """Choose the photos of a queue in a worker, then show them and look at the first.

        Args:
            label: of the undecided, those of this label alone.
            most: photos that the queue has at most, so that its end can be seen.
        """
        project, snapshot, unlike = self._session.project, self._session.snapshot, self.unlike
        if project is None or snapshot is None:
            return None
        self._seed += 1
        self._if_empty = ()
        seed, count = self._seed, most or MOST_UNLIKE if unlike else most
        column = None if label is None else snapshot.column_of(label.id)
        job = self._session.workers.read(
            lambda: snapshot.photo_ids[
                queue(project, snapshot, name, count=count, unlike=unlike, seed=seed, column=column)
            ],
        )
        self._choosing.follow(job, lambda photos: self._begin(name, label, photos, most), self._session.failed.emit)
        return job

    def start_best(self, *, most: int | None = None) -> None:
        """Start the queue that is of most use: what is undecided, else what is doubtful, else new photos."""
        self._start_first_of((UNSURE, DOUBTFUL, NEW), most)

    def go_on_behind_the_end(self) -> bool:
        """Start the next queue, as long as this or `AT_ONCE`, where this is done and its last photo is looked at."""
        if self.name is None or self.left or self._session.current != self._rows[-1]:
            return False
        # What came in twos need not go on in twos.
        self.start_best(most=None if self._most is None else max(self._most, AT_ONCE))
        self._gone_on = time.monotonic()
        return True

    @property
    def just_gone_on(self) -> bool:
        """Whether the photos that are shown now came a moment ago by the key that accepts: nobody has seen them yet."""
        return time.monotonic() - self._gone_on < _SECONDS_TO_SEE

    def _start_first_of(self, names: Sequence[str], most: int | None) -> None:
        job = self.start(names[0], most=most)
        if job is not None and len(names) > 1:
            self._if_empty = names[1:]

    def leave(self) -> None:
        """End the queue."""
        if self.name is not None:
            self.forget()
            self.ended.emit()
        elif self.aside is not None:
            self.aside = None
            self.changed.emit()

    def set_aside(self) -> KeptQueue | None:
        """Look at something else for a while; the queue that is on, if any, waits to be gone on with."""
        kept = self.kept()
        if kept is not None:
            self._choosing.drop()
            self._forget()
            self.aside = kept
            self.changed.emit()
        else:
            self.forget()
        return kept

    def kept(self) -> KeptQueue | None:
        """The queue as it is, to come back to; None where none is on, or nothing of it is left."""
        snapshot, row = self._session.snapshot, self._session.current
        if self.name is None or snapshot is None or not self.left:
            return None
        current = None if row is None else int(snapshot.photo_ids[row])
        done = frozenset(self._done)
        return KeptQueue(self.name, self.label, self._most, self._photos, self._tally, done, self.rate, current)

    def come_back(self, kept: KeptQueue) -> None:
        """Go on with a queue where it was left; what was reviewed meanwhile is done."""
        session, snapshot = self._session, self._session.snapshot
        if snapshot is None:
            return
        photos = np.array([photo for photo in kept.photos.tolist() if snapshot.has(photo)], np.int64)
        rows = snapshot.rows_of(photos)
        self._forget()
        self.aside = None
        self.name, self.label, self._most, self._photos, self._rows = kept.name, kept.label, kept.most, photos, rows
        self._of_queue = frozenset(photos.tolist())
        self._done = set(kept.done & self._of_queue) | set(photos[snapshot.reviewed[rows]].tolist())
        self._tally, self.rate = kept.tally, kept.rate
        session.show_rows(rows)
        left = [photo for photo in photos.tolist() if photo not in self._done]
        # Where another photo was looked at already, the first that waits is.
        wanted = kept.current if kept.current in self._of_queue else next(iter(left), None)
        if wanted is not None:
            session.go_to(snapshot.row_of(wanted))
        self.changed.emit()
        self.came_back.emit()
        self._follow_soon()

    def toggle_unlike(self) -> None:
        """Spread queues over unlike photos, or no longer; the one that is on begins anew."""
        self.unlike = not self.unlike
        self.changed.emit()
        if self.name is not None:
            self.start(self.name, self.label, most=self._most)

    def progress(self) -> QueueProgress | None:
        """How good the suggestions proved on the photos that were answered since the queue began."""
        snapshot = self._session.snapshot
        return self._tally.progress(snapshot) if snapshot is not None else None

    @Slot()
    def _forget_all(self) -> None:
        self.forget()
        if self.aside is not None:
            self.aside = None
            self.changed.emit()

    def forget(self) -> None:
        """No queue is on any longer; what is shown stays."""
        self._choosing.drop()
        if self.name is not None:
            self._forget()
            self.changed.emit()

    def start_undecided_of(self, column: int | None) -> None:
        """The queue of what is undecided of one label, which is looked at from now on."""
        snapshot = self._session.snapshot
        if snapshot is not None and column is not None:
            self._session.look_at_label(column)
            self.start(UNSURE, snapshot.labels[column])

    def _begin(self, name: str, label: LabelRow | None, photos: Photos, most: int | None) -> None:
        session, snapshot = self._session, self._session.snapshot
        assert snapshot is not None
        rows = snapshot.rows_of(photos)
        if not len(rows):
            if self._if_empty:
                self._start_first_of(self._if_empty, most)
            elif name == NEW:
                self.all_reviewed.emit()
            else:
                session.offered.emit(Offer(self._why_empty(name, label), about=_WHY_EMPTY))
            return
        self._forget()
        self.aside, self._tally = None, Tally(snapshot)
        self.name, self.label, self._most, self._photos, self._rows = name, label, most, photos, rows
        self._of_queue = frozenset(photos.tolist())
        if label is None:
            session.look_at_label(None)  # the queue is of all labels, and so are the keys that answer
        session.show_rows(rows)
        session.go_to(int(rows[0]))
        self.changed.emit()
        self.began.emit()

    def _why_empty(self, name: str, label: LabelRow | None) -> str:
        scored = self._session.snapshot is not None and self._session.snapshot.stage is not None
        if name in (UNSURE, DOUBTFUL, DISAGREE, MISTAKES) and not scored:
            return self.tr("This queue needs scores. Press Label first, then start it again.")
        if label is not None:
            return self.tr("Nothing is undecided of {label}: every score left is a clear yes or a clear no.").replace(
                "{label}", shown_name(label.name)
            )
        if name == UNSURE:
            return self.tr("Nothing is undecided: every score left is a clear yes or a clear no.")
        if name == OPINIONS:
            return self.tr(
                "Nothing differs, or there is no second opinion yet. Review, Queues asks an encoder for one, Import "
                "takes a file's."
            )
        if name == TAKEN:
            return self.tr("You have no photos in hand. “Give me photos…” hands some out.")
        if name == PEOPLE_DISAGREE:
            return self.tr("Nobody disagrees: where several people answered the same, they said the same.")
        if name == MISTAKES:
            return self.tr("No answer looks like a mistake: there are no suspected mistakes.")
        return self.tr("No photo waits in this queue: all that belong there are reviewed.")

    @Slot()
    def _follow_snapshot(self) -> None:
        # Rows may be others than before.
        session = self._session
        if self.name is None or session.snapshot is None:
            return
        self._rows = session.snapshot.rows_of(self._photos)
        if not np.array_equal(session.shown, self._rows):
            session.show_rows(self._rows)
        self.changed.emit()
        # What was added or labelled meanwhile comes behind the photos that one looks at.
        if self.name in GROWING and not self.unlike and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _follow_shown(self) -> None:
        # Whoever asks for other photos, e.g. by a filter, looks away from the queue.
        if self.name is not None and not np.array_equal(self._session.shown, self._rows):
            self.set_aside()

    @Slot(object)
    def _follow_answers(self, rows: Sequence[int]) -> None:
        snapshot = self._session.snapshot
        if self.name is None or snapshot is None:
            return
        done = len(self._done)
        rows = [row for row in rows if int(snapshot.photo_ids[row]) in self._of_queue]
        self._tally.add(snapshot, rows)
        for row in rows:
            follow = self._done.add if snapshot.reviewed[row] else self._done.discard
            follow(int(snapshot.photo_ids[row]))
        self.rate.add(len(self._done) - done)
        self.changed.emit()
        self._follow_soon()

    @Slot(object)
    def _follow_soon(self, _rows: object = None) -> None:
        if self.name in FOLLOWING and not self.unlike and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _look_how_far(self) -> None:
        here = np.flatnonzero(self._rows == self._session.current) + 1
        self._looked_at = max([self._looked_at, *here.tolist()])

    @Slot()
    def _follow(self) -> None:
        project, snapshot, name = self._session.project, self._session.snapshot, self.name
        if project is None or snapshot is None or name is None:
            return
        column = None if self.label is None else snapshot.column_of(self.label.id)
        job = self._session.workers.read(lambda: snapshot.photo_ids[queue(project, snapshot, name, column=column)])
        self._following.follow(job, self._show_what_is_urgent_now, self._session.failed.emit)

    def _show_what_is_urgent_now(self, photos: Photos) -> None:
        session, snapshot = self._session, self._session.snapshot
        assert snapshot is not None
        self._look_how_far()
        passed = max(session.in_view.stop, self._looked_at)
        done = np.fromiter(self._done, np.int64, len(self._done))
        stays = np.concatenate([self._photos[:passed], np.setdiff1d(done, self._photos[:passed])])
        there = np.fromiter(map(snapshot.has, photos.tolist()), bool, len(photos))
        photos = np.concatenate([stays, photos[there & ~np.isin(photos, stays)]])
        if self.is_a_stretch:
            photos = photos[: max(self.total, len(stays))]  # more urgent ones, but no more: its end is in sight
        if np.array_equal(photos, self._photos):
            return
        self._photos, self._rows, self._of_queue = photos, snapshot.rows_of(photos), frozenset(photos.tolist())
        session.show_rows(self._rows, in_place=True)
        self.changed.emit()

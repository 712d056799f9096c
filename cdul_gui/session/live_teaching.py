"""Every answer teaches at once: labels whose answers changed are learnt in a worker, and what they say is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from cdul_gui.wording import labels_in_words, photos_in_words, shown_name
from engine.jobs import Cancellation, Progress
from engine.project.label_scores import TaughtScores
from engine.project.label_state import UNDECIDED, LabelState
from engine.project.snapshot import Snapshot
from engine.stages.teaching.teaching import Looks, Teacher, scored_by_an_encoder

Rows = npt.NDArray[np.int64]
Likely = npt.NDArray[np.bool_]
Found = dict[int, TaughtScores | None]

_SECONDS_AT_ONCE = 0.3
"""Of learning, about, until what was found is shown, once the label that is looked at was. Where thousands of labels
wait it is twice as long each time, since showing a few costs the window nearly what many do."""

_MOST_AT_ONCE = 400
"""Labels: the window must not stand still while they are shown."""


Photos = dict[int, Rows]
"""Rows of the snapshot, by the id of a label."""


@dataclass(frozen=True)
class WhatChanged:
    """Photos on which labels came to be likely by answers, and no longer; of those that nobody has answered."""

    on: Photos = field(default_factory=dict)
    off: Photos = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.on or self.off)

    @property
    def rows(self) -> Rows:
        """All of them once, those on which a label came to be likely first."""
        together = np.concatenate([np.zeros(0, np.int64), *self.on.values(), *self.off.values()])
        return together[np.sort(np.unique(together, return_index=True)[1])]

    def still_open(self, snapshot: Snapshot) -> WhatChanged:
        """Without the photos that somebody answered or reviewed since."""

        def open_of(photos: Photos) -> Photos:
            return _there(
                {
                    label: rows[
                        (snapshot.known[rows, snapshot.column_of(label)] == UNDECIDED) & ~snapshot.reviewed[rows]
                    ]
                    for label, rows in photos.items()
                    if snapshot.has_label(label)
                }
            )

        return WhatChanged(open_of(self.on), open_of(self.off))


class LiveTeaching(QObject):
    """Follows the session's answers; one label or more at a time is learnt, what was answered last counts."""

    taught = Signal()
    """Labels are suggested by what their answers taught, or no longer."""
    changes_changed = Signal()
    """Other photos are likely, or no longer, because of answers; or nothing is to be said of any."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._forget()
        session.opened.connect(self._forget)
        session.opened.connect(self.changes_changed)
        session.snapshot_changed.connect(self._follow_snapshot)
        session.current_changed.connect(self._hold)
        session.answers_changed.connect(self._follow_answers)
        session.edits.went_back.connect(self._let_go)
        for signal in (session.answers_changed, session.snapshot_changed):
            signal.connect(self._tell_what_is_open)
        session.thresholds_kept.connect(self.begin_anew)
        session.job_changed.connect(self._follow_job)
        session.left_unchanged.connect(self._go_on)

    def look_at_changes(self) -> None:
        """A person looks at what changed: whatever changes from now on is counted anew."""
        self.looked_at = True
        self.changes_changed.emit()

    @property
    def changes(self) -> WhatChanged:
        """What answers changed since a person looked at that last, or since the scores are others, and nobody said
        anything of since."""
        snapshot = self._session.snapshot
        if snapshot is None or not self._changes or not np.array_equal(self._photos, snapshot.photo_ids):
            return WhatChanged()
        return self._changes.still_open(snapshot)

    @property
    def said(self) -> str:
        """What answers changed since a person looked, for people; empty where that was nothing."""
        snapshot, changes = self._session.snapshot, self.changes
        if snapshot is None or not changes:
            return ""
        labels = [label for label in {*changes.on, *changes.off} if snapshot.has_label(label)]
        on, off = (
            photos_in_words(len(np.unique(np.concatenate([*of.values()])))) if of else ""
            for of in (changes.on, changes.off)
        )
        what = (
            shown_name(snapshot.labels[snapshot.column_of(labels[0])].name)
            if len(labels) == 1
            else labels_in_words(len(labels))
        )
        if not off:
            text = self.tr("Learnt: {label} now likely on {on}")
        elif not on:
            text = self.tr("Learnt: {label} no longer likely on {off}")
        else:
            text = self.tr("Learnt: {label} now likely on {on}, no longer on {off}")
        return text.format(on=on, off=off, label=what)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to be learnt from."""
        return self._learning is not None or bool(self._waiting)

    @property
    def reaches(self) -> bool:
        """Whether answers teach how photos look; else thresholds of scores are all that is learnt."""
        return self._teacher is not None

    @Slot()
    def _forget(self) -> None:
        self._snapshot: Snapshot | None = None
        self._teacher: Teacher | None = None
        self._unteachable = False
        """Whether it is known that nothing can be learnt from this snapshot: its scores are no encoder's."""
        self._answers = np.zeros((0, 0), np.int8)
        self._waiting: dict[int, None] = {}
        self._preparing: Job | None = None
        self._learning: Job | None = None
        self._seconds_a_label, self._seconds_at_once = 0.01, _SECONDS_AT_ONCE
        self._anew = False
        self.looked_at = False
        """Whether a person has looked at all of `changes`."""
        self._likely_before: dict[int, npt.NDArray[np.uint8]] = {}
        """By the id of a label a bit for each photo: where its scores suggested it when a person looked last. What was
        taught and taken back since has changed nothing."""
        self._by_stages: tuple[str | None, list[str]] = (None, [])
        self._photos = np.zeros(0, np.int64)
        self._changes = WhatChanged()

    @Slot()
    def _follow_job(self) -> None:
        snapshot, at_work = self._session.snapshot, self._session.job is not None
        if snapshot is not None and snapshot.held is not None:
            held = replace(snapshot.held, firm=at_work)
            self._hold_otherwise(snapshot, lambda: setattr(snapshot, "held", held))
        if not at_work:
            self._session.looks.may_be_old()
            # Scores are others: what changed before can no longer be told from what they changed.
            self._forget_changes()

    @Slot()
    def _go_on(self) -> None:
        """What was answered while long work was under way is learnt from now that it is over."""
        if self._teacher is None and (self._answers.any() or self._waiting):
            self._prepare()

    def _forget_changes(self) -> None:
        self.looked_at, self._likely_before = False, {}
        if self._changes:
            self._changes = WhatChanged()
            self.changes_changed.emit()

    @Slot()
    def _tell_what_is_open(self, _rows: object = None) -> None:
        if self._changes:
            self.changes_changed.emit()

    @Slot()
    def begin_anew(self) -> None:
        """Scores, thresholds set by hand or the wanted precision are others: learn from all answers again."""
        self._snapshot, self._anew = None, True
        self._let_go()
        # What a moved threshold changes is no answer's doing.
        self._forget_changes()
        self._follow_snapshot()

    @Slot()
    def _follow_snapshot(self) -> None:
        session, snapshot = self._session, self._session.snapshot
        if snapshot is self._snapshot:
            return
        self._snapshot, self._teacher, self._learning, self._unteachable = snapshot, None, None, False
        self._waiting = {}
        if snapshot is None:
            return
        # A training that is taken back, brought back or accepted is no long work.
        before, self._by_stages = self._by_stages, (snapshot.stage, snapshot.stages)
        photos, self._photos = self._photos, snapshot.photo_ids
        if before != self._by_stages or not np.array_equal(photos, snapshot.photo_ids):
            self._forget_changes()
        self._answers = snapshot.answers()
        if session.job is not None:
            self._hold()  # the photo may have its first scores
        # Scores that are still coming are learnt from when they are all there.
        if session.job is None and (self._answers.any() or snapshot.taught):
            self._prepare()

    @Slot(object)
    def _follow_answers(self, rows: list[int]) -> None:
        snapshot = self._session.snapshot
        if snapshot is None or snapshot is not self._snapshot:
            return
        decisions = snapshot.decisions[rows]
        now = snapshot.answers(rows=rows)
        changed = now != self._answers[rows]
        if not changed.any():
            return
        self._answers[rows] = now
        said = np.flatnonzero((changed & (decisions != UNDECIDED)).any(axis=0)).tolist()
        # What was said comes before what still waits, and before what a mark on the photo says of all other labels.
        self._waiting = dict.fromkeys([*said, *self._waiting, *np.flatnonzero(changed.any(axis=0)).tolist()])
        if self._teacher is None:
            if self._session.job is None:
                self._prepare()
        else:
            self._learn()

    def _prepare(self) -> None:
        """Have it known how the photos look, which may take a while the first time."""
        session, snapshot = self._session, self._snapshot
        project = session.project
        if project is None or snapshot is None or snapshot.stage is None or self._preparing is not None:
            return
        if self._unteachable:
            return

        def work(progress: Progress, cancellation: Cancellation) -> tuple[Teacher, bool] | None:
            if not scored_by_an_encoder(project):
                return None
            looks, same = session.looks.of(project, snapshot, whole=True), True
            if looks is None:
                looks = Looks.of(project, snapshot.photo_ids, progress, cancellation)
                if looks is None:
                    return None
                before = session.looks.of(project, snapshot, whole=False)
                same = before is not None and np.array_equal(before.smoother.coordinates, looks.smoother.coordinates)
                # The very same: what was taught by them need not be taught again.
                looks = before if same and before is not None else looks
                session.looks.keep(project, looks, whole=True)
            return Teacher(project, snapshot, looks), same

        job = self._preparing = session.workers.read_slowly(work)

        def ended() -> None:
            if self._preparing is job:
                self._preparing = None

        def begin(made: tuple[Teacher, bool] | None) -> None:
            if self._preparing is not job:
                return
            if made is not None:
                self._begin(snapshot, *made)
            elif snapshot is self._snapshot:
                self._unteachable = True

        job.finished.connect(begin)
        job.failed.connect(session.failed)
        job.ended.connect(ended)

    def _begin(self, snapshot: Snapshot, teacher: Teacher, taught_alike: bool) -> None:
        if snapshot is not self._session.snapshot:
            return
        self._teacher = teacher
        thresholds = snapshot.thresholds.copy()
        teacher.forget_reviewed(snapshot)
        if not np.array_equal(thresholds, snapshot.thresholds):
            self._session.snapshot_changed.emit()
            self._session.label_changed.emit()
        # A snapshot that was read comes taught, but where the photos' looks were not all known.
        answered = set(np.flatnonzero(self._answers.any(axis=0)).tolist()) | set(snapshot.taught)
        if taught_alike and not self._anew:
            answered -= set(snapshot.taught)
        self._anew = False
        self._waiting |= dict.fromkeys(sorted(answered))
        self._learn()

    def _learn(self) -> None:
        session, teacher = self._session, self._teacher
        if not self._waiting:
            self._seconds_at_once = _SECONDS_AT_ONCE
            if self._learning is None:
                self._hold()  # what was let go of, once all of it is learnt
        if teacher is None or self._learning is not None or not self._waiting:
            return
        if session.label in self._waiting:
            columns = [session.label]
        else:
            many = min(int(self._seconds_at_once / self._seconds_a_label), _MOST_AT_ONCE)
            columns = list(self._waiting)[: max(1, many)]
            self._seconds_at_once *= 2
        for column in columns:
            del self._waiting[column]
        answers = self._answers.copy()

        def work() -> tuple[Found, float]:
            began = time.perf_counter()
            return teacher.teach(answers, columns), time.perf_counter() - began

        job = self._learning = session.workers.read(work)

        def show(found: Found, seconds: float) -> None:
            if self._learning is job:
                self._seconds_a_label = max(1e-4, seconds / len(columns))
                self._show(found)

        def ended() -> None:
            if self._learning is job:
                self._learning = None
                self._learn()

        job.finished.connect(lambda made: show(*made))
        job.failed.connect(session.failed)
        job.ended.connect(ended)

    def _show(self, found: Found) -> None:
        snapshot = self._snapshot
        found = {c: one for c, one in found.items() if one is not None or (snapshot and c in snapshot.taught)}
        if snapshot is None or snapshot is not self._session.snapshot or not found:
            return
        columns = list(
            dict.fromkeys([*found, *(above for column in found for above in snapshot.parents.above(column))])
        )
        before = snapshot.suggestions(columns=columns)
        snapshot.take_what_was_taught(found)
        if self._teacher is not None and None in found.values():
            # The threshold that a label had before it was taught may be another one by now.
            self._teacher.forget_reviewed(snapshot)
        after = snapshot.suggestions(columns=columns)
        self._count_changes(snapshot, columns, before == LabelState.LIKELY, after == LabelState.LIKELY)
        self._session.suggestions_changed.emit(np.flatnonzero((before != after).any(axis=1)).tolist())
        self.taught.emit()

    @Slot()
    def _hold(self) -> None:
        """Let nothing become likely on the photo that is looked at, and what was learnt meanwhile on the one before."""
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is not None and row != (snapshot.held and snapshot.held.row):
            self._hold_row(snapshot, row)

    @Slot()
    def _let_go(self) -> None:
        """What is taken back, or done again, is seen at once on the photo that it leads to."""
        if self._session.snapshot is not None:
            self._hold_row(self._session.snapshot, None)

    def _hold_row(self, snapshot: Snapshot, row: int | None) -> None:
        at_work = self._session.job is not None
        self._hold_otherwise(snapshot, lambda: snapshot.hold(row, firm=at_work))

    def _hold_otherwise(self, snapshot: Snapshot, hold: Callable[[], object]) -> None:
        """Have another photo held, none, or not as firmly, and show what that changes on the one held until now."""
        left = [] if snapshot.held is None else [snapshot.held.row]
        before = snapshot.suggestions(left)
        hold()
        columns = np.flatnonzero((before != snapshot.suggestions(left)).any(axis=0)).tolist()
        if columns:
            after = snapshot.suggestions(columns=columns)
            was = after.copy()
            was[left] = before[:, columns]
            self._count_changes(snapshot, columns, was == LabelState.LIKELY, after == LabelState.LIKELY)
            self._session.suggestions_changed.emit(left)
            self.taught.emit()

    def _count_changes(self, snapshot: Snapshot, columns: list[int], before: Likely, after: Likely) -> None:
        """Scores suggested these labels on other photos before: photos x columns, each."""
        undecided = snapshot.known[:, columns] == UNDECIDED
        if self.looked_at and ((before != after) & undecided).any():
            self._forget_changes()
        labels = [snapshot.labels[column].id for column in columns]
        at_first = before.copy()
        for place, label in enumerate(labels):
            packed = self._likely_before.setdefault(label, np.packbits(before[:, place]))
            at_first[:, place] = np.unpackbits(packed, count=len(snapshot))
        on = _by_label(snapshot, columns, after & ~at_first & undecided)
        off = _by_label(snapshot, columns, at_first & ~after & undecided)
        learnt = set(labels)
        others = [{one: of[one] for one in of.keys() - learnt} for of in (self._changes.on, self._changes.off)]
        if self._changes or on or off:
            self._changes = WhatChanged({**others[0], **on}, {**others[1], **off})
            self.changes_changed.emit()


def _there(photos: Photos) -> Photos:
    return {label: rows for label, rows in photos.items() if len(rows)}


def _by_label(snapshot: Snapshot, columns: list[int], turned: npt.NDArray[np.bool_]) -> Photos:
    return _there({snapshot.labels[c].id: np.flatnonzero(turned[:, place]) for place, c in enumerate(columns)})

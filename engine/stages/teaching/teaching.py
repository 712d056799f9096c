"""Every answer teaches: labels with ten answers and more are suggested by what these answers say of all other photos.

What was taught is computed from scores, coordinates and answers whenever it is asked for, in the same way by window and
command line, and never kept: the same answers teach the same, in whatever order they came, and who takes an answer back
has what was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.accepting import cut_after, line_after
from engine.method.answers import Taught, learn_from_answers
from engine.method.latent import from_latent
from engine.method.prior_guess import Smoother
from engine.method.promised_precision import (
    Correction,
    correction_by_all,
    expected_precision,
    log_odds_without_each,
    promised_cut,
)
from engine.method.strengths import MAYBE_CHANCE
from engine.method.taught_label import FEWEST_ANSWERS, Reach, TaughtLabel, teach
from engine.models.threads import numpy_in_one_thread
from engine.project import Project
from engine.project.label_scores import LabelScores, TaughtScores
from engine.project.runs import INITIAL, newest_finished_run_with
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import (
    FOR_ALL,
    PROBABILITY,
    LabelOfStage,
    ThresholdSource,
    maybe_in_force,
    thresholds_by_hand,
    thresholds_in_force,
)
from engine.stages.people.several import hear_people
from engine.stages.teaching.coordinates import coordinates_of
from engine.stages.teaching.guesses import Guesses
from engine.stages.thresholds.calibrate import NOTHING, wanted_precision

Floats = npt.NDArray[np.floating]
Answers = npt.NDArray[np.int8]

_MOST = float(1 - np.finfo(np.float32).eps)
"""The highest probability: nothing is certain, and a threshold of 1 accepts nothing."""


def snapshot_in_force(project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> Snapshot:
    """A project's photos, labels and answers with all that suggests labels: scores, and what answers taught.

    Raises:
        Cancelled: while looks of photos were compared for the first time.
    """
    snapshot = take_snapshot(project)
    hear_people(project, snapshot)
    teach_labels(project, snapshot, progress, cancellation)
    return snapshot


def teach_labels(
    project: Project,
    snapshot: Snapshot,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
) -> Mapping[int, TaughtScores | None]:
    """Have a snapshot suggest labels by what their answers taught; labels with fewer than ten answers stay as they are.

    Projects without embeddings, as after an import of scores, stay as they are too: there `calibrate_labels` learns
    thresholds.

    Returns:
        What was taught, by column; None for those that stay.
    """
    if not may_be_taught(project, snapshot):
        return {}
    teacher = Teacher.of(project, snapshot, progress=progress, cancellation=cancellation)
    if teacher is None:
        return {}
    return teacher.teach_snapshot(snapshot)


def may_be_taught(project: Project, snapshot: Snapshot) -> bool:
    """Whether any label has answers enough, and all scores are there."""
    return bool(_answered_enough(snapshot.answers()).any()) and scored_by_an_encoder(project)


def scored_by_an_encoder(project: Project) -> bool:
    """Whether an encoder has scored all photos, and no import did since.

    Where another labelling is under way, or was left half-way, the photos that it has not come to keep their scores.
    """
    run = newest_finished_run_with(project, INITIAL)
    return run is not None and run.finished_at is not None and "encoder_id" in run.settings


@dataclass(frozen=True)
class Looks:
    """How the photos of a snapshot look: made once, whatever is scored or answered."""

    photo_ids: npt.NDArray[np.int64]
    smoother: Smoother

    @classmethod
    def of(
        cls,
        project: Project,
        photo_ids: npt.NDArray[np.int64],
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
        *,
        make: bool = True,
    ) -> Looks | None:
        """None where no encoder has looked at the photos, or nothing of it is left; `make`: see `coordinates_of`."""
        coordinates = coordinates_of(project, photo_ids, progress, cancellation, make=make)
        if coordinates is None or not len(coordinates):
            return None
        return cls(photo_ids, Smoother.of(coordinates))


class Teacher:
    """Teaches the labels of one snapshot's photos and scores, as often as answers change. May be asked from any thread.

    It keeps what does not depend on answers, so that a label takes some milliseconds.
    """

    def __init__(self, project: Project, snapshot: Snapshot, looks: Looks) -> None:
        self._guesses = Guesses(project, snapshot, looks.smoother)
        self._coordinates = looks.smoother.coordinates
        self._label_ids = [label.id for label in snapshot.labels]
        self._stage = snapshot.stage or INITIAL
        self._stages = [snapshot.stage_of(column) for column in range(len(snapshot.labels))]
        self._scores = snapshot.untaught_scores().copy()
        self._lock = Lock()
        self.thresholds, self.sources = thresholds_in_force(project, self._stage, snapshot.labels, reviewed=False)
        """Those in force without what reviewed photos make of them: labels."""
        self._maybe_from = np.minimum(maybe_in_force(project, self._stage, snapshot.labels), self.thresholds)
        with project.reading() as connection:
            self._by_hand = thresholds_by_hand(connection)
        self._precision = wanted_precision(project)

    @classmethod
    def of(
        cls,
        project: Project,
        snapshot: Snapshot,
        looks: Looks | None = None,
        *,
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
    ) -> Teacher | None:
        """None where there are no looks to learn from."""
        looks = looks or Looks.of(project, snapshot.photo_ids, progress, cancellation)
        return None if looks is None else cls(project, snapshot, looks)

    def teach(self, answers: Answers, columns: Iterable[int] | None = None) -> dict[int, TaughtScores | None]:
        """What the answers teach of these labels, by default of all; None where they are too few.

        With a wanted precision the answers of all labels decide together what may be promised: then all labels with
        answers enough are taught anew, whichever are asked for.

        Args:
            answers: photos x labels, of `Snapshot.answers`.
        """
        enough = _answered_enough(answers)
        wanted = set(range(len(self._label_ids)) if columns is None else columns)
        # On a busy processor threads of NumPy's own wait for each other for longer than one takes, and for minutes.
        with self._lock, numpy_in_one_thread():
            correction = None
            if self._precision is not None:
                wanted |= set(np.flatnonzero(enough).tolist())
                correction = self._correction(answers)
            return {
                column: self._teach(column, answers[:, column], correction) if enough[column] else None
                for column in sorted(wanted)
            }

    def teach_snapshot(self, snapshot: Snapshot, before: Snapshot | None = None) -> dict[int, TaughtScores | None]:
        """The same by the answers of a snapshot, which suggests labels so from now on.

        Args:
            before: one that was taught by the same looks of the photos: what its labels were taught is taken over where
                their scores and answers are the same, which is a hundred times as fast.
        """
        answers = snapshot.answers()
        known = self._taught_before(snapshot, answers, before)
        taught = known | self.teach(answers, [c for c in range(len(snapshot.labels)) if c not in known])
        self.forget_reviewed(snapshot)
        snapshot.take_what_was_taught(taught)
        return taught

    def _taught_before(
        self, snapshot: Snapshot, answers: Answers, before: Snapshot | None
    ) -> dict[int, TaughtScores | None]:
        """With a wanted precision or a threshold by hand it is taught anew: these are no label's own."""
        if before is None or self._precision is not None or not np.array_equal(before.photo_ids, snapshot.photo_ids):
            return {}
        known: dict[int, TaughtScores | None] = {}
        for column, label in enumerate(snapshot.labels):
            there = before.column_of(label.id) if before.has_label(label.id) else -1
            one = before.taught.get(there)
            if one is None or one.probable.source != ThresholdSource.FROM_REVIEW or self._is_by_hand(column):
                continue
            asked = np.flatnonzero((answers[:, column] != 0) & self._guesses.is_known(column))
            if (
                np.array_equal(asked, one.answered)
                and np.array_equal(answers[asked, column] > 0, one.said)
                and np.array_equal(before.untaught[there].scores, self._scores[:, column], equal_nan=True)
            ):
                known[column] = one
        return known

    def forget_reviewed(self, snapshot: Snapshot) -> None:
        """Leave out the thresholds that were learnt from scores and answers alone, which this does better."""
        own = np.array([column not in snapshot.taught for column in range(len(snapshot.labels))], bool)
        moved = np.flatnonzero(own & (snapshot.thresholds != self.thresholds)).tolist()
        snapshot.thresholds[own] = self.thresholds[own]
        for column in np.flatnonzero(own).tolist():
            snapshot.threshold_sources[column] = self.sources[column]
        if moved:
            snapshot.lift(moved)

    def _teach(self, column: int, answers: Answers, correction: Correction | None) -> TaughtScores | None:
        guess, of_scores = self._guesses.of_label(column)
        rest = (answers == 0) & ~np.isnan(guess)
        suggested = int(np.count_nonzero(self._scores[rest, column] >= self.thresholds[column]))
        learnt = teach(
            guess,
            of_scores,
            self._coordinates,
            answers,
            cut_after(of_scores[rest], suggested),
            proven=self._guesses.is_probability(column),
        )
        if learnt.taught is None:  # the others are of photos without a score
            return None
        cut = learnt.threshold
        if correction is not None:
            cut = self._promised(learnt.taught, guess, answers, rest, correction)
        # nan stays nan
        probabilities = np.minimum(learnt.probabilities, _MOST).astype(np.float32)
        threshold, source = float(from_latent(np.float64(cut))), ThresholdSource.FROM_REVIEW
        by_hand = self._by_hand_of(column, probabilities, rest, answers > 0, suggested)
        if by_hand is not None:
            threshold, source = by_hand
        accepted = rest & (probabilities >= threshold)
        asked = np.flatnonzero((answers != 0) & ~np.isnan(guess))
        given = guess[asked], self._coordinates[asked], answers[asked] > 0
        return TaughtScores(
            LabelScores(probabilities, threshold, self._maybe(column, learnt, threshold, rest), source),
            learnt.reach,
            learnt.expected,
            expected_precision(learnt.taught, guess[accepted], self._coordinates[accepted]),
            asked,
            answers[asked] > 0,
            from_latent(log_odds_without_each(learnt.taught, *given)),
        )

    def _maybe(self, column: int, learnt: TaughtLabel, threshold: float, rest: npt.NDArray[np.bool_]) -> float:
        """The probability from which on a label may be.

        That some photos lack a label is no reason to suggest it on more of the others: without a single yes, it may be
        on as many as before. Hundreds of labels that nobody has met yet would else crowd each photo.
        """
        maybe = min(MAYBE_CHANCE, threshold / 2)
        if learnt.reach is not Reach.ONLY_NO:
            return maybe
        before = int(np.count_nonzero(self._scores[rest, column] >= self._maybe_from[column]))
        return max(maybe, float(from_latent(np.float64(cut_after(learnt.log_odds[rest], before)))))

    def _is_by_hand(self, column: int) -> bool:
        label = self._label_ids[column]
        return any(one in self._by_hand for one in ((label, PROBABILITY), (label, self._stages[column]), FOR_ALL))

    def _by_hand_of(
        self,
        column: int,
        probabilities: npt.NDArray[np.float32],
        rest: npt.NDArray[np.bool_],
        confirmed: npt.NDArray[np.bool_],
        suggested: int,
    ) -> tuple[float, ThresholdSource] | None:
        """A person's threshold goes first: that of the probability, else that of the scores, which keeps its rank."""
        by_hand: Mapping[LabelOfStage, float] = self._by_hand
        label = self._label_ids[column]
        if (label, PROBABILITY) in by_hand:
            return by_hand[label, PROBABILITY], ThresholdSource.BY_HAND
        if (label, self._stages[column]) in by_hand:
            line = line_after(probabilities[rest], probabilities[confirmed], suggested)
            return min(line, NOTHING), ThresholdSource.BY_HAND
        return (by_hand[FOR_ALL], ThresholdSource.FOR_ALL) if FOR_ALL in by_hand else None

    def _correction(self, answers: Answers) -> Correction:
        """What the answers of all labels say of guesses that did not know them."""
        without, told = [], []
        for column in np.flatnonzero((answers != 0).any(axis=0)).tolist():
            guess, _ = self._guesses.of_label(column)
            asked = (answers[:, column] != 0) & ~np.isnan(guess)
            given = guess[asked], self._coordinates[asked]
            yes = answers[asked, column] > 0
            without.append(log_odds_without_each(learn_from_answers(*given, yes), *given, yes))
            told.append(yes)
        return correction_by_all(np.concatenate(without), np.concatenate(told)) if told else Correction()

    def _promised(
        self, taught: Taught, guess: Floats, answers: Answers, rest: npt.NDArray[np.bool_], correction: Correction
    ) -> float:
        """The log odds from which on the wanted precision can be promised; infinite where it cannot."""
        # Only a yes tells that what seems to be the label is the label itself, not what the encoder takes for it.
        if self._precision is None or not ((answers > 0) & ~np.isnan(guess)).any():
            return np.inf
        return promised_cut(taught, guess[rest], self._coordinates[rest], self._precision, correction)


def _answered_enough(answers: Answers) -> npt.NDArray[np.bool_]:
    return np.count_nonzero(answers, axis=0) >= FEWEST_ANSWERS

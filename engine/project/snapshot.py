"""What a project knows, as aligned arrays in memory: the answer to "which photos, which labels, which scores"."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.project.aligned_scores import aligned_scores
from engine.project.answer import Answer
from engine.project.answer_places import VALUE_OF, AnswerPlaces
from engine.project.asked import Spells, was_asked
from engine.project.held_photo import Held, as_it_was_seen
from engine.project.label_scores import LabelScores, TaughtScores
from engine.project.label_state import NO, STATE_OF_KNOWN, UNDECIDED, YES, LabelState
from engine.project.labels import LabelRow
from engine.project.opinions import Opinions
from engine.project.parents import Parents, Suggesting
from engine.project.project import Project
from engine.project.rules import Rule
from engine.project.runs import INITIAL, STAGES, RunRow
from engine.project.storage.clock import now
from engine.project.thresholds import (
    SURE,
    StageCalibration,
    ThresholdSource,
)
from engine.wording import Sentence

_NOTHING = 9
"""No code of an answer: nothing is known of what it is about."""

Rows = npt.NDArray[np.int64]


@dataclass
class Snapshot:
    """Photos x labels, read once and kept up to date with `apply`. Rows are in order of the photos' paths."""

    photo_ids: npt.NDArray[np.int64]
    paths: list[str]
    problems: list[Sentence | None]
    sizes: npt.NDArray[np.int32]
    """photos x 2: stored width and height in pixels, 0 while unknown."""
    orientations: npt.NDArray[np.int8]
    taken_at: list[datetime | None]
    file_sizes: npt.NDArray[np.int64]
    """Of the photos' files, in bytes; with `modified_ns` it tells whether a file changed."""
    modified_ns: npt.NDArray[np.int64]
    reviewed: npt.NDArray[np.bool_]
    reviewed_at: npt.NDArray[np.datetime64]
    """UTC, not-a-time where `reviewed` is false."""
    labels: list[LabelRow]
    decisions: npt.NDArray[np.int8]
    """photos x labels: YES, NO or UNDECIDED, as persons answered; with what follows from it see `known`."""
    stage: str | None
    """The stage whose scores suggest: refined where there are refined labels, else initial, where there is neither the
    classifier's; None before."""
    scores: npt.NDArray[np.float32]
    """photos x labels, nan where there is none: of that stage, and of labels that are `taught` their probabilities; of
    labels that others stand below they are as sure as each of these at least. A snapshot is made of each label's own.

    These are no scale on which two labels of a photo could be compared; the photos of one label can.
    """
    thresholds: npt.NDArray[np.float32]
    """labels: a label is likely from this score on."""
    maybe_from: npt.NDArray[np.float32]
    """labels: a label may be there from this score on, and is likely from its threshold on."""
    threshold_sources: list[ThresholdSource]
    """labels: why from there."""
    stage_calibration: StageCalibration | None
    """How sure the scores of the stage are; None before anybody asked."""
    taught: dict[int, TaughtScores] = field(default_factory=dict)
    """By column: labels whose answers suffice to learn from, see `engine.stages.teaching`."""
    untaught: dict[int, LabelScores] = field(default_factory=dict)
    """By column: what suggests these labels without their answers."""
    stages: list[str] = field(default_factory=list)
    """labels: the stage that the scores of each come from, where they differ from `stage`; see `stage_of`."""

    folded_away: npt.NDArray[np.bool_] | None = None
    """photos x labels: what may be by the scores of the run alone, whatever people answered or set since."""
    rules: list[Rule] = field(default_factory=list)
    of_rules: dict[int, npt.NDArray[np.int16]] = field(default_factory=dict)
    """By column, of labels that rules suggest: for each photo the place of the rule in `rules`, -1 for none."""
    newcomers_after: int | None = None
    """Photos with a greater id came after the folder was first looked at; None while none has."""

    in_set: Mapping[int, Spells] = field(default_factory=dict)
    """By the id of a label when it was in the label set, of those that came or went while photos were reviewed."""

    opinions: Opinions | None = None
    """What each says, where several people have answered; as it was read, see `engine.stages.people`."""

    def __post_init__(self) -> None:
        self._rows = {int(photo): row for row, photo in enumerate(self.photo_ids)}
        self._columns = {label.id: column for column, label in enumerate(self.labels)}
        above = {column: label.parents for column, label in enumerate(self.labels) if label.parents}
        self.parents = Parents(
            len(self.labels),
            {column: [self._columns[one] for one in ids if one in self._columns] for column, ids in above.items()},
        )
        """By columns: what stands below what."""
        self.known = self.parents.known(self.decisions)
        """photos x labels: the decisions and, where labels have parents, what follows from them, see `Parents.known`;
        kept up to date by `apply`."""
        self._own = self.scores
        self.held: Held | None = None
        """The photo that somebody looks at; see `hold`."""
        self.lift()
        for column, of_label in [*self.of_rules.items()]:
            for higher in self.parents.above(column):
                own = self.of_rules.get(higher, of_label)
                self.of_rules[higher] = np.where(own >= 0, own, of_label)

    def __len__(self) -> int:
        return len(self.paths)

    def has(self, photo_id: int) -> bool:
        """Whether a photo is in the project."""
        return photo_id in self._rows

    def row_of(self, photo_id: int) -> int:
        return self._rows[photo_id]

    def rows_of(self, photo_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The rows of these photos, in their order."""
        return np.fromiter(map(self.row_of, photo_ids.tolist()), np.int64, len(photo_ids))

    def has_label(self, label_id: int) -> bool:
        """Whether a label is in the label set."""
        return label_id in self._columns

    def has_scores(self, row: int) -> bool:
        """Whether anything has been scored on a photo; while a run goes on it may not have come to it."""
        return not bool(np.isnan(self.scores[row]).all())

    def column_of(self, label_id: int) -> int:
        return self._columns[label_id]

    def is_new(self) -> npt.NDArray[np.bool_]:
        """photos: which came after the folder was first looked at, and are not reviewed."""
        if self.newcomers_after is None:
            return np.zeros(len(self), bool)
        return (self.photo_ids > self.newcomers_after) & ~self.reviewed

    def stage_of(self, column: int) -> str:
        """The stage that suggests a label; of a label that no training has refined the initial one."""
        return self.stages[column] if self.stages else self.stage or INITIAL

    def states(
        self,
        rows: Sequence[int] | npt.NDArray[np.int64] | slice = slice(None),
        columns: Sequence[int] | slice = slice(None),
    ) -> npt.NDArray[np.int8]:
        """`LabelState` of each label, by default of all, for these photos: rows x labels."""
        known = self.known[rows][:, columns]
        states = self.suggestions(rows, columns)
        told = known != UNDECIDED
        states[told] = STATE_OF_KNOWN[known[told]]
        return states

    def suggestions(
        self,
        rows: Sequence[int] | npt.NDArray[np.int64] | slice = slice(None),
        columns: Sequence[int] | slice = slice(None),
    ) -> npt.NDArray[np.int8]:
        """Likewise what each label would be had nobody answered it: LIKELY, MAYBE or ABSENT.

        What answers taught makes nothing likely on a photo that is reviewed, and changes nothing on the one that is
        `held`: who accepts what is likely has seen it.
        """
        scores = self.scores[rows][:, columns]
        # A comparison with nan is false: what has no score is not suggested.
        thresholds = self.thresholds[columns]
        maybe_from = np.minimum(self.maybe_from[columns], thresholds)  # a person may have set a lower threshold
        states = np.multiply(scores >= maybe_from, np.int8(LabelState.MAYBE), dtype=np.int8)
        likely = scores >= thresholds
        if self.taught or (self.held is not None and self.held.firm):
            places, of_labels = np.arange(len(self))[rows], np.arange(len(self.labels))[columns]
            undecided, reviewed = self.known[rows][:, columns] == UNDECIDED, self._reviewed_for(rows, columns)
            likely = as_it_was_seen(likely, undecided, reviewed, self.held, places, of_labels, self._likely_untaught)
        np.copyto(states, np.int8(LabelState.LIKELY), where=likely)
        if self.of_rules:
            states[self.ruled(rows, columns)] = LabelState.LIKELY
        return states

    def _likely_untaught(self, column: int) -> npt.NDArray[np.bool_] | None:
        """photos: whether a label, or one that stands below it, is likely without what answers taught.

        None where they taught nothing of any of these.
        """
        together = [column, *self.parents.below(column)]
        if self.taught.keys().isdisjoint(together):
            return None
        own = [self.untaught.get(one) or self.scores_of(one) for one in together]
        return np.logical_or.reduce([each.scores >= each.threshold for each in own])

    def hold(self, row: int | None, *, firm: bool = False) -> None:
        """Somebody looks at this photo from now on: learning changes nothing on it until another is held, or none.

        Args:
            firm: nor does what is being scored, see `Held`.
        """
        self.held = None
        if row is not None and self.has_scores(row):
            self.held = Held(row, self.suggestions([row])[0] == LabelState.LIKELY, ~np.isnan(self.scores[row]), firm)

    def hold_as(self, before: Snapshot) -> None:
        """Hold the photo that was held before everything was read anew, as it was then."""
        self.held = None
        if before.held is not None and self.has(photo := int(before.photo_ids[before.held.row])):
            places = [before.column_of(one.id) if before.has_label(one.id) else -1 for one in self.labels]
            likely, scored = (np.append(each, False)[places] for each in (before.held.likely, before.held.scored))
            self.held = Held(self.row_of(photo), likely, scored, before.held.firm)

    def shown_scores(
        self, rows: Sequence[int] | npt.NDArray[np.int64] | slice = slice(None)
    ) -> npt.NDArray[np.float32]:
        """Scores of all labels for these photos as people are told of them side by side: rows x labels.

        None is below that of a label that stands below it. `scores` need not be so: there a label is as far above its
        own threshold as one below it, and thresholds are far apart.
        """
        return self.parents.at_least_as_sure(self.scores[rows])

    def shown_scores_of(self, column: int) -> npt.NDArray[np.float32]:
        """Likewise of one label for all photos: photos."""
        return self.parents.at_least_as_sure_of(column, self.scores)

    def ruled(
        self,
        rows: Sequence[int] | npt.NDArray[np.int64] | slice = slice(None),
        columns: Sequence[int] | slice = slice(None),
    ) -> npt.NDArray[np.bool_]:
        """Which labels rules suggest for these photos: rows x labels."""
        wanted = range(len(self.labels))[columns] if isinstance(columns, slice) else columns
        ruled = np.zeros((len(self.photo_ids[rows]), len(wanted)), bool)
        for place, column in enumerate(wanted):
            if (of_label := self.of_rules.get(int(column))) is not None:
                ruled[:, place] = of_label[rows] >= 0
        return ruled

    def rule_of(self, row: int, column: int) -> Rule | None:
        """The rule that suggests a label for a photo; None where none does."""
        of_label = self.of_rules.get(column)
        return None if of_label is None or of_label[row] < 0 else self.rules[of_label[row]]

    def answers(
        self, columns: int | slice = slice(None), rows: Sequence[int] | Rows | slice = slice(None)
    ) -> npt.NDArray[np.int8]:
        """What is known of all labels, photos x labels, or of one, photos: YES, NO or UNDECIDED.

        Who has reviewed a photo has seen that the labels left alone are not on it; but for those that may be, which
        stand folded away, so that nobody need have looked at them, and for those that came into the label set later.
        """
        known = self.known[rows][:, columns]
        if not self.reviewed[rows].any():
            return np.sign(known)
        reviewed = self._reviewed_for(rows, [columns] if isinstance(columns, int) else columns)
        left_alone = (known == UNDECIDED) & (reviewed[:, 0] if known.ndim == 1 else reviewed)
        if self.folded_away is not None:
            left_alone &= ~self.folded_away[rows][:, columns]
        return np.where(left_alone, np.int8(NO), np.sign(known))

    def _reviewed_for(
        self, rows: Sequence[int] | Rows | slice, columns: Sequence[int] | slice
    ) -> npt.NDArray[np.bool_]:
        """Whether a photo was reviewed when a label was in the label set: rows x columns."""
        wanted, reviewed = np.arange(len(self.labels))[columns].tolist(), self.reviewed[rows]
        if not self.in_set or not reviewed.any():
            return np.repeat(reviewed[:, None], len(wanted), axis=1)
        asked = was_asked(self.reviewed_at[rows], self.in_set, [self.labels[column].id for column in wanted])
        return reviewed[:, None] & asked

    def undecided_between(self) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
        """For each label the score below which it is a clear no, and the one from which on it is a clear yes.

        A threshold, whoever set it, is never clear: the scores beside it are undecided. Before anybody asked how sure
        the scores are, nothing is undecided.
        """
        if self.stage_calibration is None:
            no_below, yes_from = self.thresholds.copy(), self.thresholds.copy()
        else:
            no_below, yes_from = self.stage_calibration.no_below.copy(), self.stage_calibration.yes_from.copy()
        no_below[list(self.taught)], yes_from[list(self.taught)] = 1 - SURE, SURE
        return np.minimum(no_below, self.thresholds), np.maximum(yes_from, self.thresholds)

    def unsure(self, columns: Sequence[int] | slice = slice(None)) -> npt.NDArray[np.bool_]:
        """Labels, all or some, that nobody has answered and whose score is no clear yes or no: photos x labels."""
        no_below, yes_from = self.undecided_between()
        scores = self.scores[:, columns]
        open_to_answer = (self.known[:, columns] == UNDECIDED) & ~self.reviewed[:, None]
        return open_to_answer & (scores >= no_below[columns]) & (scores < yes_from[columns])

    def said_of(self, answers: Sequence[Answer]) -> list[bool | None]:
        """What is said now of the same photos and labels, in the same order, as the values of answers.

        Of a photo or label that left the project it is what the answer says: nothing is shown of it.
        """
        if not answers:
            return []
        places = self.places_of(answers)
        there, marks = places.on_labels, places.marks
        said = np.full(len(answers), _NOTHING, np.int8)
        said[there] = self.decisions[places.rows[there], places.columns[there]]
        said[marks] = np.where(self.reviewed[places.rows[marks]], YES, NO)
        return list(map(VALUE_OF.get, said.tolist(), places.values))

    def apply(self, answers: Iterable[Answer]) -> list[int]:
        """Take answers over that were committed; returns the rows that changed. Of equal ones the last counts."""
        answers = list(answers)
        if not answers:
            return []
        places = self.places_of(answers)
        there, marks, codes = places.on_labels, places.marks, places.codes
        self.decisions[places.rows[there], places.columns[there]] = codes[there]
        photos, on = places.rows[marks], codes[marks] == YES
        self.reviewed[photos] = on
        self.reviewed_at[photos] = np.where(on, np.datetime64(now(), "us"), np.datetime64("NaT", "us"))
        changed = np.zeros(len(self), bool)
        changed[places.rows[places.rows >= 0]] = True
        rows: list[int] = np.flatnonzero(changed).tolist()
        if self.parents and rows:
            self.known[rows] = self.parents.known(self.decisions[rows])
        return rows

    def places_of(self, answers: Sequence[Answer]) -> AnswerPlaces:
        """Where answers belong in `decisions`, and what they say."""
        return AnswerPlaces.of(answers, self._rows, self._columns)

    def take_what_was_taught(self, taught: Mapping[int, TaughtScores | None]) -> None:
        """Suggest the labels of these columns by what their answers taught, or (None) as without them.

        Nothing is changed in place: whoever works on these scores in another thread goes on with those there were.
        """
        scores, thresholds, maybe_from = self._own.copy(), self.thresholds.copy(), self.maybe_from.copy()
        sources, of_answers, before = [*self.threshold_sources], {**self.taught}, {**self.untaught}
        for column, one in taught.items():
            own = before.pop(column, None) or self.scores_of(column)
            of_answers.pop(column, None)
            if one is not None:
                of_answers[column], before[column] = one, own
            now = own if one is None else one.probable
            scores[:, column] = now.scores
            thresholds[column], maybe_from[column], sources[column] = now.threshold, now.maybe_from, now.source
        self._own, self.thresholds, self.maybe_from, self.threshold_sources = scores, thresholds, maybe_from, sources
        self.taught, self.untaught = of_answers, before
        self.lift(list(taught))

    def lift(self, changed: Collection[int] | None = None) -> None:
        """Have no label be surer than one that it stands below, by the scores and thresholds there are now.

        Args:
            changed: columns whose scores or thresholds are others since this was done; by default all.
        """
        if not self.parents:
            self.scores = self._own
            return
        # Never in place: a worker that has these scores would see columns that are half lifted.
        scores = self._own.copy() if changed is None else self.scores.copy()
        if changed is not None:
            scores[:, list(changed)] = self._own[:, list(changed)]
        probabilities = np.zeros(len(self.labels), bool)
        probabilities[list(self.taught)] = True
        by = Suggesting(self.thresholds, self.maybe_from, probabilities)
        for column, of_label in self.parents.lifted(self._own, scores, by, changed).items():
            scores[:, column] = of_label
        self.scores = scores

    def suggested_by(
        self,
        scores: npt.NDArray[np.float32],
        thresholds: npt.NDArray[np.float32],
        maybe_from: npt.NDArray[np.float32],
    ) -> Snapshot:
        """The same photos and answers, suggested by other scores."""
        other = copy(self)
        other._own, other.thresholds, other.maybe_from = scores, thresholds, maybe_from
        other.taught, other.untaught, other.of_rules = {}, {}, {}
        other.lift()
        return other

    def scores_of(self, column: int) -> LabelScores:
        """What suggests a label, apart from the snapshot."""
        return LabelScores(
            self._own[:, column].copy(),
            float(self.thresholds[column]),
            float(self.maybe_from[column]),
            self.threshold_sources[column],
        )

    def untaught_scores(
        self, rows: Sequence[int] | npt.NDArray[np.int64] | slice = slice(None)
    ) -> npt.NDArray[np.float32]:
        """The scores of `stage` for these photos without what answers taught, each label's own: rows x labels."""
        scores = self._own[rows]
        if self.untaught:
            scores = scores.copy()
            for column, before in self.untaught.items():
                scores[:, column] = before.scores[rows]
        return scores

    def untaught_thresholds(self) -> npt.NDArray[np.float32]:
        """The thresholds of `untaught_scores`: labels."""
        thresholds = self.thresholds.copy()
        for column, before in self.untaught.items():
            thresholds[column] = before.threshold
        return thresholds

    def with_answers_of_its_own(self) -> Snapshot:
        """The same photos, scores and answers; what is answered from now on is not in it."""
        # Not made anew: finding the rows of a hundred thousand photos takes longer than copying their answers.
        other = copy(self)
        other.decisions = self.decisions.copy()
        other.known = self.known.copy() if self.parents else other.decisions
        other.reviewed, other.reviewed_at = self.reviewed.copy(), self.reviewed_at.copy()
        return other

    def with_answers(self, decisions: npt.NDArray[np.int8], reviewed: npt.NDArray[np.bool_]) -> Snapshot:
        """The same photos and scores with what somebody says of them, in place of what is in force."""
        other = copy(self)
        other.decisions, other.known, other.reviewed = decisions, self.parents.known(decisions), reviewed
        return other

    def matrix_of(self, project: Project, stage: str, run: RunRow | None = None) -> npt.NDArray[np.float32]:
        """Scores of any stage for these photos and labels, by default those in force; nan where there are none."""
        if stage not in STAGES:
            raise WrongUsage(
                Sentence("Expected the stage to be one of {stages}, but got {stage!r}.").format(
                    stages=", ".join(STAGES), stage=stage
                )
            )
        return aligned_scores(project, stage, self._rows, self._columns, run)

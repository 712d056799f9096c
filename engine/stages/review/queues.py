"""Queues of photos to review, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.method.calibration import chances_out_of_sample
from engine.method.confident_learning import differing_answers, suspected_mistakes
from engine.method.intervals import Interval, precision_interval
from engine.method.review_order import chances, disagreement, doubt, random_audit, spread
from engine.method.thresholds import shape_thresholds
from engine.project import Project
from engine.project.history.opinions import opinions
from engine.project.label_state import UNDECIDED
from engine.project.runs import AGGREGATED, CLASSIFIER, GLOBAL, INITIAL, REFINED, SECOND
from engine.project.snapshot import Snapshot
from engine.project.stood_by import stood_by
from engine.project.thresholds import likely_in_run, thresholds_in_force
from engine.stages.finding.duplicates import near_duplicate_groups
from engine.stages.people.taking import photos_in_hand
from engine.stages.photo_embeddings import whole_photo_embeddings
from engine.stages.thresholds.calibrate import shape_for
from engine.wording import Sentence

UNSURE, DOUBTFUL, DISAGREE = "undecided", "doubtful", "disagree"
MISTAKES, AUDIT, NEW, OPINIONS, PEOPLE_DISAGREE, TAKEN = "mistakes", "audit", "new", "second", "disagreed", "taken"

QUEUES = (UNSURE, DOUBTFUL, DISAGREE, OPINIONS, MISTAKES, AUDIT, NEW, PEOPLE_DISAGREE, TAKEN)
"""Neither a clear yes nor a clear no, most doubtful, stages disagree, the second opinion disagrees, suspected mistakes,
random audit, new photos, people disagree, taken to review."""

Rows = npt.NDArray[np.int64]

# Of so many photos for each wanted one the most unlike are taken: enough to choose from, few enough to be all urgent.
_CANDIDATES_EACH = 10

_ONE_OF_TWO = 0.5
_LEAST_APART = 1e-6


def queue(
    project: Project,
    snapshot: Snapshot,
    name: str,
    *,
    count: int | None = None,
    unlike: bool = False,
    seed: int = 0,
    column: int | None = None,
) -> Rows:
    """Rows of the snapshot to review, most urgent first: photos that can be read and wait for it.

    All queues but `mistakes` and `disagreed` leave out photos that are reviewed already.

    Args:
        name: one of `QUEUES`.
        count: at most so many; by default all.
        unlike: take, of the first ten times `count`, those that are least like one another. Needs `count`.
        seed: of the random audit; the same seed gives the same order.
        column: of the undecided, those of this label alone.
    """
    if name not in QUEUES:
        raise WrongUsage(
            Sentence("Expected a queue named {queues}, but got {name!r}.").format(queues=", ".join(QUEUES), name=name)
        )
    if unlike and count is None:
        raise ValueError("Expected argument `count` to be given with `unlike`, but got None.")
    readable = np.array([problem is None for problem in snapshot.problems], bool)
    if name == TAKEN:
        taken = [photo for photo in photos_in_hand(project) if snapshot.has(photo)]
        return snapshot.rows_of(np.array(taken, np.int64))[:count]
    waiting = readable if name in (MISTAKES, PEOPLE_DISAGREE) else readable & ~snapshot.reviewed
    if name == AUDIT:
        order = random_audit(len(snapshot), seed)
    elif name == NEW:
        # Ids grow as photos are added.
        order = np.argsort(-snapshot.photo_ids, kind="stable")
    else:
        urgent = urgency(project, snapshot, name, column)
        waiting = waiting & (urgent > 0)
        order = np.argsort(-urgent, kind="stable")
    rows = order[waiting[order]]
    if unlike and count is not None:
        return _unlike(project, snapshot, rows[: count * _CANDIDATES_EACH], count)
    return rows[:count]


def urgency(project: Project, snapshot: Snapshot, name: str, column: int | None = None) -> npt.NDArray[np.floating]:
    """Of each photo for a queue in order of scores; 0 for those that do not belong there. `column`: see `queue`."""
    decided = snapshot.known != UNDECIDED
    if name == UNSURE:
        of = slice(None) if column is None else [column]
        return doubt(snapshot.scores[:, of], snapshot.thresholds[of], ~snapshot.unsure(of))
    if name == DOUBTFUL:
        return doubt(snapshot.scores, snapshot.thresholds, decided)
    if name == DISAGREE:
        (first, first_from), (second, second_from) = _stages(project, snapshot)
        return disagreement(first, first_from, second, second_from, decided)
    if name == OPINIONS:
        return opposed(project, snapshot).max(axis=1, initial=0)
    if name == PEOPLE_DISAGREE:
        # The more labels, the more there is to talk about.
        return np.count_nonzero(opinions(project, snapshot).disagreed, axis=1).astype(np.float64)
    return mistakes(project, snapshot).max(axis=1, initial=0)


def opposed(project: Project, snapshot: Snapshot) -> npt.NDArray[np.floating]:
    """How far a second opinion is from what suggests, photos x labels: 0 where both say yes, both no, or one nothing.

    Labels that a person answered are left out, and so are those that the second opinion does not know.
    """
    second = snapshot.matrix_of(project, SECOND)
    yes_from = likely_in_run(project, SECOND, snapshot.labels)
    yes_from = np.where(np.isnan(yes_from), _ONE_OF_TWO, yes_from)
    known = ~np.isnan(snapshot.scores) & ~np.isnan(second) & (snapshot.known == UNDECIDED)
    differ = known & ((snapshot.scores >= snapshot.thresholds) != (second >= yes_from))
    apart = np.abs(chances(snapshot.scores, snapshot.thresholds) - chances(second, yes_from))
    # What lies just on either side of both thresholds differs as well, only little.
    return np.where(differ, np.maximum(apart, _LEAST_APART), 0)


def mistakes(project: Project, snapshot: Snapshot) -> npt.NDArray[np.floating]:
    """How strongly an answer is suspected to be a mistake: photos x labels, from 0 to 1, 0 where it is not, or where
    somebody stood by it.

    Answers that differ between near-duplicates are suspects too, one half at least: one of the two is wrong. Photos
    are compared as far as that was done before.

    The initial pseudo labels speak for it: they never saw an answer, where refined labels and the classifier that
    made them have learnt it. Only a project that has none, as its labels came from a classifier made elsewhere, asks
    the classifier.
    """
    stage = INITIAL
    scores = snapshot.matrix_of(project, stage)
    if np.isnan(scores).all():
        stage = CLASSIFIER
        scores = snapshot.matrix_of(project, stage)
    suspected = np.zeros(scores.shape)
    answers = snapshot.answers()
    asked = np.flatnonzero((answers != UNDECIDED).any(axis=1))
    if len(asked):
        shape = shape_for(project, stage, snapshot.labels, scores)
        chances = chances_out_of_sample(scores[asked], answers[asked], shape)
        suspected[asked] = suspected_mistakes(chances, answers[asked])
        groups = near_duplicate_groups(project, snapshot, among=asked)
        suspected[differing_answers(answers, groups) & (suspected < _ONE_OF_TWO)] = _ONE_OF_TWO
        # What was left alone is nobody's mistake where it was not so much as suggested.
        likely_from, _ = thresholds_in_force(project, stage, snapshot.labels)
        suspected[(snapshot.known == UNDECIDED) & ~(scores >= likely_from)] = 0
        suspected[stood_by(project, snapshot)] = 0
    return suspected


def stages_apart(project: Project, snapshot: Snapshot) -> npt.NDArray[np.floating]:
    """On which labels the stages disagree, and how far they are apart there: photos x labels, 0 elsewhere.

    These are the labels to which one says yes and the other no; where there is none, the one they are farthest apart
    on. Labels that a person answered are left out.
    """
    (first, first_from), (second, second_from) = _stages(project, snapshot)
    apart = np.nan_to_num(np.abs(chances(first, first_from) - chances(second, second_from)))
    apart = np.where(snapshot.known == UNDECIDED, apart, 0)
    differ = (first >= first_from) != (second >= second_from)
    farthest = apart >= apart.max(axis=1, keepdims=True, initial=0)
    return np.where(np.where((differ & (apart > 0)).any(axis=1, keepdims=True), differ, farthest), apart, 0)


def _stages(project: Project, snapshot: Snapshot) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.floating]]]:
    """The scores of the two stages that are compared, each with its thresholds."""
    stages = (INITIAL, REFINED) if snapshot.stage == REFINED else (GLOBAL, AGGREGATED)
    scores = [snapshot.matrix_of(project, stage) for stage in stages]
    return [(of_stage, _thresholds(of_stage, snapshot)) for of_stage in scores]


def _thresholds(scores: npt.NDArray[np.float32], snapshot: Snapshot) -> npt.NDArray[np.floating]:
    """Of a stage's own scale; those in force where its scores do not tell."""
    own = shape_thresholds(scores)
    return np.where(np.isnan(own), snapshot.thresholds, own)


def _unlike(project: Project, snapshot: Snapshot, rows: Rows, count: int) -> Rows:
    known, vectors = whole_photo_embeddings(project, snapshot.photo_ids[rows])
    chosen = spread(rows[known], vectors, count)
    # Photos without an embedding cannot be compared; they come last.
    return np.concatenate([chosen, rows[~known]])[:count]


@dataclass(frozen=True)
class SuggestionsRight:
    """How many of a label's suggestions a person answered, how many were right, and their share with its interval."""

    label_id: int
    label: str
    answered: int
    right: int
    share: Interval | None


@dataclass(frozen=True)
class QueueProgress:
    """`left`: photos not reviewed yet, of `total`. `labels`: in the order of the label set."""

    total: int
    left: int
    labels: tuple[SuggestionsRight, ...]


def suggested_untaught(snapshot: Snapshot, rows: Sequence[int] | Rows) -> npt.NDArray[np.bool_]:
    """Which labels' scores are at or above the threshold, rows x labels, without what answers taught."""
    return snapshot.untaught_scores(rows) >= snapshot.untaught_thresholds()


def queue_progress(
    snapshot: Snapshot, rows: Sequence[int] | Rows, suggested: npt.NDArray[np.bool_] | None = None
) -> QueueProgress:
    """How far the review of these rows is, and how good the suggestions proved on them.

    A suggestion was right where a person then said yes. What answers taught is left out: it knows these answers.

    Args:
        suggested: what was suggested when it was answered, rows x labels; by default what is suggested now.
    """
    rows = np.asarray(rows, np.int64)
    if suggested is None:
        suggested = suggested_untaught(snapshot, rows)
    right = np.count_nonzero(suggested & (snapshot.known[rows] > UNDECIDED), axis=0).tolist()
    wrong = np.count_nonzero(suggested & (snapshot.known[rows] < UNDECIDED), axis=0).tolist()
    labels = tuple(
        SuggestionsRight(label.id, label.name, yes + no, yes, precision_interval(yes, yes + no))
        for label, yes, no in zip(snapshot.labels, right, wrong, strict=True)
    )
    return QueueProgress(len(rows), int(np.count_nonzero(~snapshot.reviewed[rows])), labels)

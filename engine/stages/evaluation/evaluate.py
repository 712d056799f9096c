"""How well scores agree with a truth that somebody else made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UserError, WrongUsage
from engine.method import mean_average_precision
from engine.method.bootstrap import bootstrap_interval, draw_photos, resampled_average_precision
from engine.method.confusion import TwoByTwo, f1_scores, taken_for, top_labels, two_by_two
from engine.method.metrics import MeanAveragePrecision
from engine.method.strengths import MAYBE_CHANCE
from engine.method.thresholds import shape_of
from engine.project import Project
from engine.project.label_state import UNDECIDED
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, REFINED, RunRow, no_scores_yet, runs, runs_with
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ThresholdSource, maybe_in_force, thresholds_in_force
from engine.project.truths import ABSENT, IGNORED, PRESENT, TruthTable
from engine.stages.evaluation.result import RULE, Confusion, Evaluation, LabelEvaluation, mean_of_resamples
from engine.stages.teaching.teaching import snapshot_in_force
from engine.wording import LabelWords, Sentence

IN_FORCE = "in-force"
"""In place of a stage: what suggests labels now, refined where a training refined, taught where answers taught."""

RESAMPLES = 300
_MOST_CONFUSIONS = 100
_TOP = 3


def evaluate(
    project: Project,
    truth: TruthTable,
    *,
    stage: str = INITIAL,
    run: int | None = None,
    only: npt.NDArray[np.int64] | None = None,
    unmatched_photos: tuple[str, ...] = (),
    resamples: int = RESAMPLES,
    check: Callable[[], None] = lambda: None,
) -> Evaluation:
    """All-point mAP of a stage's scores and all that goes with it; what the truth ignores does not count.

    What has no score, as a label that came after the photos were labelled, can be neither right nor wrong.

    Args:
        stage: whose scores; `IN_FORCE` for whatever suggests each label now, what answers taught included.
        run: of the scores; by default those in force.
        only: ids of the photos to compare, of those that can be.
        unmatched_photos: names of the truth without a photo in the project, to be said.
        resamples: of the photos, for the intervals; always the same ones.
        check: called again and again; may raise to stop.

    Raises:
        UserError: the stage has no scores, there is no such run, or nothing matches.
    """
    now = stage == IN_FORCE
    snapshot = snapshot_in_force(project) if now else take_snapshot(project)
    compared = _compared(project, snapshot, truth, stage, run, only)
    counts = draw_photos(len(compared.rows), resamples)
    resampled = resampled_average_precision(compared.scores, compared.answers, counts, check)
    mean = mean_average_precision(compared.scores, compared.answers)
    suggested, with_maybe = compared.suggested(compared.thresholds), compared.suggested(compared.maybe_from)
    if now:
        _take_answers_back(snapshot, compared.rows, suggested, with_maybe)
    table = two_by_two(suggested, compared.answers)
    counted = mean.positives > 0
    map_interval = bootstrap_interval(mean.value, mean_of_resamples(resampled[:, counted])) if counted.any() else None
    top = top_labels(np.where(compared.has_score, compared.scores, np.nan), _TOP)
    return Evaluation(
        truth=truth.name,
        stage=(snapshot.stage or INITIAL) if now else stage,
        taught=tuple(snapshot.labels[column].name for column in sorted(snapshot.taught)),
        run=run,
        rule=RULE,
        photos=len(compared.rows),
        map=mean.value if mean.labels_counted else None,
        map_interval=map_interval,
        labels_counted=mean.labels_counted,
        at_thresholds=f1_scores(table),
        at_maybe=f1_scores(two_by_two(with_maybe, compared.answers)),
        at_top_3=f1_scores(two_by_two(top, compared.answers)),
        labels=tuple(_label(snapshot, compared, mean, table, resampled, column) for column in range(len(counted))),
        confusions=_confusions(snapshot, suggested, compared.answers),
        notes=tuple(_notes(snapshot, compared, mean)),
        unmatched_photos=(*unmatched_photos, *compared.without_scores),
        unmatched_labels=truth.without_label,
        photo_ids=snapshot.photo_ids[compared.rows],
        paths=tuple(snapshot.paths[row] for row in compared.rows),
        scores=compared.scores,
        answers=compared.answers,
        suggested=suggested,
        with_maybe=with_maybe,
        top_3=top,
        resampled=resampled,
    )


@dataclass(frozen=True)
class _Compared:
    """Photos that have both scores and answers: `rows` of the snapshot, and photos x labels of each."""

    rows: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    """0 where there is none."""
    has_score: npt.NDArray[np.bool_]
    answers: npt.NDArray[np.int8]
    thresholds: npt.NDArray[np.float32]
    """labels: likely from this score on."""
    maybe_from: npt.NDArray[np.float32]
    """labels: likely or maybe from this score on."""
    answered: int
    """Pairs of photo and label that people answered, where the scores have learnt from these answers."""
    by_parents: tuple[int, ...]
    """Columns of labels that the truth knows by what stands below them alone."""
    without_truth: int
    without_scores: tuple[str, ...]

    def suggested(self, thresholds: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Photos x labels: what has a score from these thresholds on."""
        return self.has_score & (self.scores >= thresholds)


def _compared(
    project: Project,
    snapshot: Snapshot,
    truth: TruthTable,
    stage: str,
    run: int | None,
    only: npt.NDArray[np.int64] | None,
) -> _Compared:
    of_run = None if run is None else _run_with(project, stage, run)
    now = stage == IN_FORCE
    if now:
        stage, scores = snapshot.stage or INITIAL, snapshot.scores
        thresholds, maybe_from = snapshot.thresholds, np.minimum(snapshot.maybe_from, snapshot.thresholds)
    else:
        own = snapshot.matrix_of(project, stage, of_run)
        thresholds, maybe_from = _thresholds(project, stage, of_run, snapshot, own)
        scores = snapshot.suggested_by(own, thresholds, maybe_from).scores
    scored = ~np.isnan(scores).all(axis=1) if scores.size else np.zeros(len(snapshot), bool)
    if not scored.any():
        raise no_scores_yet(stage)
    answers = truth.aligned(snapshot.photo_ids, [label.id for label in snapshot.labels])
    by_parents = snapshot.parents.expanded(answers, ignored=IGNORED, absent=ABSENT, present=PRESENT)
    in_truth = np.isin(snapshot.photo_ids, truth.photo_ids)
    if only is not None:
        in_truth &= np.isin(snapshot.photo_ids, only)
    rows = np.flatnonzero(scored & in_truth)
    if not len(rows):
        raise UserError(
            Sentence("No photo of the truth {name!r} has {stage} scores. Label these photos first.").format(
                name=truth.name, stage=stage
            )
        )
    if all(label is None for label in truth.label_ids):
        raise UserError(
            Sentence("No label of the truth {name!r} means a label of the project. Say which is which.").format(
                name=truth.name
            )
        )
    has_score = ~np.isnan(scores[rows])
    known = np.where(has_score, answers[rows], np.int8(IGNORED))
    return _Compared(
        rows,
        np.nan_to_num(scores[rows]),
        has_score,
        known,
        thresholds,
        maybe_from,
        _known_answers(snapshot, rows, stage, known != IGNORED) if now else 0,
        tuple(by_parents),
        int((scored & ~in_truth).sum()),
        tuple(snapshot.paths[row] for row in np.flatnonzero(in_truth & ~scored)),
    )


def _take_answers_back(
    snapshot: Snapshot, rows: npt.NDArray[np.int64], likely: npt.NDArray[np.bool_], with_maybe: npt.NDArray[np.bool_]
) -> None:
    """Of pairs that people answered, tell what was suggested without their answers; rows x labels, changed in place.

    A threshold that answers taught is about the photos that are left. Once none is, it suggests nothing.
    """
    answered = snapshot.answers()[rows] != UNDECIDED
    for column, own in snapshot.untaught.items():
        those = answered[:, column]
        scores = own.scores[rows[those]]
        likely[those, column] = scores >= own.threshold
        with_maybe[those, column] = scores >= min(own.maybe_from, own.threshold)


def _known_answers(snapshot: Snapshot, rows: npt.NDArray[np.int64], stage: str, compared: npt.NDArray[np.bool_]) -> int:
    """How many of the answers about what is compared the scores know: those of a training, and of labels taught.

    Args:
        compared: rows x labels.
    """
    answered = compared & (snapshot.answers()[rows] != UNDECIDED)
    columns = slice(None) if stage == REFINED else sorted(snapshot.taught)
    return int(np.count_nonzero(answered[:, columns]))


def _thresholds(
    project: Project, stage: str, run: RunRow | None, snapshot: Snapshot, scores: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """From which scores on a label is likely, and may be.

    As the run has it whose scores are compared, since every encoder's scores have a scale of their own.

    The global and the aggregated scores suggest nothing, so that no run keeps thresholds for them: the shape of these
    scores tells where they would lie.
    """
    thresholds, sources = thresholds_in_force(project, stage, snapshot.labels, run)
    maybe_from = maybe_in_force(project, stage, snapshot.labels, run)
    if stage in (GLOBAL, AGGREGATED):
        own = shape_of(scores)
        unknown = np.array([source == ThresholdSource.DEFAULT for source in sources], bool) & ~np.isnan(own.thresholds)
        thresholds = np.where(unknown, own.thresholds, thresholds).astype(np.float32)
        maybe_from = np.where(unknown, own.scores_at(MAYBE_CHANCE), maybe_from).astype(np.float32)
    return thresholds, np.minimum(maybe_from, thresholds)


def _run_with(project: Project, stage: str, run_id: int) -> RunRow:
    found = runs_with(project, stage)
    for run in found:
        if run.id == run_id:
            return run
    those = ", ".join(f"{stage}@{run.id}" for run in found) or "none"
    if any(run.id == run_id for run in runs(project)):
        raise UserError(
            Sentence("Run {run} has no {stage} scores. These have: {those}.").format(
                run=run_id, stage=stage, those=those
            )
        )
    raise WrongUsage(Sentence("There is no run {run}. These have scores: {those}.").format(run=run_id, those=those))


def _label(
    snapshot: Snapshot,
    compared: _Compared,
    mean: MeanAveragePrecision,
    table: TwoByTwo,
    resampled: npt.NDArray[np.float64],
    column: int,
) -> LabelEvaluation:
    ap = float(mean.by_label[column])
    return LabelEvaluation(
        label=snapshot.labels[column].name,
        positives=int(mean.positives[column]),
        ignored=int((compared.answers[:, column] == IGNORED).sum()),
        ap=_told(ap),
        ap_interval=bootstrap_interval(ap, resampled[:, column]),
        threshold=float(compared.thresholds[column]),
        hits=int(table.hits[column]),
        false_alarms=int(table.false_alarms[column]),
        misses=int(table.misses[column]),
        rejections=int(table.rejections[column]),
        precision=_told(table.precision[column]),
        recall=_told(table.recall[column]),
        f1=_told(table.f1[column]),
    )


def _confusions(
    snapshot: Snapshot, suggested: npt.NDArray[np.bool_], answers: npt.NDArray[np.int8]
) -> tuple[Confusion, ...]:
    """Pairs of labels, those first that are taken for each other most beyond chance."""
    found = taken_for(suggested, answers)
    beyond = found.photos - found.by_chance
    order = np.argsort(-beyond, axis=None, kind="stable")[:_MOST_CONFUSIONS]
    pairs = zip(*np.unravel_index(order, beyond.shape), strict=True)
    labels = [label.name for label in snapshot.labels]
    return tuple(
        Confusion(labels[a], labels[b], int(found.photos[a, b]), round(float(found.by_chance[a, b]), 2))
        for a, b in pairs
        if beyond[a, b] > 0
    )


def _notes(snapshot: Snapshot, compared: _Compared, mean: MeanAveragePrecision) -> Iterator[Sentence]:
    """What a person should know to read the figures."""
    counted = compared.answers != IGNORED
    known, positive = counted.any(axis=0), mean.positives > 0
    lowest = np.where(counted, compared.scores, np.inf).min(axis=0)
    highest = np.where(counted, compared.scores, -np.inf).max(axis=0)
    for sentence, chosen in (
        (Sentence("Labels without a positive do not enter mAP: {count} ({labels})."), known & ~positive),
        (Sentence("Labels of the project that are not compared: {count} ({labels})."), ~known),
        (
            Sentence("Labels with one score on all photos, so that AP is the share of positives: {count} ({labels})."),
            positive & (lowest == highest),
        ),
    ):
        labels = [label.name for label, one in zip(snapshot.labels, chosen, strict=True) if one]
        if labels:
            yield sentence.format(count=len(labels), labels=LabelWords(labels))
    if compared.by_parents:
        labels = [snapshot.labels[column].name for column in compared.by_parents]
        yield Sentence(
            "Labels that the truth does not know, and that are there where one right below them is: {count} ({labels})."
        ).format(count=len(labels), labels=LabelWords(labels))
    if snapshot.taught:
        taught = [snapshot.labels[column].name for column in sorted(snapshot.taught)]
        yield Sentence("Labels whose scores are what people's answers taught: {count} ({labels}).").format(
            count=len(taught), labels=LabelWords(taught)
        )
    if compared.answered:
        yield Sentence(
            "People answered {count:,} of the compared pairs of photo and label, and these scores have learnt from the "
            "answers: photos that nobody looked at may fare worse. Likely there is what was likely without the answers."
        ).format(count=compared.answered)
    if compared.without_truth:
        yield Sentence("Photos that are not in the truth and do not count: {count}.").format(
            count=compared.without_truth
        )
    if compared.without_scores:
        yield Sentence("Photos of the truth without scores of this stage: {count}.").format(
            count=len(compared.without_scores)
        )
    if mean.labels_counted == 1:
        yield Sentence("Only one label counts: mAP is its AP.")
    if len(snapshot.labels) <= _TOP:
        count = len(snapshot.labels)
        yield Sentence(
            "With {count} labels the top 3 are all of them.", one="With one label the top 3 are that one alone."
        ).format(count=count)


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

"""Labels or scores from elsewhere as suggestions: a run of its own, which can be taken back as a whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.formats.known_labels import ABSENT, PRESENT, KnownLabels, ScoreTable
from engine.jobs import Cancellation
from engine.method.thresholds import Shape, shape_of
from engine.project import Project
from engine.project.history.history import answer, join_with_run
from engine.project.runs import (
    INITIAL,
    OPINION,
    SECOND,
    begin_run,
    finish_run,
    forget_old_scores,
    load_scores,
    newest_run_with,
    store_scores,
)
from engine.stages.importing.import_plan import Imported, ImportPlan, TakeAs
from engine.stages.importing.matched_source import MatchedSource
from engine.stages.thresholds.calibrate import NOTHING, calibrate_labels, shape_settings
from engine.wording import Sentence

IMPORT = "import"

Scores = npt.NDArray[np.float32]


_STAGES = {TakeAs.SUGGESTIONS: (IMPORT, INITIAL), TakeAs.OPINION: (OPINION, SECOND)}
"""What labels or scores are taken as, to the run's stage and that of its scores."""


def plan_suggestions(project: Project, found: MatchedSource, take_as: TakeAs = TakeAs.SUGGESTIONS) -> ImportPlan:
    """Count what taking the labels or scores over as suggestions, or as a second opinion, would bring."""
    photo_ids, labels, values = _scores(found)
    ids = [found.label_ids.get(label) for label in labels]
    return _plan(project, found, photo_ids, ids, values, take_as)


def take_suggestions(
    project: Project, found: MatchedSource, cancellation: Cancellation, take_as: TakeAs = TakeAs.SUGGESTIONS
) -> Imported:
    """Take labels or scores over as initial pseudo labels, or as a second opinion beside them.

    Nothing is stored where the newest run holds the very same.

    Scores get thresholds from their shape. Labels that are merely listed are suggested as the file has them, neither
    more nor fewer: from their least score on, and as maybe those that the file calls so.
    """
    photo_ids, labels, values = _scores(found)
    cancellation.check()
    ids = found.with_new_labels(project)
    if found.parents:
        title = Sentence("labels put below others as in {file}").format(file=found.source.name)
        answer(project, title, (), edit_labels=found.put_in_tree)
    label_ids = [ids[label] for label in labels]
    of_run, stage = _STAGES[take_as]
    plan = _plan(project, found, photo_ids, label_ids, values, take_as)
    if plan.there_already:
        return Imported(plan)
    settings = {"file": str(found.source.path), **shape_settings(stage, _shape(found, values))}
    if not isinstance(found.source.known, ScoreTable):
        settings["maybe"] = {stage: np.nan_to_num(_least(values), nan=0.5).tolist()}
    run = begin_run(project, of_run, label_ids=label_ids, settings=settings)
    join_with_run(project, run, [ids[name] for name in found.new_labels])
    store_scores(project, run, stage, photo_ids, values)
    finish_run(project, run)
    forget_old_scores(project, of_run)
    if stage == INITIAL:
        calibrate_labels(project)
    return Imported(plan, run=run)


def _plan(
    project: Project,
    found: MatchedSource,
    photo_ids: list[int],
    label_ids: list[int | None] | list[int],
    values: Scores,
    take_as: TakeAs,
) -> ImportPlan:
    of_run, stage = _STAGES[take_as]
    suggested = values >= np.nan_to_num(_shape(found, values).thresholds, nan=np.inf)
    newest = newest_run_with(project, stage)
    there = load_scores(project, stage, newest) if newest is not None and newest.stage == of_run else None
    same = (
        there is not None
        and there.photo_ids.tolist() == photo_ids
        and list(there.label_ids) == label_ids
        and np.array_equal(there.values, values, equal_nan=True)
    )
    planned = found.plan(take_as, suggested=int(suggested.sum()), there_already=same)
    # A photo that the file names without any score is one that it says nothing about.
    without = planned.photos_without + planned.photos - len(photo_ids)
    return replace(planned, photos=len(photo_ids), photos_without=without)


def _scores(found: MatchedSource, *, weak: bool = True) -> tuple[list[int], list[str], Scores]:
    """Photos by id, names of labels, and photos x labels from 0 to 1, nan where nothing is said.

    Args:
        weak: whether labels that the file calls weakly suggested count as well.

    Raises:
        UserError: there is no score, or nothing but labels that are absent, of any photo that was found.
    """
    known = found.source.known
    table = known if isinstance(known, ScoreTable) else _as_table(known if weak else _without_weak(known))
    columns = [column for column, label in enumerate(table.labels) if label in found.labels]
    rows = {name: row for row, name in enumerate(table.file_names) if name in found.photos}
    by_photo: dict[int, Scores] = {}
    for name, row in rows.items():
        of_photo, photo = table.values[row, columns], found.photos[name]
        # Several names may be the same photo: any that has a label decides.
        by_photo[photo] = np.fmax(by_photo[photo], of_photo) if photo in by_photo else of_photo
    by_photo = {photo: scores for photo, scores in by_photo.items() if not np.isnan(scores).all()}
    if not by_photo:
        raise UserError(
            Sentence("No score in {file} is of a photo in the project. Is it the right file for these photos?").format(
                file=found.source.path
            )
        )
    if weak and not isinstance(known, ScoreTable) and not any((scores > 0).any() for scores in by_photo.values()):
        raise UserError(
            Sentence("{file} gives none of these photos a label, so there is nothing to suggest.").format(
                file=found.source.path
            )
        )
    photo_ids = sorted(by_photo)
    values = np.stack([by_photo[photo] for photo in photo_ids])
    labels = [found.labels[table.labels[column]] for column in columns]
    distinct = list(dict.fromkeys(labels))
    if len(distinct) < len(labels):
        same = [[at for at, label in enumerate(labels) if label == one] for one in distinct]
        values = np.stack([np.fmax.reduce(values[:, places], axis=1) for places in same], axis=1)
    return photo_ids, distinct, values


def _as_table(known: KnownLabels) -> ScoreTable:
    """Labels that are listed as scores: what the file has counts 1 where it gives no score, the rest 0."""
    columns = {label: column for column, label in enumerate(known.labels)}
    values = np.zeros((len(known.answers), len(columns)), np.float32)
    for row, (name, answers) in enumerate(known.answers.items()):
        for label, score in known.scores.get(name, {}).items():
            values[row, columns[label]] = score
        for label, value in answers.items():
            if value == ABSENT:
                values[row, columns[label]] = 0
            elif value != PRESENT:
                values[row, columns[label]] = np.nan
            elif not values[row, columns[label]]:
                values[row, columns[label]] = 1
    return ScoreTable(known.labels, tuple(known.answers), values)


def _without_weak(known: KnownLabels) -> KnownLabels:
    strong = {
        photo: {label: score for label, score in scores.items() if label not in known.weak.get(photo, ())}
        for photo, scores in known.scores.items()
    }
    return replace(known, scores=strong)


def _shape(found: MatchedSource, values: Scores) -> Shape:
    if isinstance(found.source.known, ScoreTable):
        return shape_of(values)
    _, _, strong = _scores(found, weak=False)
    # A label that is nowhere more than weakly suggested is likely nowhere.
    nowhere = np.where(np.isnan(_least(values)), 0.5, NOTHING)
    least = _least(strong)
    return Shape(np.where(np.isnan(least), nowhere, least), np.ones(len(least)))


def _least(values: Scores) -> npt.NDArray[np.float64]:
    """The least score above 0 of each label; nan where there is none."""
    least = np.where(values > 0, values, np.inf).min(axis=0, initial=np.inf).astype(np.float64)
    return np.where(np.isfinite(least), least, np.nan)

"""Reading a project into a snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.project.aligned_scores import aligned_scores
from engine.project.asked import spells_in_label_set
from engine.project.descriptions import known_descriptions
from engine.project.label_state import NO, YES
from engine.project.labels import LabelRow, label_set
from engine.project.photos import NEWCOMERS_AFTER
from engine.project.project import Project
from engine.project.rules import IN_THE_FILE, PhotosToMatch, rules, suggested_by_rules
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, RunRow
from engine.project.settings import setting
from engine.project.snapshot import Snapshot
from engine.project.storage.schema import Decision, Photo
from engine.project.thresholds import (
    DEFAULT_THRESHOLD,
    likely_in_run,
    maybe_in_force,
    stage_calibration_in_force,
    stages_of,
    thresholds_in_force,
)
from engine.wording import Sentence


def take_snapshot(project: Project) -> Snapshot:
    """Read a project's photos, labels, decisions and the scores that suggest labels."""
    labels = label_set(project)
    columns = {label.id: column for column, label in enumerate(labels)}
    with project.reading() as connection:
        photos = project.rows(
            connection,
            select(
                Photo.id,
                Photo.path,
                Photo.problem,
                Photo.width,
                Photo.height,
                Photo.orientation,
                Photo.taken_at,
                Photo.reviewed_at,
                Photo.size,
                Photo.modified_ns,
            ).order_by(Photo.path),
        )
        decided = project.rows(connection, select(Decision.photo_id, Decision.label_id, Decision.value))
        in_set = spells_in_label_set(project, connection) if any(photo.reviewed_at for photo in photos) else {}
    # Column by column: asking a hundred thousand rows for each of their values by name takes a second.
    ids, paths, problems, widths, heights, orientations, taken_at, reviewed, sizes, modified = (
        zip(*photos, strict=True) if photos else [()] * 10
    )
    rows = {photo: row for row, photo in enumerate(ids)}
    decisions = np.zeros((len(photos), len(labels)), np.int8)
    for photo_id, label_id, value in decided:
        if label_id in columns and photo_id in rows:
            decisions[rows[photo_id], columns[label_id]] = YES if value else NO

    stage = None
    scores = np.full((len(photos), len(labels)), np.nan, np.float32)
    for stage_name in (INITIAL, REFINED, CLASSIFIER):
        if stage_name == CLASSIFIER and stage is not None:
            break
        carry = partial(_as_newest, project, labels) if stage_name == INITIAL else None
        found = aligned_scores(project, stage_name, rows, columns, carry=carry)
        there = ~np.isnan(found)
        if there.any():
            stage = stage_name
            late = there.any(axis=0) & ~there & ~np.isnan(scores)
            np.copyto(scores, found, where=there)
            if late.any():
                scores = np.where(late, _as_refined(project, labels, scores), scores)

    kept_rules = rules(project)
    of_rules = {}
    if kept_rules:
        in_files = any(rule.field in IN_THE_FILE for rule in kept_rules)
        files = list(zip(paths, sizes, modified, strict=True))
        said = known_descriptions(project, files) if in_files else [None] * len(files)
        of_rules = suggested_by_rules(kept_rules, columns, PhotosToMatch(paths, taken_at, said))
    reviewed_at = np.array(reviewed, "datetime64[us]")
    thresholds, threshold_sources = thresholds_in_force(project, stage or INITIAL, labels)
    maybe_from = maybe_in_force(project, stage or INITIAL, labels)
    likely_from = likely_in_run(project, stage or INITIAL, labels)
    likely_from = np.where(np.isnan(likely_from), DEFAULT_THRESHOLD, likely_from)
    return Snapshot(
        photo_ids=np.array(ids, np.int64),
        paths=list(paths),
        problems=[problem and Sentence.of_kept(problem) for problem in problems],
        sizes=np.array([[side or 0 for side in sides] for sides in (widths, heights)], np.int32).T.copy(),
        orientations=np.array(orientations, np.int8),
        taken_at=list(taken_at),
        file_sizes=np.array(sizes, np.int64),
        modified_ns=np.array(modified, np.int64),
        reviewed=~np.isnat(reviewed_at),
        reviewed_at=reviewed_at,
        in_set=in_set,
        labels=labels,
        decisions=decisions,
        stage=stage,
        scores=scores,
        thresholds=thresholds,
        maybe_from=maybe_from,
        threshold_sources=threshold_sources,
        stage_calibration=stage_calibration_in_force(project, stage or INITIAL, labels),
        stages=stages_of(project, stage or INITIAL, labels),
        folded_away=(scores >= maybe_from) & (scores < likely_from),
        rules=kept_rules,
        of_rules=of_rules,
        newcomers_after=setting(project, NEWCOMERS_AFTER),
    )


def _as_refined(
    project: Project, labels: Sequence[LabelRow], initial: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """The initial scores of photos that came after a training, on the scale of those refined: photos x labels.

    Their odds are moved so that the initial threshold comes to lie on the refined one: what was likely stays so.
    """
    return _moved(initial, *(thresholds_in_force(project, stage, labels)[0] for stage in (INITIAL, REFINED)))


def _as_newest(
    project: Project, labels: Sequence[LabelRow], scores: npt.NDArray[np.float32], before: RunRow, now: RunRow
) -> npt.NDArray[np.float32]:
    """Scores of a run, photos x labels, on the scale of the one under way, whose encoder may be another one.

    What was likely stays likely until the run comes to the photo, and what may be stays maybe.
    """
    # Not by what answers made of the thresholds: they were learnt from the very scores that are moved here, and would
    # draw each other down, answer by answer.
    likely, likely_now = (
        thresholds_in_force(project, INITIAL, labels, run, reviewed=False)[0] for run in (before, now)
    )
    maybe, maybe_now = (maybe_in_force(project, INITIAL, labels, run) for run in (before, now))
    if np.array_equal(likely, likely_now) and np.array_equal(maybe, maybe_now):
        return scores
    # Rounding must not move a score over a threshold.
    from_likely = np.maximum(_moved(scores, likely, likely_now), likely_now)
    from_maybe = np.clip(_moved(scores, maybe, maybe_now), maybe_now, np.nextafter(likely_now, np.float32(0)))
    below = np.minimum(_moved(scores, maybe, maybe_now), np.nextafter(np.minimum(maybe_now, likely_now), np.float32(0)))
    return np.where(scores >= likely, from_likely, np.where(scores >= maybe, from_maybe, below)).astype(np.float32)


def _moved(
    scores: npt.NDArray[np.float32], before: npt.NDArray[np.float32], after: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Scores, photos x labels, with their odds moved so that the level `before` of each label lies on `after`."""
    smallest = np.float32(1e-6)
    before, after = (np.clip(level, smallest, 1 - smallest) for level in (before, after))
    in_favour = scores * (1 - before) * after
    return (in_favour / (in_favour + (1 - scores) * before * (1 - after))).astype(np.float32)

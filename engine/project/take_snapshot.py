"""Reading a project into a snapshot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.project.aligned_scores import aligned_scores
from engine.project.descriptions import known_descriptions
from engine.project.label_state import NO, YES
from engine.project.labels import LabelRow, label_set
from engine.project.photos import NEWCOMERS_AFTER
from engine.project.project import Project
from engine.project.rules import IN_THE_FILE, PhotosToMatch, rules, suggested_by_rules
from engine.project.runs import CLASSIFIER, INITIAL, REFINED
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
        found = aligned_scores(project, stage_name, rows, columns)
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
    smallest = np.float32(1e-6)
    before, after = (thresholds_in_force(project, stage, labels)[0] for stage in (INITIAL, REFINED))
    before, after = (np.clip(level, smallest, 1 - smallest) for level in (before, after))
    in_favour = initial * (1 - before) * after
    return (in_favour / (in_favour + (1 - initial) * before * (1 - after))).astype(np.float32)

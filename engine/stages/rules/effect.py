"""What a rule does, or would do, before it is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.descriptions import known_descriptions
from engine.project.label_state import LabelState
from engine.project.labels import labels_by_id
from engine.project.rules import IN_THE_FILE, PhotosToMatch, Rule, label_of_rule, parse_condition, photos_of_rule, rules
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.stages.rules.describe_files import describe_files

MOST_EXAMPLES = 8


@dataclass(frozen=True)
class RuleEffect:
    """On how many photos a rule suggests its label, and what was known there.

    `suggested`: nobody answered, and it is not likely by its score. `likely`: it is. `confirmed` and `rejected`: by a
    person; there the rule says nothing. `examples`: paths, evenly spread over the photos.
    """

    label: str
    condition: str
    photos: int
    suggested: int
    likely: int
    confirmed: int
    rejected: int
    examples: tuple[str, ...]


def try_rule(
    project: Project, label: str, condition: str, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> RuleEffect:
    """What a rule would do, also before it is said which label it is for; nothing is changed.

    Raises:
        WrongUsage: it is no condition, or no name for a label.
    """
    field, pattern = parse_condition(condition)
    label = label.strip() and label_of_rule(project, label.strip())
    if field in IN_THE_FILE:
        describe_files(project, progress, cancellation)
    return _effect(project, _without_rules(take_snapshot(project)), label, field, pattern)


def effects_of_rules(
    project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> list[tuple[Rule, RuleEffect]]:
    """Each rule of a project with what it does, by itself."""
    kept = rules(project)
    if any(rule.field in IN_THE_FILE for rule in kept):
        describe_files(project, progress, cancellation)
    names = labels_by_id(project)
    snapshot = _without_rules(take_snapshot(project))
    return [
        (rule, _effect(project, snapshot, names[rule.label_id], rule.field, rule.pattern))
        for rule in kept
        if rule.label_id in names
    ]


def _without_rules(snapshot: Snapshot) -> Snapshot:
    return snapshot.suggested_by(snapshot.scores, snapshot.thresholds, snapshot.maybe_from)


def _effect(project: Project, snapshot: Snapshot, label: str, field: str, pattern: str) -> RuleEffect:
    there = np.array([problem is None for problem in snapshot.problems], bool)
    files = list(zip(snapshot.paths, snapshot.file_sizes.tolist(), snapshot.modified_ns.tolist(), strict=True))
    said = known_descriptions(project, files) if field in IN_THE_FILE else [None] * len(files)
    meant = photos_of_rule(field, pattern, PhotosToMatch(snapshot.paths, snapshot.taken_at, said)) & there
    rows = np.flatnonzero(meant)
    names = [one.name.casefold() for one in snapshot.labels]
    columns = [names.index(label.casefold())] if label.casefold() in names else []
    states = snapshot.states(rows, columns)[:, 0] if columns else np.zeros(len(rows), np.int8)
    likely, confirmed, rejected = (
        int(np.isin(states, of).sum())
        for of in (
            [LabelState.LIKELY],
            [LabelState.CONFIRMED, LabelState.IMPLIED],
            [LabelState.REJECTED, LabelState.RULED_OUT],
        )
    )
    examples = rows[np.unique(np.linspace(0, len(rows) - 1, MOST_EXAMPLES).round().astype(int))] if len(rows) else rows
    return RuleEffect(
        label,
        f"{field}:{pattern}",
        len(rows),
        len(rows) - likely - confirmed - rejected,
        likely,
        confirmed,
        rejected,
        tuple(snapshot.paths[row] for row in examples.tolist()),
    )

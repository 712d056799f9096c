"""Taking over what others know of the photos: looked at first, then carried out."""

from __future__ import annotations

import numpy as np

from engine.errors import WrongUsage
from engine.formats.known_labels import PRESENT, KnownLabels, KnownLabelsError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.truths import TruthTable, load_truth, truths
from engine.stages.importing.import_decisions import plan_decisions, take_decisions
from engine.stages.importing.import_plan import ImportChoice, Imported, ImportPlan, Source, TakeAs
from engine.stages.importing.import_suggestions import plan_suggestions, take_suggestions
from engine.stages.importing.import_truth import import_truth, match_truth
from engine.stages.importing.matched_source import MatchedSource, match_source
from engine.stages.labelling.add_photos import add_some_photos
from engine.wording import Sentence

_AS_SCORES = (TakeAs.SUGGESTIONS, TakeAs.OPINION)


def plan(
    project: Project,
    source: Source,
    choice: ImportChoice,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
) -> ImportPlan:
    """What `carry_out` would do with the photos that the project knows; nothing is changed.

    Raises:
        UserError: nothing in the source is in the project, or it holds nothing of the kind that is chosen.
    """
    found = _find(project, source, choice, progress, cancellation)
    if choice.take_as == TakeAs.DECISIONS:
        return plan_decisions(project, found, choice)
    if choice.take_as in _AS_SCORES:
        return plan_suggestions(project, found, choice.take_as)
    return _plan_truth(project, found, cancellation)


def carry_out(
    project: Project,
    source: Source,
    choice: ImportChoice,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
) -> Imported:
    """Look for new photos in the folder, and take over what a source says. A second time it changes nothing.

    Decisions become one edit by `import: <file>`, suggestions a run, a truth a truth of its own; each can be taken
    back as a whole, and the labels that joined the label set with it, unless something else uses them by then.

    Raises:
        UserError: see `plan`; nothing is stored.
        Cancelled: before anything was stored.
    """
    add_some_photos(project, progress, cancellation)
    found = _find(project, source, choice, progress, cancellation)
    progress.start("Importing", total=None)
    if choice.take_as == TakeAs.DECISIONS:
        return take_decisions(project, found, choice, cancellation)
    if choice.take_as in _AS_SCORES:
        return take_suggestions(project, found, cancellation, choice.take_as)
    planned = _plan_truth(project, found, cancellation)
    if planned.there_already:
        return Imported(planned)
    kept = import_truth(
        project, _known(source), progress, cancellation, source=source.path, format_name=source.format_name
    )
    return Imported(planned, truth=kept.truth.name)


def _find(
    project: Project, source: Source, choice: ImportChoice, progress: Progress, cancellation: Cancellation
) -> MatchedSource:
    if source.known.problems and not source.photo_names:
        raise KnownLabelsError(source.known.problems[0])
    if source.only_suggests and choice.take_as not in _AS_SCORES:
        raise WrongUsage(
            Sentence(
                "{file} holds no decisions, only scores or photos without labels. Import it as suggestions."
            ).format(file=source.path)
        )
    progress.start("Matching photos", total=None)
    return match_source(project, source, choice, cancellation)


def _plan_truth(project: Project, found: MatchedSource, cancellation: Cancellation) -> ImportPlan:
    matched = match_truth(project, _known(found.source), cancellation=cancellation)
    confirmed = int((matched.table.answers == PRESENT).sum())
    there = any(_same(load_truth(project, truth), matched.table) for truth in truths(project))
    return found.plan(TakeAs.TRUTH, confirmed=confirmed, there_already=there)


def _same(one: TruthTable, other: TruthTable) -> bool:
    return (
        one.categories == other.categories
        and one.label_ids == other.label_ids
        and np.array_equal(one.photo_ids, other.photo_ids)
        and np.array_equal(one.answers, other.answers)
    )


def _known(source: Source) -> KnownLabels:
    assert isinstance(source.known, KnownLabels)
    return source.known

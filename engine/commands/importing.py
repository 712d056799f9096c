"""`import`: labels of other programs, looked at first where that is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.choices import OF_FORMAT_IN, NewLabels, OnConflict, TakeAs
from engine.commands.console import (
    AsJson,
    Photos,
    ProjectPlace,
    open_project,
    show_progress,
    tell_problems,
    tell_unmatched,
)
from engine.commands.saying import print_json, tell
from engine.commands.streams import FileToRead, input_file
from engine.wording import n_decisions, n_labels, n_photos

if TYPE_CHECKING:
    from engine.stages.importing.import_plan import ImportPlan

_MOST_SHOWN = 10


def import_labels(
    photos: Photos,
    file: FileToRead,
    format_name: Annotated[
        str | None,
        typer.Option("--format", help="Of what is read.", show_default="what it looks like", **OF_FORMAT_IN),
    ] = None,
    take_as: Annotated[
        TakeAs | None,
        typer.Option(
            "--as",
            help="What becomes of them.",
            show_default="decisions; suggestions where there are only scores",
        ),
    ] = None,
    on_conflict: Annotated[
        OnConflict, typer.Option(help="Where you decided otherwise: keep your decision or replace it.")
    ] = "keep",
    new_labels: Annotated[
        NewLabels | None,
        typer.Option(
            help="Labels that the project does not have: add them, with all that they and yours stand below (tree), or "
            "skip them.",
            show_default="add; skip for tables of scores",
        ),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen; change nothing.")] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Take over labels or scores of other programs.

    They become decisions, suggestions or a truth to compare with.
    """
    from engine.formats.known_labels import ScoreTable
    from engine.stages.importing import import_plan
    from engine.stages.importing.import_labels import carry_out, plan
    from engine.stages.importing.import_plan import ImportChoice, read_source
    from engine.stages.labelling.add_photos import add_some_photos

    with (
        input_file(file) as read,
        open_project(photos, project) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        progress.start("Reading labels", total=None)
        source = read_source(read, format_name)
        choice = ImportChoice(
            import_plan.TakeAs(take_as or ("suggestions" if source.only_suggests else "decisions")),
            import_plan.OnConflict(on_conflict),
            import_plan.NewLabels(new_labels or ("skip" if isinstance(source.known, ScoreTable) else "add")),
        )
        if preview:
            add_some_photos(opened, progress, cancellation)
            planned, made = plan(opened, source, choice, progress, cancellation), {}
        else:
            done = carry_out(opened, source, choice, progress, cancellation)
            planned, made = done.plan, {"edit": done.edit, "run": done.run, "truth": done.truth}
    if as_json:
        print_json(
            {"file": str(file), **planned.as_json(), "changed": not preview and not planned.changes_nothing, **made}
        )
    else:
        _tell(planned, preview=preview)


def _tell(plan: ImportPlan, *, preview: bool) -> None:
    from engine.stages.importing.import_plan import TakeAs

    would = "Would take over" if preview else "Took over"
    if plan.changes_nothing:
        change = "would change" if preview else "changed"
        tell(f"All that can be taken over is there already ({n_photos(plan.photos)}); nothing {change}.")
    elif plan.take_as == TakeAs.DECISIONS:
        taken = f"{n_labels(plan.confirmed)} confirmed, {plan.rejected:,} rejected"
        reviewed = f", {n_photos(plan.reviewed)} reviewed" if plan.reviewed else ""
        tell(f"{would} decisions on {n_photos(plan.photos)}: {taken}{reviewed}; there already: {plan.same:,}.")
    elif plan.take_as == TakeAs.OPINION:
        tell(f"{would} a second opinion on {n_photos(plan.photos)}. `cdul opinion PHOTOS` lists where both differ.")
    elif plan.take_as == TakeAs.SUGGESTIONS:
        count = plan.labels + len(plan.new_labels)
        tell(
            f"{would} the scores of {n_photos(plan.photos)} for {n_labels(count)}. "
            f"Of the folder, not in the file: {n_photos(plan.photos_without)}."
        )
    else:
        tell(f"{would} a truth of {n_photos(plan.photos)} and {n_labels(plan.labels)}. It is never trained on.")
    if plan.take_as == TakeAs.DECISIONS and plan.suggested:
        tell(f"Left out, as the file only suggests them: {n_labels(plan.suggested)}. --as suggestions takes them over.")
    if plan.parents:
        tell(f"Below others as in the file: {n_labels(plan.parents)}.")
    if plan.new_labels:
        tell(f"New labels: {_some(plan.new_labels)}")
    if plan.other_names:
        tell("Labels by another name: " + _some([f"{theirs} is {ours}" for theirs, ours in plan.other_names]))
    if plan.conflicts:
        winner = "the file's side is taken" if plan.replaces else "yours stay"
        tell(f"The file says otherwise on {n_decisions(len(plan.conflicts))}; {winner}, both are in the history:")
        for conflict in plan.conflicts[:_MOST_SHOWN]:
            mine, theirs = ("yes" if side else "no" for side in (conflict.mine, conflict.theirs))
            tell(f"  {conflict.photo}: {conflict.label}: yours {mine}, the file's {theirs}")
    if plan.renamed:
        names = _some([f"{theirs} is {ours}" for theirs, ours in plan.renamed])
        tell(f"Photos by names that an upload changed: {names}")
    tell_problems(plan.problems, plan.passed_over)
    tell_unmatched("photos", "file", plan.unmatched_photos)
    tell_unmatched("labels", "file", plan.skipped_labels)


def _some(names: Any) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")

"""`agreement`: how far the people who review a project agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.console import AsJson, Photos, ProjectPlace, open_project, show_progress
from engine.commands.photos import Nul, print_paths
from engine.commands.saying import one_line, print_json, say
from engine.wording import n_labels, n_photos

if TYPE_CHECKING:
    from engine.stages.people.agreement import Agreed


def agreement(
    photos: Photos,
    paths: Annotated[
        bool, typer.Option("--paths", help="Print nothing but where the photos are on which people disagree.")
    ] = False,
    nul: Nul = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Show how far the people who reviewed agree, by label: Krippendorff's alpha and Cohen's kappa of each pair.

    Both are 1 where all say the same, and 0 where they agree as often as by chance. What somebody left alone on a photo
    that was called reviewed counts as no; but a label that may be there, by the scores of the labelling, as no answer.
    """
    from engine.stages.people.agreement import agreement as measure
    from engine.stages.teaching.teaching import snapshot_in_force

    with (
        open_project(photos, project, to_read=True) as opened,
        show_progress(quiet=as_json or paths) as (progress, cancellation),
    ):
        snapshot = snapshot_in_force(opened, progress, cancellation)
        found = measure(opened, snapshot, cancellation)
    disagreed = [snapshot.paths[row] for row in found.said.rows_disagreed]
    if paths or nul:
        print_paths(photos, disagreed, nul=nul)
        return
    pairs = [list(pair) for pair in found.pairs]
    if as_json:
        rows = [
            {
                "label": one.label or None,
                "alpha": _as_object(one.alpha),
                "kappa": [{"people": pair, **_as_object(kappa)} for pair, kappa in zip(pairs, one.kappas, strict=True)],
            }
            for one in (*found.labels, found.overall)
        ]
        people = [{"name": name, "photos": count} for name, count in found.people]
        print_json({"people": people, "labels": rows[:-1], "all": rows[-1], "disagreed": disagreed})
        return
    for name, count in found.people:
        say(f"{one_line(name)}: {n_photos(count)} answered")
    say("")
    mean = "mean of labels"
    told = [one for one in found.labels if one.alpha.figure is not None or one.alpha.differ]
    widest = max(len(mean), *(len(one.label) for one in told), 0)
    say(f"{'':{widest}}  {'both':>7} {'differ':>7}  alpha (95 %)")
    for one in (*told, found.overall):
        say(f"{one.label or mean:{widest}}  {one.alpha.answered:>7,} {one.alpha.differ:>7,}  {_figure(one.alpha)}")
    if len(told) < len(found.labels):
        say(f"Of {n_labels(len(found.labels) - len(told))} nothing can be told: all said the same on every photo.")
    for place, (first, second) in enumerate(found.pairs):
        kappa = found.overall.kappas[place]
        say(f"kappa of {one_line(first)} and {one_line(second)}, {mean}: {_figure(kappa)}")
    if disagreed:
        say(f"They disagree on {n_photos(len(disagreed))}; --paths names them.")


def _figure(one: Agreed) -> str:
    if one.figure is None:
        return "–"
    interval = "" if one.interval is None else f" ({one.interval.low:.2f} to {one.interval.high:.2f})"
    return f"{one.figure:.2f}{interval}"


def _as_object(one: Agreed) -> dict[str, Any]:
    interval = None if one.interval is None else [one.interval.low, one.interval.high]
    return {"answered": one.answered, "differ": one.differ, "figure": one.figure, "interval": interval}

"""`export` and `evaluate`: what goes out, and how well it agrees with a truth."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.commands.console import (
    AsJson,
    FormatName,
    Photos,
    ProjectFolder,
    open_project,
    print_json,
    show_progress,
    tell_unmatched,
    write_export,
    written,
)

STAGES = "global, aggregated, initial, refined or classifier"


def export(
    photos: Photos,
    out: Annotated[Path, typer.Option(help="The file to write; it is there whole or not at all.")],
    format_name: FormatName = "coco",
    stage: Annotated[
        str | None, typer.Option(help=f"Whose scores suggest labels: {STAGES}.", show_default="the best")
    ] = None,
    only: Annotated[str, typer.Option(help="Which photos: reviewed or all.")] = "all",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Hand over labels or scores."""
    with open_project(photos, project, to_read=True) as opened, show_progress(quiet=as_json) as (progress, control):
        exported = write_export(opened, format_name, out, progress, control, only=only, stage=stage)
    if as_json:
        print_json(exported)
    else:
        typer.echo(written(exported))


def evaluate(
    photos: Photos,
    truth: Annotated[Path, typer.Option(help="COCO JSON with the true labels.")],
    stage: Annotated[str, typer.Option(help=f"{STAGES}.")] = "initial",
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare a stage's scores with a truth."""
    from engine.formats.coco_reader import read_coco
    from engine.stages.evaluate import evaluate as compare

    with open_project(photos, project, to_read=True) as opened:
        result = compare(opened, read_coco(truth), stage=stage)
    if as_json:
        print_json(asdict(result))
        return
    for one in result.labels:
        if one.ap is not None:
            typer.echo(f"{one.label:24} {one.positives:6} positives   AP {100 * one.ap:5.1f}")
    if result.map is not None:
        typer.echo(
            f"mAP {100 * result.map:.2f} over {result.labels_counted} labels with positives, "
            f"{result.photos} photos, stage {result.stage} (all-point AP)"
        )
    tell_unmatched("photos", "truth", result.unmatched_photos)
    tell_unmatched("labels", "truth", result.unmatched_labels)

"""`export`: what goes out."""

from __future__ import annotations

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

"""`tidy`: delete what a project no longer needs."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.commands.console import AsJson, Photos, ProjectPlace, open_project, show_progress
from engine.commands.saying import print_json, say, tell
from engine.wording import n_files, n_photos


def tidy(
    photos: Photos,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be deleted.")] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Delete half-written files, and what is kept of photos that are gone; no photo and no decision."""
    from engine.stages.care.tidy import find_leftovers
    from engine.stages.care.tidy import tidy as delete
    from engine.stages.labelling.add_photos import add_photos

    with (
        open_project(photos, project, must_exist=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        add_photos(opened, progress, cancellation)
        leftovers = find_leftovers(opened)
        files = [str(file.relative_to(opened.folder)) for file in leftovers.files]
        if not dry_run:
            delete(opened, leftovers, progress, cancellation)
    counts = {"thumbnails": len(leftovers.thumbnails), "embeddings": len(leftovers.embeddings)}
    if as_json:
        print_json({"deleted": not dry_run, "bytes": leftovers.size, "files": files, **counts})
        return
    for file in files:
        say(file)
    verb = "would be" if dry_run else "were"
    tell(
        f"{leftovers.size / 1e6:.1f} MB {verb} freed: {n_files(len(files))}, and what was kept of "
        f"{n_photos(leftovers.photos)} that changed or are gone."
    )

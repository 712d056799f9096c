"""`search` and `duplicates`: photos found by what they show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.console import (
    AsJson,
    Device,
    Photos,
    ProjectFolder,
    one_line,
    open_project,
    print_json,
    say,
    show_progress,
)
from engine.errors import WrongUsage
from engine.wording import Sentence, n_photos


def search(
    photos: Photos,
    words: Annotated[str, typer.Argument(help="What the photos show, like 'two dogs on a beach'.")] = "",
    like: Annotated[
        Path | None, typer.Option(help="A photo, of the folder or any other: find those that are like it.")
    ] = None,
    filter_line: Annotated[
        str,
        typer.Option(
            "--filter",
            help="Look only among these: 'label:dog -label:cat'.",
            show_default="all",
        ),
    ] = "",
    top: Annotated[int, typer.Option(help="How many to list, at most 500.", min=1, max=500)] = 20,
    device: Device = None,
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find photos by words, or by another photo.

    The photos must have been labelled before.
    """
    from engine.stages.finding.find_photos import find_photos

    if bool(words) == (like is not None):
        raise WrongUsage(Sentence("Give words to look for, or --like with a photo: one of the two."))
    with (
        open_project(photos, project, to_read=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        result = find_photos(opened, like or words, progress, cancellation, filter_text=filter_line, top=top)
    if as_json:
        found = [{"file_name": one.path, "score": one.score, "part": one.part._asdict()} for one in result.found]
        print_json(
            {
                "words": words or None,
                "like": like and str(like),
                "searched": result.searched,
                "found": found,
                "warnings": result.warnings,
            }
        )
        return
    for warning in result.warnings:
        say(str(warning), err=True)
    for one in result.found:
        say(f"{one.score:8.3f}  {one.path}")


def duplicates(photos: Photos, project: ProjectFolder = None, as_json: AsJson = False) -> None:
    """List groups of photos that show the same.

    The best of each group comes first; nothing is deleted.
    """
    from engine.project.take_snapshot import take_snapshot
    from engine.stages.finding.duplicates import best_of_groups, near_duplicate_groups
    from engine.stages.labelling.add_photos import add_some_photos

    with open_project(photos, project) as opened, show_progress(quiet=as_json) as (progress, cancellation):
        add_some_photos(opened, progress, cancellation)
        snapshot = take_snapshot(opened)
        groups = near_duplicate_groups(opened, snapshot, progress, cancellation)
        best = best_of_groups(opened, snapshot, groups)
    by_group: dict[int, list[str]] = {}
    for row in sorted(range(len(snapshot)), key=lambda row: (groups[row], not best[row])):
        by_group.setdefault(int(groups[row]), []).append(snapshot.paths[row])
    found = [paths for paths in by_group.values() if len(paths) > 1]
    if as_json:
        print_json({"photos": len(snapshot), "groups": [{"best": paths[0], "photos": paths} for paths in found]})
        return
    say(f"Groups of near-duplicates among {n_photos(len(snapshot))}: {len(found):,}.")
    for paths in found:
        best_one, *others = map(one_line, paths)
        say("\n".join(["", f"{best_one}  (best)", *others]))

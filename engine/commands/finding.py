"""`search`, `duplicates` and `contact-sheet`: photos found by what they show, and looked at together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.choices import Picture
from engine.commands.console import AsJson, Device, Photos, ProjectPlace, open_project, path_of, show_progress
from engine.commands.exporting import Force
from engine.commands.photos import FilterText, JustPaths, Nul, PhotoList, SomePhotos, open_chosen, print_paths
from engine.commands.saying import one_line, print_json, say, tell, warn
from engine.commands.streams import STANDARD, check_output, output_file
from engine.errors import WrongUsage
from engine.wording import Sentence, n_photos


def search(
    photos: Photos,
    words: Annotated[str, typer.Argument(help="What the photos show, like 'two dogs on a beach'.")] = "",
    like: Annotated[
        Path | None, typer.Option(help="A photo, of the folder or any other: find those that are like it.")
    ] = None,
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    top: Annotated[int, typer.Option(help="How many to list, at most 500.", min=1, max=500)] = 20,
    paths: JustPaths = False,
    nul: Nul = False,
    device: Device = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Find photos by words, or by another photo.

    The photos must have been labelled before.
    """
    from engine.stages.finding.find_photos import find_photos

    if bool(words) == (like is not None):
        raise WrongUsage(Sentence("Give words to look for, or --like with a photo: one of the two."))
    with (
        open_chosen([photos], project, photo_list=photo_list, filter_text=filter_text) as chosen,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        result = find_photos(chosen.project, like or words, progress, cancellation, choose=chosen.rows, top=top)
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
        warn(str(warning))
    if paths or nul:
        chosen.print_paths([one.path for one in result.found], nul=nul)
        return
    for one in result.found:
        say(f"{one.score:8.3f}  {one.path}")


def duplicates(
    photos: Photos,
    paths: Annotated[
        bool, typer.Option("--paths", help="Print nothing but where the photos are that a better one stands for.")
    ] = False,
    nul: Nul = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
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
    if paths or nul:
        print_paths(photos, [path for _best, *others in found for path in others], nul=nul)
        return
    say(f"Groups of near-duplicates among {n_photos(len(snapshot))}: {len(found):,}.")
    for group in found:
        best_one, *others = map(one_line, group)
        say("\n".join(["", f"{best_one}  (best)", *others]))


def contact_sheet(
    photos: SomePhotos,
    out: Annotated[
        Path,
        typer.Option(
            help="The file to write: .png, .jpg, or .pdf with pages; - for standard output.",
            metavar="FILE",
            parser=path_of,
        ),
    ],
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    columns: Annotated[int, typer.Option(help="Photos side by side.", min=1, max=20)] = 4,
    heatmaps: Annotated[
        bool, typer.Option("--heatmaps", help="Beside each photo, where in it its first label comes from.")
    ] = False,
    top: Annotated[int, typer.Option(help="How many photos at most.", min=1, max=1000)] = 200,
    format_name: Annotated[Picture, typer.Option("--format", help="Of what goes to standard output.")] = "png",
    force: Force = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Draw thumbnails of photos with their labels onto a sheet, to look at or to print."""
    from engine.stages.care.contact_sheet import SheetLayout, write_contact_sheet
    from engine.stages.teaching.teaching import snapshot_in_force

    check_output(out, as_json=as_json)
    with (
        open_chosen(photos, project, photo_list=photo_list, filter_text=filter_text) as chosen,
        show_progress(quiet=as_json) as (progress, cancellation),
        output_file(out, f".{format_name}") as file,
    ):
        snapshot = snapshot_in_force(chosen.project, progress, cancellation)
        rows = chosen.rows(snapshot).tolist()
        shown = write_contact_sheet(
            chosen.project,
            file,
            progress,
            cancellation,
            snapshot=snapshot,
            rows=rows,
            layout=SheetLayout(columns, heatmaps),
            most=top,
            force=force,
        )
    if as_json:
        print_json({"file": str(out), "photos": shown, "of": len(rows)})
    else:
        tell(f"Wrote {'standard output' if out == STANDARD else out}: {shown:,} of {n_photos(len(rows))}.")

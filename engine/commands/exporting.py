"""`export`: labels and scores go out."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.choices import OF_FORMAT_OUT, Only, PhotoFiles, Sidecars, Stage, States
from engine.commands.console import (
    COUNTED,
    AnyFolder,
    AsJson,
    Counted,
    ProjectPlace,
    open_project,
    path_of,
    show_progress,
)
from engine.commands.photos import FilterText, PhotoList, SomePhotos, names_given, one_filter, tell_unlisted
from engine.commands.saying import print_json, say, tell
from engine.commands.streams import STANDARD, check_output
from engine.errors import WrongUsage
from engine.wording import Sentence, n_labels, n_photos

if TYPE_CHECKING:
    from engine.jobs import Cancellation, Progress
    from engine.project import Project
    from engine.project.storage.address import Place
    from engine.stages.exporting.export_request import ExportRequest
    from engine.stages.exporting.selection import ExportCounts, LeftOut

Force = Annotated[
    bool, typer.Option("--force", help="Replace the file in that place, whoever wrote it; a photo never.")
]
FormatName = Annotated[str, typer.Option("--format", help="Of the export.", **OF_FORMAT_OUT)]

OutFile = Annotated[
    Path | None,
    typer.Option(help="The file or folder to write; - for standard output.", metavar="FILE", parser=path_of),
]

_LINES, _COLUMNS = 12, 160
"""Of a preview."""
_SENTENCES = 10
"""Of those that say why files were left alone."""


def export(
    photos: SomePhotos,
    out: OutFile = None,
    format_name: FormatName = "coco",
    only: Annotated[Only, typer.Option(help="Which photos.")] = "all",
    filter_text: FilterText = None,
    photo_list: PhotoList = None,
    labels: Annotated[
        str | None, typer.Option(help="Which labels: 'cat,dog,…'.", show_default="all of the label set")
    ] = None,
    states: Annotated[
        States,
        typer.Option(help="confirmed; suggested for these and the likely ones; or maybe for the weak ones, too."),
    ] = "suggested",
    stage: Annotated[Stage | None, typer.Option(help="Whose scores suggest labels.", show_default="the best")] = None,
    implied: Annotated[
        bool,
        typer.Option("--implied/--no-implied", help="With what confirmed labels imply and rejected ones rule out."),
    ] = True,
    split: Annotated[
        str | None,
        typer.Option(
            help="Percent for train, val and test, like 80/10/10; near-duplicates stay together.",
            show_default="no split",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which of the splits; the same seed gives the same.")] = 0,
    photo_files: Annotated[
        PhotoFiles, typer.Option("--photos", help="leave them where they are, copy them there, or link to them.")
    ] = "leave",
    beside: Annotated[
        bool, typer.Option("--beside", help="Write beside each photo, in the photo folder (text, labelme, xmp).")
    ] = False,
    sidecars: Annotated[
        Sidecars, typer.Option(help="Of xmp beside photos: full for IMG.jpg.xmp, stem for IMG.xmp.")
    ] = "full",
    replace: Annotated[bool, typer.Option("--replace", help="Replace an earlier export in that folder.")] = False,
    force: Force = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show how it begins; write nothing.")] = False,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Write labels or scores, as COCO or in another format."""
    from engine.stages.exporting.export_request import ExportRequest, shares_of

    check_output(out, as_json=as_json)
    given, names = names_given(photos, project, photo_list)
    request = ExportRequest(
        format_name=format_name,
        only=only,
        filter_text=one_filter(filter_text),
        labels=tuple(name.strip() for name in next(csv.reader([labels]), [])) if labels else (),
        states=states,
        implied=implied,
        stage=stage,
        shares=shares_of(split) if split else (),
        seed=seed,
        photos=photo_files,
        beside=beside,
        sidecars=sidecars,
        names=names,
    )
    if preview:
        _preview(given, project, request, as_json=as_json)
        return
    if (out is None) != beside:
        raise WrongUsage(Sentence("Expected either --out with the file or folder to write, or --beside."))
    with (
        open_project(given, project, to_read=True) as opened,
        show_progress(quiet=as_json) as (progress, cancellation),
    ):
        exported = write_export(opened, request, out, progress, cancellation, replace=replace, force=force)
    if as_json:
        print_json(exported)
    else:
        tell(written(exported))
        tell_unlisted(exported["unlisted"])


def check_export(project: Project, request: ExportRequest, out: Path, *, force: bool) -> None:
    """Raise before any work where `write_export` would."""
    from engine.stages.exporting.export import check_export as check

    check(project, request, stream_or_place(out), force=force)


def write_export(
    project: Project,
    request: ExportRequest,
    out: Path | None,
    progress: Progress,
    cancellation: Cancellation,
    *,
    replace: bool = False,
    force: bool = False,
) -> dict[str, Any]:
    """Hand over labels or scores, beside the photos where there is no place; what was done, for JSON."""
    from engine.stages.exporting.export import export as hand_over

    result = hand_over(
        project, request, out and stream_or_place(out), progress, cancellation, replace=replace, force=force
    )
    if out == STANDARD:
        sys.stdout.flush()
    return {
        "file": str(result.file),
        "format": request.format_name,
        "photos": result.photos,
        "written": result.written,
        "counts": result.counts,
        "states": request.states,
        "confirmed": result.selection.confirmed,
        "implied": result.selection.implied,
        "unseen": result.selection.unseen,
        "likely": result.selection.likely,
        "maybe": result.selection.maybe,
        "rejected": result.selection.rejected,
        "parts": result.parts,
        "left_out": _left_out(result.selection),
        "beside": asdict(result.beside) if result.beside else None,
        "not_written": result.left_out,
        "unlisted": result.unlisted,
    }


def stream_or_place(out: Path) -> Path | IO[bytes]:
    """Where an export goes: for `-` to standard output."""
    return sys.stdout.buffer if out == STANDARD else out


def written(exported: dict[str, Any]) -> str:
    """What `write_export` did, for people."""
    beside, unconfirmed = exported["beside"], exported["likely"] + exported["maybe"]
    guessed = ""
    if unconfirmed and exported["counts"] == "labels":
        guessed = f" Nobody has confirmed {unconfirmed:,} of these labels."
    elif exported["states"] == "confirmed" and not exported["confirmed"] and exported["counts"] == "labels":
        guessed = " Nobody has confirmed a label of these photos; --states suggested writes the likely ones."
    elif exported["states"] == "confirmed" and exported["unseen"] and exported["counts"] == "labels":
        unseen = n_photos(exported["unseen"])
        guessed = f" Nobody has reviewed {unseen} that go without a label; --only reviewed leaves these out."
    if exported["implied"] and exported["counts"] == "labels":
        guessed += f" {exported['implied']:,} of them are implied by labels below them; --no-implied leaves these out."
    if beside:
        files = "1 file" if beside["changed"] == 1 else f"{beside['changed']:,} files"
        changed = f"Changed {files} beside {n_photos(exported['photos'])} in {exported['file']}.{guessed}"
        return "\n".join([changed, *_first(beside["left_alone"])])
    counted = f", {n_labels(exported['written'])}" if exported["counts"] == "labels" else ""
    parts = ", ".join(f"{photos} {split}" for split, photos in exported["parts"].items())
    parted = f" ({parts})" if parts else ""
    place = "standard output" if exported["file"] == "-" else exported["file"]
    wrote = f"Wrote {place}: {n_photos(exported['photos'])}{parted}{counted}.{guessed}"
    return "\n".join([wrote, *_first(exported["not_written"])])


def _first(sentences: Sequence[str]) -> list[str]:
    more = len(sentences) - _SENTENCES
    return [*sentences[:_SENTENCES], *([f"And {more:,} more."] if more > 0 else [])]


def _preview(photos: AnyFolder, folder: Place | None, request: ExportRequest, *, as_json: bool) -> None:
    from engine.stages.exporting.export import preview
    from engine.stages.teaching.teaching import snapshot_in_force

    with open_project(photos, folder, to_read=True) as opened:
        found = preview(opened, snapshot_in_force(opened), request)
    if as_json:
        print_json({**asdict(found.counts), "file": found.file, "text": found.text})
        return
    counts = found.counts
    say(
        f"To be written: {n_photos(counts.photos)} ({counts.without_label:,} without a label), "
        f"{n_labels(counts.confirmed)} confirmed ({counts.implied:,} implied), "
        f"{counts.likely:,} likely and {counts.maybe:,} maybe; {n_labels(counts.rejected)} said to be not there."
    )
    for what, left_out in _left_out(counts).items():
        for reason, count in left_out.items():
            say(f"{COUNTED[what](count)} left out: {reason}.")
    lines = found.text.splitlines()
    say(f"\n{found.file or 'The file'} begins:")
    for line in lines[:_LINES]:
        say(line if len(line) <= _COLUMNS else f"{line[:_COLUMNS]} …")


def _left_out(counts: ExportCounts) -> dict[Counted, dict[LeftOut, int]]:
    return {"photos": counts.photos_left_out, "labels": counts.labels_left_out}

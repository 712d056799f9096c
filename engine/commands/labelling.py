"""`label` and `predict`: photos get labels, from an image-text encoder or from a trained classifier."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.console import (
    AsJson,
    Device,
    Photos,
    ProjectFolder,
    as_objects,
    open_project,
    print_json,
    say,
    show_progress,
    tell_unmatched,
    tell_unreadable,
)
from engine.commands.exporting import Force, FormatName, write_export, written
from engine.errors import WrongUsage
from engine.wording import Sentence, first_of, n_photos

if TYPE_CHECKING:
    from engine.stages.exporting.export_request import ExportRequest

_STANDARD_INPUT = Path("-")

ListOfPhotos = Annotated[
    Path | None,
    typer.Option(
        "--list",
        help="Only the photos of the folder that this file names, one a line, with or without suffix; - for standard "
        "input. A project keeps to its list; another list wants a --project of its own.",
        show_default="as before, at first all photos",
    ),
]


def label(
    photos: Photos,
    labels: Annotated[
        str | None,
        typer.Option(
            help="everyday, coco, voc, nus-wide, a text file with one label a line, 'cat,dog,…', or - to read them "
            "from standard input.",
            show_default="as before, at first coco",
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="starter, MODEL:TAG, MODEL:FILE, MODEL:FILE@TAG for a file that is used as those published as TAG, "
            "or the path of a file or folder.",
            show_default="as before, at first starter",
        ),
    ] = None,
    grid: Annotated[
        str | None, typer.Option(help="3 for 3 x 3 snippets; 2,3 for both.", show_default="as before, at first 3")
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(help="default, or paper for the published values.", show_default="as before, at first default"),
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="tau, by which similarities are divided.", show_default="the preset's")
    ] = None,
    zeta: Annotated[
        float | None, typer.Option(help="Threshold of the min-max aggregator.", show_default="the preset's")
    ] = None,
    rerank: Annotated[
        bool | None,
        typer.Option(help="Order each label's photos by what all labels say.", show_default="the preset's"),
    ] = None,
    second_look: Annotated[bool | None, typer.Option(hidden=True)] = None,  # what --rerank was called before
    detector: Annotated[
        bool | None,
        typer.Option(
            help="With the starter: hear a detector of COCO's 80 things as well.", show_default="the preset's"
        ),
    ] = None,
    crop: Annotated[
        bool | None,
        typer.Option(
            help="Show the encoder the middle square of photos and snippets, as CLIP was trained; else all of them, "
            "squashed.",
            show_default="the preset's",
        ),
    ] = None,
    photo_list: ListOfPhotos = None,
    threshold: Annotated[
        float | None, typer.Option(help="Suggest labels from this score on, 0 to 1.", show_default="each label's own")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Export to this file afterwards.")] = None,
    format_name: FormatName = "coco",
    force: Force = False,
    device: Device = None,
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Suggest labels for the photos of a folder.

    A second time only new photos are looked at, and what is not named is as it was the time before.
    """
    from engine.stages.exporting.export import check_export
    from engine.stages.labelling.label_photos import LabelRequest, label_photos

    wanted = _export_request(format_name)
    if labels == "-" and photo_list == _STANDARD_INPUT:
        raise WrongUsage(Sentence("Expected either --labels or --list to be -, but got both."))
    if encoder is not None:
        from engine.models.encoders.confirmed import confirm_encoder

        confirm_encoder(encoder)
    rerank = second_look if rerank is None else rerank
    request = LabelRequest(
        _from_standard_input() if labels == "-" else labels,
        encoder,
        _grids(grid),
        preset,
        temperature,
        zeta,
        rerank,
        detector,
        crop,
        threshold,
        photo_list=_names(photo_list),
    )
    with open_project(photos, project) as opened, show_progress(quiet=as_json) as (progress, cancellation):
        if out:
            check_export(opened, wanted, out, force=force)
        result = label_photos(
            opened,
            request,
            progress,
            cancellation,
            on_replaced=lambda lost: None if as_json else say(str(lost), err=True),
        )
        exported = write_export(opened, wanted, out, progress, cancellation, force=force) if out else None
    if as_json:
        print_json({**asdict(result), "unreadable": as_objects(result.unreadable), "exported": exported})
    else:
        say(result.sentence)
        for warning in result.warnings:
            say(str(warning), err=True)
        _tell_unlisted(result.unlisted)
        if exported:
            say(written(exported))
    tell_unreadable(result.unreadable, quiet=as_json)


def _from_standard_input() -> str:
    """Labels, one a line as in a file, or several with commas between."""
    lines = sys.stdin.read().splitlines()
    if not any(line.strip(" \t,") for line in lines):
        raise WrongUsage(
            Sentence("Expected labels on standard input, one a line or with commas between, but got none.")
        )
    # A line with a tab has a supercategory and prompts, which may have commas.
    by_line = [[line] if "\t" in line else line.split(",") for line in lines]
    return "\n".join(name.strip(" ") for names in by_line for name in names) + "\n"


def _names(photo_list: Path | None) -> tuple[str, ...] | None:
    """The names of a list of photos, from its file or standard input."""
    from engine.photos.listed import names_in
    from engine.stages.labelling.photo_list import read_photo_list

    if photo_list == _STANDARD_INPUT:
        return names_in(sys.stdin.read())
    return None if photo_list is None else read_photo_list(photo_list)


def _tell_unlisted(names: Sequence[str]) -> None:
    if names:
        some = first_of([name.strip() for name in names])
        say(f"Of the list, not in the folder: {n_photos(len(names))} ({some})", err=True)


def _grids(text: str | None) -> tuple[int, ...] | None:
    from engine.method.snippets import check_grids

    if text is None:
        return None
    try:
        return check_grids([int(grid) for grid in text.split(",")])
    except ValueError as error:
        raise WrongUsage(
            Sentence("Expected --grid to be whole numbers from 2 to 8, like 3 or 2,3, but got {text!r}.").format(
                text=text
            )
        ) from error


def predict(
    photos: Photos,
    classifier: Annotated[Path, typer.Option(help="The classifier's folder, see `cdul classifier list`.")],
    photo_list: ListOfPhotos = None,
    out: Annotated[Path | None, typer.Option(help="Export to this file afterwards.")] = None,
    format_name: FormatName = "coco",
    force: Force = False,
    device: Device = None,
    project: ProjectFolder = None,
    as_json: AsJson = False,
) -> None:
    """Suggest labels by a trained classifier alone."""
    from engine.project.runs import CLASSIFIER
    from engine.stages.exporting.export import check_export
    from engine.stages.training.predict import predict as predict_labels

    wanted = _export_request(format_name, stage=CLASSIFIER)
    with open_project(photos, project) as opened, show_progress(quiet=as_json) as (progress, cancellation):
        if out:
            check_export(opened, wanted, out, force=force)
        result = predict_labels(opened, classifier, progress, cancellation, photo_list=_names(photo_list))
        exported = write_export(opened, wanted, out, progress, cancellation, force=force) if out else None
    if as_json:
        print_json({**asdict(result), "unreadable": as_objects(result.unreadable), "exported": exported})
    else:
        say(result.sentence)
        tell_unmatched("labels", "classifier", result.unmatched_labels)
        _tell_unlisted(result.unlisted)
        if exported:
            say(written(exported))
    tell_unreadable(result.unreadable, quiet=as_json)


def _export_request(format_name: str, stage: str | None = None) -> ExportRequest:
    """Checked before hours of work, not after."""
    from engine.stages.exporting.export_request import ExportRequest

    return ExportRequest(format_name, stage=stage)

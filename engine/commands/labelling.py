"""`label` and `predict`: photos get labels, from an image-text encoder or from a trained classifier."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.choices import LABEL_SETS, EngineName, PresetName, among, encoder_names
from engine.commands.console import (
    AsJson,
    Device,
    ProjectPlace,
    as_objects,
    open_project,
    path_of,
    show_progress,
    tell_unmatched,
    tell_unreadable,
)
from engine.commands.exporting import Force, FormatName, check_export, write_export, written
from engine.commands.photos import SomePhotos, names_given, tell_unlisted
from engine.commands.saying import print_json, tell, warn
from engine.commands.streams import STANDARD, check_output, is_stream, read_stream
from engine.errors import WrongUsage
from engine.wording import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.stages.exporting.export_request import ExportRequest
    from engine.stages.labelling.encode_files import EncodeFiles

ExportAfterwards = Annotated[
    Path | None,
    typer.Option(help="Export to this file afterwards; - for standard output.", metavar="FILE", parser=path_of),
]
ListOfPhotos = Annotated[
    Path | None,
    typer.Option(
        "--list",
        help="Only the photos of the folder that this file names, one a line, with or without suffix; - for standard "
        "input. A project keeps to its list; another list wants a --project of its own.",
        show_default="as before, at first all photos",
        metavar="FILE",
        parser=path_of,
    ),
]


def label(
    photos: SomePhotos,
    labels: Annotated[
        str | None,
        typer.Option(
            help="everyday, coco, voc, nus-wide, a text file with one label a line, 'cat,dog,…', or - to read them "
            "from standard input.",
            show_default="as before, at first coco",
            autocompletion=among(LABEL_SETS),
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="starter, MODEL:TAG, MODEL:FILE, MODEL:FILE@TAG for a file that is used as those published as TAG, "
            "or the path of a file or folder.",
            show_default="as before, at first starter",
            autocompletion=encoder_names,
        ),
    ] = None,
    grid: Annotated[
        str | None, typer.Option(help="3 for 3 x 3 snippets; 2,3 for both.", show_default="as before, at first 3")
    ] = None,
    preset: Annotated[
        PresetName | None,
        typer.Option(help="paper has the published values.", show_default="as before, at first default"),
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
    fast: Annotated[
        bool | None,
        typer.Option(
            help="With a CLIP on a processor: compute in whole numbers, which is faster and not quite the same. Is "
            "set up on some of your photos at first, which takes a minute, and says what it gains and costs here. "
            "Needs pip install 'cdul[fast]'.",
            show_default="as before; --no-fast at first and with --encoder",
        ),
    ] = None,
    photo_list: ListOfPhotos = None,
    threshold: Annotated[
        float | None, typer.Option(help="Suggest labels from this score on, 0 to 1.", show_default="each label's own")
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="Where photos are encoded: local, or ray for a cluster's workers (RAY_ADDRESS, else here)."),
    ] = "local",
    store: Annotated[
        str | None,
        typer.Option(
            help="With --engine ray: where workers leave what they encoded, and find what was before, and scores for "
            "others to read: a folder that all machines have, or an address like s3://bucket/parts.",
            metavar="ADDRESS",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="With --engine ray: at most so many.", min=1, show_default="one for each processor or card"),
    ] = None,
    out: ExportAfterwards = None,
    format_name: FormatName = "coco",
    force: Force = False,
    device: Device = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Suggest labels for the photos of a folder.

    A second time only new photos are looked at, and what is not named is as it was the time before. Who may only
    review has photos looked at for heatmaps and searches on this computer.
    """
    from engine.stages.labelling.label_photos import LabelRequest, label_photos
    from engine.stages.labelling.look_here import look_here

    encode = _where_to_encode(engine, store, workers, say=lambda wait: None if as_json else warn(str(wait)))
    wanted = _export_request(format_name) if out else None
    check_output(out, as_json=as_json)
    on_standard_input = labels is not None and labels.strip() == "-"
    if on_standard_input and photo_list == STANDARD:
        raise WrongUsage(Sentence("Expected either --labels or --list to be -, but got both."))
    typed = _from_stream(Path(labels.strip())) if labels is not None and is_stream(Path(labels.strip())) else labels
    if encoder is not None:
        from engine.models.encoders.confirmed import confirm_encoder

        confirm_encoder(encoder)
    rerank = second_look if rerank is None else rerank
    place, names = names_given(photos, project, photo_list, makes_project=True)
    request = LabelRequest(
        typed,
        encoder,
        _grids(grid),
        preset,
        temperature,
        zeta,
        rerank,
        detector,
        crop,
        fast,
        threshold,
        photo_list=names,
    )
    with open_project(place, project) as opened, show_progress(quiet=as_json) as (progress, cancellation):
        if out and wanted:
            check_export(opened, wanted, out, force=force)
        if not opened.lists_photos and request == LabelRequest():
            looked = look_here(opened, progress, cancellation)
            if as_json:
                print_json(asdict(looked))
            else:
                tell(str(looked.sentence))
            return
        result = label_photos(
            opened,
            request,
            progress,
            cancellation,
            on_replaced=lambda lost: None if as_json else warn(str(lost)),
            encode=encode,
        )
        if store is not None:
            from engine.cluster.score_parts import write_score_parts

            write_score_parts(opened, store, cancellation.check)
        exported = write_export(opened, wanted, out, progress, cancellation, force=force) if wanted else None
    if as_json:
        print_json({**asdict(result), "unreadable": as_objects(result.unreadable), "exported": exported})
    else:
        tell(result.sentence)
        for warning in result.warnings:
            warn(str(warning))
        tell_unlisted(result.unlisted)
        if exported:
            tell(written(exported))
    tell_unreadable(result.unreadable, quiet=as_json)


def _where_to_encode(
    engine: str, store: str | None, workers: int | None, say: Callable[[Sentence], object]
) -> EncodeFiles:
    """Raises WrongUsage where the options do not belong together."""
    if engine == "local":
        if store is not None or workers is not None:
            raise WrongUsage(Sentence("--store and --workers are for --engine ray."))
        from engine.stages.labelling.encode_files import encode_files

        return encode_files
    if store is None:
        raise WrongUsage(
            Sentence(
                "Expected --store with --engine ray: a folder that all machines have, or an address like "
                "s3://bucket/parts."
            )
        )
    from engine.cluster.ray_runner import RayRunner

    return RayRunner(store, workers=workers, say=say)


def _from_stream(file: Path) -> str:
    """Labels, one a line as in a file, or several with commas between."""
    try:
        lines = read_stream(file).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise WrongUsage(Sentence("Expected labels in UTF-8, but got bytes that are none.")) from error
    if not any(line.strip(" \t,") for line in lines):
        raise WrongUsage(
            Sentence("Expected labels on standard input, one a line or with commas between, but got none.")
        )
    # A line with a tab has a supercategory and prompts, which may have commas.
    by_line = [[line] if "\t" in line else line.split(",") for line in lines]
    return "\n".join(name.strip(" ") for names in by_line for name in names) + "\n"


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
    photos: SomePhotos,
    classifier: Annotated[Path, typer.Option(help="The classifier's folder, see `cdul classifier list`.")],
    photo_list: ListOfPhotos = None,
    out: ExportAfterwards = None,
    format_name: FormatName = "coco",
    force: Force = False,
    device: Device = None,
    project: ProjectPlace = None,
    as_json: AsJson = False,
) -> None:
    """Suggest labels by a trained classifier alone."""
    from engine.models.training.saved_classifier import SavedClassifier
    from engine.project.runs import CLASSIFIER

    wanted = _export_request(format_name, stage=CLASSIFIER)
    check_output(out, as_json=as_json)
    SavedClassifier.read(classifier)  # which tells what is wrong with it before seconds are spent
    place, names = names_given(photos, project, photo_list, makes_project=True)
    with open_project(place, project) as opened, show_progress(quiet=as_json) as (progress, cancellation):
        if out:
            check_export(opened, wanted, out, force=force)
        progress.start("Opening the classifier", total=None, unit="")
        from engine.stages.training.predict import predict as predict_labels  # takes seconds

        result = predict_labels(opened, classifier, progress, cancellation, photo_list=names)
        exported = write_export(opened, wanted, out, progress, cancellation, force=force) if out else None
    if as_json:
        print_json({**asdict(result), "unreadable": as_objects(result.unreadable), "exported": exported})
    else:
        tell(result.sentence)
        tell_unmatched("labels", "classifier", result.unmatched_labels)
        tell_unlisted(result.unlisted)
        if exported:
            tell(written(exported))
    tell_unreadable(result.unreadable, quiet=as_json)


def _export_request(format_name: str, stage: str | None = None) -> ExportRequest:
    """Checked before hours of work, not after."""
    from engine.stages.exporting.export_request import ExportRequest

    return ExportRequest(format_name, stage=stage)
